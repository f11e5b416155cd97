//! `cargo fanout serve`: runs an app on Viceroy and Pushpin.

use std::fs;
use std::io::BufReader;
use std::path::{Path, PathBuf, absolute};
use std::process::Stdio;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use cargo_metadata::Message;
use toml_edit::DocumentMut;

use crate::output::Output;
use crate::package;
use crate::stack::{Config, Ports, Stack, check_manifest, check_ports};
use crate::tools::{self, Shows, TARGET};
use crate::watch::Watch;
use crate::{cargo, interrupt};

/// The ports and the tools of a stack.
#[derive(clap::Args, Debug)]
pub struct Options {
    #[command(flatten)]
    ports: Ports,
    /// The Pushpin to run instead of the one on PATH
    #[arg(long, value_name = "PATH")]
    pushpin: Option<PathBuf>,
    /// Give Pushpin larger buffers than it has in production: 262,144 bytes for a client instead of 8,192, and 10,000
    /// messages a second instead of 2,500
    #[arg(long)]
    large_buffers: bool,
    /// Build the app again when one of its files changes, and replace it. Clients stay connected
    #[arg(long)]
    watch: bool,
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
            check_is_app(manifest)?;
            let folder = folder(manifest)?;
            app(manifest, options, Source::Package(&folder), || build(manifest), |_| String::new())
        }
    }
}

/// Runs a wasm file until Ctrl-C.
pub fn own_app(wasm: &Path, manifest: &Path, options: &Options) -> Result<()> {
    check_file(wasm)?;
    check_file(manifest)?;
    app(manifest, options, Source::Wasm(wasm), || Ok(wasm.to_owned()), |_| String::new())
}

