//! The proxy on the stage: what it does with a request, an answer and an item.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use http::{HeaderName, HeaderValue, Method, StatusCode, header};

use super::clock::Clock;
use super::engine::{Connection, Handed, Todo, resolved, sent_ids};
use super::filter;
use super::http_session::{End, Held, HttpSession};
use super::instruct::{HoldMode, Instruct};
use super::item::{self, Item};
use super::socket_session::{Side, SocketSession, ToApp};
use crate::testing::header_list::HeaderList;
use crate::testing::stage::Stage;
use crate::testing::story::quoted;
use crate::testing::wire::{Answer, Request};

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

impl Stage {
    /// Takes a publish request, and answers it.
    pub(in crate::testing) fn take_items(&self, body: &[u8]) -> http::Response<Vec<u8>> {
        let mut response = http::Response::new(b"Published\n".to_vec());
        match item::read(body) {
            Ok(items) => {
                for item in items {
                    let mut proxy = self.proxy.borrow_mut();
                    if proxy.lost_items > 0 {
                        proxy.lost_items -= 1;
                        drop(proxy);
                        self.tell("proxy", format!("loses an item of `{}`, as the test wants", item.channel));
                        continue;
                    }
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
        let ids = sent_ids(held);
        let joined = proxy.joined(id, &next, &ids);
        drop(proxy);
        let written: Vec<_> = ids.iter().map(|(name, id)| format!("{id:?} of `{name}`")).collect();
        let after = if ids.is_empty() { String::new() } else { format!(", after {}", written.join(" and ")) };
        self.tell_client(id, format!("recovery request: GET {next}{after}"));
        let answer = self.request_link(id, Method::GET, &next, &ids);
        let answer = answer.filter(|answer| matches!(answer.status, 200..=299));
        self.recover(id, &next, answer.clone());
        for (id, next) in joined {
            self.tell_client(id, "recovery request: joined with that of another client, because the path and the ids are the same");
            self.recover(id, &next, answer.clone());
        }
    }

    /// Appends the answer to a recovery request to the stream.
    fn recover(self: &Rc<Self>, id: usize, next: &str, answer: Option<Answer>) {
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
