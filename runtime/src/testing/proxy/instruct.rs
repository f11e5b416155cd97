//! The instruction in an answer, read from its headers and its JSON: `src/handler/instruct.cpp` in Pushpin.

use std::collections::BTreeMap;
use std::time::Duration;

use base64ct::{Base64, Encoding as _};
use http::{HeaderName, HeaderValue, StatusCode};
use serde::Deserialize;
use serde_json::Value;

use super::parameters::{First, Parameters};
use crate::testing::header_list::HeaderList;
use crate::testing::wire::Answer;

/// The limit of the channels of a connection. The proxy ignores the others.
pub(in crate::testing) const MAX_CHANNELS: usize = 20;

/// The mode of a hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::testing) enum HoldMode {
    Response,
    Stream,
}

/// A subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::testing) struct Channel {
    pub(in crate::testing) name: String,
    pub(in crate::testing) prev_id: Option<String>,
    pub(in crate::testing) filters: Vec<String>,
}

/// What the proxy sends to a quiet stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::testing) struct KeepAlive {
    pub(in crate::testing) data: Vec<u8>,
    pub(in crate::testing) seconds: u64,
    pub(in crate::testing) is_interval: bool,
}

/// An instruction, and the response for the client.
#[derive(Clone, Debug)]
pub(in crate::testing) struct Instruct {
    pub(in crate::testing) mode: Option<HoldMode>,
    pub(in crate::testing) channels: Vec<Channel>,
    pub(in crate::testing) timeout: Duration,
    pub(in crate::testing) keep_alive: Option<KeepAlive>,
    pub(in crate::testing) meta: BTreeMap<String, String>,
    pub(in crate::testing) next: Option<(String, u64)>,
    pub(in crate::testing) gone: Option<String>,
    pub(in crate::testing) response: Answer,
    /// True in the JSON form.
    is_json: bool,
}

const MAX_FILTERS: usize = 5;
const DEFAULT_TIMEOUT: u64 = 55;
const MIN_TIMEOUT: u64 = 5;
const DEFAULT_NEXT: u64 = 120;

impl Instruct {
    /// Returns true if an answer has an instruction: a `Grip-` header, or the content type of the JSON form.
    pub(super) fn is_in(answer: &Answer) -> bool {
        answer.headers.iter().any(|(name, _)| name.as_str().starts_with("grip-")) || is_json(answer)
    }

    /// Returns true if the proxy reads the whole answer before it passes anything on.
    pub(super) fn is_read_whole(&self) -> bool {
        let builds_ids =
            self.channels.iter().any(|channel| channel.filters.iter().any(|name| name == "build-id"));
        match self.mode {
            Some(HoldMode::Response) => true,
            Some(HoldMode::Stream) => self.is_json || builds_ids,
            None => self.is_json || builds_ids || self.next.is_none(),
        }
    }

    /// Reads an answer.
    ///
    /// # Errors
    ///
    /// The reason why the proxy refuses it.
    pub(super) fn read(answer: &Answer) -> Result<Self, String> {
        let headers = &answer.headers;
        let mode = headers.text("Grip-Hold").map(|mode| mode_of(&mode)).transpose()?;
        let mut instruct = Self {
            mode,
            channels: channels(headers)?,
            timeout: Duration::from_secs(DEFAULT_TIMEOUT),
            keep_alive: keep_alive(headers)?,
            meta: BTreeMap::new(),
            next: None,
            gone: None,
            response: exposed(answer),
            is_json: is_json(answer),
        };
        let mut timeout =
            headers.text("Grip-Timeout").map(|text| seconds(&text, "Grip-Timeout")).transpose()?;
        for meta in Parameters::all(headers, "Grip-Set-Meta", First::Parameter) {
            if meta.len() == 0 {
                return Err("Grip-Set-Meta is empty".into());
            }
            instruct.meta.insert(text(meta.first()), text(meta.first_value()));
        }
        if let Some(status) = headers.text("Grip-Status").filter(|status| !status.is_empty()) {
            let (code, reason) = status.split_once(' ').unwrap_or((&status, ""));
            let code = code.parse().ok().filter(|code| *code <= 999).ok_or("Grip-Status is no status")?;
            instruct.response.status = code;
            instruct.response.reason = (!reason.is_empty()).then(|| reason.to_owned());
        }
        instruct.read_links(headers)?;
        if instruct.is_json {
            instruct.read_json(answer, &mut timeout)?;
        }
        instruct.timeout = Duration::from_secs(timeout.unwrap_or(DEFAULT_TIMEOUT).max(MIN_TIMEOUT));
        Ok(instruct)
    }

