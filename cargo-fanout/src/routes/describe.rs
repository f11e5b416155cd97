//! The description of an app, which its native program prints.

use std::env;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use cargo_metadata::{DependencyKind, Message, Metadata, MetadataCommand, Package};
use toml_edit::DocumentMut;

use super::model::App;
use crate::{cargo, package, tools};

/// The time in which a program describes itself. Another `main` may never end.
const PATIENCE: Duration = Duration::from_secs(30);

/// The feature of `fanout` with which an app describes itself.
const FEATURE: &str = "routes";

/// The choice of a program.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// The program, if the package has several.
    pub bin: Option<String>,
    /// The features of the package, beside its default ones.
    pub features: Vec<String>,
}

/// An app, and the package that it is in.
#[derive(Debug)]
pub struct Described {
    /// The app.
    pub app: App,
    /// The name of its program.
    pub program: String,
    /// The version of its package.
    pub version: String,
    /// The description of its package.
    pub description: Option<String>,
}

/// Builds the app in a folder for this machine, and lets it describe itself.
///
/// # Errors
///
/// If the folder has no package that depends on `fanout` with this feature, if it is not clear which program is meant, if the program
/// does not build for this machine, or if its `main` is not that of `#[fanout::main]`.
pub fn describe(folder: &Path, choice: &Choice) -> Result<Described> {
    let manifest = folder.join("Cargo.toml");
    if !manifest.is_file() {
        bail!("there is no Cargo.toml in {}: go to the folder of your app", folder.display());
    }
    let metadata = MetadataCommand::new()
        .current_dir(folder)
        .manifest_path(&manifest)
        .exec()
        .with_context(|| format!("cargo cannot read {}", manifest.display()))?;
    let package = metadata.packages.iter().find(|package| package::is_of(package, &manifest));
    let package = package
        .with_context(|| format!("{} has no package: go to the folder of your app", manifest.display()))?;
    let fanout = feature(&metadata, package)?;
    let program = program(package, choice.bin.as_deref())?;
    let features = choice.features.iter().map(String::as_str).chain([&*fanout]).collect::<Vec<_>>().join(",");
    let path = build(&manifest, &program, &features, resolves_offline(&manifest, &features))?;
    Ok(Described {
        app: read(&path, &program)?,
        program,
        version: package.version.to_string(),
        description: package.description.clone(),
    })
}

/// The feature with which the app describes itself, under the name that the package has given to `fanout`.
fn feature(metadata: &Metadata, package: &Package) -> Result<String> {
    let dependency = package
        .dependencies
        .iter()
        .find(|dependency| dependency.name == "fanout" && dependency.kind == DependencyKind::Normal);
    let Some(dependency) = dependency else {
        bail!(
            "the package `{}` does not depend on `fanout`: add it with `cargo add fanout`, or go to the folder of your app",
            package.name
        );
    };
    let nodes = metadata.resolve.iter().flat_map(|resolve| &resolve.nodes);
    let of_package = nodes.filter(|node| node.id == package.id).flat_map(|node| &node.dependencies);
    let fanout = of_package
        .filter_map(|id| metadata.packages.iter().find(|package| package.id == *id))
        .find(|package| package.name == "fanout");
    if let Some(fanout) = fanout
        && !fanout.features.contains_key(FEATURE)
    {
        bail!(
            "`fanout` {} cannot describe an app: update it with `cargo update fanout`, or take a newer version in Cargo.toml",
            fanout.version
        );
    }
    let name = dependency.rename.as_deref().unwrap_or("fanout");
    Ok(format!("{name}/{FEATURE}"))
}

/// The program that is meant.
fn program(package: &Package, chosen: Option<&str>) -> Result<String> {
    let programs: Vec<_> =
        package.targets.iter().filter(|target| target.is_bin()).map(|target| &*target.name).collect();
    let listed = || programs.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    match (chosen, &programs[..]) {
        (_, []) => bail!(
            "the package `{}` has no program: go to the folder of the package with the `main` of your app",
            package.name
        ),
        (Some(chosen), _) if programs.contains(&chosen) => Ok(chosen.to_owned()),
        (Some(chosen), _) => {
            bail!("the package `{}` has no program `{chosen}`: it has {}", package.name, listed())
        }
        (None, [program]) => Ok((*program).to_owned()),
        // Cargo's own choice for `cargo run`.
        (None, several) => package.default_run.clone().with_context(|| {
            format!(
                "the package `{}` has several programs, {}: name one, with `--bin {}`",
                package.name,
                listed(),
                several[0]
            )
        }),
    }
}

