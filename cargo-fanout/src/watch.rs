//! The changes of files that make a new app.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;

use anyhow::{Context as _, Result};
use cargo_metadata::MetadataCommand;
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::tools::TARGET;

/// The folders of a package that builds write to, beside those whose name begins with a dot. `pkg` and `bin` are the
/// Fastly CLI's.
const BUILT: [&str; 4] = ["target", "node_modules", "pkg", "bin"];

/// A watch of files and folders. Dropping it ends it.
pub(crate) struct Watch {
    watcher: RecommendedWatcher,
    roots: Roots,
    watched: BTreeSet<PathBuf>,
}

/// The paths that count.
#[derive(Clone, Debug, Default)]
struct Roots {
    /// Files by name, because editors replace a file by another.
    files: BTreeSet<PathBuf>,
    /// Folders with everything in them, except what is built.
    folders: BTreeSet<PathBuf>,
}

impl Watch {
    /// Watches files, and the sources of the package in `folder` with those of the packages on this machine that it
    /// depends on. `changed` sends `T` for each change.
    pub(crate) fn start<T: Copy + Send + 'static>(
        files: &[&Path],
        folder: Option<&Path>,
        changed: Sender<T>,
        message: T,
    ) -> Result<Self> {
        let mut roots = Roots::default();
        for file in files {
            roots.files.insert(canonical(file)?);
        }
        if let Some(folder) = folder {
            roots.add_packages(folder)?;
        }
        let counts = roots.clone();
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            let counts = match event {
                Ok(event) => {
                    !matches!(event.kind, EventKind::Access(_))
                        && event.paths.iter().any(|path| counts.count(path))
                }
                // Events were lost.
                Err(_) => true,
            };
            if counts {
                let _ = changed.send(message);
            }
        })
        .context("cannot watch files")?;
        let mut watch = Self { watcher, roots, watched: BTreeSet::new() };
        watch.refresh();
        Ok(watch)
    }

    /// Watches folders that are new. A folder is not watched as a whole, because what is built may be in it.
    pub(crate) fn refresh(&mut self) {
        let Self { watcher, roots, watched } = self;
        let mut add = |path: &Path, mode| {
            if !watched.contains(path) && watcher.watch(path, mode).is_ok() {
                watched.insert(path.to_owned());
            }
        };
        for file in &roots.files {
            if let Some(folder) = file.parent() {
                add(folder, RecursiveMode::NonRecursive);
            }
        }
        for folder in &roots.folders {
            add(folder, RecursiveMode::NonRecursive);
            for entry in folder.read_dir().into_iter().flatten().flatten() {
                if entry.path().is_dir() && roots.count(&entry.path()) {
                    add(&entry.path(), RecursiveMode::Recursive);
                }
            }
        }
    }
}

impl Roots {
    fn add_packages(&mut self, folder: &Path) -> Result<()> {
        let read = |options: &[&str]| {
            let options: Vec<_> = options.iter().map(|&option| option.to_owned()).collect();
            MetadataCommand::new().current_dir(folder).other_options(options).exec()
        };
        // Dependencies of other platforms are perhaps not on this machine. Without a network there are still the packages of the workspace.
        let metadata = read(&["--offline", "--filter-platform", TARGET])
            .or_else(|_| read(&["--offline", "--no-deps"]))
            .with_context(|| format!("cannot read the package in {}", folder.display()))?;
        // Those from a registry do not change.
        for package in metadata.packages.iter().filter(|package| package.source.is_none()) {
            if let Some(folder) = package.manifest_path.parent() {
                self.folders.insert(canonical(folder.as_std_path())?);
            }
        }
        for name in ["Cargo.toml", "Cargo.lock", ".cargo/config.toml"] {
            let file = metadata.workspace_root.join(name);
            if file.is_file() {
                self.files.insert(canonical(file.as_std_path())?);
            }
        }
        Ok(())
    }

    /// Returns `true` for a path whose change counts.
    fn count(&self, path: &Path) -> bool {
        let is_source = |folder: &PathBuf| {
            path.strip_prefix(folder).is_ok_and(|inner| {
                let mut names = inner.components().map(|part| part.as_os_str().to_string_lossy());
                !inner.iter().next().is_some_and(|first| BUILT.iter().any(|built| first == *built))
                    && names.all(|name| !name.starts_with('.'))
            })
        };
        self.files.contains(path) || self.folders.iter().any(is_source)
    }
}

/// The path that events name.
fn canonical(path: &Path) -> Result<PathBuf> {
    path.canonicalize().with_context(|| format!("cannot watch {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_built_does_not_count() {
        let roots = Roots {
            files: [PathBuf::from("/app/fastly.toml"), "/Cargo.lock".into()].into(),
            folders: [PathBuf::from("/app"), "/lib".into()].into(),
        };
        for path in [
            "/app/src/main.rs",
            "/app/src/bin/a.rs",
            "/app/page.html",
            "/app/fastly.toml",
            "/Cargo.lock",
            "/lib/a",
        ] {
            assert!(roots.count(Path::new(path)), "{path}");
        }
        for path in [
            "/app/target/release/app.wasm",
            "/app/.git/HEAD",
            "/app/src/.main.rs.swp",
            "/app/pkg/a",
            "/other/a",
            "/a",
        ] {
            assert!(!roots.count(Path::new(path)), "{path}");
        }
    }

    #[test]
    fn a_package_and_what_it_depends_on_are_watched() -> Result<()> {
        let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/departures");
        let mut roots = Roots::default();
        roots.add_packages(&example)?;
        for folder in
            ["../examples/departures", "../examples/departures/endpoints", "../runtime", "../macros"]
        {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder).canonicalize()?;
            assert!(roots.folders.contains(&folder), "{}: {roots:#?}", folder.display());
        }
        Ok(())
    }

    #[test]
    fn a_file_that_is_saved_in_a_new_folder_is_a_change() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let root = folder.path();
        std::fs::create_dir_all(root.join("target"))?;
        std::fs::create_dir_all(root.join("src"))?;
        std::fs::write(root.join("Cargo.toml"), "[package]\nname = \"it\"\n[workspace]\n")?;
        std::fs::write(root.join("src/main.rs"), "fn main() {}")?;
        let (sender, changes) = std::sync::mpsc::channel();
        let mut watch = Watch::start(&[&root.join("Cargo.toml")], Some(root), sender, ())?;
        let change = std::time::Duration::from_secs(20);
        std::fs::write(root.join("src/main.rs"), "fn main() { }")?;
        changes.recv_timeout(change)?;
        std::fs::create_dir(root.join("pages"))?;
        watch.refresh();
        while changes.recv_timeout(std::time::Duration::from_millis(300)).is_ok() {}
        std::fs::write(root.join("target/it"), "built")?;
        assert!(changes.recv_timeout(std::time::Duration::from_millis(500)).is_err(), "what is built counts");
        std::fs::write(root.join("pages/index.html"), "hello")?;
        changes.recv_timeout(change)?;
        Ok(())
    }
}
