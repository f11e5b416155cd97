//! `cargo xtask serve`: runs an app on Viceroy and Pushpin.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use anyhow::{Result, bail};

use crate::build;
use crate::setup;
use crate::stack::{Config, Stack, check_manifest, check_ports};

/// The arguments of `cargo xtask serve`.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// The example to run
    #[arg(long, value_name = "NAME", value_parser = build::EXAMPLES, default_value = build::EXAMPLE_APP)]
    app: String,
    /// The wasm file of your own app, to run it instead
    #[arg(long, value_name = "PATH", conflicts_with = "app", requires = "manifest")]
    wasm: Option<PathBuf>,
    /// The `fastly.toml` of your own app, beside the files that it names. The app gets a copy in which the ports below
    /// replace 7676, 7677 and 5561, or those in `[local_server.pushpin]`
    #[arg(long, value_name = "PATH", requires = "wasm")]
    manifest: Option<PathBuf>,
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
    /// Show the logs of Viceroy, the app and Pushpin
    #[arg(long)]
    verbose: bool,
}

/// Installs missing tools, builds the app, and runs it until Ctrl-C.
pub fn run(arguments: &Arguments) -> Result<()> {
    // The handler comes first, before there is a program to end.
    let (stop, stopped) = mpsc::channel();
    ctrlc::set_handler(move || {
        let _ = stop.send(());
    })?;

    let config = prepare(arguments);
    // An interrupted step has failed, which is no error here.
    if stopped.try_recv().is_ok() {
        return Ok(());
    }
    let config = config?;
    eprintln!("waiting for Viceroy and Pushpin to answer …");
    let mut stack = Stack::start(config)?;
    match arguments.wasm {
        Some(_) => println!("\nThe app is at {}\n\nCtrl-C ends everything.", stack.app_url()),
        None => print(&arguments.app, &stack),
    }
    // An example without a backend for publishing needs no note.
    if arguments.manifest.is_some() {
        for note in stack.notes() {
            eprintln!("note: {note}");
        }
    }
    let ended = Arc::new(AtomicBool::new(false));
    if arguments.verbose {
        for (name, path) in stack.log_files() {
            let ended = Arc::clone(&ended);
            thread::spawn(move || follow(name, &path, &ended));
        }
    }

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
    ended.store(true, Ordering::Relaxed);
    drop(stack);
    eprintln!("Viceroy and Pushpin have ended");
    result
}

/// Installs missing tools, and builds the app. The arguments are checked first, before steps that take minutes.
fn prepare(arguments: &Arguments) -> Result<Config> {
    let Arguments { app, wasm, manifest, port, pushpin_port, publish_port, pushpin, .. } = arguments;
    check_ports(*port, *pushpin_port, *publish_port)?;
    for path in [wasm, manifest].into_iter().flatten() {
        if !path.is_file() {
            bail!("{} does not exist or is not a file", path.display());
        }
    }
    if manifest.is_some() {
        let mut config = Config::new("", "", "");
        config.manifest.clone_from(manifest);
        check_manifest(&config)?;
    }
    let pushpin = setup::pushpin(pushpin.as_deref())?;
    setup::target()?;
    let viceroy = setup::viceroy()?;
    let wasm = match wasm {
        Some(wasm) => wasm.clone(),
        None => build::app(app)?,
    };

    let mut config = Config::new(wasm, viceroy, pushpin);
    if manifest.is_some() {
        config.manifest.clone_from(manifest);
    } else if app != build::EXAMPLE_APP {
        config.manifest = Some(build::root().join("examples").join(app).join("fastly.toml"));
    }
    config.port = *port;
    config.pushpin_port = *pushpin_port;
    config.publish_port = *publish_port;
    Ok(config)
}

/// A token for the query of the app `topics`: `{"read":["news","sport","a,b"],"exp":4102444800}`, signed with the key
/// in its fastly.toml.
pub const TOPICS_TOKEN: &str = concat!(
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.",
    "eyJyZWFkIjpbIm5ld3MiLCJzcG9ydCIsImEsYiJdLCJleHAiOjQxMDI0NDQ4MDB9.",
    "PT3gFn3mZvGn6qJyB08SMxvsILETcP11FaKF4s-twF8"
);

