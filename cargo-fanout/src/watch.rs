//! The changes of files that make a new app.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io;
use std::os::fd::AsFd as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf, absolute};
use std::sync::mpsc::Sender;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;

use anyhow::{Context as _, Result};
use cargo_metadata::MetadataCommand;
use notify::{EventKind, RecursiveMode, Watcher};

use crate::tools::TARGET;

/// The folders of a package that builds write to, beside those whose name begins with a dot. `pkg` and `bin` are the
/// Fastly CLI's.
const BUILT: [&str; 3] = ["target", "pkg", "bin"];

/// The folder of npm, at any depth.
const NPM: &str = "node_modules";

/// A watch of files and folders. Dropping it ends it.
pub(crate) struct Watch {
    watcher: Box<dyn Watcher + Send>,
    /// True after a warning about a folder that cannot be watched. There is one only.
    warned: bool,
    /// The folder of the package.
    package: Option<PathBuf>,
    /// False if cargo cannot tell on what the package depends, such as on a folder that is not there yet.
    knows_all: bool,
    roots: Arc<RwLock<Roots>>,
    /// The folders that the watcher has, each with the number and the birth of its file, which a later folder of the same name does
    /// not have.
    watched: BTreeMap<PathBuf, (u64, u64, Option<SystemTime>)>,
}

/// The paths that count. What an app is no longer made of stays: its change builds nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Roots {
    /// Files by name, because editors replace a file by another.
    files: BTreeSet<PathBuf>,
    /// Folders with everything in them, except what is built.
    folders: BTreeSet<PathBuf>,
    /// The folder that builds write to, whatever its name is.
    target: Option<PathBuf>,
    /// The files to which this process writes, each with its device and its number.
    outputs: BTreeSet<(u64, u64)>,
}

impl Watch {
    /// Watches files, and the sources of the package in `package` with those of the packages on this machine that it
    /// depends on, and the other files from which `wasm` was built. `changed` sends `T` for each change.
    pub(crate) fn start<T: Copy + Send + 'static>(
        files: &[PathBuf],
        package: Option<&Path>,
        wasm: &Path,
        changed: Sender<T>,
        message: T,
    ) -> Result<Self> {
        let roots = Roots { outputs: outputs(), ..Roots::default() };
        let roots = Arc::new(RwLock::new(roots));
        let counting = Arc::clone(&roots);
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            let counts = match event {
                Ok(event) => {
                    let roots = counting.read().unwrap_or_else(PoisonError::into_inner);
                    // Events were lost, and this one has no paths.
                    event.need_rescan()
                        || !matches!(event.kind, EventKind::Access(_))
                            && event.paths.iter().any(|path| roots.count(path) && !roots.is_output(path))
                }
                // The watcher itself has failed.
                Err(_) => true,
            };
            if counts {
                let _ = changed.send(message);
            }
        })
        .context("cannot watch files")?;
        let package = package.map(Path::to_owned);
        let watcher = Box::new(watcher);
        let watched = BTreeMap::new();
        let mut watch = Self { watcher, warned: false, package, knows_all: true, roots, watched };
        if let Some(package) = &watch.package {
            // Later on, a manifest that cannot be read is one that is being written.
            Roots::default().add_packages(package)?;
        }
        watch.refresh(files, wasm);
        Ok(watch)
    }

    /// Watches what is new: packages, files from which `wasm` was built, and folders. Returns `true` if there was something.
    pub(crate) fn refresh(&mut self, files: &[PathBuf], wasm: &Path) -> bool {
        let before = self.roots.read().unwrap_or_else(PoisonError::into_inner).clone();
        let mut roots = before.clone();
        if let Some(package) = &self.package {
            self.knows_all = roots.add_packages(package).unwrap_or(false);
            roots.add_inputs(wasm);
        }
        roots.files.extend(files.iter().flat_map(|file| names(file)));
        let is_new = roots != before;
        *self.roots.write().unwrap_or_else(PoisonError::into_inner) = roots.clone();
        if let Some(warning) = self.watch(&roots) {
            eprintln!("{warning}");
        }
        is_new
    }

    /// Returns `false` if a dependency is missing, which is then not watched. [`refresh`](Self::refresh) looks again.
    pub(crate) fn knows_all(&self) -> bool {
        self.knows_all
    }

    /// Watches the folders of `roots`. Returns a warning about the first that cannot be watched, once.
    ///
    /// A folder is not watched as a whole, because what is built may be in it.
    fn watch(&mut self, roots: &Roots) -> Option<String> {
        let Self { watcher, warned, watched, .. } = self;
        let mut first = None;
        let mut add = |path: &Path, mode| {
            let Ok(found) = fs::metadata(path) else { return };
            let number = (found.dev(), found.ino(), found.created().ok());
            if watched.get(path) == Some(&number) {
                return;
            }
            match watcher.watch(path, mode) {
                Ok(()) => drop(watched.insert(path.to_owned(), number)),
                Err(error) if *warned || is_gone(&error) => {}
                Err(error) => {
                    *warned = true;
                    first = Some(warning(path, &error));
                }
            }
        };
        for folder in &roots.folders {
            add(folder, RecursiveMode::NonRecursive);
            for entry in folder.read_dir().into_iter().flatten().flatten() {
                let path = entry.path();
                if path.is_dir() && roots.is_source(&path) && !roots.is_built(&path) {
                    add(&path, RecursiveMode::Recursive);
                }
            }
        }
        // A folder that is watched with everything in it must not become one that is watched alone.
        for folder in roots.files.iter().filter_map(|file| file.parent()) {
            if !roots.is_source(folder) {
                add(folder, RecursiveMode::NonRecursive);
            }
        }
        first
    }
}

