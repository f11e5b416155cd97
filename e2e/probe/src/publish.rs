//! Clients that receive what is published, and a publisher on Compute.

use fanout::grip::sig::Policy;
use fanout::http::{HeaderName, HeaderValue, StatusCode};
use fanout::prelude::*;
use fanout::publish::{Item, Message, PublishError, Publisher};
use fanout::{Answer, Route};

/// Events.
#[fanout::sse(path = "/publish/sse", channel = "publish")]
pub fn sse() {}

/// Plain text, on a channel of its own.
#[fanout::stream(path = "/publish/stream", channel = "publish-plain")]
pub fn stream() {}

/// The next message.
#[fanout::long_poll(path = "/publish/poll", channel = "publish", timeout = 100)]
pub fn poll() -> &'static str {
    "nothing\n"
}

/// Messages.
#[fanout::ws(path = "/publish/ws", channel = "publish")]
pub fn ws() {}

/// Publishes each message to all clients.
#[fanout::ws(path = "/publish/chat", channel = "publish-chat")]
pub fn chat(message: fanout::websocket::Message) -> Result<(), PublishError> {
    fanout::publish(chat::channel(), message)
}

/// A client called Ann, who receives neither her own items nor those that are not for her, and for whom `%(user)s` is
/// her name.
pub enum Ann {}

impl Endpoint for Ann {
    const ROUTE: Route = Route::stream("/publish/ann", |_| {
        let filters = "filter=skip-self; filter=skip-users; filter=require-sub; filter=var-subst";
        hold("stream", &format!("publish-ann; {filters}"))
            .with_header(HeaderName::from_static("grip-set-meta"), HeaderValue::from_static("user=ann"))
    });
}

/// A stream for which `%I` is an id of its own, in hex.
pub enum Ids {}

impl Endpoint for Ids {
    const ROUTE: Route = Route::stream("/publish/ids", |_| {
        hold("stream", "publish-ids; filter=build-id").with_header(
            HeaderName::from_static("grip-set-meta"),
            HeaderValue::from_static("id_format=abc, id_encoding=hex"),
        )
    });
}

/// A stream for which the proxy asks the app about each item.
pub enum Checked {}

impl Endpoint for Checked {
    const ROUTE: Route = Route::stream("/publish/checked", |_| {
        hold("stream", "publish-checked; filter=http-check; filter=http-modify").with_header(
            HeaderName::from_static("grip-set-meta"),
            HeaderValue::from_static("url=\"/publish/asks\""),
        )
    });
}

/// A stream that a refresh makes the proxy request again, with a number for each request.
pub enum Asks {}

impl Endpoint for Asks {
    const ROUTE: Route = Route::stream("/publish/asks", |head| {
        let link = HeaderValue::from_static("</publish/asks?again>; rel=next");
        let body = if head.query().is_some_and(|query| query.starts_with("again")) { "asked\n" } else { "" };
        hold("stream", "publish-asks").with_header(HeaderName::from_static("grip-link"), link).with_body(body)
    });
}

fn hold(mode: &'static str, channel: &str) -> Answer {
    let channel = HeaderValue::from_str(channel).expect("it is ASCII");
    Answer::new(StatusCode::OK)
        .with_header(HeaderName::from_static("grip-hold"), HeaderValue::from_static(mode))
        .with_header(HeaderName::from_static("grip-channel"), channel)
}

/// The given policy, and the proxy that this app publishes to, if its `GRIP_URL` has the key of its signatures.
pub fn trusted(policy: Policy) -> Policy {
    let publisher = Publisher::from_secret_store("fanout", "publisher").expect("there is a GRIP_URL");
    publisher.add_signers_to(policy).expect("its keys are keys")
}

/// Publishes the body, as text if it is UTF-8, to the clients above: `POST /publish/now`. The answer says what went
/// wrong, and whether to try again.
///
/// With `store` and `backend` in the query, it publishes with these instead.
pub fn now(mut request: Request) -> Response {
    let query = |name| request.get_query_parameter(name).map(str::to_owned);
    let (store, backend) = (query("store"), query("backend"));
    let bytes = request.take_body_bytes();
    let message = match String::from_utf8(bytes) {
        Ok(text) => Message::text(text),
        Err(error) => Message::bytes(error.into_bytes()),
    };
    let items = [
        Item::new(Channel::from_static("publish"), message.clone()),
        Item::new(Channel::from_static("publish-plain"), message.unframed()),
    ];
    let result = match (store, backend) {
        (Some(store), Some(backend)) => {
            Publisher::from_secret_store(&store, &backend).and_then(|publisher| publisher.publish_all(items))
        }
        _ => fanout::publish_all(items),
    };
    match result {
        Ok(()) => Response::from_status(200),
        Err(error) if error.is_transient() => Response::from_status(503).with_body(format!("{error}")),
        Err(error) => Response::from_status(500).with_body(format!("{error}")),
    }
}
