//! `cargo fanout new` and `cargo fanout init`: the first app, and the `fastly.toml` of an app that is there.

mod name;
mod template;
mod workspace;

use std::env;
use std::fs;
use std::path::{Path, PathBuf, absolute};

use anyhow::{Context as _, Result, bail};
use cargo_metadata::{Dependency, DependencyKind};
use toml_edit::{DocumentMut, Item, value};

use crate::package;

/// The arguments of `cargo fanout new`.
#[derive(clap::Args, Debug)]
pub struct New {
    /// The name of the project, and of its new folder in this folder
    name: String,
    /// The folder `runtime` of a checkout of `fanout`, to depend on it instead of on the published crate. Without it, a
    /// `cargo fanout` that was installed from a checkout takes that one
    #[arg(long, value_name = "PATH")]
    fanout_path: Option<PathBuf>,
}

/// Makes a project in a new folder, and says what to do next.
pub fn run(arguments: &New) -> Result<()> {
    let name = &arguments.name;
    let fanout = arguments.fanout_path.clone().or_else(own_checkout);
    make(&env::current_dir()?, name, fanout.as_deref())?;
    let depends = |path: &PathBuf| format!(", which depends on the crate `fanout` in {}", path.display());
    let depends = fanout.as_ref().map(depends).unwrap_or_default();
    println!(
        "made the project `{name}`{depends}\n\nNext:\n\n    cd {name}\n    cargo test\n    cargo fanout serve\n\n\
         Its README.md says more."
    );
    Ok(())
}

/// The crate `fanout` of the checkout that this program was built from. One from the registry has none.
fn own_checkout() -> Option<PathBuf> {
    let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?.join("runtime");
    fanout_at(&runtime).is_ok().then_some(runtime)
}

