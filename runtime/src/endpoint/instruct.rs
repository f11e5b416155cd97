//! How a hold is put to the proxy: in headers, as far as they can carry it, and as JSON otherwise.

use std::fmt;

use base64ct::{Base64, Encoding};
use http::{HeaderName, HeaderValue, StatusCode, header};
use memchr::memmem;
use serde::{Serialize, Serializer};

use super::Answer;
use crate::grip::{BYTE_ORDER_MARK, Filter, Hold, InvalidChannel, Link, Mode, Subscription, as_text};

const GRIP_HOLD: HeaderName = HeaderName::from_static("grip-hold");
const GRIP_CHANNEL: HeaderName = HeaderName::from_static("grip-channel");
const GRIP_TIMEOUT: HeaderName = HeaderName::from_static("grip-timeout");
const GRIP_KEEP_ALIVE: HeaderName = HeaderName::from_static("grip-keep-alive");
const GRIP_LINK: HeaderName = HeaderName::from_static("grip-link");
const GRIP_SET_META: HeaderName = HeaderName::from_static("grip-set-meta");
const GRIP_STATUS: HeaderName = HeaderName::from_static("grip-status");
const GRIP_EXPOSE_HEADERS: HeaderName = HeaderName::from_static("grip-expose-headers");

const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// How long the channels and the meta may be in headers. All headers must fit the 8,192 bytes of Pushpin's buffer.
const HEADER_LEN: usize = 2048;

/// The channels go into a header where they all mean themselves there, and as JSON otherwise: the proxy splits
/// the header at `,` and cuts it at `;`.
impl From<Hold> for Answer {
    fn from(hold: Hold) -> Self {
        let (channels, meta) = (channels(&hold.subscriptions), meta(&hold.meta));
        let fit = channels.zip(meta).filter(|(channels, meta)| channels.len() + meta.len() <= HEADER_LEN);
        let written = match fit {
            Some((channels, meta)) => Ok(in_headers(&hold, &channels, &meta)),
            None if hold.next.is_some() => Err(next_as_json(&hold)),
            None => in_json(&hold),
        };
        check(&hold).and(written).unwrap_or_else(refuse)
    }
}

fn refuse(problem: Problem) -> Answer {
    if problem.is_the_clients() {
        return Answer::text(400, format!("{problem}\n"));
    }
    crate::log::line(format_args!("a hold was not answered with: {problem}"));
    Answer::text(500, "the connection could not be held\n")
}

impl Hold {
    /// The response without the hold: the client gets it at once.
    ///
    /// ```
    /// use fanout::grip::{Channel, Hold};
    ///
    /// let answer = Hold::long_poll(Channel::from_static("news")).body("what you missed\n").now();
    /// assert!(answer.header("grip-hold").is_none());
    /// ```
    pub fn now(self) -> Answer {
        if let Err(problem) = check_headers(&self) {
            return refuse(problem);
        }
        let mut answer = Answer::new(self.status);
        answer.headers = response_headers(&self);
        answer.headers.retain(|(name, _)| is_exposed(&self, name));
        answer.with_body(self.body.unwrap_or_default())
    }
}

const INSTRUCT: HeaderValue = HeaderValue::from_static("application/grip-instruct");

/// Where the headers of the response begin in the JSON that is written here. In a string each `"` has a `\` before it.
const HEADERS: &[u8] = br#""response":{"headers":["#;

impl Answer {
    /// Adds a header that the client is to get, wherever the answer has these.
    pub(crate) fn with_client_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        if self.header("content-type") == Some(&INSTRUCT) {
            let place = memmem::find(&self.body, HEADERS);
            if let (Some(place), Ok(value)) = (place, value.to_str()) {
                let mut header = serde_json::to_vec(&[name.as_str(), value]).expect("two strings are JSON");
                let place = place + HEADERS.len();
                if self.body[place] == b'[' {
                    header.push(b',');
                }
                self.body.splice(place..place, header);
            }
            return self;
        }
        if let Some((_, exposed)) = self.headers.iter_mut().find(|(this, _)| *this == GRIP_EXPOSE_HEADERS) {
            let more = [exposed.as_bytes(), b", ", name.as_str().as_bytes()].concat();
            *exposed = HeaderValue::from_bytes(&more).expect("names fit a header");
        }
        self.with_header(name, value)
    }
}