/// A token for the app `scores`: `{"sub":"eve","editor":true,"exp":4102444800}`, signed with the key in its fastly.toml.
pub const SCORES_TOKEN: &str = concat!(
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.",
    "eyJzdWIiOiJldmUiLCJlZGl0b3IiOnRydWUsImV4cCI6NDEwMjQ0NDgwMH0.",
    "Kmjcl0mSnw08s6IyRmhFY_Ho82n8cZ_BBVBQhxBnau4"
);

fn print(name: &str, stack: &Stack) {
    let app = stack.app_url();
    let socket = app.replacen("http", "ws", 1);
    let to = match stack.config().publish_port {
        5561 => String::new(),
        port => format!(" --to http://127.0.0.1:{port}/"),
    };
    let tries = match name {
        "chat" => format!(
            "Open it in two windows of your browser, or:\n\n    npx wscat -c '{socket}/rooms/lobby?nickname=ann'"
        ),
        "json-rpc" => format!(
            "Call it:\n\n    npx wscat -c {socket}/rpc -s jsonrpc-2.0 -x '{{\"jsonrpc\": \"2.0\", \"method\": \"add\", \"params\": [1, 2], \"id\": 1}}'"
        ),
        "departures" => format!(
            "Listen, and publish from the server:\n\n    \
             curl -N {app}/stations/Bern\n    \
             echo Bern 7 IC 8 | GRIP_URL=http://127.0.0.1:{}/ cargo run --package departures-server",
            stack.config().publish_port
        ),
        "scores" => format!(
            "Listen to the board of a game, and score a goal as the editor eve:\n\n    \
             curl -N {app}/games/red/score\n    \
             curl {app}/games/red/score -H 'Authorization: Bearer {SCORES_TOKEN}' \
             --json '{{\"team\": \"home\", \"minute\": 12, \"player\": \"Ida\"}}'\n\n\
             Guess the number of spectators, and read the articles of a topic:\n\n    \
             npx wscat -c '{socket}/games/red/guesses?token={SCORES_TOKEN}'\n    \
             curl -N {app}/topics/cup/articles\n    \
             curl {app}/topics/cup/articles -H 'Authorization: Bearer {SCORES_TOKEN}' \
             --json '{{\"title\": \"The cup\", \"text\": \"It begins.\"}}'"
        ),
        "topics" => format!(
            "Listen, with a token for the topics news, sport and `a,b`, and publish to one of them:\n\n    \
             curl -N '{app}/events?topic=news&topic=sport&token={TOPICS_TOKEN}'\n    \
             cargo xtask publish news hello{to}"
        ),
        _ => tries(&app, &socket, &to),
    };
    println!("\nThe app is at {app}\n\n{tries}\n\nCtrl-C ends everything.");
}

/// The commands to try with the app of the README.
fn tries(app: &str, socket: &str, to: &str) -> String {
    format!(
        r#"Listen, each in a terminal of its own:

    curl -N {app}/sse
    curl -N {app}/stream
    curl {app}/response
    npx wscat -c {socket}/ws

Publish to all of them, through the app or beside it:

    curl '{app}/publish?channel=test' -d hello
    cargo xtask publish test hello{to}"#
    )
}

/// Prints a log as it grows.
fn follow(name: &str, path: &std::path::Path, ended: &AtomicBool) {
    let Ok(file) = File::open(path) else { return };
    let mut reader = BufReader::new(file);
    let mut line = String::new();
    while !ended.load(Ordering::Relaxed) {
        match reader.read_line(&mut line) {
            Ok(0) | Err(_) => thread::sleep(Duration::from_millis(100)),
            Ok(_) if line.ends_with('\n') => {
                print!("{name}: {line}");
                line.clear();
            }
            Ok(_) => {}
        }
    }
}