impl Roots {
    /// Returns `false` if these are not all packages, because cargo cannot find a dependency.
    fn add_packages(&mut self, folder: &Path) -> Result<bool> {
        let read = |options: &[&str]| {
            let options: Vec<_> = options.iter().map(|&option| option.to_owned()).collect();
            MetadataCommand::new().current_dir(folder).other_options(options).exec()
        };
        // Dependencies of other platforms are perhaps not on this machine. Without a network there are still the packages of the workspace.
        let all = read(&["--offline", "--filter-platform", TARGET]);
        let knows_all = all.is_ok();
        let metadata = all
            .or_else(|_| read(&["--offline", "--no-deps"]))
            .with_context(|| format!("cannot read the package in {}", folder.display()))?;
        // Those from a registry do not change.
        for package in metadata.packages.iter().filter(|package| package.source.is_none()) {
            if let Some(folder) = package.manifest_path.parent() {
                self.folders.insert(canonical(folder.as_std_path())?);
            }
        }
        let workspace = canonical(metadata.workspace_root.as_std_path())?;
        for name in ["Cargo.toml", "Cargo.lock", ".cargo/config.toml", "rust-toolchain.toml"] {
            self.files.insert(workspace.join(name));
        }
        self.target = canonical(metadata.target_directory.as_std_path()).ok();
        Ok(knows_all)
    }

    /// Adds what cargo says that a program was built from and what is in no package: files that the code includes, and those that a
    /// build script names.
    fn add_inputs(&mut self, wasm: &Path) {
        let list = fs::read_to_string(wasm.with_extension("d")).unwrap_or_default();
        for input in inputs(&list) {
            for path in names(&input) {
                let counts = self.is_source(&path) && !is_log(&path);
                if !counts && !self.is_built(&path) {
                    if path.is_dir() {
                        self.folders.insert(path)
                    } else {
                        self.files.insert(path)
                    };
                }
            }
        }
    }

    /// Returns `true` for a path whose change counts. A log counts only if the app is made of it: this command's own may be
    /// in the package, as with `tee serve.log`, and each build writes to it.
    fn count(&self, path: &Path) -> bool {
        self.files.contains(path) || self.is_source(path) && !self.is_built(path) && !is_log(path)
    }

    /// Returns `true` for a file to which this process writes.
    fn is_output(&self, path: &Path) -> bool {
        !self.outputs.is_empty()
            && fs::metadata(path).is_ok_and(|found| self.outputs.contains(&(found.dev(), found.ino())))
    }

    fn is_source(&self, path: &Path) -> bool {
        let is_in = |folder: &PathBuf| {
            path.strip_prefix(folder).is_ok_and(|inner| {
                let mut names = inner.components().map(|part| part.as_os_str().to_string_lossy());
                !inner.iter().next().is_some_and(|first| BUILT.iter().any(|built| first == *built))
                    && names.all(|name| !name.starts_with('.') && name != NPM)
                    && !is_in_target(folder, inner)
            })
        };
        self.folders.iter().any(is_in)
    }

