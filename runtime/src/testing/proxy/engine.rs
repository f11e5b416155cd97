//! The proxy as a whole: its connections, its clock and its requests to the app.

use std::collections::{BTreeMap, VecDeque};

use http::HeaderValue;

use super::clock::Clock;
use super::filter;
use super::http_session::{End, Held, HttpSession};
use super::instruct::HoldMode;
use super::item::{Action, Format, Item};
use super::sequencer::Sequencer;
use super::socket_session::{Frame, SocketSession, described};
use super::subscriptions::Subscriptions;
use crate::testing::story::quoted;
use crate::testing::wire::Answer;

/// The state of the proxy.
#[derive(Default)]
pub(in crate::testing) struct Proxy {
    pub(in crate::testing) now: Clock,
    pub(in crate::testing) connections: Vec<Connection>,
    pub(super) subscriptions: Subscriptions,
    pub(super) sequencer: Sequencer,
    pub(super) todo: VecDeque<Todo>,
    /// The number of items that do not reach the proxy.
    pub(in crate::testing) lost_items: usize,
}

/// A client's connection.
#[derive(Debug)]
pub(in crate::testing) enum Connection {
    Http(HttpSession),
    Socket(SocketSession),
}

/// A request that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Todo {
    /// Updates a hold: by a recovery request, or by the client's request again.
    Update(usize),
    /// Sends the events of a WebSocket to the app, or a request without any.
    Talk(usize),
    /// Tells the app at this path that a client is gone.
    Gone(usize, String),
}

impl Connection {
    pub(super) fn due(&self) -> Option<Clock> {
        match self {
            Self::Http(session) => session.held.as_ref().and_then(Held::due),
            Self::Socket(session) => session.due(),
        }
    }
}

impl Proxy {
    /// # Panics
    ///
    /// If the connection is a WebSocket.
    pub(in crate::testing) fn http(&mut self, id: usize) -> &mut HttpSession {
        match &mut self.connections[id] {
            Connection::Http(session) => session,
            Connection::Socket(_) => unreachable!("a WebSocket has a client of its own"),
        }
    }

    /// # Panics
    ///
    /// If the connection is no WebSocket.
    pub(in crate::testing) fn socket(&mut self, id: usize) -> &mut SocketSession {
        match &mut self.connections[id] {
            Connection::Socket(session) => session,
            Connection::Http(_) => unreachable!("an HTTP client has a client of its own"),
        }
    }

    pub(super) fn due(&self) -> Option<Clock> {
        let connections = self.connections.iter().filter_map(Connection::due);
        connections.chain(self.subscriptions.due()).chain(self.sequencer.due()).min()
    }

    /// The subscribers of a channel, in the order in which they came.
    pub(super) fn subscribers(&self, channel: &str) -> Vec<usize> {
        let listens = |connection: &Connection| match connection {
            Connection::Http(session) => {
                session.held.as_ref().is_some_and(|held| held.channels.contains_key(channel))
            }
            Connection::Socket(session) => session.channels.contains_key(channel),
        };
        (0..self.connections.len()).filter(|id| listens(&self.connections[*id])).collect()
    }

    /// Ends the subscriptions of a hold.
    pub(super) fn unsubscribe(&mut self, held: &Held) {
        for channel in held.channels.keys() {
            self.subscriptions.remove(channel, !held.is_stream(), self.now);
        }
    }

    /// Ends a client's response, and with it its hold.
    pub(super) fn finish(&mut self, id: usize, end: End) {
        let session = self.http(id);
        session.end = session.end.or(Some(end));
        let Some(held) = session.held.take() else { return };
        self.unsubscribe(&held);
        if let Some(gone) = held.gone {
            self.todo.push_back(Todo::Gone(id, resolved(&held.current, &gone)));
        }
    }

    /// Delivers an item to a connection. Returns what the client got, for the story.
    pub(super) fn deliver(&mut self, id: usize, item: &Item) -> Option<String> {
        match &self.connections[id] {
            Connection::Http(session) => {
                let held = session.held.as_ref()?;
                match held.instruct.mode {
                    Some(HoldMode::Response) => item
                        .formats
                        .http_response
                        .as_ref()
                        .and_then(|format| self.deliver_http(id, item, format)),
                    _ => item
                        .formats
                        .http_stream
                        .as_ref()
                        .and_then(|format| self.deliver_http(id, item, format)),
                }
            }
            Connection::Socket(_) => {
                item.formats.ws_message.as_ref().and_then(|format| self.deliver_socket(id, item, format))
            }
        }
    }

