//! The simulated side: `fanout::testing`.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use fanout::Geo;
use fanout::publish::Item;
use fanout::testing::{self, App, Client};
use reqwest::header::{HeaderMap, HeaderName};

use super::stage::{Answer, Frame, Part, Request, Say};

/// The app in front of the simulated proxy, for one scenario.
pub struct Simulated {
    app: App,
    /// The channels that have a client besides those of the scenario.
    kept: RefCell<BTreeSet<String>>,
}

impl Simulated {
    pub fn new() -> Self {
        Self { app: testing::app::<scenarios::Endpoints>(), kept: RefCell::default() }
    }

    /// The request of a client on this machine, which Viceroy says to be somewhere.
    fn begin(&self, request: &Request) -> testing::Request {
        let begun = self.app.request(request.method.clone(), &request.path);
        let begun = begun.from_addr(IpAddr::from(Ipv4Addr::LOCALHOST)).from_geo(Geo::new("US"));
        let begun = begun.body(request.body.clone());
        request.headers.iter().fold(begun, |begun, (name, value)| begun.header(*name, value.as_str()))
    }

    pub fn send(&self, request: &Request) -> Result<Answer> {
        whole(&self.begin(request).open())
    }

    pub fn refused(&self, request: &Request) -> Result<Answer> {
        match self.begin(request).try_connect() {
            Ok(_) => bail!("it is connected"),
            Err(response) => Ok(answer(&response)),
        }
    }

    pub fn open(&self, request: &Request) -> Result<(Answer, Stream)> {
        let client = self.begin(request).open();
        Ok((head(&client), Stream(client)))
    }

    /// As on the real side, the channel is known before the poll: about a second after a first subscription, the poll
    /// would be requested again, and its timeout would start over.
    pub fn poll(&self, request: &Request) -> Result<Poll> {
        let mut kept = self.kept.borrow_mut();
        let new = request.channels.iter().filter(|&channel| kept.insert(channel.clone()));
        let keepers: Vec<_> = new.map(|channel| self.app.open(format!("/keeper/{channel}"))).collect();
        if !keepers.is_empty() {
            self.advance(Duration::from_secs(2));
        }
        Ok(Poll(self.begin(request).open()))
    }

    pub fn connect(&self, request: &Request) -> Result<(Answer, Socket)> {
        match self.begin(request).try_connect() {
            Ok(socket) => {
                let headers =
                    headers(socket.header_names(), |name| socket.header(name).into_iter().collect());
                let answer = Answer { status: 101, reason: None, headers, body: Vec::new() };
                Ok((answer, Socket { socket, closed: false }))
            }
            Err(response) => bail!("it is refused: {:?}", answer(&response)),
        }
    }

    pub fn publish(&self, items: Vec<Item>) -> Result<bool> {
        self.app.publish_all(items);
        Ok(true)
    }

    pub fn hint(&self, item: Item, _request: &Request) -> Result<()> {
        self.publish(vec![item]).map(drop)
    }

    pub fn has_subscribed(&self, _path: &str, _channel: &str) -> Result<()> {
        Ok(())
    }

    pub fn advance(&self, time: Duration) {
        self.app.advance(time);
    }

    pub fn redeploy(&self) -> Result<()> {
        self.app.redeploy::<scenarios::redeployed::Endpoints>();
        Ok(())
    }
}

fn headers<N: AsRef<str>>(names: Vec<N>, values: impl Fn(&str) -> Vec<String>) -> HeaderMap {
    let mut map = HeaderMap::new();
    for name in names {
        let name = HeaderName::try_from(name.as_ref()).expect("the name of a header");
        if !map.contains_key(&name) {
            for value in values(name.as_str()) {
                map.append(&name, value.parse().expect("the value of a header"));
            }
        }
    }
    map
}

fn answer(response: &testing::Response) -> Answer {
    Answer {
        status: response.status().as_u16(),
        reason: response.reason().map(str::to_owned),
        headers: headers(response.header_names(), |name| {
            response.headers(name).into_iter().map(str::to_owned).collect()
        }),
        body: response.bytes().to_vec(),
    }
}

fn head(client: &Client) -> Answer {
    Answer {
        status: client.status().as_u16(),
        reason: client.reason(),
        headers: headers(client.header_names(), |name| client.headers(name)),
        body: Vec::new(),
    }
}

fn whole(client: &Client) -> Result<Answer> {
    if client.is_ended() { Ok(answer(&client.response())) } else { bail!("the response is not complete") }
}

pub struct Stream(Client);

impl Stream {
    pub fn next(&mut self) -> Result<Part> {
        match self.0.try_next_bytes() {
            Some(bytes) => Ok(Part::Bytes(bytes)),
            None if self.0.is_ended() => Ok(Part::End),
            None => bail!("nothing more comes"),
        }
    }
}

impl Stream {
    pub fn leave(mut self) {
        self.0.leave();
    }
}

pub struct Poll(Client);

impl Poll {
    pub fn answer(self) -> Result<Answer> {
        whole(&self.0)
    }
}

pub struct Socket {
    socket: testing::Socket,
    /// `true` once both sides have closed.
    closed: bool,
}

impl Socket {
    pub fn say(&mut self, say: Say) -> Result<()> {
        match say {
            Say::Text(text) => self.socket.send(text),
            Say::Binary(bytes) => self.socket.send_bytes(bytes),
            Say::Ping(content) => self.socket.ping(content),
            Say::Close(Some((code, reason))) => self.socket.close(code, reason),
            Say::Close(None) => self.socket.close_without_code(),
        }
        Ok(())
    }

    pub fn say_all(&mut self, texts: &[&str]) -> Result<()> {
        self.socket.send_all(texts.iter().copied());
        Ok(())
    }

    pub fn next(&mut self) -> Result<Frame> {
        use testing::Frame as Seen;
        if self.closed {
            return Ok(Frame::End);
        }
        Ok(match self.socket.try_next_frame().context("nothing more comes")? {
            Seen::Text(text) => Frame::Text(String::from_utf8(text)?),
            Seen::Binary(bytes) => Frame::Binary(bytes),
            Seen::Ping(content) => Frame::Ping(content),
            Seen::Pong(content) => Frame::Pong(content),
            Seen::Close(close) => {
                self.closed = true;
                Frame::Close(close)
            }
            Seen::Cut => Frame::Cut,
        })
    }

    pub fn leave(mut self) {
        self.socket.disconnect();
    }
}
