//! The proxy as a whole: its connections, its clock and its requests to the app.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;
use std::time::Duration;

use http::{HeaderName, HeaderValue, Method, StatusCode, header};

use super::clock::Clock;
use super::http_session::{End, Held, HttpSession};
use super::instruct::{HoldMode, Instruct};
use super::item::{self, Action, Format, Item};
use super::sequencer::Sequencer;
use super::socket_session::{Frame, Side, SocketSession, ToApp};
use super::subscriptions::Subscriptions;
use super::{filter, socket};
use crate::testing::header_list::HeaderList;
use crate::testing::stage::Stage;
use crate::testing::story::quoted;
use crate::testing::wire::{Answer, Request};

/// The limit of the channels of a connection. The proxy ignores the others.
pub(in crate::testing) const MAX_CHANNELS: usize = 20;

/// The limit, in bytes, of the headers of a request to the app.
const MAX_HEADERS: usize = 8_192;

/// The limit, in bytes, of a request that is answered with a hold, and of an instruction that is read whole.
const MAX_ACCEPT: usize = 100_000;

/// The attempts at a recovery request, of which each waits twice as long as the one before.
const MAX_RETRIES: u32 = 5;

/// The limit of recovery requests that follow one another at once.
const MAX_PAGES: u32 = 1_000;

const FEATURES: &str = "status, session, link:next, link:gone, filter:skip-self, filter:skip-users, \
                        filter:require-sub, filter:build-id, filter:var-subst";

const NOT_PROXIED: &str = "Error while proxying to origin.";

