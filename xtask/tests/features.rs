//! The features of `fanout`: the crates that they bring into a program, and the errors without them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use xtask::build::{cargo, root, target_dir};

/// The dependencies that only an app on Compute needs: the SDK, the verification of signatures, and the types of headers.
const ON_COMPUTE: [&str; 8] =
    ["fastly", "fastly-shared", "fastly-sys", "ecdsa", "headers", "hmac", "p256", "sha2"];

/// Returns the names of the crates that cargo builds for a package.
fn tree(arguments: &[&str]) -> BTreeSet<String> {
    let output = cargo()
        .args(["tree", "--locked", "--edges", "normal,build", "--prefix", "none", "--format", "{p}"])
        .args(arguments)
        .output()
        .expect("cargo starts");
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).expect("cargo writes UTF-8");
    text.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

fn on_compute(crates: &BTreeSet<String>) -> Vec<&str> {
    ON_COMPUTE.into_iter().filter(|name| crates.contains(*name)).collect()
}

#[test]
fn a_server_builds_nothing_of_compute() {
    let server = tree(&["--package", "departures-server"]);
    for needed in ["departures-endpoints", "fanout", "fanout-macros", "ureq", "rustls"] {
        assert!(server.contains(needed), "{server:?}");
    }
    assert_eq!(on_compute(&server), [""; 0], "{server:?}");
    // Others that come with these.
    let others = server.iter().find(|name| name.starts_with("fastly") || name.starts_with("sha"));
    assert_eq!(others, None);
    assert!(server.len() <= 50, "the server needs {} crates: {server:?}", server.len());
    assert_eq!(on_compute(&tree(&["--package", "xtask-publish"])), ["ecdsa", "hmac", "p256", "sha2"]);
}

#[test]
fn the_app_of_the_same_endpoints_builds_all_of_it() {
    assert_eq!(on_compute(&tree(&["--package", "departures"])), ON_COMPUTE);
    let endpoints = tree(&["--package", "departures-endpoints"]);
    assert_eq!(on_compute(&endpoints), [""; 0], "{endpoints:?}");
    assert!(endpoints.len() <= 30, "the endpoints need {} crates: {endpoints:?}", endpoints.len());
}

/// As the guide says.
#[test]
fn packages_that_are_built_together_share_their_features() {
    let both = tree(&["--package", "departures", "--package", "departures-server"]);
    assert_eq!(on_compute(&both), ON_COMPUTE);
}

#[test]
fn each_feature_brings_its_own_crates() {
    let with =
        |features: &str| tree(&["--package", "fanout", "--no-default-features", "--features", features]);
    assert_eq!(on_compute(&with("")), [""; 0]);
    assert_eq!(on_compute(&with("publish-http")), [""; 0]);
    assert_eq!(on_compute(&with("sig")), ["ecdsa", "hmac", "p256", "sha2"]);
    assert_eq!(on_compute(&with("typed-header")), ["headers"]);
    assert_eq!(on_compute(&with("compute,typed-header")), ON_COMPUTE);
}

/// The description of an app is in no wasm, whatever its features are.
#[test]
fn only_a_description_on_the_host_builds_schemas() {
    let has_schemas = |features: &[&str], target: &str| {
        let arguments = [&["--package", "example-app", "--target", target], features].concat();
        tree(&arguments).contains("schemars")
    };
    let host = "x86_64-unknown-linux-gnu";
    assert!(has_schemas(&["--features", "fanout/routes"], host));
    assert!(!has_schemas(&[], host));
    assert!(!has_schemas(&["--features", "fanout/routes"], "wasm32-wasip1"));
}

/// Returns the errors of a program whose `fanout` has no features.
fn errors(folder: &Path, program: &str) -> String {
    let runtime = root().join("runtime");
    let manifest = format!(
        "[package]\nname = \"light\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies.fanout]\n\
         path = {runtime:?}\ndefault-features = false\n"
    );
    fs::create_dir_all(folder.join("src")).expect("a folder can be made");
    fs::write(folder.join("Cargo.toml"), manifest).expect("a file can be written");
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).expect("a file can be copied");
    fs::write(folder.join("src/main.rs"), program).expect("a file can be written");
    let output = cargo()
        .args(["check", "--offline", "--quiet", "--target-dir"])
        .arg(target_dir())
        .current_dir(folder)
        .output()
        .expect("cargo starts");
    assert!(!output.status.success(), "it compiles: {program}");
    String::from_utf8(output.stderr).expect("cargo writes UTF-8")
}

#[test]
fn an_error_names_the_missing_feature() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    for (program, feature) in [
        ("#[fanout::main]\nfn main() {}", "needs the feature `compute`"),
        ("fn main() { fanout::handle((), &[]); }", "`compute`"),
        ("use fanout::ClientGeo;\nfn main() {}", "`compute`"),
        ("use fanout::publish::Backend;\nfn main() {}", "`compute`"),
        ("use fanout::TypedHeader;\nfn main() {}", "`typed-header`"),
        ("use fanout::grip::sig;\nfn main() {}", "`sig`"),
        ("use fanout::publish::HttpClient;\nfn main() {}", "`publish-http`"),
        (
            "struct Request;\n#[fanout::sse(channel = \"a\")]\nfn a(_: Request) {}\nfn main() {}",
            "`Request` needs the feature `compute`",
        ),
        (
            "struct Geo;\nfn here(_: Geo) -> Result<(), fanout::Answer> { Ok(()) }\n\
             #[fanout::sse(channel = \"a\", guard = here)]\nfn a() {}\nfn main() {}",
            "`ClientGeo` and `ClientRequest` need the feature `compute`",
        ),
    ] {
        let errors = errors(folder.path(), program);
        assert!(errors.contains(feature), "{program}: {errors}");
    }
}
