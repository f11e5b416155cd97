//! A history in a KV store, whose publishers are requests.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use fanout::fastly::kv_store::{KVStore, KVStoreError};
use fanout::history::{Entry, History, HistoryError, Kept, KvHistory, NotPublished};
use fanout::prelude::*;

/// The endpoints of this module.
#[fanout::endpoints(
    events,
    unreliable,
    publish,
    publish_for_ever,
    append,
    kept,
    kept_of_three,
    kept_elsewhere,
    damage
)]
pub enum Endpoints {}

fn history() -> KvHistory {
    KvHistory::new("histories").max_entries(500)
}

fn failed(error: HistoryError) -> Answer {
    Answer::text(if error.is_transient() { 503 } else { 500 }, format!("{error}\n"))
}

fn text(kept: &Kept) -> String {
    kept.entry().text().unwrap_or_default().to_owned()
}

/// Everything that is kept, and what comes.
#[fanout::sse(path = "/kv/{of}", channel = "kv-{of}", history = history, replay = 500)]
pub fn events() {}

/// Everything that is kept, and what comes, with a history that fails now and then.
#[fanout::sse(path = "/kv/{of}/unreliable", channel = "kv-{of}", history = failing_history, replay = 500)]
pub fn unreliable() {}

fn failing_history() -> Result<KvHistory, HistoryError> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.subsec_micros());
    if now.is_multiple_of(7) {
        Err(HistoryError::transient("the store has a bad moment"))
    } else {
        Ok(history())
    }
}

/// Publishes a text. The answer is its id.
#[fanout::post(path = "/kv/{of}")]
pub fn publish(of: &str, Body(text): Body<String>) -> Result<String, NotPublished> {
    history().publish(events::channel(of), text).map(|id| id.to_string())
}

/// The same, with a history that drops no entry for its age.
#[fanout::post(path = "/kv/{of}/for-ever")]
pub fn publish_for_ever(of: &str, Body(text): Body<String>) -> Result<String, NotPublished> {
    history().max_age(Duration::MAX).publish(events::channel(of), text).map(|id| id.to_string())
}

/// Appends a text, without publishing it.
#[fanout::post(path = "/kv/{of}/append")]
pub fn append(of: &str, Body(text): Body<String>) -> Result<String, Answer> {
    let entry = Entry::new(text).map_err(|error| Answer::text(400, error.to_string()))?;
    history().append(&events::channel(of), entry).map(|appended| appended.id.to_string()).map_err(failed)
}

fn listed(history: &KvHistory, of: &str) -> Result<Json<Vec<[String; 2]>>, Answer> {
    let kept = history.latest(&events::channel(of), usize::MAX).map_err(failed)?.entries;
    Ok(Json(kept.iter().map(|kept| [kept.id().to_string(), text(kept)]).collect()))
}

/// The ids and the texts that are kept.
#[fanout::get(path = "/kv/{of}/kept")]
pub fn kept(of: &str) -> Result<Json<Vec<[String; 2]>>, Answer> {
    listed(&history(), of)
}

/// The same, of a history with smaller limits.
#[fanout::get(path = "/kv/{of}/kept/three")]
pub fn kept_of_three(of: &str) -> Result<Json<Vec<[String; 2]>>, Answer> {
    listed(&history().max_entries(3).max_age(Duration::from_secs(60)), of)
}

/// The same, of a store that the service does not have.
#[fanout::get(path = "/kv/{of}/kept/elsewhere")]
pub fn kept_elsewhere(of: &str) -> Result<Json<Vec<[String; 2]>>, Answer> {
    listed(&KvHistory::new("elsewhere"), of)
}

/// Writes another value into the key of the channel.
#[fanout::put(path = "/kv/{of}")]
pub fn damage(of: &str, Body(value): Body<String>) -> Result<(), Answer> {
    let failed = |error: KVStoreError| Answer::text(500, error.to_string());
    let store = KVStore::open("histories").map_err(failed)?.expect("the service has the store");
    store.insert(&format!("history.kv-{of}"), value).map_err(failed)
}
