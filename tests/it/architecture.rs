//! The rules about the code, kept as tests.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::root;

/// Modules in the order of `lib.rs`, which is the order of the data's way.
fn modules() -> Vec<String> {
    let lib = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).map(str::to_owned).collect()
}

fn files_of(module: &str) -> Vec<PathBuf> {
    let file = root().join(format!("src/{module}.rs"));
    if file.is_file() { vec![file] } else { rust_files(&root().join("src").join(module)) }
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    walkdir::WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .flatten()
        .map(walkdir::DirEntry::into_path)
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

/// The code of a file without its comments and without its tests, which may use what they like.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let code = code.split("#[cfg(test)]\npub(super) mod tests {").next().unwrap_or_default();
    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_module_uses_only_those_above_it() {
    let modules = modules();
    assert!(modules.len() > 10, "{modules:?}");
    for (rank, module) in modules.iter().enumerate() {
        for file in files_of(module).iter().filter(|file| !file.ends_with("tests.rs")) {
            let code = code(file);
            for (other_rank, other) in modules.iter().enumerate() {
                let uses = code
                    .match_indices(&format!("crate::{other}"))
                    .any(|(at, found)| !code[at + found.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_'));
                assert!(!uses || other_rank <= rank, "{} uses {other}, which stands below {module}", file.display());
            }
        }
    }
}

#[test]
fn only_scan_knows_threads() {
    for module in modules().iter().filter(|module| *module != "scan") {
        for file in files_of(module) {
            assert!(!code(&file).contains("rayon"), "{}", file.display());
        }
    }
}

#[test]
fn nothing_knows_the_network() {
    for file in rust_files(&root().join("src")) {
        let code = code(&file);
        assert!(!code.contains("std::net") && !code.contains("TcpStream"), "{}", file.display());
    }
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    for package in ["hyper", "reqwest", "ureq", "tokio", "socket2", "rustls", "openssl-sys", "curl-sys", "native-tls"] {
        assert!(!lock.contains(&format!("name = \"{package}\"\n")), "{package} is in the tree");
    }
}

#[test]
fn reports_and_checks_take_only_what_may_be_shown() {
    for module in ["decision", "check", "report", "annotate"] {
        for file in files_of(module) {
            let code = code(&file);
            for hidden in ["Findings", "LevelFinding", "GapFinding", "Tally", "tally::Cell"] {
                let is_word = |at: usize| !code[at + hidden.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_');
                assert!(!code.match_indices(hidden).any(|(at, _)| is_word(at)), "{} knows {hidden}", file.display());
            }
        }
    }
}

#[test]
fn no_file_is_a_heap() {
    for file in rust_files(&root().join("src")) {
        let n_lines = fs::read_to_string(&file).unwrap().lines().count();
        assert!(n_lines <= 620, "{} has {n_lines} lines", file.display());
    }
}
