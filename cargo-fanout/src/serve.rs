//! `cargo fanout serve`: runs an app on Viceroy and Pushpin.

use std::io::BufReader;
use std::path::{Path, PathBuf, absolute};
use std::process::Stdio;
use std::sync::mpsc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use cargo_metadata::Message;

use crate::cargo;
use crate::output::Output;
use crate::stack::{Config, Stack, check_manifest, check_ports};
use crate::tools::{self, TARGET};

/// The ports and the tools of a stack.
#[derive(clap::Args, Debug)]
pub struct Options {
    /// The port for clients
    #[arg(long, default_value_t = 7676)]
    port: u16,
    /// The port of Pushpin, for handoffs
    #[arg(long, default_value_t = 7677)]
    pushpin_port: u16,
    /// The port to publish to
    #[arg(long, default_value_t = 5561)]
    publish_port: u16,
    /// The Pushpin to run instead of the one on PATH
    #[arg(long, value_name = "PATH")]
    pushpin: Option<PathBuf>,
    /// Show the logs of Viceroy and Pushpin too. What the app prints is always shown
    #[arg(long)]
    verbose: bool,
}

/// The arguments of `cargo fanout serve`.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// The wasm file of the app. Without it, the app of this folder is built
    #[arg(long, value_name = "PATH")]
    wasm: Option<PathBuf>,
    /// The app's `fastly.toml`, beside the files that it names. The app gets a copy in which the ports below replace
    /// 7676, 7677 and 5561, or those in `[local_server.pushpin]`
    #[arg(long, value_name = "PATH", default_value = "fastly.toml")]
    manifest: PathBuf,
    #[command(flatten)]
    options: Options,
}

/// Installs missing tools, builds the app, and runs it until Ctrl-C.
pub fn run(arguments: &Arguments) -> Result<()> {
    let Arguments { wasm, manifest, options } = arguments;
    match wasm {
        Some(wasm) => own_app(wasm, manifest, options),
        None => {
            check_file(manifest)?;
            app(manifest, options, || build(manifest), |_| String::new())
        }
    }
}

/// Runs a wasm file until Ctrl-C.
pub fn own_app(wasm: &Path, manifest: &Path, options: &Options) -> Result<()> {
    check_file(wasm)?;
    check_file(manifest)?;
    app(manifest, options, || Ok(wasm.to_owned()), |_| String::new())
}

/// Installs missing tools, builds an app, and runs it until Ctrl-C. `tries` says what there is to try.
pub fn app(
    manifest: &Path,
    options: &Options,
    build: impl FnOnce() -> Result<PathBuf>,
    tries: impl FnOnce(&Stack) -> String,
) -> Result<()> {
    // The handler comes first, before there is a program to end.
    let (stop, stopped) = mpsc::channel();
    ctrlc::set_handler(move || {
        let _ = stop.send(());
    })?;

    let config = prepare(manifest, options, build);
    // An interrupted step has failed, which is no error here.
    if stopped.try_recv().is_ok() {
        return Ok(());
    }
    let config = config?;
    eprintln!("waiting for Viceroy and Pushpin to answer …");
    let mut stack = Stack::start(config)?;
    let tries = tries(&stack);
    let gap = if tries.is_empty() { "" } else { "\n\n" };
    println!("\nThe app is at {}{gap}{tries}\n\nCtrl-C ends everything.", stack.app_url());
    // An example without a backend for publishing needs no note.
    if tries.is_empty() {
        for note in stack.notes() {
            eprintln!("note: {note}");
        }
    }
    let output = Output::follow(stack.log_files(), options.verbose);
    let result = loop {
        match stopped.recv_timeout(Duration::from_millis(200)) {
            Err(mpsc::RecvTimeoutError::Timeout) => {
                if let Err(error) = stack.check() {
                    break Err(error);
                }
            }
            _ => break Ok(()),
        }
    };
    drop(stack);
    drop(output);
    eprintln!("Viceroy and Pushpin have ended");
    result
}

/// Installs missing tools, and builds the app. The arguments are checked first, before steps that take minutes.
fn prepare(manifest: &Path, options: &Options, build: impl FnOnce() -> Result<PathBuf>) -> Result<Config> {
    let Options { port, pushpin_port, publish_port, .. } = *options;
    check_ports(port, pushpin_port, publish_port)?;
    check_manifest(manifest)?;
    let pushpin = tools::pushpin(options.pushpin.as_deref())?;
    tools::target()?;
    let viceroy = tools::viceroy()?;
    let mut config = Config::new(build()?, manifest, viceroy, pushpin);
    config.port = port;
    config.pushpin_port = pushpin_port;
    config.publish_port = publish_port;
    if options.verbose {
        config.viceroy_args.push("-v".into());
    }
    Ok(config)
}

fn check_file(path: &Path) -> Result<()> {
    if !path.is_file() {
        bail!("{} does not exist or is not a file", path.display());
    }
    Ok(())
}

/// Builds the app in the folder of a manifest, and returns the wasm.
fn build(manifest: &Path) -> Result<PathBuf> {
    let folder = absolute(manifest)?.parent().context("a file is in a folder")?.to_owned();
    let mut build = cargo();
    build.args(["build", "--release", "--target", TARGET, "--message-format", "json-render-diagnostics"]);
    let mut build =
        build.current_dir(folder).stdout(Stdio::piped()).spawn().context("cargo does not start")?;
    let output = BufReader::new(build.stdout.take().context("the output of cargo is piped")?);
    let mut programs = Vec::new();
    for message in Message::parse_stream(output) {
        if let Message::CompilerArtifact(artifact) = message? {
            programs.extend(artifact.executable);
        }
    }
    if !build.wait()?.success() {
        bail!("the app does not build; cargo's errors are above");
    }
    match &programs[..] {
        [program] => Ok(program.clone().into()),
        [] => bail!(
            "the package has no program for Compute: it needs a `src/main.rs` with `#[fanout::main(…)]`"
        ),
        several => {
            let names = several.iter().filter_map(|path| path.file_name()).collect::<Vec<_>>().join(", ");
            bail!("the package has several programs: {names}; give the path of one with --wasm")
        }
    }
}
