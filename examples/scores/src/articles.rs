//! Articles of a topic, for clients that must not miss one.
//!
//! A history keeps the articles and gives each its id. It answers the clients that come back, and the proxy if an article is lost on
//! the way.

use fanout::history::{EntryId, History, HistoryError, NotPublished};
use fanout::prelude::*;
use fanout::publish::Message;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::members::editor;
use crate::store::history;
use crate::{Failed, Name};

/// The endpoints of this module.
#[fanout::endpoints(articles, latest, publish)]
pub enum Endpoints {}

/// The limit of articles that a topic keeps. A client that was away for more gets an event `reset` and all of these.
pub const KEPT: usize = 100;

/// An article as an editor writes it.
#[derive(Serialize, Deserialize)]
pub struct Article {
    title: String,
    text: String,
}

/// The articles after the last one that the client has, and at first all that are kept.
#[fanout::sse(
    path = "/topics/{topic}/articles",
    channel = "articles-{topic}",
    history = history,
    replay = 100,
    next_after = "60s",
    cors = "*",
    strict
)]
pub fn articles(topic: Name) -> Event {
    Event::comment(format!("articles of {topic}"))
}

/// The same as a long poll: the next article, at once or when there is one. The client sends the id of its last article as
/// `Last-Event-ID`. If there is none for 30 seconds, the answer says so.
#[fanout::long_poll(
    path = "/topics/{topic}/latest",
    channel = "articles-{topic}",
    history = history,
    timeout = 30,
    strict
)]
pub fn latest(topic: Name) -> Json<Value> {
    Json(json!({ "topic": *topic, "article": null }))
}

/// Keeps an article, and publishes it. Returns its id. The same article again, which an editor sends after an error, has the same id and
/// is not published again. This is for requests that follow each other: the same article in two requests at one moment is kept twice,
/// because neither request reads what the other one keeps.
#[fanout::post(path = "/topics/{topic}/articles", guard = editor, max_body = 20_000, strict)]
pub fn publish(topic: Name, Json(article): Json<Article>) -> Result<(StatusCode, Json<EntryId>), Failed> {
    let channel = articles::channel(&topic);
    let json = serde_json::to_string(&article).map_err(Failed::internal)?;
    let kept = history().latest(&channel, KEPT)?.entries;
    let id = match kept.iter().find(|kept| kept.entry().text() == Some(&json)) {
        Some(same) => same.id().clone(),
        None => match history().publish(channel, Message::json(&article)?) {
            Ok(id) => id,
            // A recovery delivers it.
            Err(NotPublished::Kept { id, .. }) => id,
            Err(error) => return Err(error.into()),
        },
    };
    Ok((StatusCode::CREATED, Json(id)))
}

impl From<HistoryError> for Failed {
    fn from(error: HistoryError) -> Self {
        if error.is_transient() { Self::Busy } else { Self::internal(error) }
    }
}

impl From<NotPublished> for Failed {
    fn from(error: NotPublished) -> Self {
        match error {
            NotPublished::History(error) => error.into(),
            NotPublished::Invalid(error) => error.into(),
            error => Self::internal(error),
        }
    }
}
