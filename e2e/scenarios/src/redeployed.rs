//! The next version of the app: the same WebSockets with other connection states.

use fanout::websocket::{CloseWith, Stale};
use serde::{Deserialize, Serialize};

/// It has one more field, with a default.
#[derive(Serialize, Deserialize)]
pub struct Score {
    points: u32,
    #[serde(default)]
    rounds: u32,
}

#[fanout::ws(path = "/connections/score/{of}", channel = "ws-{of}")]
impl Score {
    fn open() -> Self {
        Self { points: 0, rounds: 0 }
    }

    fn text(&mut self) -> String {
        self.rounds += 1;
        format!("{} points, {} rounds", self.points, self.rounds)
    }
}

/// It is another type, and has a hook.
#[derive(Serialize, Deserialize)]
pub struct Draft {
    text: String,
}

#[fanout::ws(path = "/connections/draft/{of}", channel = "ws-{of}")]
impl Draft {
    fn open() -> Self {
        Self { text: "new".to_owned() }
    }

    fn text(&mut self, message: &str) -> String {
        self.text.push_str(message);
        self.text.clone()
    }

    fn renew(_: Stale) -> Result<Self, CloseWith> {
        Ok(Self { text: "renewed".to_owned() })
    }
}

/// It is another type, and has none.
#[derive(Serialize, Deserialize)]
pub struct Lost {
    text: String,
}

#[fanout::ws(path = "/connections/lost/{of}", channel = "ws-{of}")]
impl Lost {
    fn open() -> Self {
        Self { text: "new".to_owned() }
    }

    fn text(&mut self) -> String {
        self.text.clone()
    }
}

/// The endpoints of the next version.
#[fanout::endpoints(Score, Draft, Lost)]
pub enum Endpoints {}
