//! The imports of the sources point one way: drivers, then `expand`, `model`, `parse`, and last `kind` and `diagnostics`.

use std::fs;
use std::path::Path;

/// The folders and files, each with what it may import.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("app.rs", &["diagnostics", "expand", "model", "parse"]),
    ("endpoint.rs", &["diagnostics", "kind", "expand", "model", "parse"]),
    ("expand", &["diagnostics", "kind", "model", "parse"]),
    ("model", &["diagnostics", "kind", "parse"]),
    ("parse", &["diagnostics", "kind", "parse"]),
    ("diagnostics.rs", &[]),
    ("kind.rs", &[]),
];

#[test]
fn imports_point_one_way() {
    for (name, allowed) in MAY_IMPORT {
        let mut imports = Vec::new();
        collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(name), &mut imports);
        for (file, import) in imports {
            assert!(allowed.contains(&&*import), "{file} imports {import}");
        }
    }
}

/// The modules of this crate in the paths of a file or folder, without its tests.
fn collect(path: &Path, imports: &mut Vec<(String, String)>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.file_name().is_some_and(|name| name != "tests" && name != "snapshots") {
                collect(&path, imports);
            }
        }
        return;
    }
    let source = fs::read_to_string(path).expect("a source file");
    let code = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    for rest in code.split("crate::").skip(1) {
        let module = rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
        imports.push((path.display().to_string(), module.to_owned()));
    }
}