/// Makes a project of this name in a new folder inside of `parent`.
///
/// # Errors
///
/// If a project cannot have this name, if there is something at its path, if it would be a member of a workspace, or if
/// `fanout_path` is not the folder of the crate `fanout`. Then nothing is made.
pub fn make(parent: &Path, name: &str, fanout_path: Option<&Path>) -> Result<()> {
    name::check(name)?;
    let fanout = fanout_path.map(|path| fanout_at(&absolute(path)?)).transpose()?;
    let folder = parent.join(name);
    if folder.symlink_metadata().is_ok() {
        bail!("{} exists already: choose another name, or remove it", folder.display());
    }
    let workspaces = workspace::above(&absolute(parent)?);
    for workspace in &workspaces {
        workspace.check(&absolute(&folder)?)?;
    }
    let files = template::files(name);
    for (path, mut text) in files {
        if path == "Cargo.toml" {
            if let Some(fanout) = &fanout {
                text = with_path(&text, fanout)?;
            }
            if let Some(workspace) = workspaces.first() {
                text += &own_workspace(&workspace.manifest);
            }
        }
        let path = folder.join(path);
        let parent = path.parent().context("a file is in a folder")?;
        fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// Returns the path of the crate `fanout`, if it is one.
fn fanout_at(path: &Path) -> Result<String> {
    let manifest = path.join("Cargo.toml");
    let is_fanout = || -> Option<bool> {
        let document: DocumentMut = fs::read_to_string(&manifest).ok()?.parse().ok()?;
        Some(document.get("package")?.get("name")?.as_str()? == "fanout")
    };
    if is_fanout() != Some(true) {
        bail!(
            "--fanout-path names the folder of the crate `fanout`, `runtime` in a checkout: {} is not its manifest",
            manifest.display()
        );
    }
    Ok(path.to_str().context("cargo reads only paths in UTF-8")?.to_owned())
}

/// The manifest of the project, with a path for `fanout` beside the version.
fn with_path(manifest: &str, fanout: &str) -> Result<String> {
    let mut document: DocumentMut = manifest.parse().context("the template's Cargo.toml is TOML")?;
    for table in ["dependencies", "dev-dependencies"] {
        let dependency = document.get_mut(table).and_then(|table| table.get_mut("fanout"));
        add_path(dependency.context("the template depends on fanout")?, fanout)?;
    }
    Ok(document.to_string())
}

fn add_path(dependency: &mut Item, path: &str) -> Result<()> {
    if let Some(version) = dependency.as_str().map(str::to_owned) {
        let mut table = toml_edit::InlineTable::new();
        table.insert("version", version.into());
        *dependency = value(table);
    }
    let table = dependency.as_inline_table_mut().context("a dependency is a version or a table")?;
    table.insert("path", path.into());
    table.fmt();
    Ok(())
}

/// The manifest of a package that does not depend on `fanout`, with the dependency of the template.
fn with_dependency(manifest: &str, fanout: Option<&str>) -> Result<String> {
    let template = template::file("Cargo.toml", "app").context("the template has a Cargo.toml")?;
    let template: DocumentMut = template.parse().context("the template's Cargo.toml is TOML")?;
    let mut dependency = template["dependencies"]["fanout"].clone();
    if let Some(path) = fanout {
        add_path(&mut dependency, path)?;
    }
    let mut document: DocumentMut = manifest.parse()?;
    let dependencies = document.entry("dependencies").or_insert_with(toml_edit::table);
    let dependencies = dependencies.as_table_like_mut().context("`dependencies` is no table")?;
    dependencies.insert("fanout", dependency);
    Ok(document.to_string())
}

fn own_workspace(above: &Path) -> String {
    format!(
        "\n# {} has a workspace. The profile above counts only at the root of one.\n[workspace]\n",
        above.display()
    )
}

/// Writes a `fastly.toml` for the package in this folder, and makes it depend on `fanout` if it does not.
///
/// # Errors
///
/// If there is a `fastly.toml` already, no package, or more than one program in it. Then nothing is written.
pub fn init() -> Result<()> {
    let folder = env::current_dir()?;
    let fanout = own_checkout();
    let Made { program, has_dependency } = init_in(&folder, fanout.as_deref())?;
    let added = match &fanout {
        _ if !has_dependency => String::new(),
        None => "\nadded the crate `fanout` to Cargo.toml".to_owned(),
        Some(path) => format!("\nadded the crate `fanout` in {} to Cargo.toml", path.display()),
    };
    let first = if has_dependency { "Next, with an endpoint in the program" } else { "Next" };
    println!("made fastly.toml for the program `{program}`{added}\n\n{first}:\n\n    cargo fanout serve");
    Ok(())
}

/// The result of `cargo fanout init`.
#[derive(Debug, PartialEq, Eq)]
struct Made {
    program: String,
    /// True if the dependency is new.
    has_dependency: bool,
}

fn init_in(folder: &Path, fanout: Option<&Path>) -> Result<Made> {
    let path = folder.join("fastly.toml");
    if path.symlink_metadata().is_ok() {
        bail!(
            "{} exists already: `cargo fanout doctor` says what is wrong with it, if anything",
            path.display()
        );
    }
    let manifest = folder.join("Cargo.toml");
    if !manifest.is_file() {
        bail!(
            "there is no Cargo.toml in {}: go to the folder of your package, or make a project with `cargo fanout new`",
            folder.display()
        );
    }
    let metadata =
        package::metadata(&manifest).with_context(|| format!("cargo cannot read {}", manifest.display()))?;
    let package = metadata.packages.iter().find(|package| package::is_of(package, &manifest));
    let package = package
        .with_context(|| format!("{} has no package: go to the folder of your app", manifest.display()))?;
    let programs: Vec<_> =
        package.targets.iter().filter(|target| target.is_bin()).map(|target| &target.name).collect();
    let program = match &programs[..] {
        [program] => program.as_str(),
        [] => bail!("the package `{}` has no program: it needs a `src/main.rs`", package.name),
        // Cargo's own choice for `cargo run`.
        several => match &package.default_run {
            Some(program) => program,
            None => bail!(
                "the package `{}` has several programs, {several:?}: name the app in its Cargo.toml, with \
                 `default-run = \"{}\"` under [package]",
                package.name,
                several[0]
            ),
        },
    };
    let text = template::file("fastly.toml", program).context("the template has a fastly.toml")?;
    let is_ours =
        |dependency: &Dependency| dependency.name == "fanout" && dependency.kind == DependencyKind::Normal;
    let has_dependency = !package.dependencies.iter().any(is_ours);
    if has_dependency {
        let fanout = fanout.map(fanout_at).transpose()?;
        let text = with_dependency(&fs::read_to_string(&manifest)?, fanout.as_deref())?;
        fs::write(&manifest, text).with_context(|| format!("cannot write {}", manifest.display()))?;
    }
    fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(Made { program: program.to_owned(), has_dependency })
}

#[cfg(test)]
mod tests;
