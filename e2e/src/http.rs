//! HTTP clients: one reads an answer, one reads a held stream, one polls.

use std::borrow::Cow;

use anyhow::{Context as _, Result, bail, ensure};
use hyper::ext::ReasonPhrase;
use reqwest::header::HeaderMap;
use serde_json::Value;
use tokio::task::JoinHandle;

use crate::within;

/// A whole response.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// The words behind the status, if they are not the usual ones.
    pub reason: Option<String>,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: String,
    /// The bytes of its body.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// Sends a request and reads the response to its end.
    pub async fn of(request: reqwest::RequestBuilder) -> Result<Self> {
        within("an answer", async {
            let response = request.send().await?;
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            let reason = reason(&response).map(str::to_owned);
            let bytes = response.bytes().await?.to_vec();
            Ok(Self { status, reason, headers, body: String::from_utf8_lossy(&bytes).into_owned(), bytes })
        })
        .await?
    }

    /// A header's value, empty if there is none.
    pub fn header(&self, name: &str) -> &str {
        header(&self.headers, name)
    }

    /// The mode and the channels of a hold, as the app instructs the proxy, in headers or in JSON.
    pub fn hold(&self) -> Option<(String, Vec<String>)> {
        if self.header("content-type") == "application/grip-instruct" {
            let hold = serde_json::from_str::<Value>(&self.body).ok()?.get("hold")?.clone();
            let channels = hold["channels"].as_array()?.iter();
            let names = channels.map(|channel| channel["name"].as_str().map(str::to_owned));
            return Some((hold["mode"].as_str()?.to_owned(), names.collect::<Option<_>>()?));
        }
        let channels = self.header("grip-channel").split(", ").map(str::to_owned);
        Some((self.header("grip-hold").to_owned(), channels.collect())).filter(|(mode, _)| !mode.is_empty())
    }
}

/// A response whose body goes on for as long as the proxy holds it.
#[derive(Debug)]
pub struct Held {
    response: reqwest::Response,
    heard: Vec<u8>,
}

impl Held {
    /// Sends a request and reads the head of the response.
    pub async fn open(request: reqwest::RequestBuilder) -> Result<Self> {
        let response = within("the head of a held response", request.send()).await??;
        Ok(Self { response, heard: Vec::new() })
    }

    /// The status of the response.
    pub fn status(&self) -> u16 {
        self.response.status().as_u16()
    }

    /// The words behind the status, if they are not the usual ones.
    pub fn reason(&self) -> Option<&str> {
        reason(&self.response)
    }

    /// The headers of the response.
    pub fn headers(&self) -> &HeaderMap {
        self.response.headers()
    }

    /// A header's value, empty if there is none.
    pub fn header(&self, name: &str) -> &str {
        header(self.response.headers(), name)
    }

    /// All received bytes of the body, once there are `len` of them.
    pub async fn heard(&mut self, len: usize) -> Result<&[u8]> {
        let outcome = self.read_while(|heard| heard.len() < len).await;
        outcome.with_context(|| format!("{len} bytes did not come, but {}", self.heard.escape_ascii()))?;
        Ok(&self.heard)
    }

    /// Fails if the body does not begin with `expected`. More may follow, because keep-alives never end.
    pub async fn begins_with(&mut self, expected: impl AsRef<[u8]>) -> Result<()> {
        let expected = expected.as_ref();
        let heard = &self.heard(expected.len()).await?[..expected.len()];
        ensure!(heard == expected, "{} in place of {}", heard.escape_ascii(), expected.escape_ascii());
        Ok(())
    }

    /// The whole body, once the stream has ended.
    pub async fn heard_to_its_end(mut self) -> Result<String> {
        let rest = within("a held response to end", self.response.bytes()).await??;
        self.heard.extend_from_slice(&rest);
        Ok(String::from_utf8_lossy(&self.heard).into_owned())
    }

    /// All of the body so far, once it ends with `end`, without the comments that keep an event stream alive: their
    /// number depends on time.
    pub async fn heard_until(&mut self, end: &str) -> Result<String> {
        self.read_until(end.as_bytes(), without_comments).await?;
        Ok(String::from_utf8_lossy(&without_comments(&self.heard)).into_owned())
    }

    /// All received bytes of the body, once they end with `end`.
    pub async fn bytes_until(&mut self, end: &[u8]) -> Result<&[u8]> {
        self.read_until(end, |heard| heard.into()).await?;
        Ok(&self.heard)
    }

    async fn read_until(&mut self, end: &[u8], heard: fn(&[u8]) -> Cow<'_, [u8]>) -> Result<()> {
        let outcome = self.read_while(|all| !heard(all).ends_with(end)).await;
        let text = String::from_utf8_lossy;
        outcome.with_context(|| format!("{:?} did not come, but {:?}", text(end), text(&self.heard)))
    }

    async fn read_while(&mut self, more: impl Fn(&[u8]) -> bool) -> Result<()> {
        let read = async {
            while more(&self.heard) {
                match self.response.chunk().await? {
                    Some(chunk) => self.heard.extend_from_slice(&chunk),
                    None => bail!("the stream ended"),
                }
            }
            Ok(())
        };
        within("a held response to go on", read).await.and_then(|read| read)
    }
}

/// The received bytes without the empty comments of an event stream.
fn without_comments(heard: &[u8]) -> Cow<'_, [u8]> {
    const COMMENT: &[u8] = b":\n\n";
    let mut rest = heard;
    let mut kept = Vec::new();
    while let Some(at) = rest.windows(COMMENT.len()).position(|part| part == COMMENT) {
        let (before, after) = rest.split_at(at);
        kept.extend_from_slice(before);
        // In the middle of a line, it is part of a text.
        if !kept.is_empty() && !kept.ends_with(b"\n") {
            kept.extend_from_slice(COMMENT);
        }
        rest = &after[COMMENT.len()..];
    }
    kept.extend_from_slice(rest);
    kept.into()
}

/// A request whose response comes in the background.
#[derive(Debug)]
pub struct Poll {
    answer: JoinHandle<Result<Answer>>,
}

impl Poll {
    pub(crate) fn start(request: reqwest::RequestBuilder) -> Self {
        Self { answer: tokio::spawn(Answer::of(request)) }
    }

    /// The answer, once it comes.
    pub async fn answer(self) -> Result<Answer> {
        self.answer.await?
    }
}

fn reason(response: &reqwest::Response) -> Option<&str> {
    let reason = response.extensions().get::<ReasonPhrase>()?;
    std::str::from_utf8(reason.as_bytes()).ok()
}

/// The headers that are for the proxy alone.
pub fn grip_headers(headers: &HeaderMap) -> Vec<&str> {
    let names = headers.keys().map(|name| name.as_str());
    names.filter(|name| name.starts_with("grip-") || *name == "sec-websocket-extensions").collect()
}

/// The content type without its parameters.
pub fn media_type(headers: &HeaderMap) -> &str {
    header(headers, "content-type").split(';').next().unwrap_or_default()
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
