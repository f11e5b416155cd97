//! The real side: Viceroy, Pushpin, and clients on the network.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::PathBuf;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use e2e::{App, PATIENCE, within};
use fanout::publish::{HttpClient, Item, PublishError, Publisher, Target};
use futures_util::{SinkExt as _, StreamExt as _};
use hyper::ext::ReasonPhrase;
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Message};
use tokio_tungstenite::tungstenite::{Error, error::ProtocolError};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::stage::{Answer, Frame, Part, Proxy, Request, Say};

/// The stack that the scenarios share.
pub struct Shared<'a> {
    app: &'a App,
    proxy: Proxy,
    client: reqwest::Client,
    log: RefCell<Log>,
    redeployed: Cell<bool>,
}

impl<'a> Shared<'a> {
    pub fn new(app: &'a App, proxy: Proxy) -> Result<Rc<Self>> {
        let [_, (_, pushpin)] = app.stack().log_files();
        let log = Log { file: pushpin, read: 0, begun: String::new(), seen: HashMap::new() };
        // A proxy that the environment names would stand between the clients and this machine.
        let client =
            reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build()?;
        Ok(Rc::new(Self { app, proxy, client, log: log.into(), redeployed: Cell::new(false) }))
    }

    /// Brings back the app that the scenarios need, after one that has deployed another.
    pub fn restore(&self) -> Result<()> {
        if self.redeployed.take() { self.app.restart_viceroy(Some("scenarios")) } else { Ok(()) }
    }
}

/// Pushpin's log, read as it grows.
struct Log {
    file: PathBuf,
    read: u64,
    begun: String,
    /// The number of lines for each subscription: `PATH channel=NAME`, with ` retry` behind it where Pushpin says so.
    seen: HashMap<String, usize>,
}

impl Log {
    fn count(&mut self, subscription: &str) -> Result<usize> {
        let mut file = File::open(&self.file)?;
        file.seek(SeekFrom::Start(self.read))?;
        let mut bytes = Vec::new();
        self.read += file.read_to_end(&mut bytes)? as u64;
        self.begun.push_str(&String::from_utf8_lossy(&bytes));
        while let Some(end) = self.begun.find('\n') {
            let line: String = self.begun.drain(..=end).collect();
            if let Some((_, subscribe)) = line.split_once(" subscribe ")
                && let Some((_, at)) = subscribe.split_once("://")
                && let Some(path) = at.find('/')
            {
                *self.seen.entry(at[path..].trim_end_matches(['\r', '\n']).to_owned()).or_default() += 1;
            }
        }
        Ok(self.seen.get(subscription).copied().unwrap_or_default())
    }
}

/// The stack, as one scenario uses it.
pub struct Real<'a> {
    shared: Rc<Shared<'a>>,
    /// Clients that keep a channel known to the proxy.
    keepers: RefCell<Vec<Keeper>>,
}

/// The clients that keep a channel known to the proxy.
struct Keeper {
    channel: String,
    _stream: Stream,
    poll: JoinHandle<Result<Answer>>,
}

impl<'a> Real<'a> {
    pub fn new(shared: &Rc<Shared<'a>>) -> Self {
        Self { shared: Rc::clone(shared), keepers: RefCell::default() }
    }

