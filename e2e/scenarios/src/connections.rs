//! Connection types.

use fanout::prelude::*;
use fanout::publish::{Item, PublishError};
use fanout::websocket::{Close, CloseCode, CloseWith, Reply};
use serde::{Deserialize, Serialize};

/// A player, each event of whose connection is told to the channel `told-{of}`.
#[derive(Serialize, Deserialize)]
pub struct Player {
    name: String,
    points: u32,
    bytes: usize,
}

/// The query of a player.
#[derive(Deserialize)]
pub struct Join {
    name: Option<String>,
}

fn tell(of: &str, text: String) -> Result<(), PublishError> {
    let told = Channel::new(format!("told-{of}")).unwrap_or_else(|_| Channel::from_static("told"));
    fanout::publish_all([Item::new(told, fanout::publish::Message::text(text + "\n").unframed())])
}

#[fanout::ws(path = "/connections/player/{of}", channel = "player-{of}")]
impl Player {
    fn open(Query(join): Query<Join>) -> Result<(Self, String), Answer> {
        let name = join.name.ok_or_else(|| Answer::text(401, "name yourself\n"))?;
        if name == "mallory" {
            return Err(Answer::text(403, "not you\n"));
        }
        let welcome = format!("welcome, {name}");
        Ok((Self { name, points: 0, bytes: 0 }, welcome))
    }

    fn text(&mut self, message: &str, of: &str) -> Result<Option<Reply>, CloseWith> {
        match message {
            "goal" => self.points += 1,
            "leave" => return Err(CloseWith::new(CloseCode::NORMAL, "left")),
            "long" => self.name = "x".repeat(5000),
            "detach" => {
                let mut reply = Reply::new();
                reply.text("detached");
                reply.detach();
                return Ok(Some(reply));
            }
            "tell" => tell(of, format!("{} tells", self.name)).map_err(CloseWith::internal_error)?,
            _ => {
                let mut reply = Reply::new();
                reply.text(format!("{}: {} points, {} bytes", self.name, self.points, self.bytes));
                return Ok(Some(reply));
            }
        }
        Ok(None)
    }

    fn binary(&mut self, message: &[u8]) {
        self.bytes += message.len();
    }

    fn close(&mut self, close: Option<Close<'_>>, of: &str) -> Result<String, PublishError> {
        let said = close.map_or("nothing".to_owned(), |close| format!("{} {}", close.code, close.reason));
        tell(of, format!("{} closes after {} points: {said}", self.name, self.points))?;
        Ok(format!("bye, {}", self.name))
    }

    fn disconnect(&self, of: &str) -> Result<(), PublishError> {
        tell(of, format!("{} is gone after {} points", self.name, self.points))
    }
}

/// The lines that [`Player`]s tell.
#[fanout::stream(path = "/connections/told/{of}", channel = "told-{of}")]
pub fn told() {}

/// Without `open`, the connection starts with the default.
#[derive(Default, Serialize, Deserialize)]
pub struct Count(u32);

#[fanout::ws(path = "/connections/count/{of}", channel = "ws-{of}")]
impl Count {
    fn text(&mut self) -> String {
        self.0 += 1;
        self.0.to_string()
    }
}

/// A connection state that the next version of the app has extended: see [`redeployed`](crate::redeployed).
#[derive(Serialize, Deserialize)]
pub struct Score {
    points: u32,
}

#[fanout::ws(path = "/connections/score/{of}", channel = "ws-{of}")]
impl Score {
    fn open() -> Self {
        Self { points: 0 }
    }

    fn text(&mut self) -> String {
        self.points += 1;
        format!("{} points", self.points)
    }
}

/// A connection state that the next version replaces.
#[derive(Serialize, Deserialize)]
pub struct Draft(u32);

#[fanout::ws(path = "/connections/draft/{of}", channel = "ws-{of}")]
impl Draft {
    fn open() -> Self {
        Self(0)
    }

    fn text(&mut self) -> String {
        self.0 += 1;
        format!("draft {}", self.0)
    }
}

/// A connection state that the next version cannot read.
#[derive(Serialize, Deserialize)]
pub struct Lost(u32);

#[fanout::ws(path = "/connections/lost/{of}", channel = "ws-{of}")]
impl Lost {
    fn open() -> Self {
        Self(7)
    }

    fn text(&mut self) -> String {
        format!("still {}", self.0)
    }
}

/// The endpoints of this module.
#[fanout::endpoints(Player, told, Count, Score, Draft, Lost)]
pub enum Endpoints {}