    pub(super) fn deliver_http(&mut self, id: usize, item: &Item, format: &Format) -> Option<String> {
        let now = self.now;
        let session = self.http(id);
        let held = session.held.as_mut()?;
        if held.is_updating {
            if held.is_stream() {
                held.queue.push(item.clone());
                return Some("the item waits for the recovery request".into());
            }
            return Some("the poll misses the item, because it starts anew".into());
        }
        let channel = held.channels.get(&item.channel)?;
        if channel.prev_id.is_some() && channel.prev_id != item.prev_id {
            let (has, follows) = (text(channel.prev_id.as_ref()), text(item.prev_id.as_ref()));
            held.is_updating = true;
            self.sequencer.forget(&item.channel);
            self.todo.push_back(Todo::Update(id));
            return Some(format!("the client has the id {has}, and the item follows {follows}"));
        }
        let filters = channel.filters.clone();
        if let Some(wanted) = &format.content_filters
            && filter::of_content(&filters) != wanted.iter().collect::<Vec<_>>()
        {
            return Some("the content filters of the item are not those of the subscription".into());
        }
        let ids = held.last_ids();
        let context = filter::Context { channels: &ids, meta: &held.instruct.meta, item: &item.meta };
        let content = match filter::apply(&filters, &context, format.content()) {
            Ok(content) => content,
            Err(mistake) => return Some(format!("a filter lost the item: {mistake}")),
        };
        let channel = held.channels.get_mut(&item.channel)?;
        if channel.prev_id.is_some() {
            channel.prev_id.clone_from(&item.id);
        }
        let Some(content) = content else { return Some("a filter dropped the item".into()) };
        if !held.is_stream() {
            match format.action {
                Action::Send => {
                    let mut headers = held.instruct.response.headers.clone();
                    let own = format.headers();
                    headers.retain(|name| own.get(name.as_str()).is_none());
                    own.iter().for_each(|(name, value)| headers.push(name.clone(), value.clone()));
                    let (status, reason) = (format.code.unwrap_or(200), format.reason.clone());
                    let story = format!("{status} {}", quoted(&content));
                    session.respond(Answer { status, reason, headers, body: content });
                    self.finish(id, End::Complete);
                    return Some(story);
                }
                Action::Hint => {
                    held.is_updating = true;
                    self.todo.push_back(Todo::Update(id));
                    return Some("a hint".into());
                }
                Action::Close | Action::Refresh => return None,
            }
        }
        match format.action {
            Action::Send => {
                if held.instruct.keep_alive.as_ref().is_some_and(|keep_alive| !keep_alive.is_interval) {
                    held.wake(now);
                }
                held.active.insert(item.channel.clone());
                if held.active.len() == held.channels.len() {
                    held.active.clear();
                    held.await_next(now);
                }
                let story = quoted(&content);
                session.write(content);
                Some(story)
            }
            Action::Hint => {
                held.is_updating = true;
                held.queue.clear();
                self.todo.push_back(Todo::Update(id));
                Some("a hint".into())
            }
            Action::Close => {
                self.finish(id, End::Complete);
                Some("the end of the stream".into())
            }
            Action::Refresh => None,
        }
    }

