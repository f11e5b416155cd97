//! The app under test and the simulated proxy together.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use http::Response;

use super::deployed::{Deployed, Served};
use super::proxy::{Handed, Instruct, Proxy};
use super::story::{Story, quoted, seconds};
use super::wire::{Answer, Request};
use crate::log::recorded;
use crate::publish::signing::token;
use crate::publish::{Publisher, Transport, TransportError, stand_in};

/// The app, the proxy and the story of a test.
pub(super) struct Stage {
    pub(super) deployed: RefCell<Rc<Deployed>>,
    pub(super) proxy: RefCell<Proxy>,
    pub(super) story: RefCell<Story>,
    /// The issuer and the secret with which the proxy signs.
    pub(super) signer: (String, Vec<u8>),
    /// The reason why the app cannot be tested, which the next call of the test panics with.
    pub(super) broken: RefCell<Option<String>>,
    /// True once the test has made a request, after which the app cannot be set up otherwise.
    pub(super) has_begun: Cell<bool>,
    this: Weak<Self>,
}

/// The life of a token, in seconds.
const TOKEN_LIFE: u64 = 3_600;

impl Stage {
    pub(super) fn new(deployed: Deployed, signer: (String, Vec<u8>)) -> Rc<Self> {
        // An earlier test of this thread may have logged something.
        recorded::take();
        Rc::new_cyclic(|this| Self {
            deployed: RefCell::new(Rc::new(deployed)),
            proxy: RefCell::default(),
            story: RefCell::default(),
            signer,
            broken: RefCell::default(),
            has_begun: Cell::new(false),
            this: this.clone(),
        })
    }

    /// Adds to the story.
    pub(super) fn tell(&self, who: &str, what: impl AsRef<str>) {
        let now = self.proxy.borrow().now;
        self.story.borrow_mut().add(now, who, what);
    }

    /// Adds what a client does or gets.
    pub(super) fn tell_client(&self, id: usize, what: impl AsRef<str>) {
        self.tell(&format!("client {}", id + 1), what);
    }

    /// Tells how a client's connection is held.
    pub(super) fn tell_hold(&self, id: usize) {
        let told = self.proxy.borrow_mut().http(id).held.as_ref().map(|held| held_as(&held.instruct));
        if let Some(told) = told {
            self.tell_client(id, told);
        }
    }

    /// A token of the proxy at this time.
    pub(super) fn token(&self, now: u64) -> String {
        let (issuer, secret) = &self.signer;
        token(issuer, secret, now + TOKEN_LIFE)
    }

    /// Sends a request to the app. `None` if the app cannot run it here.
    pub(super) fn serve(&self, id: usize, request: &Request) -> Option<Handed> {
        let deployed = Rc::clone(&self.deployed.borrow());
        let now = self.proxy.borrow().now.unix();
        let this = self.this.clone();
        let proxy = Rc::new(move |request: &http::Request<Vec<u8>>| match this.upgrade() {
            Some(stage) => stage.take_items(request.body()),
            None => Response::new(Vec::new()),
        });
        let served = deployed.serve(request, now, proxy);
        for line in recorded::take() {
            self.tell("log", line);
        }
        match served {
            Served::Unmatched => {
                self.tell(
                    "app",
                    format!(
                        "no endpoint matches {}: only on Compute the body of `main` answers",
                        request.path
                    ),
                );
                Some(Handed::Answered(deployed.not_found(request)))
            }
            Served::HandOff(backend, guard_header) => Some(Handed::Off(backend, guard_header)),
            Served::Answer(answer) => Some(Handed::Answered(answer)),
            Served::ComputeOnly(path) => {
                let reason = format!(
                    "client {}: the endpoint `{path}` cannot run in a test: {}",
                    id + 1,
                    crate::endpoint::request::COMPUTE_ONLY
                );
                self.broken.borrow_mut().get_or_insert(reason);
                None
            }
        }
    }

    /// Panics if the app cannot be tested.
    #[track_caller]
    pub(super) fn check(&self) {
        let broken = self.broken.borrow_mut().take();
        if let Some(reason) = broken {
            self.story.borrow_mut().is_told = true;
            panic!("{reason}");
        }
    }

    /// Panics with a reason and the story.
    #[track_caller]
    pub(super) fn fail(&self, reason: impl AsRef<str>) -> ! {
        let story = {
            let mut story = self.story.borrow_mut();
            story.is_told = true;
            story.text()
        };
        let space = if story.is_empty() { "" } else { "\n\n" };
        panic!("{}{space}{story}", reason.as_ref())
    }

    /// A publisher to the proxy.
    pub(super) fn publisher(self: &Rc<Self>) -> Publisher<ToProxy> {
        stand_in::publisher(ToProxy(Rc::clone(self)))
    }
}

/// A story that was not told is told when a test fails with an assertion of its own.
impl Drop for Stage {
    fn drop(&mut self) {
        let story = self.story.get_mut();
        if std::thread::panicking() && !story.is_told && !story.text().is_empty() {
            eprintln!("\n{}", story.text());
        }
    }
}

/// The transport to the proxy.
pub(super) struct ToProxy(Rc<Stage>);

impl Transport for ToProxy {
    fn send(&self, request: http::Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        Ok(self.0.take_items(request.body()))
    }
}

/// A client request, for the story.
pub(super) fn described(request: &Request, is_socket: bool) -> String {
    const LEFT_OUT: [&str; 6] =
        ["host", "upgrade", "connection", "sec-websocket-key", "sec-websocket-version", "content-length"];
    let connects = if is_socket { "connects: " } else { "" };
    let mut told = format!("{connects}{} {}", request.method, request.target());
    for (name, value) in request.headers.iter().filter(|(name, _)| !LEFT_OUT.contains(&name.as_str())) {
        told += &format!("\n  {name}: {}", String::from_utf8_lossy(value.as_bytes()));
    }
    if !request.body.is_empty() {
        told += &format!("\n  {}", quoted(&request.body));
    }
    told
}

/// An answer, for the story.
pub(super) fn answered(answer: &Answer) -> String {
    let reason = answer.reason.as_ref().map_or(String::new(), |reason| format!(" {reason}"));
    let mut told = format!("gets {}{reason}", answer.status);
    for (name, value) in answer.headers.iter() {
        told += &format!("\n  {name}: {}", String::from_utf8_lossy(value.as_bytes()));
    }
    if !answer.body.is_empty() {
        told += &format!("\n  {}", quoted(&answer.body));
    }
    told
}

/// A hold, for the story.
fn held_as(instruct: &Instruct) -> String {
    use super::proxy::HoldMode;

    let what = match instruct.mode {
        Some(HoldMode::Response) => format!("is held for {}", seconds(instruct.timeout)),
        Some(HoldMode::Stream) => format!("is held: {} stream", instruct.response.status),
        None => format!("is not held: {} stream with a next link", instruct.response.status),
    };
    let channels: Vec<_> = instruct
        .channels
        .iter()
        .map(|channel| {
            let id = channel.prev_id.as_ref().map_or(String::new(), |id| format!(" after {id:?}"));
            format!("`{}`{id}", channel.name)
        })
        .collect();
    let on = if channels.is_empty() { String::new() } else { format!(", on {}", channels.join(", ")) };
    format!("{what}{on}")
}
