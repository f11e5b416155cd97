//! The workspaces above a new project.

use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Result, bail};
use glob::{MatchOptions, Pattern};
use toml_edit::{DocumentMut, Item, TableLike};

/// A workspace above a folder.
pub(super) struct Workspace {
    /// The path of its manifest.
    pub(super) manifest: PathBuf,
    members: Vec<String>,
    exclude: Vec<String>,
}

/// The workspaces above the packages of a folder, the nearest one first.
pub(super) fn above(folder: &Path) -> Vec<Workspace> {
    let manifests = folder.ancestors().map(|folder| folder.join("Cargo.toml"));
    manifests.filter_map(Workspace::read).collect()
}

impl Workspace {
    fn read(manifest: PathBuf) -> Option<Self> {
        let document: DocumentMut = fs::read_to_string(&manifest).ok()?.parse().ok()?;
        let table = document.get("workspace")?.as_table_like()?;
        Some(Self { members: texts(table, "members"), exclude: texts(table, "exclude"), manifest })
    }

    /// Errors if cargo would take the package of this folder for a member. A project is the root of a workspace, and cargo reads no
    /// package of a workspace with two roots.
    pub(super) fn check(&self, folder: &Path) -> Result<()> {
        let root = self.manifest.parent().unwrap_or(Path::new(""));
        let Ok(path) = folder.strip_prefix(root) else { return Ok(()) };
        let Some(member) = self.members.iter().find(|member| matches(member, path)) else { return Ok(()) };
        // Cargo ignores `exclude` for what `members` names without a glob, with all below it.
        let is_named = self.members.iter().any(|member| path.starts_with(plain(member)));
        let is_excluded = self.exclude.iter().any(|excluded| path.starts_with(plain(excluded)));
        if is_excluded && !is_named {
            return Ok(());
        }
        let names: Vec<_> = path.iter().map(|name| name.to_string_lossy()).collect();
        let way_out = if is_named {
            String::new()
        } else {
            format!("add `exclude = [{:?}]` to its [workspace], or ", names.join("/"))
        };
        bail!(
            "{} has {member:?} in its `members`, which matches {}, and a new project has a workspace of its own: {way_out}make the \
             project elsewhere",
            self.manifest.display(),
            folder.display()
        )
    }
}

/// The texts of an array.
fn texts(table: &dyn TableLike, key: &str) -> Vec<String> {
    let values = table.get(key).and_then(Item::as_array).into_iter().flatten();
    values.filter_map(|value| Some(value.as_str()?.to_owned())).collect()
}

/// A path without the segments `.`.
fn plain(path: &str) -> PathBuf {
    Path::new(path).components().filter(|component| *component != Component::CurDir).collect()
}

/// Returns `true` if a path of `members`, which may be a glob, matches this path.
fn matches(member: &str, path: &Path) -> bool {
    let member = plain(member);
    // As the function `glob` of the crate, with which cargo finds the members: `*` matches within a segment.
    let options = MatchOptions { require_literal_separator: true, ..MatchOptions::new() };
    let pattern = member.to_str().and_then(|member| Pattern::new(member).ok());
    pattern.is_some_and(|pattern| pattern.matches_path_with(path, options))
}
