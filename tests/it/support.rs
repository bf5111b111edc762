//! What several themes need: the command, places, the real exports.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The package's folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Runs `evenhand` in the package's folder.
pub(crate) fn evenhand(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_evenhand")).args(args).current_dir(root()).env_remove("LC_ALL").output().unwrap()
}

/// Standard output of a run that must end with this exit code.
pub(crate) fn stdout(args: &[&str], exit_code: i32) -> String {
    let output = evenhand(args);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(exit_code), "evenhand {}\n{stderr}", args.join(" "));
    String::from_utf8(output.stdout).unwrap()
}

/// A JSON report of inputs.
pub(crate) fn report(args: &[&str]) -> serde_json::Value {
    let args: Vec<&str> = ["report", "--format", "json"].into_iter().chain(args.iter().copied()).collect();
    serde_json::from_str(&stdout(&args, 0)).unwrap()
}

/// The folder of real exports, or `None`, which is said: these exports are nobody's to pass on, so they are not in the package.
pub(crate) fn corpora(test: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("EVENHAND_CORPORA").map(PathBuf::from);
    match &folder {
        Some(folder) => assert!(folder.is_dir(), "EVENHAND_CORPORA: no folder {}", folder.display()),
        None => eprintln!("{test}: skipped, EVENHAND_CORPORA is not set"),
    }
    folder
}

/// A folder of its own for a test, removed when it goes out of scope.
pub(crate) struct Scratch(pub(crate) PathBuf);

impl Scratch {
    pub(crate) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("evenhand-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// A path below it, as text.
    pub(crate) fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }

    /// Writes a file below it and gives its path.
    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::create_dir_all(Path::new(&path).parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Packs a folder into a zip archive of stored members, named in the order of the folder's files.
pub(crate) fn zip_of_folder(folder: &Path, zip: &Path) {
    let mut body = Vec::new();
    let mut directory = Vec::new();
    let mut n_members = 0_u16;
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().flatten().filter(|entry| entry.file_type().is_file()) {
        let name = entry.path().strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
        let bytes = std::fs::read(entry.path()).unwrap();
        let mut crc = flate2::Crc::new();
        crc.update(&bytes);
        let size = u32::try_from(bytes.len()).unwrap();
        let mut sizes = Vec::new();
        // Version 2.0, no flags, stored, midnight of 1 January 1980.
        sizes.extend([20, 0, 0, 0, 0, 0, 0, 0, 33, 0]);
        for number in [crc.sum(), size, size] {
            sizes.extend(number.to_le_bytes());
        }
        sizes.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        sizes.extend([0, 0]);
        let at = u32::try_from(body.len()).unwrap();
        directory.extend([b"PK\x01\x02\x14\x00", &sizes[..], &[0; 10], &at.to_le_bytes(), name.as_bytes()].concat());
        body.extend([b"PK\x03\x04", &sizes[..], name.as_bytes(), &bytes].concat());
        n_members += 1;
    }
    let (size, at) = (u32::try_from(directory.len()).unwrap(), u32::try_from(body.len()).unwrap());
    let end = [
        &b"PK\x05\x06\x00\x00\x00\x00"[..],
        &n_members.to_le_bytes(),
        &n_members.to_le_bytes(),
        &size.to_le_bytes(),
        &at.to_le_bytes(),
        &[0, 0],
    ];
    body.extend(directory);
    body.extend(end.concat());
    std::fs::write(zip, body).unwrap();
}

/// What a run of the command came to.
pub(crate) struct Measured {
    /// As the shell would say it: 128 and the signal where one ended the run.
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) seconds: f64,
    /// Most memory that was resident; 0 where the system does not tell.
    pub(crate) peak_mib: u64,
}

/// Runs `evenhand` and watches its time and memory. `feed` writes its standard input.
pub(crate) fn measured(args: &[&str], feed: impl FnOnce(std::process::ChildStdin) + Send + 'static) -> Measured {
    use std::io::Read;
    use std::process::Stdio;
    let mut command = Command::new(env!("CARGO_BIN_EXE_evenhand"));
    command.args(args).current_dir(root()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let began = std::time::Instant::now();
    let mut child = command.spawn().unwrap();
    let stdin = child.stdin.take().unwrap();
    let feeder = std::thread::spawn(move || feed(stdin));
    let (mut out, mut err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let drain = move |stream: &mut dyn Read| {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let stdout = std::thread::spawn(move || drain(&mut out));
    let stderr = std::thread::spawn(move || drain(&mut err));
    let status_file = format!("/proc/{}/status", child.id());
    let mut peak_kib = 0;
    let status = loop {
        let told = std::fs::read_to_string(&status_file).unwrap_or_default();
        let line = told.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak_kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(peak_kib);
        match child.try_wait().unwrap() {
            Some(status) => break status,
            None => std::thread::sleep(std::time::Duration::from_millis(2)),
        }
    };
    let seconds = began.elapsed().as_secs_f64();
    feeder.join().unwrap();
    Measured { code: exit_code(status), stdout: stdout.join().unwrap(), stderr: stderr.join().unwrap(), seconds, peak_mib: peak_kib >> 10 }
}

/// How a run ended, as the shell would say it.
#[cfg(unix)]
pub(crate) fn exit_code(status: std::process::ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt;
    status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or_default())
}

#[cfg(not(unix))]
pub(crate) fn exit_code(status: std::process::ExitStatus) -> i32 {
    status.code().unwrap_or(-1)
}
