//! `cargo fanout doctor`, on this machine. The unit tests of `cargo-fanout` have each of its lines.

use std::fs;
use std::net::TcpListener;

use anyhow::{Result, ensure};
use cargo_fanout::stack::Config;
use e2e::config;
use xtask::build::EXAMPLE_APP;

use super::reader::Reader;

fn command(config: &Config) -> String {
    let Config { port, pushpin_port, publish_port, pushpin, .. } = config;
    format!(
        "cargo fanout doctor --port {port} --pushpin-port {pushpin_port} --publish-port {publish_port} --pushpin {}",
        pushpin.display()
    )
}

#[test]
fn the_doctor_says_what_is_there_and_what_is_not() -> Result<()> {
    let config = config::of_app(EXAMPLE_APP)?;
    let mut reader = Reader::new(&config.viceroy)?;
    let doctor = command(&config);

    // No app at all.
    let (succeeded, output) = reader.outcome(&doctor)?;
    ensure!(!succeeded, "{output}");
    ensure!(output.contains("WRONG    fastly.toml does not exist\n"), "{output}");
    ensure!(output.contains("\n             cargo fanout init\n"), "{output}");
    ensure!(output.contains("\nWrong: 1. Warnings: "), "{output}");

    reader.run("cargo fanout new rooms")?;
    reader.run("cd rooms")?;
    let output = reader.run(&doctor)?;
    for line in [
        "ok       the target wasm32-wasip1\n",
        "ok       Viceroy ",
        "ok       Pushpin ",
        &format!("ok       port {} is free\n", config.port),
        "ok       fastly.toml\n",
        "Nothing is wrong.",
    ] {
        ensure!(output.contains(line), "{line}: {output}");
    }

    // The manifest may have the ports of the options.
    let manifest = reader.here().join("fastly.toml");
    let text = fs::read_to_string(&manifest)?;
    fs::write(&manifest, text.replace("127.0.0.1:7676", &format!("127.0.0.1:{}", config.port)))?;
    let output = reader.run(&doctor)?;
    ensure!(output.contains("ok       fastly.toml\n"), "{output}");

    // A port that is taken, a Pushpin that is none, and two faults of the manifest.
    let _listener = TcpListener::bind(("127.0.0.1", config.port))?;
    fs::write(
        &manifest,
        text.replace("127.0.0.1:7676", "127.0.0.1:7878").replace("[setup.products.fanout]", "[other]"),
    )?;
    let before = fs::read_to_string(&manifest)?;
    let (succeeded, output) =
        reader.outcome(&command(&Config { pushpin: "/bin/sh".into(), ..config.clone() }))?;
    ensure!(!succeeded, "{output}");
    for line in [
        "WRONG    /bin/sh is no Pushpin: ",
        &format!("WRONG    port {} is taken\n", config.port),
        &format!(
            "WRONG    the backend `self` is not the app on this machine: \"http://127.0.0.1:7878/\" has another port than 7676 and {}\n",
            config.port
        ),
        "WRONG    Fanout is not enabled in `[setup]`",
        "\nWrong: 4. Warnings: ",
    ] {
        ensure!(output.contains(line), "{line}: {output}");
    }
    ensure!(fs::read_to_string(&manifest)? == before, "the doctor changed the manifest");
    Ok(())
}
