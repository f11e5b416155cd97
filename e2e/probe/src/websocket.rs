//! WebSockets by the attribute: what a message and a return value can be, and each event of a connection.

use std::fmt;

use fanout::Guarded;
use fanout::prelude::*;
use fanout::websocket::{
    Close, CloseCode, CloseWith, Frame, IntoClose, InvalidJson, InvalidReply, Message, Reply, Stale,
    Subprotocol,
};
use serde::{Deserialize, Serialize};

/// Text.
#[fanout::ws(path = "/websockets/text")]
fn text(message: &str) -> String {
    message.to_uppercase()
}

/// Bytes.
#[fanout::ws(path = "/websockets/binary")]
fn binary(message: Vec<u8>) -> Vec<u8> {
    message.into_iter().rev().collect()
}

/// Text, and the request that brought it.
#[fanout::ws(path = "/websockets/with_request")]
fn with_request(message: &str, mut request: Request) -> String {
    let body = request.take_body_bytes();
    format!("{message} by {} with {body:?}", request.get_method_str())
}

/// Both.
#[fanout::ws(path = "/websockets/both")]
fn both(message: Message) -> [Message; 2] {
    [message.clone(), message]
}

#[derive(Serialize, Deserialize)]
struct Point {
    x: u8,
    y: u8,
}

/// JSON.
#[fanout::ws(path = "/websockets/json")]
fn json(Json(Point { x, y }): Json<Point>) -> Json<Point> {
    Json(Point { x: y, y: x })
}

/// JSON, or what is wrong with it.
#[fanout::ws(path = "/websockets/lenient")]
fn lenient(message: Result<Json<Point>, InvalidJson>) -> Json<Result<Point, String>> {
    Json(message.map(|Json(point)| point).map_err(|error| error.to_string()))
}

/// A message for each word.
#[fanout::ws(path = "/websockets/words")]
fn words(message: &str) -> impl Iterator<Item = &str> {
    message.split(' ')
}

/// Text that is a number.
#[fanout::ws(path = "/websockets/option")]
fn option(message: &str) -> Option<Vec<String>> {
    let number: u32 = message.parse().ok()?;
    Some((0..number).map(|number| number.to_string()).collect())
}

#[derive(Debug)]
struct Failed;

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the probe has failed as it was told to")
    }
}

impl IntoClose for Failed {}

#[derive(Debug)]
struct NotWelcome(String);

impl fmt::Display for NotWelcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is not welcome", self.0)
    }
}

impl IntoClose for NotWelcome {
    fn into_close(self) -> CloseWith {
        CloseWith::new(CloseCode::POLICY, self.to_string())
    }
}

/// Fails, and does not tell the client why.
#[fanout::ws(path = "/websockets/fails")]
fn fails(message: &str) -> Result<String, Failed> {
    if message == "fail" { Err(Failed) } else { Ok(message.to_owned()) }
}

/// Fails, and tells the client why.
#[fanout::ws(path = "/websockets/refuses")]
fn refuses(message: String) -> Result<Option<()>, NotWelcome> {
    Err(NotWelcome(message))
}

/// Does what the message says.
#[fanout::ws(path = "/websockets/reply")]
fn reply(message: &str) -> Result<Reply, InvalidReply> {
    let mut reply = Reply::new();
    match message.split(' ').collect::<Vec<_>>()[..] {
        ["subscribe", channel] => reply.subscribe(Channel::new(channel)?)?,
        ["unsubscribe", channel] => reply.unsubscribe(&Channel::new(channel)?)?,
        ["delay"] => reply.send_delayed(Frame::Text("delayed"), 1)?,
        ["close"] => reply.close(fanout::close_code!(4321), "as you wish")?,
        _ => {}
    }
    // The text is sent before the close, in whatever order the methods were called.
    reply.text("done");
    Ok(reply)
}

/// Has two subprotocols, and sends the name of the chosen one.
#[fanout::ws(path = "/websockets/spoken", subprotocols = ["v2.probe", "v1.probe"])]
fn spoken(Subprotocol(name): Subprotocol, _message: &str) -> &'static str {
    name
}

/// For pages of one origin, and short messages.
#[fanout::ws(path = "/websockets/strict", origins = ["https://www.example.com"], max_message = 10)]
fn strict(message: Message) -> Message {
    message
}

/// A connection for which the proxy sends an empty request after a quiet time.
#[fanout::ws(path = "/websockets/asked", keep_alive_interval = "20s")]
fn asked(message: &str) -> &str {
    message
}

/// Kept awake.
#[fanout::ws(path = "/websockets/awake", keep_alive = every("1s", "awake?"))]
fn awake(message: &str) -> &str {
    message
}