impl Answer {
    /// Changes the link where the proxy asks for what was missed, if there is one.
    pub(crate) fn with_next(mut self, change: impl FnOnce(&str) -> Option<Link>) -> Self {
        let link = self.headers.iter_mut().find(|(name, _)| *name == GRIP_LINK).map(|(_, link)| link);
        if let Some(link) = link
            && let Some((url, rest)) = next_of(link)
            && let Some(changed) = change(url)
        {
            *link = HeaderValue::try_from(format!("<{changed}>{NEXT}{rest}")).expect("links fit a header");
        }
        self
    }
}

const NEXT: &str = "; rel=next";

/// The link, and what is written behind it.
fn next_of(links: &HeaderValue) -> Option<(&str, &str)> {
    let (url, behind) = links.to_str().ok()?.strip_prefix('<')?.split_once('>')?;
    Some((url, behind.strip_prefix(NEXT)?))
}

/// What the proxy would refuse, or would take for something else.
#[derive(Debug, PartialEq, Eq)]
enum Problem {
    Channel(InvalidChannel),
    ByteOrderMark(&'static str),
    PrevIdWithoutNext(String),
    TooManyFilters(String),
    NextAsJson { is_constant: bool },
    GripHeader(HeaderName),
    Instructions,
    NotUtf8(HeaderName),
}

impl Problem {
    /// Whether it is in what was made at run time, of a path or a query: then the client is told, and nobody else.
    fn is_the_clients(&self) -> bool {
        matches!(self, Self::Channel(_) | Self::ByteOrderMark(_) | Self::NextAsJson { is_constant: false })
    }
}

/// Channels, ids and meta come from the client, unless it is a constant that does not fit the header.
fn next_as_json(hold: &Hold) -> Problem {
    let mut channels = hold.subscriptions.iter().map(Subscription::channel);
    Problem::NextAsJson {
        is_constant: channels.any(|channel| channel.is_constant() && !channel.fits_header()),
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Channel(error) => error.fmt(f),
            Self::ByteOrderMark(what) => write!(f, "{what} cannot begin with a byte order mark (U+FEFF)"),
            Self::PrevIdWithoutNext(channel) => write!(
                f,
                "the subscription to {channel:?} has a prev-id, and the stream no next link where what was missed is asked for"
            ),
            Self::TooManyFilters(channel) => write!(
                f,
                "the subscription to {channel:?} has more than {} filters",
                Subscription::MAX_FILTERS
            ),
            Self::NextAsJson { .. } => f.write_str(
                "a stream with a next link can only have channels, ids and meta that fit into headers, \
                 which are printable ASCII, the channels without `,`, `;` or `\"`, and all together 2,048 bytes",
            ),
            Self::GripHeader(name) => {
                write!(f, "the header `{name}` is an instruction, for which the hold has methods")
            }
            Self::Instructions => f.write_str(
                "the content type `application/grip-instruct` is the proxy's, which would take the body for instructions",
            ),
            Self::NotUtf8(name) => write!(
                f,
                "the header `{name}` is not UTF-8, or begins with a byte order mark, and the hold is one that is sent as JSON, for its channels or its meta"
            ),
        }
    }
}

fn check(hold: &Hold) -> Result<(), Problem> {
    for subscription in &hold.subscriptions {
        subscription.channel().check().map_err(Problem::Channel)?;
    }
    // The proxy would drop it, and take the value for another: that of another user.
    let marked = |text: &str| text.starts_with(BYTE_ORDER_MARK);
    if hold.meta.iter().any(|(name, value)| marked(name) || marked(value)) {
        return Err(Problem::ByteOrderMark("meta"));
    }
    if hold.subscriptions.iter().filter_map(Subscription::last_seen).any(marked) {
        return Err(Problem::ByteOrderMark("an id"));
    }
    for subscription in &hold.subscriptions {
        let name = || subscription.channel().to_string();
        if hold.mode == Mode::Stream && hold.next.is_none() && subscription.last_seen().is_some() {
            return Err(Problem::PrevIdWithoutNext(name()));
        }
        if subscription.filters().len() > Subscription::MAX_FILTERS {
            return Err(Problem::TooManyFilters(name()));
        }
    }
    check_headers(hold)
}

