//! Articles of a topic, for clients that must not miss one.
//!
//! The store has the articles, numbered from 1. The number is the id of the event and of the published item, and each item
//! names the one before it. So the proxy notices a gap, and fetches what is missing at the `next` link.

use fanout::prelude::*;
use fanout::publish::{HttpResponse, Item, Message};
use serde::{Deserialize, Serialize};

use crate::members::editor;
use crate::{Failed, Name, store};

/// The endpoints of this module.
#[fanout::endpoints(articles, latest, publish)]
pub enum Endpoints {}

/// The limit of articles that a topic keeps. A client that was away for more misses the oldest.
pub const KEPT: usize = 100;

/// An article as an editor writes it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Article {
    title: String,
    text: String,
}

/// An article with its number.
#[derive(Clone, Serialize, Deserialize)]
pub struct Numbered {
    id: u64,
    #[serde(flatten)]
    article: Article,
}

impl Numbered {
    fn event(&self) -> Result<Event, Failed> {
        Ok(Event::json(self)?.id_number(self.id))
    }
}

/// The articles, from the first one that the client has not seen. The proxy calls this for recovery too.
///
/// Fastly's store is eventually consistent, so a recovery may read an old list and find nothing. The proxy tries again at the next
/// article, and after the time of `next_after`.
#[fanout::sse(
    path = "/topics/{topic}/articles",
    channel = "articles-{topic}",
    next = "/topics/{topic}/articles",
    next_after = "60s",
    cors = "*",
    strict
)]
pub fn articles(topic: Name, seen: LastEventId, missed: LastIds) -> Result<WithHold<Vec<Event>>, Failed> {
    let channel = articles::channel(&topic);
    let seen = number(missed.of(&channel).or(seen.get()));
    let new = since(&topic, seen)?;
    let last = new.last().map_or(seen, |article| article.id);
    let events = new.iter().map(Numbered::event).collect::<Result<_, _>>()?;
    Ok(WithHold::new(events, move |hold| hold.channel(Subscription::new(channel).prev_id(last.to_string()))))
}

/// The same as a list, at once or when there is one. The client sends the number of its last article as `Last-Event-ID`.
#[fanout::long_poll(path = "/topics/{topic}/latest", channel = "articles-{topic}", timeout = 30, strict)]
pub fn latest(topic: Name, seen: LastEventId) -> Result<Poll<Json<Vec<Numbered>>>, Failed> {
    let new = since(&topic, number(seen.get()))?;
    Ok(if new.is_empty() { Poll::Wait(Json(new)) } else { Poll::Now(Json(new)) })
}

/// Keeps an article, and publishes it. The same article again has the same number, and the proxy drops it if it has it.
#[fanout::post(path = "/topics/{topic}/articles", guard = editor, max_body = 20_000, strict)]
pub fn publish(topic: Name, Json(article): Json<Article>) -> Result<(StatusCode, Json<Numbered>), Failed> {
    let article = store::update(&key(&topic), |kept: &mut Vec<Numbered>| {
        if let Some(same) = kept.iter().find(|kept| kept.article == article) {
            return Ok(same.clone());
        }
        let id = kept.last().map_or(1, |last| last.id + 1);
        kept.push(Numbered { id, article: article.clone() });
        kept.drain(..kept.len().saturating_sub(KEPT));
        Ok(Numbered { id, article: article.clone() })
    })?;
    let list = serde_json::to_vec(&[&article]).map_err(Failed::internal)?;
    let message = Message::event(article.event()?).http_response(HttpResponse::new(list));
    let item = Item::new(articles::channel(&topic), message);
    fanout::publish_all([item.id(article.id.to_string()).prev_id((article.id - 1).to_string())])?;
    Ok((StatusCode::CREATED, Json(article)))
}

/// Returns the articles after a number.
fn since(topic: &Name, seen: u64) -> Result<Vec<Numbered>, Failed> {
    let kept: Vec<Numbered> = store::read(&key(topic))?;
    Ok(kept.into_iter().filter(|article| article.id > seen).collect())
}

/// Reads an id. A client with an id of another server gets everything.
fn number(id: Option<&str>) -> u64 {
    id.and_then(|id| id.parse().ok()).unwrap_or(0)
}

fn key(topic: &Name) -> String {
    format!("articles-{topic}")
}
