use std::fmt::Display;
use std::net::IpAddr;
use std::rc::Rc;

use http::uri::PathAndQuery;
use http::{HeaderName, HeaderValue, Method, header};
use serde::Serialize;

use super::client::Client;
use super::header_list::HeaderList;
use super::proxy::Side;
use super::response::Response;
use super::socket::Socket;
use super::stage::Stage;
use super::wire;
use crate::Geo;
use crate::grip::{IntoBytes, IntoText};

/// A request of a client, which [`open`](Self::open), [`send`](Self::send) or [`connect`](Self::connect) sends.
///
/// The client has the address `192.0.2.1`, no location, and the host `localhost`, unless the test says otherwise.
#[must_use = "a request does nothing until it is sent"]
pub struct Request {
    stage: Rc<Stage>,
    method: Method,
    target: String,
    headers: Vec<(HeaderName, HeaderValue)>,
    cookies: Vec<String>,
    subprotocols: Vec<String>,
    body: Vec<u8>,
    addr: Option<IpAddr>,
    geo: Option<Geo>,
}

impl Request {
    pub(super) fn new(stage: Rc<Stage>, method: Method, target: String) -> Self {
        Self {
            stage,
            method,
            target,
            headers: Vec::new(),
            cookies: Vec::new(),
            subprotocols: Vec::new(),
            body: Vec::new(),
            addr: Some(IpAddr::from([192, 0, 2, 1])),
            geo: None,
        }
    }

    /// Adds a header. Several of one name stay in their order.
    ///
    /// # Panics
    ///
    /// If the name or the value cannot be in a header.
    #[track_caller]
    pub fn header<N, V>(mut self, name: N, value: V) -> Self
    where
        N: TryInto<HeaderName>,
        V: TryInto<HeaderValue>,
    {
        let Ok(name) = name.try_into() else { panic!("the name of a header is invalid") };
        let Ok(value) = value.try_into() else { panic!("the value of the header `{name}` is invalid") };
        self.headers.push((name, value));
        self
    }

    /// Adds a cookie. All of them go in one header.
    pub fn cookie(mut self, name: &str, value: &str) -> Self {
        self.cookies.push(format!("{name}={value}"));
        self
    }

    /// Sets the header `Origin`, which a browser sends for a page of this origin.
    ///
    /// # Panics
    ///
    /// If the value cannot be in a header.
    #[track_caller]
    pub fn origin(self, origin: &str) -> Self {
        self.header(header::ORIGIN, origin)
    }

    /// Sets the header `Last-Event-ID`, which an `EventSource` sends when it reconnects.
    ///
    /// # Panics
    ///
    /// If the value cannot be in a header.
    #[track_caller]
    pub fn last_event_id(self, id: &str) -> Self {
        self.header("last-event-id", id)
    }

    /// Offers a subprotocol of a WebSocket. The first call names the preferred one.
    pub fn subprotocol(mut self, name: impl IntoText) -> Self {
        self.subprotocols.push(name.into());
        self
    }

    /// Sets the address of the client, as a value or as text.
    ///
    /// # Panics
    ///
    /// If a text is not an address.
    #[track_caller]
    pub fn from_addr(mut self, addr: impl Display) -> Self {
        let addr = addr.to_string();
        match addr.parse() {
            Ok(addr) => self.addr = Some(addr),
            Err(_) => panic!("`{addr}` is not an address of a client"),
        }
        self
    }

    /// Sets the location of the client, which a guard takes as [`ClientGeo`](crate::ClientGeo).
    pub fn from_geo(mut self, geo: Geo) -> Self {
        self.geo = Some(geo);
        self
    }

    /// Sets the body.
    pub fn body(mut self, body: impl IntoBytes) -> Self {
        self.body = body.into();
        self
    }

    /// Sets the body to text, with the content type `text/plain; charset=utf-8` unless there is one.
    pub fn text(self, text: impl IntoText) -> Self {
        self.body(text.into()).content_type("text/plain; charset=utf-8")
    }

    /// Sets the body to the JSON of a value, with the content type `application/json` unless there is one.
    ///
    /// # Panics
    ///
    /// If the value has no JSON.
    #[track_caller]
    pub fn json(self, value: &(impl Serialize + ?Sized)) -> Self {
        match serde_json::to_vec(value) {
            Ok(json) => self.body(json).content_type("application/json"),
            Err(error) => panic!("the body has no JSON: {error}"),
        }
    }

    /// Sets the body to the fields of a form, with the content type `application/x-www-form-urlencoded` unless there is one.
    ///
    /// # Panics
    ///
    /// If the value is no map or struct of plain values.
    #[track_caller]
    pub fn form(self, value: &(impl Serialize + ?Sized)) -> Self {
        match serde_html_form::to_string(value) {
            Ok(form) => self.body(form).content_type("application/x-www-form-urlencoded"),
            Err(error) => panic!("the body is no form: {error}"),
        }
    }