fn check_headers(hold: &Hold) -> Result<(), Problem> {
    let media_type = hold.content_type.as_bytes().split(|byte| matches!(byte, b';' | b',')).next();
    if media_type.is_some_and(|this| this.trim_ascii().eq_ignore_ascii_case(INSTRUCT.as_bytes())) {
        return Err(Problem::Instructions);
    }
    match hold.headers.iter().find(|(name, _)| name.as_str().starts_with("grip-")) {
        Some((name, _)) => Err(Problem::GripHeader(name.clone())),
        None => Ok(()),
    }
}

fn in_headers(hold: &Hold, channels: &str, meta: &str) -> Answer {
    let mut answer = Answer::new(StatusCode::OK);
    answer.headers = response_headers(hold);
    instruct(&mut answer, GRIP_HOLD, hold.mode.as_str());
    instruct(&mut answer, GRIP_CHANNEL, channels);
    if let Some(seconds) = hold.timeout {
        instruct(&mut answer, GRIP_TIMEOUT, &seconds.to_string());
    }
    if !meta.is_empty() {
        instruct(&mut answer, GRIP_SET_META, meta);
    }
    if !hold.expose.is_empty() {
        let always = ALWAYS_EXPOSED.iter().filter(|name| !hold.expose.contains(name));
        let names: Vec<_> = hold.expose.iter().chain(always).map(HeaderName::as_str).collect();
        instruct(&mut answer, GRIP_EXPOSE_HEADERS, &names.join(", "));
    }
    in_either(&mut answer, hold);
    answer.with_body(body(hold))
}

/// What goes into headers even beside JSON, which has no words for it.
fn in_either(answer: &mut Answer, hold: &Hold) {
    if let Some(keep_alive) = hold.keep_alive.as_ref().filter(|_| hold.mode == Mode::Stream) {
        instruct(answer, GRIP_KEEP_ALIVE, &keep_alive.to_header());
    }
    let mut links = String::new();
    if let Some((link, seconds)) = &hold.next {
        put(&mut links, &["<", link.as_str(), ">", NEXT]);
        if let Some(seconds) = seconds {
            put(&mut links, &["; timeout=", &seconds.to_string()]);
        }
    }
    if let Some(link) = &hold.gone {
        let comma = comma(&links);
        put(&mut links, &[comma, "<", link.as_str(), ">; rel=gone"]);
    }
    if !links.is_empty() {
        instruct(answer, GRIP_LINK, &links);
    }
    if hold.status != StatusCode::OK || hold.reason.is_some() {
        let mut status = hold.status.as_str().as_bytes().to_vec();
        if let Some(reason) = &hold.reason {
            status.push(b' ');
            status.extend_from_slice(reason.as_bytes());
        }
        let status = HeaderValue::from_bytes(&status).expect("a reason fits a header, and so do digits");
        answer.headers.push((GRIP_STATUS, status));
    }
}

fn instruct(answer: &mut Answer, name: HeaderName, value: &str) {
    let value = HeaderValue::from_str(value).expect("what goes into headers is encoded for them");
    answer.headers.push((name, value));
}

fn put(text: &mut String, parts: &[&str]) {
    text.extend(parts.iter().copied());
}

/// What stands before one more in a list.
fn comma(list: &str) -> &'static str {
    if list.is_empty() { "" } else { ", " }
}

/// The headers that the client gets.
fn response_headers(hold: &Hold) -> Vec<(HeaderName, HeaderValue)> {
    let mut headers = vec![(header::CONTENT_TYPE, hold.content_type.clone())];
    if hold.headers.iter().all(|(name, _)| name != header::CACHE_CONTROL) {
        headers.push((header::CACHE_CONTROL, NO_STORE));
    }
    headers.extend(hold.headers.iter().cloned());
    headers
}

/// Without its content type a stream of events is none, and without `Cache-Control` it may be stored.
const ALWAYS_EXPOSED: [HeaderName; 2] = [header::CONTENT_TYPE, header::CACHE_CONTROL];

/// Whether the client gets a header of this name.
fn is_exposed(hold: &Hold, name: &HeaderName) -> bool {
    hold.expose.is_empty() || ALWAYS_EXPOSED.contains(name) || hold.expose.contains(name)
}

