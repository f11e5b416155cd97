//! The simulated side: `fanout::testing`.

use std::time::Duration;

use anyhow::{Result, bail};
use fanout::publish::Item;

use super::stage::{Answer, Frame, Part, Request, Say};

pub struct Simulated {}

impl Simulated {
    pub fn new() -> Self {
        Self {}
    }
    pub fn send(&self, _request: &Request) -> Result<Answer> {
        bail!("none")
    }
    pub fn refused(&self, _request: &Request) -> Result<Answer> {
        bail!("none")
    }
    pub fn open(&self, _request: &Request) -> Result<(Answer, Stream)> {
        bail!("none")
    }
    pub fn poll(&self, _request: &Request) -> Result<Poll> {
        bail!("none")
    }
    pub fn connect(&self, _request: &Request) -> Result<(Answer, Socket)> {
        bail!("none")
    }
    pub fn publish(&self, _items: Vec<Item>) -> Result<bool> {
        bail!("none")
    }
    pub fn hint(&self, item: Item, _request: &Request) -> Result<()> {
        self.publish(vec![item]).map(drop)
    }
    pub fn has_subscribed(&self, _path: &str, _channel: &str) -> Result<()> {
        Ok(())
    }
    pub fn advance(&self, _time: Duration) {}
    pub fn redeploy(&self) -> Result<()> {
        bail!("none")
    }
}
pub struct Stream {}
impl Stream {
    pub fn next(&mut self) -> Result<Part> {
        bail!("none")
    }
}
pub struct Poll {}
impl Poll {
    pub fn answer(self) -> Result<Answer> {
        bail!("none")
    }
}
pub struct Socket {}
impl Socket {
    pub fn say(&mut self, _say: Say) -> Result<()> {
        bail!("none")
    }
    pub fn next(&mut self) -> Result<Frame> {
        bail!("none")
    }
}
