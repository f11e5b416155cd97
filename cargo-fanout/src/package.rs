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
