//! A history in a KV store, whose publishers are requests.

use std::time::Duration;

use fanout::fastly::kv_store::{KVStore, KVStoreError};
use fanout::history::{Entry, EntryId, History, HistoryError, Kept, KvHistory, Missed};
use fanout::prelude::*;
use fanout::publish::{Item, Message};

/// The endpoints of this module.
#[fanout::endpoints(events, publish, append, kept, kept_of_three, kept_elsewhere, damage)]
pub enum Endpoints {}

fn history() -> KvHistory {
    KvHistory::new("histories").max_entries(500)
}

fn failed(error: HistoryError) -> Answer {
    Answer::text(if error.is_transient() { 503 } else { 500 }, format!("{error}\n"))
}

fn event(id: &str, text: String) -> Event {
    Event::data(text).id(id).expect("the id of an entry is that of an event")
}

fn text(kept: &Kept) -> String {
    kept.entry().text().unwrap_or_default().to_owned()
}

/// The entries after the id that the client has, and those that come.
#[fanout::sse(path = "/kv/{of}", channel = "kv-{of}", next = "/kv/{of}")]
pub fn events(of: &str, seen: LastEventId, missed: LastIds) -> Result<WithHold<Vec<Event>>, Answer> {
    let channel = events::channel(of);
    let id = missed.of(&channel).or(seen.get()).map_or(Ok(EntryId::before_first()), EntryId::new);
    let id = id.map_err(|error| Answer::text(400, error.to_string()))?;
    let (reset, kept) = match history().after(&channel, &id).map_err(failed)? {
        Missed::Entries(kept) => (None, kept),
        Missed::Expired | Missed::Unknown => (
            Some(Event::named("reset", id.as_str())),
            history().latest(&channel, 500).map_err(failed)?.entries,
        ),
    };
    let last = kept.last().map_or_else(|| id.to_string(), |kept| kept.id().to_string());
    let entries = kept.iter().map(|kept| event(kept.id().as_str(), text(kept)));
    let events = reset.into_iter().chain(entries).collect();
    Ok(WithHold::new(events, move |hold| hold.channel(Subscription::new(channel).prev_id(last))))
}

/// Appends a text and publishes it. The answer is its id and the id before it.
#[fanout::post(path = "/kv/{of}")]
pub fn publish(of: &str, Body(text): Body<String>) -> Result<Json<[String; 2]>, Answer> {
    let channel = events::channel(of);
    let entry = Entry::new(text.as_str()).map_err(|error| Answer::text(400, error.to_string()))?;
    let appended = history().append(&channel, entry).map_err(failed)?;
    let [id, prev_id] = [appended.id.to_string(), appended.prev_id.to_string()];
    let item = Item::new(channel, Message::event(event(&id, text)));
    fanout::publish_all([item.id(&id).prev_id(&prev_id)]).map_err(IntoAnswer::into_answer)?;
    Ok(Json([id, prev_id]))
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
