//! `cargo xtask serve`: runs an example on Viceroy and Pushpin.

use std::path::PathBuf;

use anyhow::Result;
use cargo_fanout::serve::{self, Options, Source};
use cargo_fanout::stack::Stack;

use crate::build;

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
    #[command(flatten)]
    options: Options,
}

/// Installs missing tools, builds the app, and runs it until Ctrl-C.
pub fn run(arguments: &Arguments) -> Result<()> {
    let Arguments { app, wasm, manifest, options } = arguments;
    if let (Some(wasm), Some(manifest)) = (wasm, manifest) {
        return serve::own_app(wasm, manifest, options);
    }
    let manifest = build::manifest(app);
    let package = build::package(app);
    let source = Source::Package(&package);
    serve::app(&manifest, options, source, || build::app(app), |stack| tries(app, stack))
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

/// The commands to try with an example.
fn tries(name: &str, stack: &Stack) -> String {
    let app = stack.app_url();
    let socket = app.replacen("http", "ws", 1);
    let to = match stack.config().publish_port {
        5561 => String::new(),
        port => format!(" --to http://127.0.0.1:{port}/"),
    };
    match name {
        "chat" => format!(
            "Two windows are two people. A third one, in a terminal:\n\n    npx wscat -c '{socket}/rooms/lobby?nickname=ann'"
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
        _ => tries_of_the_example_app(&app, &socket, &to),
    }
}

/// The commands to try with the app of the README.
fn tries_of_the_example_app(app: &str, socket: &str, to: &str) -> String {
    format!(
        r#"Or listen, each in a terminal of its own:

    curl -N {app}/sse
    curl -N {app}/stream
    curl {app}/response
    npx wscat -c {socket}/ws

Publish to all of them, through the app or beside it:

    curl '{app}/publish?channel=test' -d hello
    cargo xtask publish test hello{to}"#
    )
}
