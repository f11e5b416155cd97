//! README's *Your own app*, followed to the letter in a folder outside of the repository.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use cargo_fanout::stack::Config;
use e2e::config;
use xtask::build::{self, EXAMPLE_APP};

use super::reader::{Block, Reader, Running, blocks, commands};

const README: &str = include_str!("../../../../README.md");

/// A reader of the README, and what differs for a test: the ports and the Pushpin. The reader has installed `cargo fanout` from this
/// repository, so the apps depend on its `fanout`.
struct Follower {
    reader: Reader,
    config: Config,
}

impl Follower {
    fn new() -> Result<Self> {
        let config = config::of_app(EXAMPLE_APP)?;
        let reader = Reader::new(&config.viceroy)?;
        Ok(Self { reader, config })
    }

    /// A command with what differs.
    fn changed(&self, line: &str) -> String {
        let Config { port, pushpin_port, publish_port, .. } = self.config;
        match line {
            "cargo fanout serve" => format!(
                "{line} --port {port} --pushpin-port {pushpin_port} --publish-port {publish_port} --pushpin {} --verbose",
                self.config.pushpin.display()
            ),
            "cargo fanout doctor" => format!(
                "{line} --port {port} --pushpin-port {pushpin_port} --publish-port {publish_port} --pushpin {}",
                self.config.pushpin.display()
            ),
            _ => line
                .replace("127.0.0.1:7676", &format!("127.0.0.1:{port}"))
                .replace("127.0.0.1:5561", &format!("127.0.0.1:{publish_port}")),
        }
    }

    /// Runs commands in their order, and returns the output of each.
    fn runs(&mut self, lines: &[&str]) -> Result<Vec<String>> {
        let mut outputs = Vec::new();
        for line in lines {
            outputs.push(self.reader.run(&self.changed(line))?);
            if line.starts_with("cd ") {
                self.reader.lock()?;
            }
        }
        Ok(outputs)
    }

    /// Serves the app, and lets a client listen until the proxy has subscribed it.
    fn serves(&mut self, serve: &str, listen: &str, path: &str) -> Result<(Running, Running)> {
        ensure!(serve == "cargo fanout serve", "the README serves with {serve:?}");
        let mut serve = self.reader.start(&self.changed(serve))?;
        serve.says_at_last("Ctrl-C ends everything.")?;
        let listen = self.reader.start(&self.changed(listen))?;
        serve.says(path)?;
        Ok((serve, listen))
    }
}

fn of_language<'a>(blocks: &'a [Block], language: &str) -> Result<&'a str> {
    let block = blocks.iter().find(|block| block.language == language);
    Ok(&block.with_context(|| format!("there is no {language}"))?.text)
}

#[test]
fn the_template_of_the_readme() -> Result<()> {
    let blocks = blocks(README, "### From the template")?;
    let commands = commands(&blocks);
    let [new, cd, test, serve, listen, say] = commands[..] else {
        anyhow::bail!("other commands: {commands:#?}")
    };
    let mut follower = Follower::new()?;
    follower.runs(&[new, cd])?;
    // The template is formatted as rustfmt does it on its own.
    follower.reader.run("cargo fmt --check")?;
    let outputs = follower.runs(&[test])?;
    ensure!(outputs[0].contains("test result: ok. 2 passed"), "{}", outputs[0]);

    let (mut serve, mut listen) =
        follower.serves(serve, listen, "/rooms/lobby?name=ann channel=room-lobby")?;
    listen.says(": ann, you are in the room lobby\n")?;
    follower.runs(&[say])?;
    listen.says("data: bob: hello\n\n")?;

    // A request that the guard refuses is not handed off.
    let refused = follower.changed("curl -si 'http://127.0.0.1:7676/rooms/lobby?name='");
    let refused = follower.reader.run(&refused)?;
    ensure!(refused.starts_with("HTTP/1.1 403"), "{refused}");
    ensure!(serve.interrupt()?, "{}", serve.output());
    follower.reader.forget("rooms")
}

#[test]
fn the_app_of_the_readme_by_hand() -> Result<()> {
    let blocks = blocks(README, "### By hand")?;
    let commands = commands(&blocks);
    let [new, cd, init, doctor, serve, listen, publish] = commands[..] else {
        anyhow::bail!("other commands: {commands:#?}")
    };
    let mut follower = Follower::new()?;
    follower.runs(&[new, cd, init])?;
    let here = follower.reader.here().to_owned();
    fs::write(here.join("src/main.rs"), of_language(&blocks, "rust,no_run")?)?;
    for addition in blocks.iter().filter(|block| block.language == "toml") {
        append(&here.join("Cargo.toml"), &addition.text)?;
    }
    follower.runs(&[doctor])?;

    let (mut serve, mut listen) = follower.serves(serve, listen, "/news channel=news")?;
    listen.says(": welcome\n")?;
    follower.runs(&[publish])?;
    listen.says("data: hello\n\n")?;
    ensure!(serve.interrupt()?, "{}", serve.output());
    follower.reader.forget("news")
}

fn append(path: &Path, text: &str) -> Result<()> {
    let before = fs::read_to_string(path)?;
    fs::write(path, before + "\n" + text)?;
    Ok(())
}

/// The recipe stands in the README too, for an app that was not made from the template.
#[test]
fn the_readme_has_the_profile_of_this_workspace() -> Result<()> {
    let blocks = blocks(README, "### By hand")?;
    let workspace = fs::read_to_string(build::root().join("Cargo.toml"))?;
    let profile = of_language(&blocks, "toml")?;
    ensure!(workspace.contains(profile), "Cargo.toml has another profile than\n{profile}");
    Ok(())
}

/// The first command installs what the others run. Here it is built without optimisations.
#[test]
fn the_readme_installs_cargo_fanout() -> Result<()> {
    let own_app = blocks(README, "## Your own app")?;
    let install = commands(&own_app)[0];
    assert_eq!(install, "cargo install --locked --path cargo-fanout");
    let root = tempfile::tempdir()?;
    let config = config::of_app(EXAMPLE_APP)?;
    let mut reader = Reader::new(&config.viceroy)?;
    reader.run(&format!("cd {}", build::root().display()))?;
    let into = root.path().display();
    reader.run(&format!("{install} --debug --offline --no-track --root {into}"))?;
    let version = reader.run(&format!("PATH={into}/bin:$PATH cargo fanout --version"))?;
    assert_eq!(version, format!("cargo-fanout {}\n", env!("CARGO_PKG_VERSION")));
    Ok(())
}
