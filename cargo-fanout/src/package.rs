//! The package of an app, and the build script that builds it.

use std::path::Path;

use cargo_metadata::{Metadata, MetadataCommand, Package};

/// Reads the packages of a `Cargo.toml`'s workspace, without their dependencies and without a network.
pub(crate) fn metadata(manifest: &Path) -> cargo_metadata::Result<Metadata> {
    let mut metadata = MetadataCommand::new();
    metadata.manifest_path(manifest).no_deps().other_options(["--offline".to_owned()]).exec()
}

/// Returns `true` if this `Cargo.toml` is the package's own.
pub(crate) fn is_of(package: &Package, manifest: &Path) -> bool {
    let own = package.manifest_path.as_std_path().canonicalize();
    matches!((own, manifest.canonicalize()), (Ok(own), Ok(manifest)) if own == manifest)
}

/// The words of a build script. `--bin=NAME` is two.
pub(crate) fn words(script: &str) -> impl Iterator<Item = &str> {
    script.split_whitespace().flat_map(|word| word.split('='))
}

/// The word after a flag of a build script.
pub(crate) fn after<'s>(script: &'s str, flag: &str) -> Option<&'s str> {
    let mut words = words(script);
    words.find(|word| *word == flag)?;
    words.next()
}

/// The options of cargo in a build script that choose what is built, as arguments: programs, packages and features.
///
/// An option of another command, such as `wasm-opt`, is none of cargo's.
pub(crate) fn selection(script: &str) -> Vec<String> {
    let commands = commands(script);
    let is_cargo = |command: &&Vec<String>| {
        command.iter().any(|word| Path::new(word).file_name().is_some_and(|name| name == "cargo"))
    };
    let command = commands.iter().find(is_cargo).or(commands.first());
    let mut words = command.into_iter().flatten();
    let mut selection = Vec::new();
    while let Some(word) = words.next() {
        let (name, value) = match word.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (word.as_str(), None),
        };
        match name {
            "--bin" | "--package" | "-p" | "--features" | "-F" => {
                if let Some(value) = value.or_else(|| words.next().map(String::as_str)) {
                    selection.extend([name.to_owned(), value.to_owned()]);
                }
            }
            "--all-features" | "--no-default-features" => selection.push(name.to_owned()),
            _ => {}
        }
    }
    selection
}

/// The commands of a script, each with its words as a shell passes them on. Knows quotes, no variables, and operators as words of their own.
fn commands(script: &str) -> Vec<Vec<String>> {
    let words = shlex::split(script).unwrap_or_default();
    let words = words.into_iter().flat_map(|word| match word.strip_suffix(';') {
        Some(last) => vec![last.to_owned(), ";".to_owned()],
        None => vec![word],
    });
    let words: Vec<_> = words.collect();
    let commands = words.split(|word| matches!(word.as_str(), ";" | "&" | "&&" | "|" | "||"));
    commands.map(<[String]>::to_vec).collect()
}

#[cfg(test)]
mod tests {
    use super::selection;

    #[test]
    fn a_build_script_selects_what_is_built() {
        for (script, expected) in [
            ("cargo build --release --target wasm32-wasip1 --color always", &[][..]),
            ("cargo build --bin news --release", &["--bin", "news"]),
            ("cargo build --release --bin=news", &["--bin", "news"]),
            ("cargo build --features a,b", &["--features", "a,b"]),
            ("cargo build --features=a -F b", &["--features", "a", "-F", "b"]),
            ("cargo build --features \"a b\" --release", &["--features", "a b"]),
            ("cargo build --features='a b'", &["--features", "a b"]),
            ("cargo build --no-default-features", &["--no-default-features"]),
            ("cargo build --all-features", &["--all-features"]),
            ("cargo build -p news --package=more", &["-p", "news", "--package", "more"]),
            ("npm ci -p x && cargo +stable build -p news; wasm-opt -p y | cat", &["-p", "news"]),
            ("RUSTFLAGS=\"-C link-arg=-s\" ~/.cargo/bin/cargo build --bin news", &["--bin", "news"]),
            ("cargo build --bin", &[]),
            // A shell refuses this one.
            ("cargo build --features \"a", &[]),
            ("", &[]),
        ] {
            assert_eq!(selection(script), expected, "{script}");
        }
    }
}