fn body(hold: &Hold) -> &[u8] {
    hold.body.as_deref().unwrap_or(hold.first)
}

/// The value of `Grip-Channel`, where the names and the rest fit it.
fn channels(subscriptions: &[Subscription]) -> Option<String> {
    let mut written = String::new();
    for subscription in subscriptions {
        if !subscription.channel().fits_header() {
            return None;
        }
        let comma = comma(&written);
        put(&mut written, &[comma, subscription.channel().as_str()]);
        if let Some(id) = subscription.last_seen() {
            put(&mut written, &["; prev-id=", &quoted(id)?]);
        }
        for filter in subscription.filters() {
            put(&mut written, &["; filter=", filter.as_str()]);
        }
    }
    Some(written)
}

/// The value of `Grip-Set-Meta`, where the names and values fit it.
fn meta(meta: &[(String, String)]) -> Option<String> {
    let mut written = String::new();
    for (name, value) in meta {
        if name.is_empty() || !name.bytes().all(is_plain) {
            return None;
        }
        let comma = comma(&written);
        put(&mut written, &[comma, name, "=", &quoted(value)?]);
    }
    Some(written)
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

/// A parameter's value, quoted where it needs to be; `None` where it cannot be in a header at all.
fn quoted(text: &str) -> Option<String> {
    if !text.is_empty() && text.bytes().all(is_plain) {
        return Some(text.to_owned());
    }
    if !text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return None;
    }
    let mut written = String::from("\"");
    for character in text.chars() {
        if matches!(character, '"' | '\\') {
            written.push('\\');
        }
        written.push(character);
    }
    written.push('"');
    Some(written)
}

fn object<S: Serializer>(pairs: &[(String, String)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(pairs.iter().map(|(name, value)| (name, value)))
}

fn in_json(hold: &Hold) -> Result<Answer, Problem> {
    #[derive(Serialize)]
    struct Instruct<'a> {
        hold: HoldJson<'a>,
        response: Response<'a>,
    }
    #[derive(Serialize)]
    struct HoldJson<'a> {
        mode: &'static str,
        channels: Vec<ChannelJson<'a>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        timeout: Option<u32>,
        #[serde(skip_serializing_if = "<[_]>::is_empty", serialize_with = "object")]
        meta: &'a [(String, String)],
    }
    #[derive(Serialize)]
    #[serde(rename_all = "kebab-case")]
    struct ChannelJson<'a> {
        name: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        prev_id: Option<&'a str>,
        #[serde(skip_serializing_if = "<[_]>::is_empty")]
        filters: &'a [Filter],
    }
    #[derive(Serialize)]
    struct Response<'a> {
        headers: Vec<[&'a str; 2]>,
        #[serde(flatten)]
        body: Body<'a>,
    }
    #[derive(Serialize)]
    enum Body<'a> {
        #[serde(rename = "body")]
        Text(&'a str),
        #[serde(rename = "body-bin")]
        Base64(String),
    }

    let all = response_headers(hold);
    let mut headers = Vec::with_capacity(all.len());
    for (name, value) in &all {
        // The proxy applies its list to headers only, and not to these.
        if is_exposed(hold, name) {
            let text = as_text(value.as_bytes()).ok_or_else(|| Problem::NotUtf8(name.clone()))?;
            headers.push([name.as_str(), text]);
        }
    }
    let instructions = Instruct {
        hold: HoldJson {
            mode: hold.mode.as_str(),
            channels: hold
                .subscriptions
                .iter()
                .map(|subscription| ChannelJson {
                    name: subscription.channel().as_str(),
                    prev_id: subscription.last_seen(),
                    filters: subscription.filters(),
                })
                .collect(),
            timeout: hold.timeout,
            meta: &hold.meta,
        },
        response: Response {
            headers,
            body: match as_text(body(hold)) {
                Some(text) => Body::Text(text),
                None => Body::Base64(Base64::encode_string(body(hold))),
            },
        },
    };
    let mut answer = Answer::new(StatusCode::OK).with_header(header::CONTENT_TYPE, INSTRUCT);
    in_either(&mut answer, hold);
    Ok(answer.with_body(serde_json::to_vec(&instructions).expect("instructions are strings and numbers")))
}

