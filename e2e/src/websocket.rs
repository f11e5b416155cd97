//! A WebSocket client.

use anyhow::{Context as _, Result, bail};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Response;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::within;

/// A connected WebSocket.
#[derive(Debug)]
pub struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// The response to the handshake.
    pub response: Response,
}

impl Socket {
    /// Connects to a `ws:` address, or with a request to one.
    pub async fn open(request: impl IntoClientRequest + Unpin) -> Result<Self> {
        let connected = within("a WebSocket to open", connect_async(request.into_client_request()?));
        let (stream, response) = connected.await??;
        Ok(Self { stream, response })
    }

    /// Sends a message.
    pub async fn say(&mut self, message: impl Into<Message>) -> Result<()> {
        within("a message to be sent", self.stream.send(message.into())).await??;
        Ok(())
    }

    /// The next message.
    pub async fn hear(&mut self) -> Result<Message> {
        match within("a message", self.stream.next()).await? {
            Some(message) => message.context("the connection broke"),
            None => bail!("the connection ended"),
        }
    }

    /// The next message, which is JSON.
    pub async fn hear_json(&mut self) -> Result<Value> {
        Ok(serde_json::from_str(self.hear().await?.to_text()?)?)
    }

    /// Closes, and returns the close of the other side. Fails if the connection does not end with one.
    pub async fn close(&mut self, frame: CloseFrame) -> Result<Option<CloseFrame>> {
        within("the closing to be sent", self.stream.close(Some(frame))).await??;
        let answer = match self.hear().await? {
            Message::Close(answer) => answer,
            other => bail!("{other:?} came instead of a closing"),
        };
        match within("the connection to end", self.stream.next()).await? {
            None => Ok(answer),
            Some(more) => bail!("{more:?} came after the closing"),
        }
    }
}
