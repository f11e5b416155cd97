//! Requests and answers as they are on the wire.

use std::net::IpAddr;

use http::Method;

use super::header_list::HeaderList;
use crate::Geo;

/// A request to the app.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) method: Method,
    /// The path, percent-encoded.
    pub(super) path: String,
    pub(super) query: Option<String>,
    pub(super) headers: HeaderList,
    pub(super) body: Vec<u8>,
    pub(super) addr: Option<IpAddr>,
    pub(super) geo: Option<Geo>,
}

impl Request {
    /// The path and the query.
    pub(super) fn target(&self) -> String {
        match &self.query {
            Some(query) => format!("{}?{query}", self.path),
            None => self.path.clone(),
        }
    }

    /// Sets the path and the query.
    pub(super) fn set_target(&mut self, target: &str) {
        match target.split_once('?') {
            Some((path, query)) => {
                self.path = path.to_owned();
                self.query = Some(query.to_owned());
            }
            None => {
                self.path = target.to_owned();
                self.query = None;
            }
        }
    }
}

/// An answer, of the app or for a client.
#[derive(Clone, Debug, Default)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// The reason phrase, if it is not the usual one.
    pub(super) reason: Option<String>,
    pub(super) headers: HeaderList,
    pub(super) body: Vec<u8>,
}

impl Answer {
    /// An answer of the app, as it is sent.
    pub(super) fn of(answer: crate::Answer) -> Self {
        let (head, body) = http::Response::from(answer).into_parts();
        Self { status: head.status.as_u16(), reason: None, headers: (&head.headers).into(), body }
    }
}
