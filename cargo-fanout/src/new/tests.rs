use std::process::Command;

use tempfile::{TempDir, tempdir};

use super::*;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn manifest(path: &Path) -> DocumentMut {
    fs::read_to_string(path).unwrap().parse().unwrap()
}

fn made(name: &str, fanout: Option<&Path>) -> TempDir {
    let parent = tempdir().unwrap();
    make(parent.path(), name, fanout).unwrap();
    parent
}

#[test]
fn a_project_has_its_name_everywhere() {
    let parent = made("scores", None);
    let folder = parent.path().join("scores");
    let cargo = manifest(&folder.join("Cargo.toml"));
    assert_eq!(cargo["package"]["name"].as_str(), Some("scores"));
    let fastly = manifest(&folder.join("fastly.toml"));
    assert_eq!(fastly["name"].as_str(), Some("scores"));
    assert!(fs::read_to_string(folder.join("README.md")).unwrap().starts_with("# scores\n"));
    assert!(fs::read_to_string(folder.join("src/main.rs")).unwrap().contains("#[fanout::main(room, say)]"));
    assert!(folder.join(".gitignore").is_file());
    assert!(folder.join("src/tests.rs").is_file());
    assert!(cargo.get("workspace").is_none());
}

#[test]
fn it_depends_on_the_published_crate_or_on_a_checkout() {
    let published = made("scores", None);
    let cargo = manifest(&published.path().join("scores/Cargo.toml"));
    let (major, minor) = (env!("CARGO_PKG_VERSION_MAJOR"), env!("CARGO_PKG_VERSION_MINOR"));
    let version = if major == "0" { format!("{major}.{minor}") } else { major.to_owned() };
    assert_eq!(cargo["dependencies"]["fanout"].as_str(), Some(&*version));
    assert_eq!(cargo["dev-dependencies"]["fanout"]["version"].as_str(), Some(&*version));

    let runtime = root().join("runtime");
    let local = made("scores", Some(&runtime));
    let cargo = manifest(&local.path().join("scores/Cargo.toml"));
    for table in ["dependencies", "dev-dependencies"] {
        let fanout = &cargo[table]["fanout"];
        assert_eq!(fanout["path"].as_str(), runtime.to_str(), "{table}");
        assert_eq!(fanout["version"].as_str(), Some(&*version), "{table}");
    }
    assert_eq!(cargo["dev-dependencies"]["fanout"]["features"].as_array().unwrap().len(), 1);
}

#[test]
fn it_is_built_as_the_apps_of_this_repository_are() {
    let parent = made("scores", None);
    let cargo = manifest(&parent.path().join("scores/Cargo.toml"));
    let own = manifest(&root().join("Cargo.toml"));
    let text = |document: &DocumentMut| document["profile"]["release"].to_string();
    assert_eq!(text(&cargo), text(&own), "template/Cargo.toml.liquid has another profile than the workspace");
    let config = manifest(&parent.path().join("scores/.cargo/config.toml"));
    let own_config = manifest(&root().join(".cargo/config.toml"));
    let flags = |document: &DocumentMut| document["target"]["wasm32-wasip1"]["rustflags"].to_string();
    assert_eq!(
        flags(&config),
        flags(&own_config),
        "template/.cargo/config.toml has other flags than the workspace"
    );
    let idna = &own["workspace"]["dependencies"]["idna_adapter"];
    assert_eq!(cargo["dependencies"]["idna_adapter"].as_str(), idna.as_str());
    for key in ["edition", "rust-version"] {
        assert_eq!(cargo["package"][key].as_str(), own["workspace"]["package"][key].as_str(), "{key}");
    }
}

#[test]
fn what_is_there_stays() {
    let parent = tempdir().unwrap();
    fs::create_dir(parent.path().join("scores")).unwrap();
    let error = make(parent.path(), "scores", None).unwrap_err().to_string();
    assert!(error.ends_with("scores exists already: choose another name, or remove it"), "{error}");
    assert_eq!(fs::read_dir(parent.path().join("scores")).unwrap().count(), 0);

    // A link that leads nowhere is something too.
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("/nowhere", parent.path().join("link")).unwrap();
        assert!(make(parent.path(), "link", None).unwrap_err().to_string().contains("exists already"));
    }
}