    fn is_built(&self, path: &Path) -> bool {
        self.target.as_ref().is_some_and(|target| path.starts_with(target))
    }
}

/// Returns `true` for a log, by its name.
fn is_log(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "log")
}

/// Returns `true` for a path in the folder `target` of a package in `folder`. A folder of this name that is beside no
/// `Cargo.toml`, such as `src/target`, may have sources.
fn is_in_target(folder: &Path, inner: &Path) -> bool {
    let targets = inner.ancestors().filter(|ancestor| ancestor.ends_with("target"));
    targets.filter_map(Path::parent).any(|package| folder.join(package).join("Cargo.toml").is_file())
}

/// The files to which this process writes what it prints.
fn outputs() -> BTreeSet<(u64, u64)> {
    let copies = [io::stdout().as_fd().try_clone_to_owned(), io::stderr().as_fd().try_clone_to_owned()];
    let found = copies.into_iter().flatten().filter_map(|copy| File::from(copy).metadata().ok());
    found.filter(fs::Metadata::is_file).map(|found| (found.dev(), found.ino())).collect()
}

/// The warning about a folder that cannot be watched.
fn warning(folder: &Path, error: &notify::Error) -> String {
    let (cause, help) = match &error.kind {
        notify::ErrorKind::MaxFilesWatch => (
            "the limit of watched folders is reached".to_owned(),
            if cfg!(target_os = "linux") {
                "; raise it: sudo sysctl fs.inotify.max_user_watches=524288"
            } else {
                ""
            },
        ),
        notify::ErrorKind::Io(error) => (error.to_string(), ""),
        notify::ErrorKind::Generic(text) => (text.clone(), ""),
        kind => (format!("{kind:?}"), ""),
    };
    format!("warning: cannot watch {}, so changes in it build nothing: {cause}{help}", folder.display())
}

/// Returns `true` for the error about a path that was removed.
fn is_gone(error: &notify::Error) -> bool {
    match &error.kind {
        notify::ErrorKind::PathNotFound => true,
        notify::ErrorKind::Io(error) => error.kind() == io::ErrorKind::NotFound,
        _ => false,
    }
}

/// The inputs in a list that cargo writes beside a program, in the syntax of make: `PROGRAM: INPUT INPUT`.
fn inputs(list: &str) -> impl Iterator<Item = PathBuf> {
    const SPACE: &str = "\0";
    let list = list.replace("\\ ", SPACE);
    let lists = list.lines().filter_map(|line| line.split_once(": "));
    let inputs = lists.flat_map(|(_, inputs)| inputs.split(' '));
    let inputs: Vec<_> = inputs.map(|input| PathBuf::from(input.replace(SPACE, " "))).collect();
    inputs.into_iter().filter(|input| input.is_absolute())
}

/// The paths that events name for a file: its own, in its folder's real one, and that of the file to which a link leads.
fn names(file: &Path) -> Vec<PathBuf> {
    let own = || Some(absolute(file).ok()?.parent()?.canonicalize().ok()?.join(file.file_name()?));
    [own(), file.canonicalize().ok()].into_iter().flatten().collect()
}