#[cfg(test)]
mod tests {
    use http::header::{CACHE_CONTROL, CONTENT_LANGUAGE};
    use serde_json::json;

    use super::*;
    use crate::grip::{Channel, KeepAlive, Link};

    const A: Channel = Channel::from_static("a");
    const ODD: Channel = Channel::from_static("a,admin");

    fn lines(hold: Hold) -> Vec<String> {
        let answer = Answer::from(hold);
        answer.headers().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect()
    }

    fn json(answer: &Answer) -> serde_json::Value {
        assert_eq!(answer.header("content-type").unwrap(), "application/grip-instruct");
        assert!(answer.header("grip-channel").is_none());
        serde_json::from_slice(answer.body()).unwrap()
    }

    #[test]
    fn plain_channels_go_into_the_header() {
        let hold = Hold::sse(A).channel(Channel::from_static("b c")).body(": hi\n\n");
        assert_eq!(Answer::from(hold.clone()).body(), b": hi\n\n");
        assert_eq!(
            lines(hold),
            [
                "content-type: text/event-stream",
                "cache-control: no-store",
                "grip-hold: stream",
                "grip-channel: a, b c",
                r"grip-keep-alive: :\n\n; format=cstring; timeout=15",
            ]
        );
    }

    #[test]
    fn all_that_a_hold_can_say_is_said_in_headers() {
        let hold = Hold::stream(
            Subscription::new(A).prev_id("4;2").filter(Filter::SkipSelf).filter(Filter::VarSubst),
        )
        .channel(Channel::from_static("b"))
        .keep_alive(KeepAlive::from_static(b".").interval(20))
        .next_after(Link::from_static("/missed"), 60)
        .gone(Link::from_static("/gone"))
        .meta("user", "alice")
        .meta("name", "a \"b\" \\, c")
        .status(StatusCode::CREATED)
        .reason(HeaderValue::from_static("Made it"))
        .expose_headers([CONTENT_LANGUAGE, header::CONTENT_TYPE])
        .header(CONTENT_LANGUAGE, HeaderValue::from_static("en"))
        .header(CACHE_CONTROL, HeaderValue::from_static("max-age=1"))
        .header(header::CONTENT_TYPE, HeaderValue::from_static("text/csv"));
        assert_eq!(
            lines(hold),
            [
                "content-type: text/csv",
                "content-language: en",
                "cache-control: max-age=1",
                "grip-hold: stream",
                r#"grip-channel: a; prev-id="4;2"; filter=skip-self; filter=var-subst, b"#,
                r#"grip-set-meta: user=alice, name="a \"b\" \\, c""#,
                "grip-expose-headers: content-language, content-type, cache-control",
                "grip-keep-alive: .; timeout=20; mode=interval",
                "grip-link: </missed>; rel=next; timeout=60, </gone>; rel=gone",
                "grip-status: 201 Made it",
            ]
        );
    }

    #[test]
    fn a_channel_that_would_be_two_goes_as_json() {
        let hold = Hold::long_poll(ODD).timeout(9).body("x");
        assert_eq!(
            json(&hold.into()),
            json!({
                "hold": { "mode": "response", "channels": [{ "name": "a,admin" }], "timeout": 9 },
                "response": {
                    "headers": [["content-type", "text/plain; charset=utf-8"], ["cache-control", "no-store"]],
                    "body": "x",
                },
            })
        );
    }

    #[test]
    fn what_json_has_no_words_for_stays_in_headers_beside_it() {
        let hold = Hold::sse(Subscription::new(ODD).filter(Filter::SkipSelf))
            .gone(Link::from_static("/gone"))
            .meta("user", "al\nice")
            .status(StatusCode::ACCEPTED)
            .expose_headers([header::CONTENT_TYPE]);
        let answer = Answer::from(hold.clone());
        assert_eq!(
            json(&answer),
            json!({
                "hold": {
                    "mode": "stream",
                    "channels": [{ "name": "a,admin", "filters": ["skip-self"] }],
                    "meta": { "user": "al\nice" },
                },
                "response": {
                    "headers": [["content-type", "text/event-stream"], ["cache-control", "no-store"]],
                    "body": ":\n\n",
                },
            })
        );
        assert_eq!(
            lines(hold)[1..],
            [
                r"grip-keep-alive: :\n\n; format=cstring; timeout=15",
                "grip-link: </gone>; rel=gone",
                "grip-status: 202"
            ]
        );
    }

