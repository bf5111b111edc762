//! Ctrl-C, and the wish of a system that a run end: what is half written goes, one line says so, and the process ends by the signal.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// The file that is being written, beside the one that it is to become. A signal ends the run only while nobody holds the lock.
static PART: Mutex<Option<PathBuf>> = Mutex::new(None);

/// Does a step in writing a file that no signal may come between: it is begun, or it takes its place.
pub(crate) fn uninterrupted<T>(step: impl FnOnce(&mut Option<PathBuf>) -> T) -> T {
    step(&mut PART.lock().unwrap_or_else(PoisonError::into_inner))
}

#[cfg(unix)]
pub(crate) use self::unix::watch;

/// Watches for signals; elsewhere the system's habit holds.
#[cfg(not(unix))]
pub(crate) fn watch() {}

#[cfg(unix)]
mod unix {
    use std::io::{self, IsTerminal};
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    use std::sync::{Arc, PoisonError, mpsc};
    use std::thread;
    use std::time::Duration;

    use signal_hook::consts::{SIGINT, SIGTERM, SIGXFSZ};
    use signal_hook::{flag, low_level};

    use super::PART;
    use crate::output;

    /// How often it is looked whether a signal came.
    const PAUSE: Duration = Duration::from_millis(50);
    /// How long a closed or full standard error is waited for.
    const PATIENCE: Duration = Duration::from_millis(200);

    /// Watches for signals from now on. Where that cannot be, the system's habit holds.
    pub(crate) fn watch() {
        // A file that grows too large for the user's limit is an error like a full disk, not the end.
        let _ = flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false)));
        let came = Arc::new(AtomicUsize::new(0));
        for (signal, number) in [(SIGINT, 2), (SIGTERM, 15)] {
            let _ = flag::register_usize(signal, Arc::clone(&came), number);
        }
        // A flag that is looked at needs no pipe and no socket, which a run is promised not to open.
        let _ = thread::Builder::new().name("signals".to_owned()).spawn(move || {
            loop {
                thread::sleep(PAUSE);
                match came.load(Ordering::Relaxed) {
                    0 => {}
                    2 => end(SIGINT, "SIGINT"),
                    _ => end(SIGTERM, "SIGTERM"),
                }
            }
        });
    }

    /// Ends the run. The lock is never given back, so that no file is begun or takes its place any more.
    fn end(signal: i32, name: &'static str) {
        let mut part = PART.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(part) = part.take() {
            let _ = std::fs::remove_file(part);
        }
        let (told, is_told) = mpsc::channel();
        let _ = thread::Builder::new().spawn(move || {
            // A progress bar may stand on the line.
            let start = if io::stderr().is_terminal() { "\n" } else { "" };
            output::complain_after(start, format_args!("stopped by {name}; no file is half written"));
            let _ = told.send(());
        });
        let _ = is_told.recv_timeout(PATIENCE);
        // Shells end a loop or script only where its command ended by the signal.
        let _ = low_level::emulate_default_handler(signal);
    }
}
