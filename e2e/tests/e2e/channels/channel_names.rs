//! A channel name is one name, whatever it contains. Its subscribers receive what is published to it, and nothing that
//! is published to a part of it.

use anyhow::Result;
use base64ct::{Base64UrlUnpadded, Encoding as _};
use e2e::{App, Held, Socket, on_app};
use tokio_tungstenite::tungstenite::Message;

/// Names that a careless reader would split, trim, unquote or decode.
const NAMES: [&str; 37] = [
    "room-a,admin",
    "room-a, admin",
    ",admin",
    "admin,",
    "room;admin",
    "room; filter=skip-self",
    "room;prev-id=1",
    "\"room,admin\"",
    "\"admin",
    "ad\"min,admin\"",
    "room\\,admin",
    "\\\",admin,\\\"",
    " admin",
    "admin ",
    "\tadmin\t",
    "admin\r\n",
    "admin\r\nGrip-Channel: admin",
    "admin\nadmin",
    "admin\0",
    "admin\0,admin",
    "admin\u{feff}",
    "room\u{feff}admin",
    "admin\u{a0}",
    "admin\u{2028}",
    "ädmin",
    "admin\u{1f980},admin",
    "admin\",\"type\":\"detach",
    "admin\"}]},\"response\":{}",
    "{\"name\":\"admin\"}",
    "c:{\"type\":\"subscribe\",\"channel\":\"admin\"}",
    "m:admin",
    "admin=admin",
    "<admin>",
    "%2Cadmin",
    "admin%00",
    "admin*",
    "'admin', 'admin'",
];

#[test]
fn a_stream_receives_its_channel_and_no_part_of_it() -> Result<()> {
    on_app("probe", async |app| {
        for (name, end) in names() {
            let path = path("/trust/stream", &name, &end);
            let mut client = Held::open(app.client().get(app.url(&path))).await?;
            assert_eq!(client.status(), 200, "{name:?}");
            app.subscribed(&path, &end).await?;
            publish(app, &name, &end).await?;
            let heard = client.heard_until("end\n\n").await?;
            assert_eq!(heard, "data: heard\n\ndata: end\n\n", "{name:?}");
        }
        Ok(())
    })
}

#[test]
fn a_websocket_receives_its_channel_and_no_part_of_it() -> Result<()> {
    on_app("probe", async |app| {
        for (name, end) in names() {
            let path = path("/trust/socket", &name, &end);
            let mut client = Socket::open(&app.url(&path).replacen("http", "ws", 1)).await?;
            app.subscribed(&path, &end).await?;
            publish(app, &name, &end).await?;
            assert_eq!(client.hear().await?, Message::text("heard"), "{name:?}");
            assert_eq!(client.hear().await?, Message::text("end"), "{name:?}");
        }
        Ok(())
    })
}

#[test]
fn a_path_parameter_is_one_channel() -> Result<()> {
    on_app("probe", async |app| {
        // The longest names make URLs that are too long for Pushpin.
        let plain = names().take(NAMES.len()).filter(|(name, _)| !name.contains(char::is_control));
        for (name, end) in plain {
            let path = format!("/trust/rooms/{}/{end}", percent_encoded(&name));
            let mut client = Held::open(app.client().get(app.url(&path))).await?;
            assert_eq!(client.status(), 200, "{name:?}");
            // Pushpin's log has the path decoded, as far as it can be.
            app.subscribed(&format!("/{end}"), &end).await?;
            publish(app, &name, &end).await?;
            let heard = client.heard_until("end\n\n").await?;
            assert_eq!(heard, "data: heard\n\ndata: end\n\n", "{name:?}");
        }
        Ok(())
    })
}

#[test]
fn a_path_parameter_that_cannot_be_a_channel_is_refused() -> Result<()> {
    on_app("probe", async |app| {
        let control = NAMES.iter().filter(|name| name.contains(char::is_control));
        let names = control.copied().chain(["\u{85}", "\u{7f}", "\u{feff}admin", "\u{feff}"]);
        for name in names.map(percent_encoded).chain(["%FF".into(), "admin%C0%80".into(), "x".repeat(2049)]) {
            let answer = app.get(&format!("/trust/rooms/{name}/end")).await?;
            assert_eq!(answer.status, 400, "{name}: {answer:?}");
            assert!((1..200).contains(&answer.body.len()), "{name}: {answer:?}");
        }
        Ok(())
    })
}

fn percent_encoded(name: &str) -> String {
    name.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// Each name, with a harmless one. A client is subscribed to both, to the harmless one last or together with the other.
/// So its subscription proves both, and its item comes after all that was published before.
fn names() -> impl Iterator<Item = (String, String)> {
    let long = ["x".repeat(2048), ",".repeat(2048), "\u{1}".repeat(2048)];
    let names = NAMES.map(String::from).into_iter().chain(long);
    names.enumerate().map(|(number, name)| (name, format!("end-{number}")))
}

fn path(path: &str, name: &str, end: &str) -> String {
    let [name, end] = [name, end].map(|name| Base64UrlUnpadded::encode_string(name.as_bytes()));
    format!("{path}?{name}&{end}")
}

async fn publish(app: &App, name: &str, end: &str) -> Result<()> {
    for part in parts(name) {
        app.publish(&part, "not for you").await?;
    }
    app.publish(name, "heard").await?;
    app.publish(end, "end").await
}

/// The texts that a careless reader could take for the name, who splits, trims, cuts, unquotes or decodes it.
fn parts(name: &str) -> Vec<String> {
    let mut parts = vec!["admin".to_owned(), "room".into(), "room-a".into(), ",admin".into()];
    parts.push(name.replace(|character: char| !character.is_ascii_graphic(), ""));
    parts.push(name.replace(['"', '\\'], ""));
    for separator in [',', ';', '"', '\0', '\r', '\n', ' ', '=', ':', '%', '\'', '\u{feff}'] {
        for part in name.split(separator) {
            parts.extend([part.to_owned(), part.trim().to_owned()]);
        }
    }
    parts.sort();
    parts.dedup();
    parts.retain(|part| part != name && !part.is_empty());
    parts
}
