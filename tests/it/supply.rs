//! What the package stands on and what it hands on.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::root;

fn manifest() -> toml::Table {
    toml::from_str(&fs::read_to_string(root().join("Cargo.toml")).unwrap()).unwrap()
}

/// Names of the packages in a section, or in none.
fn names(section: Option<&toml::Value>) -> BTreeSet<String> {
    section.and_then(toml::Value::as_table).into_iter().flat_map(|table| table.keys().cloned()).collect()
}

#[test]
fn every_dependency_has_a_line_that_says_why() {
    let manifest = manifest();
    let mut program = names(manifest.get("dependencies"));
    for target in manifest.get("target").and_then(toml::Value::as_table).into_iter().flat_map(toml::Table::values) {
        program.extend(names(target.get("dependencies")));
    }
    assert!(names(manifest.get("build-dependencies")).is_subset(&program), "the build needs what the program does not");
    let text = fs::read_to_string(root().join("docs/DEPENDENCIES.md")).unwrap();
    let (of_program, of_tests) = text.split_once("## In tests only").unwrap();
    for (written, expected) in [(of_program, program), (of_tests, names(manifest.get("dev-dependencies")))] {
        let rows =
            written.lines().filter(|line| line.starts_with("| ")).skip(1).map(|line| line.split('|').map(str::trim).collect::<Vec<_>>());
        let rows: Vec<Vec<&str>> = rows.filter(|row| !row[1].starts_with('-')).collect();
        let listed: BTreeSet<String> = rows.iter().map(|row| row[1].to_owned()).collect();
        assert_eq!(listed, expected);
        assert_eq!(rows.len(), listed.len(), "a package stands twice");
        assert!(rows.iter().all(|row| row.len() == 5 && row[2].len() > 10 && row[3].len() > 10), "{rows:?}");
    }
}

#[test]
fn the_package_holds_what_it_needs_and_nothing_else() {
    const MOST_BYTES: u64 = 9 << 20;
    let output =
        Command::new(env!("CARGO")).args(["package", "--list", "--allow-dirty", "--offline"]).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let list = String::from_utf8(output.stdout).unwrap();
    let files: BTreeSet<&str> = list.lines().collect();
    for needed in [
        "Cargo.toml",
        "Cargo.lock",
        "build.rs",
        "src/lib.rs",
        "src/evenhand.toml",
        "src/report/html/style.css",
        "lexicons/heroic.toml",
        "lexicons/cues/heroic.tsv",
        "samples/mail.mbox",
        "samples/evenhand.toml",
        "docs/report.schema.json",
        "docs/PRIVACY.md",
        "README.md",
        "SECURITY.md",
        "CHANGELOG.md",
        "LICENSE-MIT",
        "LICENSE-APACHE",
    ] {
        assert!(files.contains(needed), "{needed} is missing");
    }
    let is_meant = |file: &str| {
        let made = ["Cargo.toml", "Cargo.toml.orig", "Cargo.lock", ".cargo_vcs_info.json", "build.rs"];
        let folders = ["src/", "lexicons/", "samples/", "docs/"];
        made.contains(&file)
            || folders.iter().any(|folder| file.starts_with(folder))
            || file.starts_with("LICENSE-")
            || !file.contains('/') && Path::new(file).extension().is_some_and(|extension| extension == "md")
    };
    assert_eq!(files.iter().find(|file| !is_meant(file)), None);
    let sizes = files.iter().filter_map(|file| root().join(file).metadata().ok()).map(|metadata| metadata.len());
    let n_bytes: u64 = sizes.sum();
    eprintln!("{} files, {n_bytes} bytes", files.len());
    assert!(n_bytes < MOST_BYTES, "{n_bytes} bytes");
}

#[test]
fn the_oldest_rust_is_the_same_wherever_it_is_named() {
    let manifest = manifest();
    let oldest = manifest["package"]["rust-version"].as_str().unwrap();
    for file in ["README.md", "docs/PACKAGING.md"] {
        let text = fs::read_to_string(root().join(file)).unwrap();
        assert!(text.contains(&format!("{oldest} or newer")), "{file}");
    }
}