/// The state of the proxy.
#[derive(Default)]
pub(in crate::testing) struct Proxy {
    pub(in crate::testing) now: Clock,
    pub(in crate::testing) connections: Vec<Connection>,
    pub(super) subscriptions: Subscriptions,
    sequencer: Sequencer,
    pub(super) todo: VecDeque<Todo>,
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
    fn due(&self) -> Option<Clock> {
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

    fn due(&self) -> Option<Clock> {
        let connections = self.connections.iter().filter_map(Connection::due);
        connections.chain(self.subscriptions.due()).chain(self.sequencer.due()).min()
    }

    /// The subscribers of a channel, in the order in which they came.
    fn subscribers(&self, channel: &str) -> Vec<usize> {
        let listens = |connection: &Connection| match connection {
            Connection::Http(session) => {
                session.held.as_ref().is_some_and(|held| held.channels.contains_key(channel))
            }
            Connection::Socket(session) => session.channels.contains_key(channel),
        };
        (0..self.connections.len()).filter(|id| listens(&self.connections[*id])).collect()
    }

    /// Ends the subscriptions of a hold.
    fn unsubscribe(&mut self, held: &Held) {
        for channel in held.channels.keys() {
            self.subscriptions.remove(channel, !held.is_stream(), self.now);
        }
    }

    /// Ends a client's response, and with it its hold.
    fn finish(&mut self, id: usize, end: End) {
        let session = self.http(id);
        session.end = session.end.or(Some(end));
        let Some(held) = session.held.take() else { return };
        self.unsubscribe(&held);
        if let Some(gone) = held.gone {
            self.todo.push_back(Todo::Gone(id, resolved(&held.current, &gone)));
        }
    }

    /// Delivers an item to a connection. Returns what the client got, for the story.
    fn deliver(&mut self, id: usize, item: &Item) -> Option<String> {
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

    fn deliver_http(&mut self, id: usize, item: &Item, format: &Format) -> Option<String> {
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

    fn deliver_socket(&mut self, id: usize, item: &Item, format: &Format) -> Option<String> {
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
                let story = socket::described(&frame);
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
                Some(socket::described(&Frame::Close(close)))
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

fn text(id: Option<&String>) -> String {
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
fn resolved(current: &str, link: &str) -> String {
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

impl Stage {
    /// Takes a publish request, and answers it.
    pub(in crate::testing) fn take_items(&self, body: &[u8]) -> http::Response<Vec<u8>> {
        let mut response = http::Response::new(b"Published\n".to_vec());
        match item::read(body) {
            Ok(items) => {
                for item in items {
                    let mut proxy = self.proxy.borrow_mut();
                    let now = proxy.now;
                    let ready = proxy.sequencer.add(item, now);
                    drop(proxy);
                    ready.iter().for_each(|item| self.publish(item));
                }
            }
            Err(error) => {
                *response.status_mut() = StatusCode::BAD_REQUEST;
                *response.body_mut() = error.into_bytes();
            }
        }
        response
    }

    fn publish(&self, item: &Item) {
        let id = item.id.as_ref().map_or(String::new(), |id| format!(" with the id {id:?}"));
        let subscribers = self.proxy.borrow().subscribers(&item.channel);
        let count = match subscribers.len() {
            0 => "no client listens".to_owned(),
            1 => "1 client listens".to_owned(),
            count => format!("{count} clients listen"),
        };
        self.tell("proxy", format!("published to `{}`{id}: {count}", item.channel));
        for id in subscribers {
            let got = self.proxy.borrow_mut().deliver(id, item);
            self.tell_client(id, got.unwrap_or_else(|| "the item has nothing for this client".into()));
        }
    }

    /// Makes the requests that are due, until there are none.
    pub(in crate::testing) fn settle(self: &Rc<Self>) {
        loop {
            let Some(todo) = self.proxy.borrow_mut().todo.pop_front() else { return };
            match todo {
                Todo::Update(id) => self.update(id),
                Todo::Talk(id) => self.talk(id),
                Todo::Gone(id, target) => self.tell_gone(id, &target),
            }
        }
    }

    /// Moves the clock, and does what is due on the way.
    pub(in crate::testing) fn advance(self: &Rc<Self>, time: Duration) {
        let end = self.proxy.borrow().now.after(time);
        loop {
            let due = self.proxy.borrow().due().filter(|due| *due <= end);
            let Some(due) = due else { break };
            let mut proxy = self.proxy.borrow_mut();
            proxy.now = due.max(proxy.now);
            drop(proxy);
            self.fire();
            self.settle();
        }
        self.proxy.borrow_mut().now = end;
    }

    /// Does what is due at this moment.
    fn fire(self: &Rc<Self>) {
        let (channels, items, count) = {
            let mut proxy = self.proxy.borrow_mut();
            let now = proxy.now;
            (proxy.subscriptions.fire(now), proxy.sequencer.expired(now), proxy.connections.len())
        };
        for channel in channels {
            let mut proxy = self.proxy.borrow_mut();
            for id in proxy.subscribers(&channel) {
                proxy.want_update(id);
            }
        }
        items.iter().for_each(|item| self.publish(item));
        for id in 0..count {
            let is_http = matches!(self.proxy.borrow().connections[id], Connection::Http(_));
            if is_http { self.fire_http(id) } else { self.fire_socket(id) }
        }
    }

    fn fire_http(&self, id: usize) {
        let mut proxy = self.proxy.borrow_mut();
        let now = proxy.now;
        let is_due = |at: &mut Option<Clock>| at.take_if(|at| *at <= now).is_some();
        let session = proxy.http(id);
        let Some(held) = &mut session.held else { return };
        if is_due(&mut held.timeout_at) {
            let answer = held.instruct.response.clone();
            let story = format!("the poll ends at its timeout: {} {}", answer.status, quoted(&answer.body));
            session.respond(answer);
            proxy.finish(id, End::Complete);
            drop(proxy);
            return self.tell_client(id, story);
        }
        let mut story = None;
        if is_due(&mut held.keep_alive_at) {
            held.wake(now);
            let data =
                held.instruct.keep_alive.as_ref().map_or(Vec::new(), |keep_alive| keep_alive.data.clone());
            story = Some(format!("keep-alive: {}", quoted(&data)));
            session.write(data);
        }
        let Some(held) = &mut session.held else { return };
        if is_due(&mut held.next_at) | is_due(&mut held.retry_at) {
            held.is_updating = true;
            proxy.todo.push_back(Todo::Update(id));
        }
        drop(proxy);
        if let Some(story) = story {
            self.tell_client(id, story);
        }
    }

    /// Takes a client request.
    pub(in crate::testing) fn client_request(self: &Rc<Self>, request: Request, is_socket: bool) -> usize {
        let id = {
            let mut proxy = self.proxy.borrow_mut();
            let id = proxy.connections.len();
            proxy.connections.push(if is_socket {
                let mut session = SocketSession::new(request.clone(), format!("connection-{id}"));
                session.to_app.clear();
                Connection::Socket(session)
            } else {
                Connection::Http(HttpSession::new(request.clone()))
            });
            id
        };
        self.tell_client(id, crate::testing::stage::described(&request, is_socket));
        match self.serve(id, &request) {
            None => self.refuse(id, Answer::default()),
            Some(Handed::Answered(mut answer)) => {
                if request.method == Method::HEAD {
                    answer.body.clear();
                }
                self.refuse(id, answer);
            }
            Some(Handed::Off(backend, guard_header)) => {
                let guarded = if guard_header.is_some() { ", with a guard value" } else { "" };
                self.tell("app", format!("hands the client request off to `{backend}`{guarded}"));
                let mut request = request;
                if let Some(value) = guard_header {
                    request
                        .headers
                        .set(HeaderName::from_static(crate::endpoint::request::GUARD_HEADER), value);
                }
                let mut proxy = self.proxy.borrow_mut();
                if is_socket {
                    let session = proxy.socket(id);
                    session.request = request;
                    session.to_app.push_back(ToApp::Open);
                } else {
                    proxy.http(id).request = request;
                }
                drop(proxy);
                if is_socket {
                    self.talk(id)
                } else {
                    self.ask(id, &BTreeMap::new())
                }
                self.settle();
            }
        }
        id
    }

    /// Passes an answer without a hold on to the client.
    fn refuse(&self, id: usize, answer: Answer) {
        self.tell_client(id, crate::testing::stage::answered(&answer));
        match &mut self.proxy.borrow_mut().connections[id] {
            Connection::Http(session) => session.respond(answer),
            Connection::Socket(session) => {
                session.opened = Some(answer);
                (session.client, session.app) = (Side::Gone, Side::Gone);
            }
        }
    }

    /// Sends the client's request to the app, as a Fanout request.
    fn ask(self: &Rc<Self>, id: usize, last_ids: &BTreeMap<String, String>) {
        let client = self.proxy.borrow_mut().http(id).request.clone();
        let mut request = client.clone();
        self.sign(&mut request.headers, last_ids);
        let answer = match self.fanout_request(id, &request) {
            Ok(answer) => answer,
            Err(error) => return self.refuse(id, Answer::of_proxy(StatusCode::BAD_GATEWAY, &error)),
        };
        if !Instruct::is_in(&answer) {
            return self.refuse(id, answer);
        }
        if client.body.len() > MAX_ACCEPT {
            let answer =
                Answer::of_proxy(StatusCode::BAD_REQUEST, "Request too large to accept GRIP instruct.");
            return self.refuse(id, answer);
        }
        let instruct = match Instruct::read(&answer) {
            Ok(instruct) => instruct,
            Err(mistake) => {
                self.tell("proxy", format!("refuses the instruction: {mistake}"));
                return self.refuse(id, Answer::of_proxy(StatusCode::BAD_GATEWAY, NOT_PROXIED));
            }
        };
        if instruct.is_read_whole() && answer.body.len() > MAX_ACCEPT {
            self.tell("proxy", "refuses the instruction: it is over 100,000 bytes");
            return self.refuse(id, Answer::of_proxy(StatusCode::BAD_GATEWAY, NOT_PROXIED));
        }
        match instruct.mode {
            None if instruct.next.is_none() => self.refuse(id, instruct.response),
            Some(HoldMode::Response) => self.hold_poll(id, instruct, &client.target()),
            _ => self.hold_stream(id, instruct, &client.target()),
        }
    }

    fn hold_poll(self: &Rc<Self>, id: usize, instruct: Instruct, target: &str) {
        let mut proxy = self.proxy.borrow_mut();
        let now = proxy.now;
        let mut conflicts = BTreeMap::new();
        for channel in &instruct.channels {
            if let Some(prev_id) = &channel.prev_id
                && proxy.sequencer.last_id(&channel.name).is_some_and(|last| last != prev_id)
            {
                proxy.sequencer.forget(&channel.name);
                conflicts.insert(channel.name.clone(), prev_id.clone());
            }
        }
        if !conflicts.is_empty() {
            let ids = instruct.channels.iter();
            let ids =
                ids.filter_map(|channel| Some((channel.name.clone(), channel.prev_id.clone()?))).collect();
            drop(proxy);
            self.tell("proxy", "asks again: an item came before the poll");
            return self.ask(id, &ids);
        }
        let mut held = Held::new(instruct, target);
        let (added, _) = held.subscribe();
        held.timeout_at = Some(now.after(held.instruct.timeout));
        added.iter().for_each(|channel| proxy.subscriptions.add(channel, now));
        proxy.http(id).held = Some(held);
        drop(proxy);
        self.tell_hold(id);
    }

    fn hold_stream(self: &Rc<Self>, id: usize, mut instruct: Instruct, target: &str) {
        let filters: Vec<_> = instruct.channels.iter().flat_map(|channel| channel.filters.clone()).collect();
        let body = std::mem::take(&mut instruct.response.body);
        let body = self.filtered(&filters, &instruct, body);
        let mut proxy = self.proxy.borrow_mut();
        let mut held = Held::new(instruct, target);
        if let Some(next) = &held.next {
            held.next = Some(resolved(target, next));
        }
        let session = proxy.http(id);
        session.begin(&held.instruct.response);
        session.held = Some(held);
        match body {
            Ok(body) => {
                let is_empty = body.is_empty();
                let story = if is_empty { None } else { Some(quoted(&body)) };
                session.write(body);
                drop(proxy);
                self.tell_hold(id);
                if let Some(story) = story {
                    self.tell_client(id, story);
                }
                self.go_on(id, true);
            }
            Err(mistake) => {
                proxy.finish(id, End::Complete);
                drop(proxy);
                self.tell_client(id, format!("the stream ends: {mistake}"));
            }
        }
    }

    /// The start of a stream after the filters that change it.
    fn filtered(&self, filters: &[String], instruct: &Instruct, body: Vec<u8>) -> Result<Vec<u8>, String> {
        if body.is_empty() || !filters.iter().any(|filter| filter == "build-id") {
            return Ok(body);
        }
        let (channels, item) = (BTreeMap::new(), BTreeMap::new());
        filter::build_ids(&body, &filter::Context { channels: &channels, meta: &instruct.meta, item: &item })
    }

    /// Subscribes a stream as its hold says, and lets it wait. Without a hold, it ends or follows its link.
    fn go_on(self: &Rc<Self>, id: usize, is_first: bool) {
        let mut proxy = self.proxy.borrow_mut();
        let now = proxy.now;
        let Some(held) = &mut proxy.http(id).held else { return };
        if held.instruct.mode.is_none() {
            if held.next.is_some() {
                proxy.todo.push_back(Todo::Update(id));
            } else {
                proxy.finish(id, End::Complete);
                drop(proxy);
                self.tell_client(id, "the stream ends");
            }
            return;
        }
        let with_id = held.instruct.channels.iter().find(|channel| channel.prev_id.is_some());
        if let Some(channel) = with_id.filter(|_| held.next.is_none()) {
            let story =
                format!("the stream ends: `{}` has a prev-id, and there is no next link", channel.name);
            proxy.finish(id, End::Complete);
            drop(proxy);
            return self.tell_client(id, story);
        }
        let (added, removed) = held.subscribe();
        let wanted: Vec<_> = held.instruct.channels.clone();
        if held.keep_alive_at.is_none() || held.instruct.keep_alive.is_none() {
            held.wake(now);
        }
        held.active.clear();
        held.await_next(now);
        added.iter().for_each(|channel| proxy.subscriptions.add(channel, now));
        removed.iter().for_each(|channel| proxy.subscriptions.remove(channel, false, now));
        let mut conflict = false;
        for channel in wanted.iter().filter(|_| is_first) {
            if let Some(prev_id) = &channel.prev_id
                && proxy.sequencer.last_id(&channel.name).is_some_and(|last| last != prev_id)
            {
                proxy.sequencer.forget(&channel.name);
                conflict = true;
            }
        }
        if conflict {
            return proxy.want_update(id);
        }
        let Some(held) = &mut proxy.http(id).held else { return };
        let mut queue = std::mem::take(&mut held.queue);
        let follows = |item: &Item| {
            let channel = held.channels.get(&item.channel);
            channel.is_some_and(|channel| channel.prev_id.is_none() || channel.prev_id == item.prev_id)
        };
        queue.drain(..queue.iter().position(follows).unwrap_or(queue.len()));
        drop(proxy);
        for item in queue {
            let got = self.proxy.borrow_mut().deliver(id, &item);
            if let Some(got) = got {
                self.tell_client(id, got);
            }
        }
    }

    /// Updates a hold.
    fn update(self: &Rc<Self>, id: usize) {
        let mut proxy = self.proxy.borrow_mut();
        let session = proxy.http(id);
        let Some(held) = &mut session.held else { return };
        if !held.is_stream() {
            let ids = held.last_ids().into_iter().filter_map(|(name, id)| Some((name, id?))).collect();
            if let Some(held) = session.held.take() {
                proxy.unsubscribe(&held);
            }
            drop(proxy);
            self.tell_client(id, "the proxy asks again, and the poll starts anew");
            return self.ask(id, &ids);
        }
        let Some(next) = held.next.clone() else {
            held.is_updating = false;
            held.queue.clear();
            return;
        };
        (held.next_at, held.retry_at) = (None, None);
        let ids = held.last_ids().into_iter().filter_map(|(name, id)| Some((name, id?))).collect();
        drop(proxy);
        self.recover(id, &next, &ids);
    }

    /// Makes a recovery request, and appends the answer to the stream.
    fn recover(self: &Rc<Self>, id: usize, next: &str, last_ids: &BTreeMap<String, String>) {
        let ids: Vec<_> = last_ids.iter().map(|(name, id)| format!("{id:?} of `{name}`")).collect();
        let ids = if ids.is_empty() { String::new() } else { format!(", after {}", ids.join(" and ")) };
        self.tell_client(id, format!("recovery request: GET {next}{ids}"));
        let answer = self.request_link(id, Method::GET, next, last_ids);
        let answer = answer.filter(|answer| matches!(answer.status, 200..=299));
        let Some(answer) = answer else { return self.retry(id) };
        let mut headers_only = answer.clone();
        headers_only.body.clear();
        let instruct = match Instruct::read(&headers_only) {
            Ok(instruct) if instruct.mode == Some(HoldMode::Response) => {
                Err("the hold is no stream".to_owned())
            }
            read => read,
        };
        let mut proxy = self.proxy.borrow_mut();
        let now = proxy.now;
        let session = proxy.http(id);
        let (Some(held), Ok(instruct)) = (&mut session.held, &instruct) else {
            proxy.finish(id, End::Complete);
            drop(proxy);
            let mistake = instruct.err().unwrap_or_default();
            return self.tell_client(id, format!("the stream ends: {mistake}"));
        };
        let is_paged = held.instruct.mode.is_none();
        held.retries = if is_paged { held.retries + 1 } else { 0 };
        if held.retries > MAX_PAGES {
            let story = format!("the answers at {next} lead on and never hold");
            proxy.finish(id, End::Complete);
            drop(proxy);
            return self.tell_client(id, format!("the stream ends: {story}"));
        }
        held.current = next.to_owned();
        held.next = instruct.next.as_ref().map(|(url, _)| resolved(next, url));
        held.instruct = instruct.clone();
        held.is_updating = false;
        if !answer.body.is_empty() {
            held.wake(now);
        }
        let filters: Vec<_> = instruct.channels.iter().flat_map(|channel| channel.filters.clone()).collect();
        drop(proxy);
        match self.filtered(&filters, instruct, answer.body) {
            Ok(body) => {
                self.tell_hold(id);
                if !body.is_empty() {
                    self.tell_client(id, quoted(&body));
                }
                self.proxy.borrow_mut().http(id).write(body);
                self.go_on(id, false);
            }
            Err(mistake) => {
                self.proxy.borrow_mut().finish(id, End::Complete);
                self.tell_client(id, format!("the stream ends: {mistake}"));
            }
        }
    }

    /// Waits for another attempt at a recovery request.
    fn retry(&self, id: usize) {
        let mut proxy = self.proxy.borrow_mut();
        let now = proxy.now;
        let Some(held) = &mut proxy.http(id).held else { return };
        if held.retries < MAX_RETRIES {
            let delay = 1 << held.retries;
            held.retries += 1;
            held.retry_at = Some(now.after_seconds(delay));
            drop(proxy);
            return self.tell_client(id, format!("the proxy tries again in {delay} s"));
        }
        proxy.finish(id, End::Complete);
        drop(proxy);
        self.tell_client(id, "the stream ends: there is no answer at the next link");
    }

    fn tell_gone(&self, id: usize, target: &str) {
        self.tell_client(id, format!("is gone: POST {target}"));
        self.request_link(id, Method::POST, target, &BTreeMap::new());
    }

    /// Requests a link of a hold, without a header of the client.
    fn request_link(
        &self,
        id: usize,
        method: Method,
        target: &str,
        last_ids: &BTreeMap<String, String>,
    ) -> Option<Answer> {
        if !target.starts_with('/') {
            self.tell("proxy", format!("{target} is on another host, which no test has"));
            return None;
        }
        let host = match &self.proxy.borrow().connections[id] {
            Connection::Http(session) => session.request.headers.get("host").cloned(),
            Connection::Socket(_) => None,
        };
        let mut headers = HeaderList::default();
        headers.push(header::HOST, host.unwrap_or(HeaderValue::from_static("localhost")));
        self.sign(&mut headers, last_ids);
        let (addr, geo) = (None, None);
        let mut request =
            Request { method, path: String::new(), query: None, headers, body: Vec::new(), addr, geo };
        request.set_target(target);
        self.fanout_request(id, &request).ok()
    }

    /// Adds the headers of the proxy, and removes those that a client may not send.
    pub(super) fn sign(&self, headers: &mut HeaderList, last_ids: &BTreeMap<String, String>) {
        headers.retain(|name| !name.as_str().starts_with("grip-"));
        let now = self.proxy.borrow().now;
        headers.push_text("grip-sig", &self.token(now.unix()));
        headers.push_text("grip-feature", FEATURES);
        for (name, id) in last_ids {
            // As many bytes as the app has sent.
            if let Ok(value) = HeaderValue::try_from(format!("{name}; last-id={id}")) {
                headers.push(HeaderName::from_static("grip-last"), value);
            }
        }
    }

    /// Sends a Fanout request to the app.
    ///
    /// # Errors
    ///
    /// The text of the proxy's own answer.
    pub(super) fn fanout_request(&self, id: usize, request: &Request) -> Result<Answer, String> {
        let len = request.method.as_str().len() + request.target().len() + request.headers.wire_len();
        if len > MAX_HEADERS {
            self.tell(
                "proxy",
                format!("the request to the app has {len} bytes of headers, and the limit is 8,192"),
            );
            return Err(NOT_PROXIED.into());
        }
        match self.serve(id, request) {
            Some(Handed::Answered(answer)) => Ok(answer),
            Some(Handed::Off(..)) => unreachable!("the app hands no signed request off"),
            None => Err(NOT_PROXIED.into()),
        }
    }

    /// The client leaves.
    pub(in crate::testing) fn leave(self: &Rc<Self>, id: usize) {
        let mut proxy = self.proxy.borrow_mut();
        match &proxy.connections[id] {
            Connection::Http(_) => {
                proxy.finish(id, End::Left);
            }
            Connection::Socket(session) if session.client != Side::Gone => {
                drop(proxy);
                return self.drop_socket(id);
            }
            Connection::Socket(_) => {}
        }
        drop(proxy);
        self.settle();
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

/// The effect of a request to the app.
pub(in crate::testing) enum Handed {
    Off(&'static str, Option<HeaderValue>),
    Answered(Answer),
}