    pub(super) fn deliver_socket(&mut self, id: usize, item: &Item, format: &Format) -> Option<String> {
        let now = self.now;
        let session = self.socket(id);
        if session.is_closed {
            return None;
        }
        let filters = session.channels.get(&item.channel)?.filters.clone();
        if let Some(wanted) = &format.content_filters
            && filter::of_content(&filters) != wanted.iter().collect::<Vec<_>>()
        {
            return Some("the content filters of the item are not those of the subscription".into());
        }
        let ids = session.channels.keys().map(|name| (name.clone(), None)).collect();
        let context = filter::Context { channels: &ids, meta: &session.meta, item: &item.meta };
        let content = match filter::apply(&filters, &context, format.content()) {
            Ok(Some(content)) => content,
            Ok(None) => return Some("a filter dropped the item".into()),
            Err(mistake) => return Some(format!("a filter lost the item: {mistake}")),
        };
        match format.action {
            Action::Send => {
                let frame = frame(format.r#type.as_deref(), content)?;
                let story = described(&frame);
                session.send(frame, now);
                if !session.to_app.is_empty() {
                    self.todo.push_back(Todo::Talk(id));
                }
                Some(story)
            }
            Action::Close => {
                session.is_closed = true;
                let reason = format.reason.clone().unwrap_or_default();
                let close = format.code.map(|code| (code, reason));
                // The app gets its close at once, and without a code.
                session.close_app(Vec::new());
                session.close_client(close.clone());
                self.todo.push_back(Todo::Talk(id));
                Some(described(&Frame::Close(close)))
            }
            Action::Refresh => {
                if session.hears() {
                    self.todo.push_back(Todo::Talk(id));
                }
                Some("a request to the app".into())
            }
            Action::Hint => None,
        }
    }
}

pub(super) fn text(id: Option<&String>) -> String {
    id.map_or("nothing".into(), |id| format!("{id:?}"))
}

/// A frame of a type as messages name it. `None` for an unknown one.
pub(super) fn frame(kind: Option<&str>, content: Vec<u8>) -> Option<Frame> {
    match kind.unwrap_or("text") {
        "text" => Some(Frame::Text(content)),
        "binary" => Some(Frame::Binary(content)),
        "ping" => Some(Frame::Ping(content)),
        "pong" => Some(Frame::Pong(content)),
        _ => None,
    }
}

/// The path and query of a link, from the request whose answer has it. An absolute address stays one.
pub(super) fn resolved(current: &str, link: &str) -> String {
    let link = link.split('#').next().unwrap_or_default();
    let path = current.split('?').next().unwrap_or_default();
    if link.starts_with('/') || link.contains("://") {
        link.to_owned()
    } else if link.is_empty() {
        current.to_owned()
    } else if link.starts_with('?') {
        format!("{path}{link}")
    } else {
        let folder = path.rfind('/').map_or("", |at| &path[..=at]);
        format!("{folder}{link}")
    }
}

impl Proxy {
    /// Updates a hold soon, if it can be: a poll, or a stream with a link.
    pub(super) fn want_update(&mut self, id: usize) {
        let Connection::Http(session) = &mut self.connections[id] else { return };
        let Some(held) = &mut session.held else { return };
        if !held.is_updating && (!held.is_stream() || held.next.is_some()) {
            held.is_updating = true;
            self.todo.push_back(Todo::Update(id));
        }
    }
}

impl Proxy {
    /// Takes the other streams whose recovery request the proxy joins with this one, with their links: those that are due now, at the
    /// same path, after the same ids. The query does not count.
    pub(super) fn joined(
        &mut self,
        id: usize,
        next: &str,
        ids: &BTreeMap<String, String>,
    ) -> Vec<(usize, String)> {
        let path = |link: &str| link.split('?').next().unwrap_or_default().to_owned();
        let mut joined = Vec::new();
        for todo in std::mem::take(&mut self.todo) {
            let link = match &todo {
                Todo::Update(other) if *other != id => self.link_of(*other, ids),
                _ => None,
            };
            match (todo, link) {
                (Todo::Update(other), Some(link)) if path(&link) == path(next) => joined.push((other, link)),
                (todo, _) => self.todo.push_back(todo),
            }
        }
        for (id, _) in &joined {
            if let Some(held) = &mut self.http(*id).held {
                (held.next_at, held.retry_at) = (None, None);
            }
        }
        joined
    }

    /// The link of a stream that has these ids.
    fn link_of(&self, id: usize, ids: &BTreeMap<String, String>) -> Option<String> {
        let Connection::Http(session) = &self.connections[id] else { return None };
        let held = session.held.as_ref().filter(|held| held.is_stream() && sent_ids(held) == *ids)?;
        held.next.clone()
    }
}

/// The ids that a recovery request names.
pub(super) fn sent_ids(held: &Held) -> BTreeMap<String, String> {
    held.last_ids().into_iter().filter_map(|(name, id)| Some((name, id?))).collect()
}

/// The effect of a request to the app.
pub(in crate::testing) enum Handed {
    Off(&'static str, Option<HeaderValue>),
    Answered(Answer),
}
