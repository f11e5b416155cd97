//! The names of files: those in ARCHITECTURE.md exist, and no two end-to-end tests share one.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use xtask::build::root;

#[test]
fn every_file_that_the_architecture_names_exists() {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md can be read");
    let in_the_repository = |name: &&str| {
        let folder = name.split('/').next().expect("a text has a first part");
        name.contains('/') && ["macros", "runtime", "ui", "e2e", "xtask", "cargo-fanout"].contains(&folder)
    };
    let named: Vec<_> = text.split('`').skip(1).step_by(2).filter(in_the_repository).collect();
    assert!(named.len() > 40, "{named:?}");
    for name in named {
        assert!(root().join(name).exists(), "ARCHITECTURE.md names `{name}`, which does not exist");
    }
}

#[test]
fn every_end_to_end_test_has_a_file_name_of_its_own() {
    let mut files = Vec::new();
    collect(&root().join("e2e/tests"), &mut files);
    assert!(files.len() > 30, "{files:?}");
    let mut seen = BTreeMap::new();
    for file in files {
        let name = file.file_name().expect("a file has a name").to_owned();
        if name == "mod.rs" {
            continue;
        }
        if let Some(other) = seen.insert(name, file.clone()) {
            panic!("{} and {} share a name", other.display(), file.display());
        }
    }
}

#[test]
fn the_step_room_has_its_test() {
    let chat =
        fs::read_to_string(root().join("e2e/tests/e2e/examples/chat.rs")).expect("the file can be read");
    assert!(
        chat.contains(&format!("fn {}()", xtask::test::ROOM)),
        "e2e/tests/e2e/examples/chat.rs has no {}",
        xtask::test::ROOM
    );
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the entry can be read").path();
        if path.is_dir() { collect(&path, files) } else { files.push(path) }
    }
}