    fn read_links(&mut self, headers: &HeaderList) -> Result<(), String> {
        for link in Parameters::all(headers, "Grip-Link", First::Name) {
            if link.len() < 2 {
                continue;
            }
            let url = link.first().strip_prefix(b"<").and_then(|url| url.strip_suffix(b">"));
            let url = text(url.filter(|url| !url.is_empty()).ok_or("Grip-Link has no `<` and `>`")?);
            match link.get("rel") {
                Some(b"next") => {
                    let seconds = match link.number("timeout") {
                        Some(seconds) => seconds.map_err(|()| "the timeout of Grip-Link is no number")?,
                        None => DEFAULT_NEXT,
                    };
                    self.next = Some((url, seconds));
                }
                Some(b"gone") => self.gone = Some(url),
                _ => {}
            }
        }
        Ok(())
    }

    /// Reads the JSON form, which overrides the headers. Its keep-alive has no mode, and so stays off.
    fn read_json(&mut self, answer: &Answer, timeout: &mut Option<u64>) -> Result<(), String> {
        if answer.status != 200 {
            return Err("an answer with instructions as JSON must have the status 200".into());
        }
        let json: InstructJson = serde_json::from_slice(&answer.body)
            .map_err(|error| format!("the instructions are not the JSON of the proxy: {error}"))?;
        if let Some(hold) = json.hold {
            self.mode = Some(hold.mode.as_deref().map_or(Ok(HoldMode::Response), mode_of)?);
            self.channels.extend(hold.channels.into_iter().map(|channel| Channel {
                name: channel.name,
                prev_id: channel.prev_id,
                filters: channel.filters,
            }));
            *timeout = hold.timeout.or(*timeout);
            self.meta.extend(hold.meta);
        }
        self.response.headers = HeaderList::default();
        self.response.body.clear();
        let Some(response) = json.response else { return Ok(()) };
        if let Some(code) = response.code {
            self.response.status = code;
            self.response.reason = None;
        }
        self.response.reason = response.reason.or(self.response.reason.take());
        for (name, value) in pairs(response.headers)? {
            let name = HeaderName::try_from(name).map_err(|_| "a header has an invalid name")?;
            let value = HeaderValue::try_from(value).map_err(|_| "a header has an invalid value")?;
            self.response.headers.push(name, value);
        }
        self.response.body = match (response.body_bin, response.body) {
            (Some(bytes), _) => Base64::decode_vec(&bytes).unwrap_or_default(),
            (None, body) => body.unwrap_or_default().into_bytes(),
        };
        Ok(())
    }
}

#[derive(Deserialize)]
struct InstructJson {
    hold: Option<HoldJson>,
    response: Option<ResponseJson>,
}