/// Takes an hour.
#[fanout::ws(path = "/websockets/slow")]
fn slow(message: &str) -> &str {
    println!("slow: {message}");
    std::thread::sleep(std::time::Duration::from_secs(3600));
    message
}

fn named(head: &RequestHead<'_>) -> Result<String, Answer> {
    let name = head.header("x-user").and_then(|name| name.to_str().ok());
    name.map(str::to_owned).ok_or_else(|| Answer::text(401, "who are you?\n"))
}

/// The author of a message.
#[fanout::ws(path = "/websockets/guarded", guard = named)]
fn guarded(user: Guarded<String>, message: &str) -> String {
    format!("{}: {message}", user.0)
}

/// The record of a connection: each event of it.
#[derive(Serialize, Deserialize)]
pub struct Life {
    texts: u32,
    bytes: usize,
}

#[fanout::ws(path = "/websockets/life/{name}", channel = "life-{name}")]
impl Life {
    fn open(name: &str) -> Result<Self, Answer> {
        match name {
            "401" => Err(Answer::text(401, "sign in\n")),
            "403" => Err(Answer::text(403, "not you\n")),
            "404" => Err(Answer::text(404, "not here\n")),
            _ => Ok(Self { texts: 0, bytes: 0 }),
        }
    }

    fn text(&mut self, message: &str) -> Result<String, CloseWith> {
        if message != "look" {
            self.texts += 1;
        }
        if message == "leave" {
            Err(CloseWith::new(CloseCode::NORMAL, "left"))
        } else {
            Ok(format!("{} {}", self.texts, self.bytes))
        }
    }

    fn binary(&mut self, message: &[u8]) {
        self.bytes += message.len();
    }

    fn close(&self, close: Option<Close<'_>>, name: &str) -> String {
        println!("life: {name} closes after {} texts", self.texts);
        format!("bye {:?}", close.map(|close| close.code))
    }

    fn disconnect(&self, name: &str) {
        println!("life: {name} is gone after {} texts", self.texts);
    }
}

/// Text, and no bytes.
#[derive(Serialize, Deserialize, Default)]
pub struct TextOnly(String);

#[fanout::ws(path = "/websockets/text_only")]
impl TextOnly {
    fn text(&mut self, message: &str) -> String {
        self.0.push_str(message);
        self.0.len().to_string()
    }
}

/// Connection state that was a number in an earlier deployment, and is text.
#[derive(Serialize, Deserialize)]
pub struct Renewed {
    said: String,
}

#[fanout::ws(path = "/websockets/renewed")]
impl Renewed {
    fn open() -> (Self, &'static str) {
        (Self { said: "new".to_owned() }, "welcome")
    }

    fn text(&mut self, message: &str) -> String {
        self.said.push_str(message);
        self.said.clone()
    }

    fn renew(stale: Stale) -> Result<Self, CloseWith> {
        println!("renewed: {stale}");
        match stale {
            Stale::Missing => Err(CloseWith::new(CloseCode::RESTART, "there was nothing")),
            _ => Ok(Self { said: "renewed".to_owned() }),
        }
    }
}

/// As [`Renewed`], without a hook.
#[derive(Serialize, Deserialize)]
pub struct Strict {
    said: String,
}

#[fanout::ws(path = "/websockets/not_renewed")]
impl Strict {
    fn open() -> Self {
        Self { said: String::new() }
    }

    fn text(&mut self, message: &str) -> String {
        self.said.push_str(message);
        self.said.clone()
    }
}

/// Connection state that serde writes, and cannot always read: a cart without items, a total that is no number.
#[derive(Serialize, Deserialize)]
pub struct Cart {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    items: Vec<String>,
    total: Option<f64>,
}

#[fanout::ws(path = "/websockets/cart/{item}")]
impl Cart {
    fn open(item: &str) -> Self {
        let item = Some(item.to_owned()).filter(|item| item != "nothing");
        Self { items: item.into_iter().collect(), total: None }
    }

    fn text(&mut self, price: &str) -> String {
        let before = self.total.unwrap_or_default();
        self.total = Some(before + price.parse().unwrap_or(f64::NAN));
        format!("{before}")
    }
}

/// The endpoints of this module.
#[fanout::endpoints(
    text,
    with_request,
    binary,
    both,
    json,
    lenient,
    words,
    option,
    fails,
    refuses,
    reply,
    spoken,
    strict,
    asked,
    awake,
    slow,
    guarded,
    Life,
    TextOnly,
    Renewed,
    Strict,
    Cart
)]
pub enum Endpoints {}