#[test]
fn a_wrong_request_makes_nothing() {
    let parent = tempdir().unwrap();
    for (name, fanout, why) in [
        ("async", None, "keyword"),
        ("scores", Some("runtime/src"), "--fanout-path names the folder of the crate `fanout`"),
        ("scores", Some("macros"), "--fanout-path names the folder of the crate `fanout`"),
    ] {
        let fanout = fanout.map(|path| root().join(path));
        let error = make(parent.path(), name, fanout.as_deref()).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
    assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 0);
}

/// Cargo would take it for a member that the workspace has forgotten, and ignore its profile.
#[test]
fn inside_of_a_workspace_it_is_its_own() {
    for workspace in [
        "members = []",
        "members = [\"apps\"]",
        "members = [\"*\", \"libs/*\", \"apps/*/*\", \"apps/score\"]",
        "members = [\"apps/*\"]\nexclude = [\"apps/scores\"]",
        "members = [\"./apps/*/\"]\nexclude = [\"./apps/scores/\"]",
        "members = [\"**\"]\nexclude = [\"apps\"]",
    ] {
        let (parent, apps) = workspace_with(workspace);
        make(&apps, "scores", Some(&root().join("runtime"))).unwrap();
        assert!(manifest(&apps.join("scores/Cargo.toml"))["workspace"].is_table());
        assert_eq!(read_by_cargo(&apps.join("scores")), None, "{workspace}");
        // The others need folders that are not there.
        if workspace.contains("apps/*\"") {
            assert_eq!(read_by_cargo(parent.path()), None, "{workspace}");
        }
    }
}

#[test]
fn a_member_of_a_workspace_is_refused() {
    for (workspace, member, can_be_excluded) in [
        ("members = [\"apps/*\"]", "apps/*", true),
        ("members = [\"./a*s/*/\"]\nexclude = [\"apps/score\"]", "./a*s/*/", true),
        ("members = [\"libs\", \"*/*\"]\nexclude = [\"apps/*\"]", "*/*", true),
        ("members = [\"**\"]", "**", true),
        ("members = [\"apps/scores\"]", "apps/scores", false),
        ("members = [\"apps/*\", \".\"]\nexclude = [\"apps/scores\"]", "apps/*", false),
    ] {
        let (parent, apps) = workspace_with(workspace);
        let error = make(&apps, "scores", None).unwrap_err().to_string();
        let manifest = parent.path().join("Cargo.toml");
        assert!(
            error.starts_with(&format!("{} has {member:?} in its `members`", manifest.display())),
            "{error}"
        );
        let way_out = "add `exclude = [\"apps/scores\"]` to its [workspace]";
        assert_eq!(error.contains(way_out), can_be_excluded, "{error}");
        assert!(error.ends_with("make the project elsewhere"), "{error}");
        assert_eq!(fs::read_dir(&apps).unwrap().count(), 0, "{workspace}");
    }
}

/// The reason for the refusal.
#[test]
fn cargo_reads_no_workspace_with_two_roots() {
    let (parent, apps) = workspace_with("members = [\"apps/*\"]\nexclude = [\"apps/scores\"]");
    make(&apps, "scores", Some(&root().join("runtime"))).unwrap();
    fs::write(parent.path().join("Cargo.toml"), "[workspace]\nmembers = [\"apps/*\"]\n").unwrap();
    let error = read_by_cargo(parent.path()).unwrap();
    assert!(error.contains("multiple workspace roots"), "{error}");
}

/// A workspace with an empty folder `apps`, and that folder.
fn workspace_with(lines: &str) -> (TempDir, PathBuf) {
    let parent = tempdir().unwrap();
    fs::write(parent.path().join("Cargo.toml"), format!("[workspace]\nresolver = \"3\"\n{lines}\n")).unwrap();
    let apps = parent.path().join("apps");
    fs::create_dir(&apps).unwrap();
    (parent, apps)
}

/// Returns what cargo says is wrong with the workspace of this folder.
fn read_by_cargo(folder: &Path) -> Option<String> {
    let read = Command::new("cargo")
        .args(["metadata", "--no-deps", "--format-version=1", "--offline"])
        .current_dir(folder)
        .output()
        .unwrap();
    (!read.status.success()).then(|| String::from_utf8_lossy(&read.stderr).into_owned())
}

fn package(manifest: &str, programs: &[&str]) -> TempDir {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
    for program in programs {
        let path = folder.path().join(program);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "fn main() {}").unwrap();
    }
    folder
}