/// The path that events name.
fn canonical(path: &Path) -> Result<PathBuf> {
    path.canonicalize().with_context(|| format!("cannot watch {}", path.display()))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_is_built_does_not_count() {
        let roots = Roots {
            files: [PathBuf::from("/app/fastly.toml"), "/Cargo.lock".into()].into(),
            folders: [PathBuf::from("/app"), "/lib".into()].into(),
            target: Some("/app/built".into()),
            ..Roots::default()
        };
        for path in [
            "/app/src/main.rs",
            "/app/src/bin/a.rs",
            "/app/page.html",
            "/app/fastly.toml",
            "/Cargo.lock",
            "/lib/a",
            "/app/src/target/mod.rs",
            "/app/src/log.rs",
        ] {
            assert!(roots.count(Path::new(path)), "{path}");
        }
        for path in [
            "/app/target/release/app.wasm",
            "/app/built/release/app.wasm",
            "/app/.git/HEAD",
            "/app/src/.main.rs.swp",
            "/app/pkg/a",
            "/other/a",
            "/a",
            "/app/node_modules/a/index.js",
            "/app/client/node_modules/a/index.js",
            "/app/serve.log",
            "/app/logs/serve.log",
        ] {
            assert!(!roots.count(Path::new(path)), "{path}");
        }
    }

    #[test]
    fn the_target_of_a_package_in_a_package_does_not_count() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let app = folder.path();
        write(&app.join("tools/made/Cargo.toml"), "")?;
        let roots = Roots { folders: [app.to_owned()].into(), ..Roots::default() };
        for (path, counts) in [
            ("tools/made/target/debug/made", false),
            ("tools/made/target", false),
            ("tools/made/src/target/mod.rs", true),
            ("tools/target/mod.rs", true),
        ] {
            assert_eq!(roots.count(&app.join(path)), counts, "{path}");
        }
        Ok(())
    }

    #[test]
    fn a_file_to_which_this_process_writes_does_not_count() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let (output, other) = (folder.path().join("output.txt"), folder.path().join("other.txt"));
        let mut roots = Roots { folders: [folder.path().to_owned()].into(), ..Roots::default() };
        let metadata = File::create(&output)?.metadata()?;
        fs::write(&other, "")?;
        assert!(!roots.is_output(&output));
        roots.outputs = [(metadata.dev(), metadata.ino())].into();
        assert!(roots.is_output(&output) && !roots.is_output(&other));
        assert!(!roots.is_output(&folder.path().join("removed.txt")));
        Ok(())
    }

    /// A watcher at the limit of the system.
    struct Full;

    impl Watcher for Full {
        fn new<F: notify::EventHandler>(_: F, _: notify::Config) -> notify::Result<Self> {
            Ok(Self)
        }

        fn watch(&mut self, _: &Path, _: RecursiveMode) -> notify::Result<()> {
            Err(notify::Error::new(notify::ErrorKind::MaxFilesWatch))
        }

        fn unwatch(&mut self, _: &Path) -> notify::Result<()> {
            Ok(())
        }

        fn kind() -> notify::WatcherKind {
            notify::WatcherKind::NullWatcher
        }
    }

    #[test]
    fn a_folder_that_cannot_be_watched_is_said_once() -> Result<()> {
        let folder = tempfile::tempdir()?;
        write(&folder.path().join("src/main.rs"), "")?;
        let roots = Roots { folders: [folder.path().to_owned()].into(), ..Roots::default() };
        let mut watch = Watch {
            watcher: Box::new(Full),
            warned: false,
            package: None,
            knows_all: true,
            roots: Arc::default(),
            watched: BTreeMap::new(),
        };
        let warning = watch.watch(&roots).context("there is a warning")?;
        let start = format!(
            "warning: cannot watch {}, so changes in it build nothing: the limit of watched folders is reached",
            folder.path().display()
        );
        assert!(warning.starts_with(&start), "{warning}");
        assert_eq!(warning.contains("fs.inotify.max_user_watches"), cfg!(target_os = "linux"), "{warning}");
        assert_eq!(watch.watch(&roots), None);
        Ok(())
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

    /// A folder with packages, and the changes of one of them.
    struct Watched {
        folder: tempfile::TempDir,
        watch: Watch,
        changes: std::sync::mpsc::Receiver<()>,
    }

    impl Watched {
        /// Writes files, and watches the package in `app`.
        fn start(files: &[(&str, &str)]) -> Result<Self> {
            let folder = tempfile::tempdir()?;
            for (name, text) in files {
                write(&folder.path().join(name), text)?;
            }
            let (sender, changes) = std::sync::mpsc::channel();
            let app = folder.path().join("app");
            let manifest = [app.join("fastly.toml")];
            let watch = Watch::start(&manifest, Some(&app), &wasm(folder.path()), sender, ())?;
            Ok(Self { folder, watch, changes })
        }

        fn path(&self, name: &str) -> PathBuf {
            self.folder.path().join(name)
        }

        fn write(&self, name: &str, text: &str) -> Result<()> {
            write(&self.path(name), text)
        }

        fn refresh(&mut self) -> bool {
            let files = [self.path("app/fastly.toml")];
            self.watch.refresh(&files, &wasm(self.folder.path()))
        }

        /// Fails if there was no change, and waits for the end of a burst.
        #[track_caller]
        fn has_changed(&self) {
            self.changes.recv_timeout(Duration::from_secs(20)).expect("a change is seen");
            while self.changes.recv_timeout(Duration::from_millis(300)).is_ok() {}
        }

        #[track_caller]
        fn has_not_changed(&self) {
            assert!(self.changes.recv_timeout(Duration::from_millis(500)).is_err(), "a change is seen");
        }
    }

    fn write(path: &Path, text: &str) -> Result<()> {
        fs::create_dir_all(path.parent().context("a file is in a folder")?)?;
        Ok(fs::write(path, text)?)
    }

    fn wasm(folder: &Path) -> PathBuf {
        folder.join("app/target/app.wasm")
    }

    const APP: &str = "[package]\nname = \"app\"\nedition = \"2024\"\n";
    const LIB: &str = "[package]\nname = \"lib\"\nedition = \"2024\"\n";
    const DEPENDS: &str = "[dependencies]\nlib = { path = \"../lib\" }\n";

    #[test]
    fn a_file_that_is_saved_in_a_new_folder_is_a_change() -> Result<()> {
        let mut app = Watched::start(&[
            ("app/Cargo.toml", &format!("{APP}[workspace]\n")),
            ("app/src/main.rs", "fn main() {}"),
            ("app/target/it", ""),
        ])?;
        app.write("app/src/main.rs", "fn main() { }")?;
        app.has_changed();
        fs::create_dir(app.path("app/pages"))?;
        assert!(!app.refresh(), "a folder is no root");
        app.has_changed();
        app.write("app/target/it", "built")?;
        app.has_not_changed();
        app.write("app/pages/index.html", "hello")?;
        app.has_changed();

        // Another folder takes its name, as a checkout of another branch does it.
        fs::rename(app.path("app/pages"), app.path("old"))?;
        app.write("app/pages/index.html", "hello")?;
        app.has_changed();
        app.refresh();
        app.write("app/pages/index.html", "hello again")?;
        app.has_changed();

        // A folder that is made again often has the number of the one that was removed.
        fs::remove_dir_all(app.path("app/pages"))?;
        app.write("app/pages/index.html", "hello")?;
        app.has_changed();
        app.refresh();
        app.write("app/pages/index.html", "hello again")?;
        app.has_changed();

        // As with `cargo fanout serve --watch 2>&1 | tee serve.log`.
        app.write("app/serve.log", "waiting")?;
        app.has_not_changed();
        Ok(())
    }

    #[test]
    fn a_dependency_that_comes_later_is_watched() -> Result<()> {
        let mut app = Watched::start(&[
            ("app/Cargo.toml", &format!("{APP}[workspace]\n")),
            ("app/src/main.rs", "fn main() {}"),
            ("lib/Cargo.toml", LIB),
            ("lib/src/lib.rs", ""),
        ])?;
        app.write("lib/src/lib.rs", "// nobody's")?;
        app.has_not_changed();

        // Half of it is written.
        app.write("app/Cargo.toml", "[pack")?;
        app.has_changed();
        assert!(!app.refresh());
        app.write("app/Cargo.toml", &format!("{APP}[workspace]\n{DEPENDS}"))?;
        app.has_changed();
        assert!(app.refresh());
        while app.changes.recv_timeout(Duration::from_millis(300)).is_ok() {}
        app.write("lib/src/lib.rs", "// the app's")?;
        app.has_changed();
        Ok(())
    }

    #[test]
    fn a_dependency_that_comes_after_its_name_is_watched() -> Result<()> {
        let mut app = Watched::start(&[
            ("app/Cargo.toml", &format!("{APP}[workspace]\n")),
            ("app/src/main.rs", "fn main() {}"),
        ])?;
        assert!(app.watch.knows_all());
        app.write("app/Cargo.toml", &format!("{APP}[workspace]\n{DEPENDS}"))?;
        app.has_changed();
        app.refresh();
        assert!(!app.watch.knows_all());
        app.write("lib/Cargo.toml", LIB)?;
        app.write("lib/src/lib.rs", "")?;
        app.has_not_changed();
        assert!(app.refresh() && app.watch.knows_all());
        while app.changes.recv_timeout(Duration::from_millis(300)).is_ok() {}
        app.write("lib/src/lib.rs", "// a change")?;
        app.has_changed();
        Ok(())
    }

    #[test]
    fn a_member_of_the_workspace_that_comes_later_is_watched() -> Result<()> {
        let workspace = |members: &str| format!("[workspace]\nresolver = \"3\"\nmembers = [{members}]\n");
        let mut app = Watched::start(&[
            ("Cargo.toml", &workspace("\"app\"")),
            ("app/Cargo.toml", APP),
            ("app/src/main.rs", "fn main() {}"),
        ])?;
        app.write("lib/Cargo.toml", LIB)?;
        app.write("lib/src/lib.rs", "")?;
        app.write("Cargo.toml", &workspace("\"app\", \"lib\""))?;
        app.has_changed();
        assert!(app.refresh());
        while app.changes.recv_timeout(Duration::from_millis(300)).is_ok() {}
        app.write("lib/src/lib.rs", "// a change")?;
        app.has_changed();
        Ok(())
    }

    /// Cargo lists them beside the program: files that the code includes, and those that a build script reads.
    #[test]
    fn inputs_outside_of_the_packages_are_watched() -> Result<()> {
        let mut app = Watched::start(&[
            ("app/Cargo.toml", &format!("{APP}[workspace]\n")),
            ("app/src/main.rs", "fn main() {}"),
            ("app/target/out.rs", ""),
            ("data/a b.txt", "one"),
            ("data/other.txt", "one"),
            ("app/src/sample.log", "one"),
            ("pages/index.html", "one"),
        ])?;
        let list: String =
            ["app/src/main.rs", "app/src/sample.log", "app/target/out.rs", "data/a b.txt", "pages"]
                .map(|name| format!(" {}", app.path(name).display().to_string().replace(' ', "\\ ")))
                .concat();
        app.write("app/target/app.d", &format!("{}:{list}\n", wasm(app.folder.path()).display()))?;
        assert!(app.refresh());
        for (name, counts) in [
            ("data/a b.txt", true),
            ("pages/index.html", true),
            ("app/src/sample.log", true),
            ("data/other.txt", false),
            ("app/target/out.rs", false),
        ] {
            app.write(name, "two")?;
            if counts { app.has_changed() } else { app.has_not_changed() }
        }
        assert!(!app.refresh());
        Ok(())
    }

    #[test]
    fn a_manifest_that_is_replaced_is_a_change() -> Result<()> {
        let files = [
            ("app/Cargo.toml", format!("{APP}[workspace]\n")),
            ("app/src/main.rs", "fn main() {}".to_owned()),
            ("manifests/one.toml", String::new()),
            ("manifests/two.toml", String::new()),
        ];
        let app = Watched::start(&files.each_ref().map(|(name, text)| (*name, text.as_str())))?;
        let manifest = app.path("app/fastly.toml");
        app.write("new.toml", "name = \"app\"")?;
        fs::rename(app.path("new.toml"), &manifest)?;
        app.has_changed();

        // A link to it, and another link in its place.
        let (sender, changes) = std::sync::mpsc::channel();
        let link = app.path("links/fastly.toml");
        fs::create_dir(app.path("links"))?;
        std::os::unix::fs::symlink(app.path("manifests/one.toml"), &link)?;
        let _watch = Watch::start(std::slice::from_ref(&link), None, Path::new("app.wasm"), sender, ())?;
        app.write("manifests/one.toml", "name = \"one\"")?;
        changes.recv_timeout(Duration::from_secs(20))?;
        while changes.recv_timeout(Duration::from_millis(300)).is_ok() {}
        std::os::unix::fs::symlink(app.path("manifests/two.toml"), app.path("links/new"))?;
        fs::rename(app.path("links/new"), &link)?;
        changes.recv_timeout(Duration::from_secs(20))?;
        Ok(())
    }

    #[test]
    fn an_input_may_have_a_space() {
        let list = "/t/app.wasm: /a/src/main.rs /a/a\\ page.html relative\n\n/t/app.wasm: /b\n";
        let expected = ["/a/src/main.rs", "/a/a page.html", "/b"].map(PathBuf::from);
        assert_eq!(inputs(list).collect::<Vec<_>>(), expected);
        assert_eq!(inputs("").count(), 0);
    }
}
