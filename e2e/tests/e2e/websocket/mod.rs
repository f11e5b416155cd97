//! WebSockets: the example app's echo, the plain API, and connection types.

mod echo;
mod first_message;
mod messages;
mod opening;
mod plain_api;
mod proxy_events;
mod restart;
mod state;

use anyhow::Result;
use e2e::{Answer, App, Socket};
use reqwest::header::HeaderValue;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Message};

use crate::trust::GENUINE;

/// A client that connects through the app.
async fn open(app: &App, path: &str) -> Result<Socket> {
    open_with(app, path, &[]).await
}

async fn open_with(app: &App, path: &str, headers: &[(&'static str, &'static str)]) -> Result<Socket> {
    let mut request = app.url(path).replacen("http", "ws", 1).into_client_request()?;
    for (name, value) in headers {
        request.headers_mut().insert(*name, HeaderValue::from_static(value));
    }
    Socket::open(request).await
}

/// A client at the proxy's own port, which stays connected when the app ends, as on Fastly. Viceroy carries its
/// clients' bytes itself.
pub(crate) async fn open_at_the_proxy(app: &App, path: &str) -> Result<Socket> {
    let url = app.stack().proxy_url().replacen("http", "ws", 1) + path;
    let mut request = url.into_client_request()?;
    request.headers_mut().insert("pushpin-route", HeaderValue::from_static("self"));
    Socket::open(request).await
}

/// Sends events to the app as the proxy does, for a connection with this state, and returns the answer.
async fn events(app: &App, path: &str, state: Option<&str>, body: &str) -> Result<Answer> {
    let request = app.client().post(app.url(path)).header("Grip-Sig", GENUINE).body(body.to_owned());
    let mut request = request.header("Content-Type", "application/websocket-events");
    if let Some(state) = state {
        request = request.header("Meta-Fanout-State", state);
    }
    Answer::of(request).await
}

/// Sends a message, and checks the next one that comes.
async fn says(socket: &mut Socket, said: impl Into<Message>, heard: impl Into<Message>) -> Result<()> {
    socket.say(said).await?;
    assert_eq!(socket.hear().await?, heard.into());
    Ok(())
}

/// Checks that the app closes with this code and reason.
async fn is_closed(socket: &mut Socket, code: u16, reason: &str) -> Result<()> {
    let frame = CloseFrame { code: code.into(), reason: reason.into() };
    assert_eq!(socket.hear().await?, Message::Close(Some(frame)));
    Ok(())
}