#[derive(Deserialize)]
struct HoldJson {
    mode: Option<String>,
    channels: Vec<ChannelJson>,
    timeout: Option<u64>,
    #[serde(default)]
    meta: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct ChannelJson {
    name: String,
    prev_id: Option<String>,
    #[serde(default)]
    filters: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct ResponseJson {
    code: Option<u16>,
    reason: Option<String>,
    #[serde(default)]
    headers: Value,
    body: Option<String>,
    body_bin: Option<String>,
}

/// Headers as JSON: a list of pairs, or an object.
pub(super) fn pairs(headers: Value) -> Result<Vec<(String, String)>, String> {
    let pairs = match headers {
        Value::Null => Ok(Vec::new()),
        Value::Object(_) => {
            serde_json::from_value::<BTreeMap<_, _>>(headers).map(|map| map.into_iter().collect())
        }
        headers => serde_json::from_value(headers),
    };
    pairs.map_err(|error| format!("the headers are no list of pairs: {error}"))
}

fn mode_of(mode: &str) -> Result<HoldMode, String> {
    match mode {
        "response" => Ok(HoldMode::Response),
        "stream" => Ok(HoldMode::Stream),
        other => Err(format!("a hold is `response` or `stream`, and not `{other}`")),
    }
}

fn is_json(answer: &Answer) -> bool {
    let content_type = answer.headers.text("Content-Type").unwrap_or_default();
    content_type.split([';', ',']).next().unwrap_or_default().trim() == "application/grip-instruct"
}

fn channels(headers: &HeaderList) -> Result<Vec<Channel>, String> {
    let mut channels = Vec::new();
    for channel in Parameters::all(headers, "Grip-Channel", First::Name) {
        let filters: Vec<_> = channel.all_of("filter").map(text).collect();
        if filters.len() > MAX_FILTERS {
            return Err(format!("the channel `{}` has too many filters", text(channel.first())));
        }
        let prev_id = channel.get("prev-id").map(text);
        channels.push(Channel { name: text(channel.first()), prev_id, filters });
    }
    Ok(channels)
}

fn keep_alive(headers: &HeaderList) -> Result<Option<KeepAlive>, String> {
    let Some(value) = headers.get("Grip-Keep-Alive") else { return Ok(None) };
    let parameters =
        Parameters::parse(value.as_bytes(), First::Name).ok_or("Grip-Keep-Alive has an open quote")?;
    let data = parameters.first();
    if data.is_empty() {
        return Err("Grip-Keep-Alive is empty".into());
    }
    let is_interval = match parameters.get("mode") {
        None | Some(b"" | b"idle") => false,
        Some(b"interval") => true,
        Some(_) => return Err("Grip-Keep-Alive has an unknown mode".into()),
    };
    let seconds = match parameters.number("timeout") {
        Some(seconds) => seconds.map_err(|()| "the timeout of Grip-Keep-Alive is no number")?.max(1),
        None => DEFAULT_TIMEOUT,
    };
    let data = match parameters.get("format") {
        None | Some(b"" | b"raw") => data.to_vec(),
        Some(b"cstring") => unescape(data).ok_or("Grip-Keep-Alive is no cstring")?,
        Some(b"base64") => {
            Base64::decode_vec(&text(data)).map_err(|_| "Grip-Keep-Alive is not base64".to_owned())?
        }
        Some(_) => return Err("Grip-Keep-Alive has an unknown format".into()),
    };
    Ok(Some(KeepAlive { data, seconds, is_interval }))
}

fn unescape(data: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = data.iter().copied();
    let mut made = Vec::new();
    while let Some(byte) = bytes.next() {
        if byte != b'\\' {
            made.push(byte);
            continue;
        }
        match bytes.next()? {
            b'\\' => made.push(b'\\'),
            b'r' => made.push(b'\r'),
            b'n' => made.push(b'\n'),
            b'x' => {
                let mut digit = || char::from(bytes.next()?).to_digit(16);
                let (high, low) = (digit()?, digit()?);
                made.push(u8::try_from(high << 4 | low).expect("two digits are a byte"));
            }
            _ => {}
        }
    }
    Some(made)
}

/// The response without instructions, and with the exposed headers alone if there is a list of them.
fn exposed(answer: &Answer) -> Answer {
    let exposed: Vec<_> = Parameters::all(&answer.headers, "Grip-Expose-Headers", First::Name)
        .iter()
        .map(|name| text(name.first()).to_ascii_lowercase())
        .collect();
    let mut response = answer.clone();
    response.headers.retain(|name| {
        let is_exposed = exposed.is_empty() || exposed.iter().any(|this| this == name.as_str());
        !name.as_str().starts_with("grip-") && is_exposed
    });
    response
}

fn seconds(text: &str, header: &str) -> Result<u64, String> {
    text.trim().parse().map_err(|_| format!("{header} is no number of seconds"))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

impl Answer {
    /// An answer of the proxy itself.
    pub(super) fn of_proxy(status: StatusCode, text: &str) -> Self {
        let mut headers = HeaderList::default();
        headers.push_text("content-type", "text/plain");
        Self { status: status.as_u16(), reason: None, headers, body: format!("{text}\n").into_bytes() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grip::{Filter, Hold, KeepAlive as HoldKeepAlive, Link, Subscription};
    use crate::{Answer as AppAnswer, Channel as Name};

    fn read(hold: Hold) -> Instruct {
        Instruct::read(&Answer::of(AppAnswer::from(hold))).unwrap()
    }

    #[test]
    fn a_hold_in_headers_is_read_as_it_was_made() {
        let room =
            Subscription::new(Name::from_static("room")).prev_id("4 \"a\", b").filter(Filter::SkipSelf);
        let hold = Hold::sse(room)
            .channel(Name::from_static("all"))
            .keep_alive(HoldKeepAlive::from_static(b"; x\n\n").interval(20))
            .next_after(Link::from_static("/rooms?a=1"), 30)
            .gone(Link::from_static("/gone"))
            .meta("user", "Ann; \"A\"")
            .status(StatusCode::CREATED)
            .expose_headers([HeaderName::from_static("x-a")])
            .header(HeaderName::from_static("x-a"), HeaderValue::from_static("1"))
            .header(HeaderName::from_static("x-b"), HeaderValue::from_static("2"))
            .body("data: 1\n\n");
        let instruct = read(hold);
        assert_eq!(instruct.mode, Some(HoldMode::Stream));
        let filters = vec!["skip-self".to_owned()];
        assert_eq!(
            instruct.channels,
            [
                Channel { name: "room".into(), prev_id: Some("4 \"a\", b".into()), filters },
                Channel { name: "all".into(), prev_id: None, filters: Vec::new() },
            ]
        );
        let keep_alive = KeepAlive { data: b"; x\n\n".to_vec(), seconds: 20, is_interval: true };
        assert_eq!(instruct.keep_alive, Some(keep_alive));
        assert_eq!(instruct.next, Some(("/rooms?a=1".into(), 30)));
        assert_eq!(instruct.gone.as_deref(), Some("/gone"));
        assert_eq!(instruct.meta["user"], "Ann; \"A\"");
        let Answer { status, headers, body, .. } = instruct.response;
        let names: Vec<_> = headers.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["content-type", "cache-control", "x-a"]);
        assert_eq!((status, &body[..]), (201, &b"data: 1\n\n"[..]));
    }

    #[test]
    fn a_hold_in_json_is_read_as_it_was_made() {
        let hold = Hold::long_poll(Name::new("a,b").unwrap()).timeout(7).meta("é", "ü").body([0xff, 0]);
        let instruct = read(hold.status(StatusCode::ACCEPTED));
        assert_eq!(instruct.mode, Some(HoldMode::Response));
        assert_eq!(instruct.channels[0].name, "a,b");
        assert_eq!((instruct.timeout, &*instruct.meta["é"]), (Duration::from_secs(7), "ü"));
        assert_eq!((instruct.response.status, &instruct.response.body[..]), (202, &[0xff, 0][..]));
        assert_eq!(instruct.response.headers.text("content-type").unwrap(), "text/plain; charset=utf-8");
    }

    #[test]
    fn a_malformed_instruction_is_an_error() {
        for (name, value) in [
            ("grip-hold", "both"),
            ("grip-timeout", "soon"),
            ("grip-keep-alive", ""),
            ("grip-keep-alive", "x; mode=never"),
            ("grip-keep-alive", "x; timeout=-1"),
            ("grip-keep-alive", "x\\x0; format=cstring"),
            ("grip-status", "1000"),
            ("grip-link", "/a; rel=next"),
            ("grip-link", "</a>; rel=next; timeout=x"),
            ("grip-channel", "a; filter=1; filter=2; filter=3; filter=4; filter=5; filter=6"),
            ("content-type", "application/grip-instruct"),
        ] {
            let mut answer = Answer::of(AppAnswer::text(200, "{"));
            answer.headers.set(HeaderName::from_static(name), HeaderValue::from_static(value));
            assert!(Instruct::is_in(&answer), "{name}: {value}");
            assert!(Instruct::read(&answer).is_err(), "{name}: {value}");
        }
    }

    #[test]
    fn a_short_timeout_becomes_five_seconds() {
        let mut answer = Answer::of(Hold::long_poll(Name::from_static("a")).into());
        assert_eq!(Instruct::read(&answer).unwrap().timeout.as_secs(), 55);
        answer.headers.push_text("grip-timeout", "1");
        assert_eq!(Instruct::read(&answer).unwrap().timeout.as_secs(), 5);
    }
}