    fn content_type(mut self, value: &'static str) -> Self {
        if self.headers.iter().all(|(name, _)| name != header::CONTENT_TYPE) {
            self.headers.push((header::CONTENT_TYPE, HeaderValue::from_static(value)));
        }
        self
    }

    /// Sends the request, and returns the client, which may have a held response, a whole one, or none yet.
    ///
    /// # Panics
    ///
    /// If the endpoint cannot run on the host, the target is no path, or a cookie cannot be in a header.
    #[track_caller]
    pub fn open(self) -> Client {
        let stage = Rc::clone(&self.stage);
        let request = self.on_wire(false);
        let id = stage.client_request(request.clone(), false);
        stage.check();
        Client::new(stage, id, request)
    }

    /// Sends the request, and returns the response.
    ///
    /// # Panics
    ///
    /// If the response is held: [`open`](Self::open) is for those. And where [`open`](Self::open) panics.
    #[track_caller]
    pub fn send(self) -> Response {
        self.open().response()
    }

    /// Opens a WebSocket.
    ///
    /// # Panics
    ///
    /// If the connection is refused, and where [`try_connect`](Self::try_connect) panics.
    #[track_caller]
    pub fn connect(self) -> Socket {
        let stage = Rc::clone(&self.stage);
        match self.try_connect() {
            Ok(socket) => socket,
            Err(refusal) => stage.fail(format!("the WebSocket is refused with a {}", refusal.status())),
        }
    }

    /// Opens a WebSocket, or returns the refusal.
    ///
    /// # Errors
    ///
    /// The response of the app or of the proxy.
    ///
    /// # Panics
    ///
    /// If the endpoint cannot run on the host, the target is no path, or a cookie or a subprotocol cannot be in a header.
    #[track_caller]
    pub fn try_connect(self) -> Result<Socket, Response> {
        let stage = Rc::clone(&self.stage);
        let id = stage.client_request(self.on_wire(true), true);
        stage.check();
        let mut proxy = stage.proxy.borrow_mut();
        let session = proxy.socket(id);
        let refusal = match &session.opened {
            Some(answer) if answer.status != 101 => Some(Response::new(answer.clone())),
            Some(_) => None,
            // The app has accepted nothing yet.
            None if session.client == Side::Connecting => None,
            None => Some(Response::new(wire::Answer { status: 502, ..wire::Answer::default() })),
        };
        drop(proxy);
        match refusal {
            Some(refusal) => Err(refusal),
            None => Ok(Socket::new(stage, id)),
        }
    }

    #[track_caller]
    fn on_wire(self, is_socket: bool) -> wire::Request {
        if let Err(error) = self.target.parse::<PathAndQuery>() {
            panic!("`{}` is no path as a client sends it: {error}; percent-encode it", self.target);
        }
        assert!(self.target.starts_with('/'), "`{}` is no path: begin it with `/`", self.target);
        self.stage.has_begun.set(true);
        let mut headers = HeaderList::default();
        let given = |name: &HeaderName| self.headers.iter().any(|(this, _)| this == name);
        if !given(&header::HOST) {
            headers.push_text("host", "localhost");
        }
        if is_socket {
            for (name, value) in [
                (header::UPGRADE, "websocket"),
                (header::CONNECTION, "Upgrade"),
                (header::SEC_WEBSOCKET_VERSION, "13"),
                (header::SEC_WEBSOCKET_KEY, "dGhlIHNhbXBsZSBub25jZQ=="),
            ] {
                if !given(&name) {
                    headers.push(name, HeaderValue::from_static(value));
                }
            }
        }
        if !self.body.is_empty() && !given(&header::CONTENT_LENGTH) {
            headers.push(header::CONTENT_LENGTH, self.body.len().into());
        }
        self.headers.iter().for_each(|(name, value)| headers.push(name.clone(), value.clone()));
        for (name, list) in [
            (header::COOKIE, self.cookies.join("; ")),
            (header::SEC_WEBSOCKET_PROTOCOL, self.subprotocols.join(", ")),
        ] {
            if !list.is_empty() {
                let Ok(value) = HeaderValue::try_from(list) else { panic!("the header `{name}` is invalid") };
                headers.push(name, value);
            }
        }
        let Self { method, target, body, addr, geo, .. } = self;
        let mut request =
            wire::Request { method, path: String::new(), query: None, headers, body, addr, geo };
        request.set_target(&target);
        request
    }
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Request({} {})", self.method, self.target)
    }
}