    #[test]
    fn what_a_header_cannot_carry_makes_it_json() {
        let long = Channel::new("x".repeat(Channel::MAX_LEN)).unwrap();
        for hold in [
            Hold::sse(A).meta("a", "\u{e9}"),
            Hold::sse(A).meta("a b", "c"),
            Hold::sse(A).meta("", "c"),
            Hold::long_poll(Subscription::new(A).prev_id("\r\nx: y")),
            Hold::sse(long).channel(A),
        ] {
            json(&hold.into());
        }
    }

    #[test]
    fn a_body_that_is_no_text_goes_as_base64() {
        let hold = Hold::stream(Channel::from_static("é")).body([0xff, 0x00]);
        assert_eq!(json(&hold.into())["response"]["body-bin"], "/wA=");
        let marked = Hold::stream(Channel::from_static("é")).body("\u{feff}a");
        assert_eq!(json(&marked.into())["response"]["body-bin"], "77u/YQ==");
    }

    #[test]
    fn a_channel_named_twice_has_the_last_word() {
        let hold =
            Hold::sse(A).channels([Subscription::new(A).filter(Filter::SkipSelf)]).without_keep_alive();
        assert_eq!(lines(hold).last().unwrap(), "grip-channel: a; filter=skip-self");
    }

    #[test]
    fn a_stream_of_events_begins_with_a_comment_unless_it_begins_with_something_else() {
        assert_eq!(Answer::from(Hold::sse(A)).body(), b":\n\n");
        assert_eq!(Answer::from(Hold::sse(A).body("")).body(), b"");
        assert_eq!(Answer::from(Hold::stream(A)).body(), b"");
        assert_eq!(Answer::from(Hold::long_poll(A)).body(), b"");
    }

    #[test]
    fn a_poll_is_not_kept_awake() {
        let hold = Hold::long_poll(A).keep_alive(KeepAlive::from_static(b"."));
        assert_eq!(lines(hold).last().unwrap(), "grip-channel: a");
    }

    #[test]
    fn what_the_proxy_would_refuse_is_a_500() {
        let reliable = || Subscription::new(A).prev_id("1");
        let filters =
            (0..6).fold(Subscription::new(A), |subscription, _| subscription.filter(Filter::SkipSelf));
        let opaque = HeaderValue::from_bytes(b"\xff").unwrap();
        for (hold, problem) in [
            (Hold::sse(reliable()), "the subscription to \"a\" has a prev-id, and"),
            (Hold::sse(filters), "the subscription to \"a\" has more than 5 filters"),
            (Hold::sse(A).header(GRIP_CHANNEL, NO_STORE), "the header `grip-channel` is an instruction"),
            (
                Hold::stream(A).content_type(HeaderValue::from_static("Application/GRIP-Instruct ; a=b")),
                "the content type `application/grip-instruct` is the proxy's",
            ),
            (
                Hold::sse(ODD).header(CONTENT_LANGUAGE, opaque.clone()),
                "the header `content-language` is not UTF-8",
            ),
            (
                Hold::sse(ODD).header(CONTENT_LANGUAGE, HeaderValue::from_bytes(b"\xef\xbb\xbfa").unwrap()),
                "the header `content-language` is not UTF-8, or begins with a byte order mark",
            ),
        ] {
            let found = check(&hold).and_then(|()| in_json(&hold)).unwrap_err().to_string();
            assert!(found.starts_with(problem), "{found}");
            assert_eq!(Answer::from(hold).status(), 500);
        }
        // The proxy would put the JSON that it is answered with into the stream.
        assert_eq!(Answer::from(Hold::sse(ODD).next(Link::from_static("/missed"))).status(), 500);
        assert_eq!(Answer::from(Hold::long_poll(reliable())).status(), 200);
        assert_eq!(Answer::from(Hold::sse(A).header(CONTENT_LANGUAGE, opaque)).status(), 200);
    }