/// The files of which an app is made.
#[derive(Clone, Copy, Debug)]
pub enum Source<'a> {
    /// A wasm file, made elsewhere.
    Wasm(&'a Path),
    /// The package in a folder.
    Package(&'a Path),
}

#[derive(Clone, Copy)]
enum Event {
    Stop,
    Change,
}

/// The time without changes after which the app is built. An editor that saves writes several times.
const QUIET: Duration = Duration::from_millis(150);

/// The time after which a failed build looks for a dependency that was not there. Its folder cannot be watched before.
const MISSING: Duration = Duration::from_secs(2);

/// Installs missing tools, builds an app, and runs it until Ctrl-C. `tries` says what there is to try.
pub fn app(
    manifest: &Path,
    options: &Options,
    source: Source<'_>,
    build: impl Fn() -> Result<PathBuf>,
    tries: impl FnOnce(&Stack) -> String,
) -> Result<()> {
    // The handler comes first, before there is a program to end.
    let (sender, events) = mpsc::channel();
    let stop = sender.clone();
    ctrlc::set_handler(move || {
        interrupt::set();
        let _ = stop.send(Event::Stop);
    })?;

    let started = prepare(manifest, options, &build).and_then(|config| {
        let app = fs::read(&config.wasm)?;
        interrupt::check()?;
        eprintln!("waiting for Viceroy and Pushpin to answer …");
        Ok((app, Stack::start(config)?))
    });
    // An interrupted step has failed, which is no error here.
    if interrupt::is_set() || started.as_ref().is_err_and(interrupt::is_cause) {
        return Ok(());
    }
    let (mut app, mut stack) = started?;
    let package = match source {
        Source::Wasm(_) => None,
        Source::Package(folder) => Some(folder),
    };
    let files = |stack: &Stack| match source {
        Source::Wasm(wasm) => [stack.files(), vec![wasm.to_owned()]].concat(),
        Source::Package(_) => stack.files(),
    };
    let mut watch = None;
    if options.watch {
        let wasm = &stack.config().wasm;
        watch = Some(Watch::start(&files(&stack), package, wasm, sender.clone(), Event::Change)?);
        // A file may have changed since the first build.
        let _ = sender.send(Event::Change);
    }
    let tries = tries(&stack);
    let gap = if tries.is_empty() { "" } else { "\n\n" };
    let page = stack.page_url().map(|url| format!("\n\nOpen {url} in a browser.")).unwrap_or_default();
    let watches = if options.watch { " A change of its files replaces the app." } else { "" };
    println!("\nThe app is at {}{page}{gap}{tries}\n\nCtrl-C ends everything.{watches}", stack.app_url());
    // An example without a backend for publishing needs no note.
    if tries.is_empty() {
        for note in stack.notes() {
            eprintln!("note: {note}");
        }
    }
    let mut output = Output::new(options.verbose);
    output.follow(stack.log_files());

    let mut failed: Option<Instant> = None;
    let result = loop {
        match events.recv_timeout(Duration::from_millis(200)) {
            Err(RecvTimeoutError::Timeout) => {
                if let Err(error) = stack.check() {
                    break Err(error);
                }
                if let (Some(last), Some(watch)) = (&mut failed, &mut watch)
                    && last.elapsed() > MISSING
                    && !watch.knows_all()
                {
                    *last = Instant::now();
                    if watch.refresh(&files(&stack), &stack.config().wasm) {
                        let _ = sender.send(Event::Change);
                    }
                }
            }
            Ok(Event::Change) => {
                // Up to the end of a burst.
                let mut last = Ok(Event::Change);
                while matches!(last, Ok(Event::Change)) {
                    last = events.recv_timeout(QUIET);
                }
                if matches!(last, Ok(Event::Stop)) {
                    break Ok(());
                }
                if let Some(watch) = &mut watch {
                    watch.refresh(&files(&stack), &stack.config().wasm);
                }
                let replaced = replace(&mut stack, &mut app, &build);
                // The build knows more, and what it has found may have changed since.
                if let Some(watch) = &mut watch
                    && watch.refresh(&files(&stack), &stack.config().wasm)
                {
                    let _ = sender.send(Event::Change);
                }
                if interrupt::is_set() || replaced.as_ref().is_err_and(interrupt::is_cause) {
                    break Ok(());
                }
                let had_failed = failed.is_some();
                failed = replaced.is_err().then(Instant::now);
                match replaced {
                    Ok(true) => {
                        output.follow(stack.log_files());
                        eprintln!("the new app runs");
                    }
                    Ok(false) if had_failed => {
                        eprintln!("the build has no errors now, and the app has not changed: it goes on")
                    }
                    Ok(false) => {}
                    Err(error) => eprintln!("error: {error:#}\nthe app from before this change goes on"),
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

/// Builds the app again, and replaces it if it or its manifest has changed.
fn replace(stack: &mut Stack, app: &mut Vec<u8>, build: impl Fn() -> Result<PathBuf>) -> Result<bool> {
    let wasm = build()?;
    let built = fs::read(&wasm).with_context(|| format!("cannot read {}", wasm.display()))?;
    if built == *app && !stack.manifest_has_changed()? {
        return Ok(false);
    }
    stack.deploy(wasm)?;
    *app = built;
    Ok(true)
}

/// Installs missing tools, and builds the app at the same time. The arguments are checked first, before steps that take
/// minutes.
fn prepare(manifest: &Path, options: &Options, build: impl Fn() -> Result<PathBuf>) -> Result<Config> {
    check_ports(options.ports)?;
    check_manifest(manifest)?;
    let pushpin = tools::pushpin(options.pushpin.as_deref())?;
    tools::target()?;
    let (viceroy, wasm) = thread::scope(|scope| {
        // The lines of cargo, which builds the app, come in between.
        let viceroy = scope.spawn(|| tools::viceroy_as(Shows::Lines));
        let wasm = build();
        if let Err(error) = &wasm
            && !viceroy.is_finished()
            && !interrupt::is_cause(error)
        {
            eprintln!(
                "error: {error:#}\nViceroy is not there yet, and is needed in any case: Ctrl-C ends this too"
            );
        }
        (viceroy.join(), wasm)
    });
    let viceroy = viceroy.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    Ok(options.apply(Config::new(wasm?, manifest, viceroy?, pushpin)))
}

impl Options {
    fn apply(&self, mut config: Config) -> Config {
        let Ports { port, pushpin_port, publish_port } = self.ports;
        (config.port, config.pushpin_port, config.publish_port) = (port, pushpin_port, publish_port);
        config.small_buffers = !self.large_buffers;
        if self.verbose {
            config.viceroy_args.push("-v".into());
        }
        config
    }
}

/// Errors if the manifest of the app does not exist.
fn check_is_app(manifest: &Path) -> Result<()> {
    if !manifest.exists() {
        bail!(
            "there is no {}: go to the folder of your app, or run `cargo fanout init` in it, which writes a fastly.toml",
            manifest.display()
        );
    }
    check_file(manifest)
}

fn check_file(path: &Path) -> Result<()> {
    if !path.is_file() {
        bail!("{} does not exist or is not a file", path.display());
    }
    Ok(())
}

fn folder(manifest: &Path) -> Result<PathBuf> {
    Ok(absolute(manifest)?.parent().context("a file is in a folder")?.to_owned())
}

/// The selection of the build script of a manifest, which the Fastly CLI runs: `cargo build --bin NAME …`. These are its
/// options for programs, packages and features. The others, such as a profile, are not used.
fn selection(manifest: &Path) -> Option<Vec<String>> {
    let document: DocumentMut = fs::read_to_string(manifest).ok()?.parse().ok()?;
    let script = document.get("scripts")?.get("build")?.as_str()?;
    Some(package::selection(script))
}

/// Builds the app of a manifest, and returns the wasm.
fn build(manifest: &Path) -> Result<PathBuf> {
    let mut build = cargo();
    build.args(["build", "--release", "--target", TARGET, "--message-format", "json-render-diagnostics"]);
    build.args(selection(manifest).unwrap_or_default());
    let mut build = build
        .current_dir(folder(manifest)?)
        .stdout(Stdio::piped())
        .spawn()
        .context("cargo does not start")?;
    let output = BufReader::new(build.stdout.take().context("the output of cargo is piped")?);
    let mut programs = Vec::new();
    for message in Message::parse_stream(output) {
        if let Message::CompilerArtifact(artifact) = message? {
            programs.extend(artifact.executable);
        }
    }
    let status = build.wait()?;
    if !status.success() {
        interrupt::check_ended(status)?;
        bail!("the app does not build; cargo's errors are above");
    }
    match &programs[..] {
        [program] => Ok(program.clone().into()),
        [] => bail!(
            "the package has no program for Compute: it needs a `src/main.rs` with `#[fanout::main(…)]`"
        ),
        several => {
            let names = several.iter().filter_map(|path| path.file_name()).collect::<Vec<_>>().join(", ");
            bail!(
                "the package has several programs: {names}; name one in fastly.toml, under [scripts]: \
                 build = \"cargo build --bin NAME --release --target {TARGET}\""
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    #[derive(clap::Parser)]
    struct Serve {
        #[command(flatten)]
        options: Options,
    }

    fn config(arguments: &[&str]) -> Config {
        let serve = Serve::parse_from([&["serve"], arguments].concat());
        serve.options.apply(Config::new("app.wasm", "fastly.toml", "viceroy", "pushpin"))
    }

    #[test]
    fn buffers_are_those_of_production_unless_asked_for() {
        assert!(config(&[]).small_buffers);
        assert!(!config(&["--large-buffers"]).small_buffers);
    }

    #[test]
    fn the_build_script_names_the_program() {
        let folder = tempfile::tempdir().unwrap();
        let manifest = folder.path().join("fastly.toml");
        let of = |text: &str| {
            fs::write(&manifest, text).unwrap();
            selection(&manifest).unwrap_or_default()
        };
        for script in ["cargo build --bin news --release", "cargo build --release --bin=news"] {
            assert_eq!(of(&format!("[scripts]\nbuild = {script:?}\n")), ["--bin", "news"]);
        }
        for other in
            ["", "[scripts]\nbuild = \"cargo build\"\n", "[scripts]\nbuild = \"cargo build --bin\"\n", "["]
        {
            assert_eq!(of(other), [""; 0], "{other}");
        }
    }

    #[test]
    fn viceroy_says_more_on_request() {
        assert!(config(&[]).viceroy_args.is_empty());
        assert_eq!(config(&["--verbose"]).viceroy_args, ["-v"]);
    }
}
