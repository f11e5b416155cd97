//! The files of the template, as `cargo generate` makes them too.

/// The files, by their paths in the project, with their placeholders.
const FILES: [(&str, &str); 7] = [
    (".cargo/config.toml", include_str!("../../template/.cargo/config.toml")),
    (".gitignore", include_str!("../../template/.gitignore")),
    // Under its own name, cargo would take the folder for a package, and leave it out of this one.
    ("Cargo.toml", include_str!("../../template/Cargo.toml.liquid")),
    ("README.md", include_str!("../../template/README.md")),
    ("fastly.toml", include_str!("../../template/fastly.toml")),
    ("src/main.rs", include_str!("../../template/src/main.rs")),
    ("src/tests.rs", include_str!("../../template/src/tests.rs")),
];

/// The placeholder for the name of the project.
const NAME: &str = "{{project-name}}";
/// The placeholder for the name as a part of a domain.
const LABEL: &str = "{{project-name | downcase | replace: '_', '-'}}";

/// The files of a project of this name, by their paths in it.
pub(super) fn files(name: &str) -> impl Iterator<Item = (&'static str, String)> {
    FILES.into_iter().map(move |(path, text)| (path, filled(text, name)))
}

/// One of these files.
pub(super) fn file(path: &str, name: &str) -> Option<String> {
    files(name).find(|(found, _)| *found == path).map(|(_, text)| text)
}

fn filled(text: &str, name: &str) -> String {
    let label = name.to_ascii_lowercase().replace('_', "-");
    text.replace(NAME, name).replace(LABEL, &label)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;

    fn folder() -> &'static Path {
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/template"))
    }

    fn paths(folder: &Path, into: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                paths(&path, into);
            } else {
                let path = path.strip_prefix(self::folder()).unwrap().to_str().unwrap();
                into.insert(path.replace('\\', "/"));
            }
        }
    }

    /// As `cargo generate` does it: with Liquid, without the ending `.liquid`, and without its own file.
    #[test]
    fn cargo_generate_makes_the_same_files() {
        let mut expected = BTreeSet::new();
        paths(folder(), &mut expected);
        assert!(expected.remove("cargo-generate.toml"));
        let liquid = liquid::ParserBuilder::with_stdlib().build().unwrap();
        for name in ["scores", "My_Scores-2"] {
            let made: BTreeSet<_> = files(name).map(|(path, _)| path.to_owned()).collect();
            let renamed = expected.iter().map(|path| path.trim_end_matches(".liquid").to_owned());
            assert_eq!(made, renamed.collect());
            for path in &expected {
                let text = fs::read_to_string(folder().join(path)).unwrap();
                let template = liquid.parse(&text).unwrap();
                let rendered = template.render(&liquid::object!({"project-name": name})).unwrap();
                let path = path.trim_end_matches(".liquid");
                assert_eq!(file(path, name).unwrap(), rendered, "{path}");
                assert!(!rendered.contains("{{") && !rendered.contains("{%"), "{path}");
            }
        }
    }

    #[test]
    fn cargo_generate_leaves_out_its_own_file_alone() {
        let text = fs::read_to_string(folder().join("cargo-generate.toml")).unwrap();
        let document: toml_edit::DocumentMut = text.parse().unwrap();
        assert_eq!(document["template"]["ignore"].to_string().trim(), r#"["cargo-generate.toml"]"#);
    }

    /// A domain has no `_`, and its letters are small.
    #[test]
    fn the_domain_is_one() {
        let manifest = file("fastly.toml", "My_Scores").unwrap();
        assert!(manifest.contains("address = \"my-scores.edgecompute.app\""), "{manifest}");
        assert!(manifest.contains("name = \"My_Scores\""), "{manifest}");
        assert!(manifest.contains("--bin My_Scores "), "{manifest}");
    }
}