    #[test]
    fn the_client_gets_a_header_more_in_either_form() {
        let tricky = Channel::from_static(r#"","response":{"headers":["#);
        let more = |hold: Hold| {
            Answer::from(hold).with_client_header(header::VARY, HeaderValue::from_static("a, \"b\""))
        };
        let headers = json!([
            ["vary", "a, \"b\""],
            ["content-type", "text/event-stream"],
            ["cache-control", "no-store"]
        ]);
        let hold = Hold::sse(tricky.clone()).expose_headers([header::CONTENT_TYPE]).body("x");
        let answer = json(&more(hold));
        assert_eq!(answer["response"]["headers"], headers);
        assert_eq!(answer["hold"]["channels"][0]["name"], tricky.as_str());
        let alone = json(&more(Hold::sse(ODD).expose_headers([CONTENT_LANGUAGE])));
        assert_eq!(alone["response"]["headers"], headers);
        let answer = more(Hold::sse(A).expose_headers([header::CONTENT_TYPE]));
        assert_eq!(answer.header("vary").unwrap(), "a, \"b\"");
        assert_eq!(answer.header("grip-expose-headers").unwrap(), "content-type, cache-control, vary");
    }

    #[test]
    fn what_a_response_is_and_who_may_store_it_is_always_the_clients() {
        let feed = |channel: Channel| {
            Hold::sse(channel)
                .header(CONTENT_LANGUAGE, HeaderValue::from_static("en"))
                .expose_headers([CONTENT_LANGUAGE])
        };
        let answer = Answer::from(feed(A));
        assert_eq!(
            answer.header("grip-expose-headers").unwrap(),
            "content-language, content-type, cache-control"
        );
        let all = json!([
            ["content-type", "text/event-stream"],
            ["cache-control", "no-store"],
            ["content-language", "en"]
        ]);
        assert_eq!(json(&feed(ODD).into())["response"]["headers"], all);
        let now = feed(A).now();
        let names: Vec<_> = now.headers().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["content-type", "cache-control", "content-language"]);
    }

    #[test]
    fn what_a_client_made_wrong_is_a_400_that_says_so() {
        let next = Link::from_static("/missed");
        let made = |name: &str| Channel::unchecked(name.to_owned());
        let last = |id: &str| Hold::long_poll(Subscription::new(A).prev_id(id));
        for (hold, text) in [
            (Hold::sse(made("")), "a channel name cannot be empty"),
            (Hold::long_poll(A).channel(made("\u{feff}a")), "a channel name cannot begin with"),
            (
                Hold::stream(made(&"a".repeat(2049))).next(next.clone()),
                "a channel name has at most 2048 bytes",
            ),
            (Hold::sse(made("a,b")).next(next.clone()), "a stream with a next link can only have"),
            (Hold::sse(made("\u{e9}")).next(next.clone()), "a stream with a next link can only have"),
            (Hold::sse(A).meta("user", "\u{e9}").next(next), "a stream with a next link can only have"),
            (Hold::sse(A).meta("user", "\u{feff}alice"), "meta cannot begin with a byte order mark"),
            (Hold::sse(A).meta("\u{feff}user", "alice"), "meta cannot begin with a byte order mark"),
            (last("\u{feff}1"), "an id cannot begin with a byte order mark"),
        ] {
            let answer = Answer::from(hold);
            let said = String::from_utf8(answer.body.clone()).unwrap();
            assert_eq!(answer.status(), 400, "{said}");
            assert!(said.starts_with(text), "{said}");
            assert!(answer.headers().all(|(name, _)| !name.as_str().starts_with("grip-")));
        }
        assert_eq!(Answer::from(last("1\u{feff}")).status(), 200);
    }

    #[test]
    fn at_once_nothing_is_held() {
        let answer = Hold::long_poll(A).status(StatusCode::ACCEPTED).body("x").now();
        let names: Vec<_> = answer.headers().map(|(name, _)| name.as_str()).collect();
        assert_eq!((answer.status().as_u16(), names), (202, vec!["content-type", "cache-control"]));
        assert_eq!(answer.body(), b"x");
        assert_eq!(Hold::long_poll(A).header(GRIP_HOLD, NO_STORE).now().status(), 500);
        assert_eq!(Hold::long_poll(A).content_type(INSTRUCT).now().status(), 500);
    }

    #[test]
    #[should_panic = "5 seconds or more"]
    fn a_timeout_that_the_proxy_would_raise_is_a_mistake() {
        let _ = Hold::long_poll(A).timeout(4);
    }
}