#[test]
fn a_package_gets_the_manifest_of_its_program() {
    for (extra, programs, expected) in [
        ("", &["src/main.rs"][..], "scores"),
        ("[[bin]]\nname = \"app\"\npath = \"src/main.rs\"\n", &["src/main.rs"], "app"),
        ("default-run = \"two\"\n", &["src/bin/one.rs", "src/bin/two.rs"], "two"),
    ] {
        let folder = package(&format!("[package]\nname = \"scores\"\nedition = \"2024\"\n{extra}"), programs);
        let made = init_in(folder.path(), None).unwrap();
        assert_eq!(made, Made { program: expected.to_owned(), has_dependency: true });
        let fastly = manifest(&folder.path().join("fastly.toml"));
        let build = fastly["scripts"]["build"].as_str().unwrap();
        assert!(build.contains(&format!("--bin {expected} ")), "{build}");
        // It stays.
        let error = init_in(folder.path(), None).unwrap_err().to_string();
        assert!(error.contains("exists already"), "{error}");
    }
}

#[test]
fn a_package_gets_the_dependency_that_it_lacks() {
    let head = "[package]\nname = \"scores\"\nedition = \"2024\"\n\n";
    let runtime = root().join("runtime");
    let runtime = runtime.to_str().unwrap();
    let path = format!("fanout = {{ version = \"0.1\", path = {runtime:?} }}\n");
    for (rest, fanout, expected) in [
        ("", None, "[dependencies]\nfanout = \"0.1\"\n"),
        ("[dependencies]\n", Some(runtime), &*format!("[dependencies]\n{path}")),
        (
            "[dependencies]\nserde = \"1\" # for the bodies\n",
            None,
            "[dependencies]\nserde = \"1\" # for the bodies\nfanout = \"0.1\"\n",
        ),
        // Its tests are not the app.
        (
            "[dev-dependencies]\nfanout = \"0.1\"\n",
            None,
            "[dev-dependencies]\nfanout = \"0.1\"\n\n[dependencies]\nfanout = \"0.1\"\n",
        ),
    ] {
        let before = format!("{head}{rest}").trim_end().to_owned() + "\n";
        let folder = package(&before, &["src/main.rs"]);
        assert!(init_in(folder.path(), fanout.map(Path::new)).unwrap().has_dependency);
        let cargo = fs::read_to_string(folder.path().join("Cargo.toml")).unwrap();
        assert_eq!(cargo, format!("{head}{expected}"));
    }
    for there in [
        "[dependencies]\nfanout = \"0.1\" # ours\n",
        "[dependencies]\nlive = { package = \"fanout\", version = \"0.1\" }\n",
        "[target.'cfg(target_arch = \"wasm32\")'.dependencies]\nfanout = \"0.1\"\n",
    ] {
        let folder = package(&format!("{head}{there}"), &["src/main.rs"]);
        assert!(!init_in(folder.path(), Some(Path::new(runtime))).unwrap().has_dependency);
        let cargo = fs::read_to_string(folder.path().join("Cargo.toml")).unwrap();
        assert_eq!(cargo, format!("{head}{there}"));
    }
}

/// The crates may not be published, so a project of a checkout depends on that.
#[test]
fn a_program_of_a_checkout_knows_its_crate() {
    assert_eq!(own_checkout(), Some(root().join("runtime")));
}

#[test]
fn without_one_program_there_is_no_manifest() {
    let empty = tempdir().unwrap();
    let package = |manifest, programs| package(manifest, programs);
    let named = "[package]\nname = \"scores\"\nedition = \"2024\"\n";
    for (folder, why) in [
        (empty, "there is no Cargo.toml in"),
        (package("[workspace]\nmembers = []\n", &[]), "has no package: go to the folder of your app"),
        (package(named, &["src/lib.rs"]), "has no program: it needs a `src/main.rs`"),
        (package(named, &["src/bin/one.rs", "src/bin/two.rs"]), "`default-run = \"one\"` under [package]"),
        (package("[package", &[]), "cargo cannot read"),
    ] {
        let error = init_in(folder.path(), None).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
        assert!(!folder.path().join("fastly.toml").exists());
    }
}

/// Cargo leaves folders with a `Cargo.toml` out of a package.
#[test]
fn the_published_crate_has_the_template() {
    let listed = Command::new("cargo")
        .args(["package", "--list", "--allow-dirty", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let listed = String::from_utf8_lossy(&listed.stdout);
    for (path, _) in template::files("scores") {
        let file = format!("template/{}", if path == "Cargo.toml" { "Cargo.toml.liquid" } else { path });
        assert!(listed.lines().any(|line| line == file), "{file}: {listed}");
    }
}