    fn app(&self) -> &'a App {
        self.shared.app
    }

    pub fn proxy(&self) -> Proxy {
        self.shared.proxy
    }

    fn url(&self, request: &Request) -> String {
        let stack = self.app().stack();
        (if request.at_the_proxy { stack.proxy_url() } else { stack.app_url() }) + &request.path
    }

    fn http(&self, request: &Request) -> reqwest::RequestBuilder {
        let mut builder = self.shared.client.request(request.method.clone(), self.url(request));
        for (name, value) in headers(request) {
            builder = builder.header(name, value);
        }
        if request.body.is_empty() { builder } else { builder.body(request.body.clone()) }
    }

    fn counts(&self, request: &Request) -> Result<Vec<(String, usize)>> {
        let mut log = self.shared.log.borrow_mut();
        let subscriptions = request.channels.iter().map(|name| format!("{} channel={name}", request.path));
        subscriptions.map(|line| log.count(&line).map(|count| (line, count))).collect()
    }

    /// Waits until Pushpin has logged each of these once more.
    async fn subscribed(&self, before: Vec<(String, usize)>) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        for (line, count) in before {
            while self.shared.log.borrow_mut().count(&line)? <= count {
                let seconds = PATIENCE.as_secs();
                ensure!(Instant::now() < deadline, "waited {seconds} s for Pushpin's `subscribe …{line}`");
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
        Ok(())
    }

    pub async fn send(&self, request: &Request) -> Result<Answer> {
        whole(self.http(request)).await
    }

    pub async fn refused(&self, request: &Request) -> Result<Answer> {
        // A WebSocket client does not read the body of a refusal.
        let handshake = [
            ("connection", "Upgrade"),
            ("upgrade", "websocket"),
            ("sec-websocket-version", "13"),
            ("sec-websocket-key", "AAAAAAAAAAAAAAAAAAAAAA=="),
        ];
        let with = handshake.iter().fold(self.http(request), |all, (name, value)| all.header(*name, *value));
        whole(with).await
    }

    pub async fn open(&self, request: &Request) -> Result<(Answer, Stream)> {
        let before = self.counts(request)?;
        let response = within("the head of a held response", self.http(request).send()).await??;
        let answer = head(&response);
        self.subscribed(before).await?;
        Ok((answer, Stream(response)))
    }

    /// About a second after the first subscription of a channel, Pushpin sends the requests of its polls again, and they lose
    /// what is published in this moment. So there is another poll first, and a stream that keeps the channel.
    pub async fn poll(&self, request: &Request) -> Result<Poll> {
        for channel in &request.channels {
            if self.keepers.borrow().iter().any(|keeper| keeper.channel == *channel) {
                continue;
            }
            let keeper = super::stage::get(&format!("/keeper/{channel}")).on(channel);
            let (_, stream) = self.open(&keeper).await?;
            let mut first = request.clone();
            first.path.push_str(if request.path.contains('?') { "&first" } else { "?first" });
            let poll = tokio::spawn(whole(self.http(&first)));
            self.subscribed(vec![(format!("{} channel={channel} retry", first.path), 0)]).await?;
            self.keepers.borrow_mut().push(Keeper { channel: channel.clone(), _stream: stream, poll });
        }
        let before = self.counts(request)?;
        let poll = Poll(tokio::spawn(whole(self.http(request))));
        self.subscribed(before).await?;
        Ok(poll)
    }

    pub async fn connect(&self, request: &Request) -> Result<(Answer, Socket)> {
        let before = self.counts(request)?;
        let mut handshake = self.url(request).replacen("http", "ws", 1).into_client_request()?;
        for (name, value) in headers(request) {
            handshake.headers_mut().append(name, value.parse()?);
        }
        let (stream, response) = within("a WebSocket to open", connect_async(handshake)).await??;
        self.subscribed(before).await?;
        let answer = Answer {
            status: response.status().as_u16(),
            reason: None,
            headers: response.headers().clone(),
            body: Vec::new(),
        };
        Ok((answer, Socket(stream)))
    }

    /// Returns `false` if the proxy refuses the items.
    pub async fn publish(&self, items: Vec<Item>) -> Result<bool> {
        let target = Target::from_grip_url(&self.app().stack().publish_url())?;
        // As the stack's Pushpin is configured.
        let publisher = Publisher::new(target.max_request(10_000_000), HttpClient::new());
        match tokio::task::spawn_blocking(move || publisher.publish_all(items)).await? {
            Ok(()) => Ok(true),
            Err(error @ PublishError::Failed(_)) if !error.is_transient() => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    pub async fn hint(&self, item: Item, request: &Request) -> Result<()> {
        let mut again = request.clone();
        for channel in &mut again.channels {
            channel.push_str(" retry");
        }
        let before = self.counts(&again)?;
        self.publish(vec![item]).await?;
        self.subscribed(before).await
    }

    pub async fn has_subscribed(&self, path: &str, channel: &str) -> Result<()> {
        self.subscribed(vec![(format!("{path} channel={channel}"), 0)]).await
    }

    pub async fn advance(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }

    pub async fn redeploy(&self) -> Result<()> {
        self.shared.redeployed.set(true);
        self.app().restart_viceroy(Some("scenarios-redeployed"))
    }
}

impl Drop for Real<'_> {
    fn drop(&mut self) {
        for keeper in self.keepers.get_mut() {
            keeper.poll.abort();
        }
    }
}

fn headers(request: &Request) -> impl Iterator<Item = (&'static str, &str)> {
    let own = request.headers.iter().map(|(name, value)| (*name, value.as_str()));
    own.chain(request.at_the_proxy.then_some(("pushpin-route", "self")))
}

fn head(response: &reqwest::Response) -> Answer {
    let reason = response.extensions().get::<ReasonPhrase>();
    Answer {
        status: response.status().as_u16(),
        reason: reason.map(|reason| String::from_utf8_lossy(reason.as_bytes()).into_owned()),
        headers: response.headers().clone(),
        body: Vec::new(),
    }
}

async fn whole(request: reqwest::RequestBuilder) -> Result<Answer> {
    within("an answer", async {
        let response = request.send().await?;
        let answer = head(&response);
        Ok(Answer { body: response.bytes().await?.to_vec(), ..answer })
    })
    .await?
}

pub struct Stream(reqwest::Response);

impl Stream {
    pub async fn next(&mut self) -> Result<Part> {
        Ok(match within("a held response to go on", self.0.chunk()).await? {
            Ok(Some(bytes)) => Part::Bytes(bytes.to_vec()),
            Ok(None) => Part::End,
            Err(_) => Part::Cut,
        })
    }
}

pub struct Poll(JoinHandle<Result<Answer>>);

impl Poll {
    pub async fn answer(self) -> Result<Answer> {
        self.0.await.context("the poll panicked")?
    }
}

pub struct Socket(WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>);

impl Socket {
    pub async fn say(&mut self, say: Say) -> Result<()> {
        let message = match say {
            Say::Text(text) => Message::text(text),
            Say::Binary(bytes) => Message::binary(bytes),
            Say::Ping(content) => Message::Ping(content.into()),
            Say::Close(close) => Message::Close(
                close.map(|(code, reason)| CloseFrame { code: code.into(), reason: reason.into() }),
            ),
        };
        Ok(within("a message to be sent", self.0.send(message)).await??)
    }

    pub async fn say_all(&mut self, texts: &[&str]) -> Result<()> {
        for text in texts {
            within("a message to be sent", self.0.feed(Message::text(*text))).await??;
        }
        Ok(within("messages to be sent", self.0.flush()).await??)
    }

    pub async fn next(&mut self) -> Result<Frame> {
        Ok(match within("a message", self.0.next()).await? {
            Some(Ok(Message::Text(text))) => Frame::Text(text.as_str().to_owned()),
            Some(Ok(Message::Binary(bytes))) => Frame::Binary(bytes.to_vec()),
            Some(Ok(Message::Ping(content))) => Frame::Ping(content.to_vec()),
            Some(Ok(Message::Pong(content))) => Frame::Pong(content.to_vec()),
            Some(Ok(Message::Close(close))) => {
                Frame::Close(close.map(|close| (close.code.into(), close.reason.as_str().to_owned())))
            }
            Some(Ok(Message::Frame(_))) => unreachable!("only for sending"),
            None => Frame::End,
            Some(Err(
                Error::ConnectionClosed
                | Error::Io(_)
                | Error::Protocol(ProtocolError::ResetWithoutClosingHandshake),
            )) => Frame::Cut,
            Some(Err(error)) => return Err(error.into()),
        })
    }
}