/// Builds a program for this machine, whatever target cargo is configured to build for, and returns its path.
fn build(manifest: &Path, program: &str, features: &str, offline: bool) -> Result<PathBuf> {
    let mut build = cargo();
    // Where cargo finds the configuration that is checked below.
    build.current_dir(manifest.parent().context("a manifest is in a folder")?);
    build.args(["build", "--bin", program, "--features", features]);
    build.args(["--message-format", "json-render-diagnostics", "--manifest-path"]).arg(manifest);
    if offline {
        build.arg("--offline");
    }
    // Without it, cargo shares what it has built for `cargo test`.
    if is_for_another_target(manifest) {
        build.args(["--target", &host()?]);
    }
    let output =
        build.stdin(Stdio::null()).stderr(Stdio::inherit()).output().context("cargo does not start")?;
    let is_meant =
        |artifact: &cargo_metadata::Artifact| artifact.target.name == program && artifact.target.is_bin();
    let mut path = None;
    let mut has_begun = false;
    for message in Message::parse_stream(&*output.stdout) {
        match message? {
            Message::CompilerArtifact(artifact) if is_meant(&artifact) => path = artifact.executable,
            Message::BuildFinished(_) => has_begun = true,
            _ => {}
        }
    }
    match path {
        Some(path) if output.status.success() => Ok(path.into_std_path_buf()),
        _ if !has_begun => bail!("cargo did not begin to build `{program}`; its errors are above"),
        _ => bail!(
            "`{program}` does not build for this machine, so it cannot describe itself; cargo's errors are above. Put \
             `#[cfg(target_family = \"wasm\")]` on code that needs Compute to compile, and make its `main` with \
             `#[fanout::main(…)]`: any other `main` is linked with the calls of Compute"
        ),
    }
}

/// Returns `true` if cargo finds all packages without the network.
///
/// `Cargo.lock` does not list the packages that only `fanout/routes` needs if no feature of the app names that feature. Without
/// `--offline`, cargo then asks the registry for them in each build.
fn resolves_offline(manifest: &Path, features: &str) -> bool {
    let features = features.split(',').map(str::to_owned).collect();
    MetadataCommand::new()
        .manifest_path(manifest)
        .features(cargo_metadata::CargoOpt::SomeFeatures(features))
        .other_options(["--offline".to_owned()])
        .exec()
        .is_ok()
}

/// Returns `true` if cargo is configured to build for a certain target.
fn is_for_another_target(manifest: &Path) -> bool {
    let folders = manifest.ancestors().map(|folder| folder.join(".cargo"));
    let home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| {
        use etcetera::BaseStrategy as _;
        Some(etcetera::choose_base_strategy().ok()?.home_dir().join(".cargo"))
    });
    let mut configs =
        folders.chain(home).flat_map(|folder| [folder.join("config.toml"), folder.join("config")]);
    let has_target = |config: PathBuf| -> Option<bool> {
        let document: DocumentMut = fs::read_to_string(config).ok()?.parse().ok()?;
        Some(document.get("build")?.get("target").is_some())
    };
    env::var_os("CARGO_BUILD_TARGET").is_some() || configs.any(|config| has_target(config) == Some(true))
}

/// The target of this machine.
fn host() -> Result<String> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = tools::output(Command::new(rustc).arg("-vV")).context("rustc does not run")?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("`rustc -vV` does not say the host")?.to_owned())
}

/// Lets a program describe itself.
fn read(path: &Path, program: &str) -> Result<App> {
    let mut child = Command::new(path)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("{} does not start", path.display()))?;
    let mut stdout = child.stdout.take().context("its stdout is a pipe")?;
    let reader = thread::spawn(move || {
        let mut text = Vec::new();
        stdout.read_to_end(&mut text).map(|_| text)
    });
    let deadline = Instant::now() + PATIENCE;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break Some(status);
        }
        if Instant::now() > deadline {
            child.kill()?;
            child.wait()?;
            break None;
        }
        thread::sleep(Duration::from_millis(10));
    };
    let text = match status {
        // Children of the killed program may still hold the pipe open.
        None => Vec::new(),
        Some(_) => {
            reader.join().map_err(|_| anyhow::anyhow!("the output of `{program}` cannot be read"))??
        }
    };
    let is_description =
        status.is_some_and(|status| status.success()) && text.starts_with(b"{\"endpoints\":");
    if !is_description {
        bail!(
            "`{program}` does not describe itself: make its `main` with `#[fanout::main(…)]`, which lists the endpoints"
        );
    }
    serde_json::from_slice(&text).with_context(|| {
        format!(
            "the description of `{program}` cannot be read: take `cargo-fanout` and `fanout` of one version"
        )
    })
}

#[cfg(test)]
mod tests;
