//! The hold of `sse`, `stream` and `long_poll`, within the limits of the proxy and of HTTP.

use quote::ToTokens;
use syn::{LitInt, LitStr};

use crate::diagnostics::{Advice, Errors, ends};
use crate::kind::Kind;
use crate::parse::keep_alive::KeepAlive;
use crate::parse::option_table::{self, Options};
use crate::parse::time::Seconds;

use super::names::Names;
use super::origin::origin;
use super::path::percent_encoded;
use super::template::{Part, Template, Written};

/// The options of a hold. Times are in seconds.
#[derive(Default)]
pub struct Hold {
    pub timeout: Option<u32>,
    pub keep_alive: Option<Awake>,
    pub next: Option<Template>,
    pub next_after: Option<u32>,
    pub gone: Option<Template>,
    /// The origins whose pages may read the response.
    pub cors: Vec<String>,
    pub content_type: Option<String>,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub expose_headers: Vec<String>,
    pub status: Option<u16>,
    pub meta: Vec<(String, Template)>,
}

/// The data that a stream or a WebSocket sends in quiet times.
#[derive(Debug, PartialEq, Eq)]
pub enum Awake {
    Off,
    On { every: bool, seconds: u32, data: Option<String> },
}

/// The runtime's `KeepAlive::MAX_LEN`, in bytes.
const MAX_KEEP_ALIVE: usize = 1024;

/// The limit of WebSocket, in bytes.
const MAX_PING: usize = 125;

/// The runtime's `Link::MAX_LEN`, in bytes.
const MAX_LINK: usize = 1024;

/// The limit of the proxy, which counts milliseconds in 31 bits.
const MAX_SECONDS: u32 = 2_147_483;

impl Hold {
    pub fn lower(kind: Kind, written: &Options, names: &Names<'_>, errors: &mut Errors) -> Self {
        if kind == Kind::Ws {
            return Self::default();
        }
        let timeout = written.timeout.value().and_then(|timeout| {
            let less = "write `timeout = 5` or more: the proxy raises a smaller value to 5";
            seconds(timeout, "timeout", 5, less, errors)
        });
        let keep_alive = written.keep_alive.value().and_then(|awake| keep_alive(kind, awake, errors));
        let next_after = written.next_after.value().and_then(|after| {
            let has_link = !written.next.is_absent() || !written.history.is_absent();
            if !has_link && !written.unrecognised {
                let example = option_table::example("next", names.endpoint);
                let help = format!("add the link that the proxy requests: `{example}`");
                let place = written.place("next_after").map(ToTokens::to_token_stream);
                let place = place.unwrap_or_else(|| after.written.to_token_stream());
                errors.push(place, "`next_after` does nothing without `next`", help);
            }
            seconds(after, "next_after", 1, "write `next_after = 1` or more", errors)
        });
        let expose_headers = written.expose_headers.values();
        if let Some(all) = expose_headers.iter().find(|name| name.value() == "*") {
            errors.push(
                all,
                "`*` is not a wildcard, and would hide every header",
                "remove the option: without it, every header is exposed",
            );
        }
        let cors = written.cors.values();
        let any = cors.iter().find(|origin| origin.value() == "*");
        if let Some(any) = any.filter(|_| cors.len() > 1) {
            errors.push(
                any,
                "`*` already allows every origin",
                "write `cors = \"*\"`, or remove it from the list",
            );
        }
        let content_type = written.content_type.value();
        let headers = written.headers.values();
        Self {
            timeout,
            keep_alive,
            next: written.next.value().and_then(|link| url(link, "next", names, errors)),
            next_after,
            gone: written.gone.value().and_then(|link| url(link, "gone", names, errors)),
            cors: cors.iter().filter_map(|written| origin(written, "cors", errors)).collect(),
            content_type: content_type.and_then(|content_type| media_type(content_type, errors)),
            headers: headers.iter().filter_map(|header| one_header(kind, header, names, errors)).collect(),
            expose_headers: expose_headers
                .iter()
                .filter_map(|name| header_name(name, true, errors))
                .collect(),
            status: written.status.value().and_then(|written| status(written, errors)),
            meta: all_meta(written.meta.values(), names, errors),
        }
    }
}

/// Returns `true` if a link leads to the endpoint itself.
pub fn leads_here(link: &LitStr, path: &LitStr) -> bool {
    link.value().split(['?', '#']).next() == Some(path.value().as_str())
}

/// Refuses a stream that would answer its own recovery request with a 405: the proxy would end the stream. `or` is another way
/// out than the method.
pub fn answers_recovery(
    place: impl ToTokens,
    methods: &[&str],
    endpoint: &str,
    or: &str,
    errors: &mut Errors,
) {
    if !methods.contains(&"GET") {
        let all: Vec<_> = ["GET"].iter().chain(methods).collect();
        let problem = format!("a recovery request is a `GET`, which `{endpoint}` does not answer");
        errors.push(place, problem, format!("answer it too: `methods = {all:?}`{or}"));
    }
}

/// A time within the limits of the proxy.
pub fn seconds(written: &Seconds, option: &str, least: u32, less: &str, errors: &mut Errors) -> Option<u32> {
    if written.count < least {
        errors.push(&written.written, format!("`{option}` must be at least {least} {}", plural(least)), less);
    } else if written.count > MAX_SECONDS {
        let problem = format!("`{option}` must be at most {MAX_SECONDS} seconds");
        errors.push(&written.written, problem, "write a shorter time: the proxy counts 24 days at most");
    } else {
        return Some(written.count);
    }
    None
}

fn plural(count: u32) -> &'static str {
    if count == 1 { "second" } else { "seconds" }
}

/// Lowers `keep_alive`. The endpoint kind decides which content is allowed.
pub fn keep_alive(kind: Kind, written: &KeepAlive, errors: &mut Errors) -> Option<Awake> {
    let (every, time, data) = match written {
        KeepAlive::Off(_) if kind == Kind::Sse => return Some(Awake::Off),
        KeepAlive::Off(off) => {
            let problem = format!("`off` does nothing for `{}`", kind.name());
            errors.push(off, problem, "remove the option: without it, nothing is sent");
            return None;
        }
        KeepAlive::Idle(time, data) => (false, time, data),
        KeepAlive::Every(time, data) => (true, time, data),
    };
    let less = match kind {
        Kind::Sse => "write `keep_alive = off` to send nothing, or a time",
        _ => "remove the option to send nothing, or write a time",
    };
    let seconds = seconds(time, "keep_alive", 1, less, errors);
    if let (Kind::Stream, None, Some(seconds)) = (kind, data, seconds) {
        let name = if every { "every" } else { "idle" };
        let help = format!("write the content: `keep_alive = {name}(\"{seconds}s\", \"\\n\")`");
        errors.push(&time.written, "the keep-alive of a `stream` needs content to send", help);
        return None;
    }
    let data = match data {
        Some(data) => Some(keep_alive_data(kind, data, errors)?),
        None => None,
    };
    Some(Awake::On { every, seconds: seconds?, data })
}

/// The data that is sent in quiet times.
fn keep_alive_data(kind: Kind, written: &LitStr, errors: &mut Errors) -> Option<String> {
    let data = written.value();
    if data.is_empty() {
        let help = match kind {
            Kind::Stream => "write the content, such as `\"\\n\"`",
            _ => "write the content, or remove it",
        };
        errors.push(written, "the content of a keep-alive cannot be empty", help);
    } else if kind == Kind::Sse && !data.ends_with("\n\n") {
        let help = format!("write `{:?}`", format!("{}\n\n", data.trim_end_matches('\n')));
        errors.push(written, "an event must end with an empty line", help);
    } else if kind != Kind::Ws && data.len() > MAX_KEEP_ALIVE {
        let problem = format!("a keep-alive has at most {MAX_KEEP_ALIVE} bytes, this one has {}", data.len());
        errors.push(written, problem, "shorten it");
    } else if kind == Kind::Ws && data.len() > MAX_PING {
        let problem = format!("a ping has at most {MAX_PING} bytes, this one has {}", data.len());
        errors.push(written, problem, "shorten it");
    } else {
        return Some(data);
    }
    None
}

/// A link to this app or another: an absolute path or an address.
fn url(written: &LitStr, what: &str, names: &Names<'_>, errors: &mut Errors) -> Option<Template> {
    let value = written.value();
    if !["/", "http://", "https://"].iter().any(|start| value.starts_with(start)) {
        let problem = format!("`{what}` must be a path or an address");
        let (guess, behind) = match value.split_once("://") {
            Some((_, address)) => (format!("https://{address}"), ""),
            None => (format!("/{value}"), ", or an address with `https://`"),
        };
        let plain: String = guess.chars().map(encoded_in_link).collect();
        let advice = [guess, plain].map(|link| Advice::write(format!("{what} = {link:?}"), behind));
        errors.advise(
            ends(written),
            problem,
            advice,
            format!("write `{}`", option_table::example(what, names.endpoint)),
        );
        return None;
    }
    if let Some(address) = value.strip_prefix("//") {
        let own = address.split_once('/').map_or("", |(_, path)| path);
        let own = format!("/{own}");
        let behind = format!(", or `{:?}` for another service", format!("https://{address}"));
        let advice = Advice::write(format!("{what} = {own:?}"), &behind);
        let help = "write a path, or an address with `https://`";
        errors.advise(ends(written), "`//` starts the name of a host, not a path", [advice], help);
        return None;
    }
    if names.refuse_foreign(std::slice::from_ref(written), what, "link", errors) {
        return None;
    }
    if let Some(other) = value.chars().find(|&c| !is_plain_in_link(c)) {
        let help = format!("write it percent-encoded: `{}`", percent_encoded(other));
        errors.push(written, format!("a link cannot contain {other:?}"), help);
        return None;
    }
    let without_guard = match what {
        "next" => "remove it: the link carries the guard value without it; a `WithHold` can set another link",
        _ => "return a `WithHold` from the function: it can set the link",
    };
    let without_guard = Some(without_guard);
    let link = Written { text: written, what: "link", names, without_guard }.template(errors)?;
    if let Some((problem, help)) = wrong_host(&link, what, names) {
        errors.push(written, problem, help);
        return None;
    }
    let least: usize = link.parts.iter().map(sent_at_least).sum();
    if least > MAX_LINK {
        let than = if link.parts.len() > 1 { " or more" } else { "" };
        let problem = format!("a link has at most {MAX_LINK} bytes, this one has {least}{than}");
        errors.push(written, problem, "shorten it");
        return None;
    }
    Some(link)
}

fn is_plain_in_link(c: char) -> bool {
    c.is_ascii_graphic() && !"\"<>\\^`|".contains(c)
}

fn encoded_in_link(c: char) -> String {
    if is_plain_in_link(c) { c.to_string() } else { percent_encoded(c) }
}

/// The smallest size of a part of a link, in bytes. A character that would end the link in its header is sent as `%XX`.
fn sent_at_least(part: &Part) -> usize {
    match part {
        Part::Text(text) => text.chars().map(|c| if ",;{}".contains(c) { 3 } else { 1 }).sum(),
        Part::Parameter(_) | Part::Guard(_) => 1,
    }
}

/// The mistake in the host of an address, and the help. The proxy follows the instructions of the host, so a client,
/// which writes the path, must not choose it.
fn wrong_host(link: &Template, what: &str, names: &Names<'_>) -> Option<(String, String)> {
    let Some(Part::Text(start)) = link.parts.first() else { return None };
    let scheme = ["http://", "https://"].into_iter().find(|scheme| start.starts_with(scheme))?;
    let address = &start[scheme.len()..];
    let ends = address.find(['/', '?', '#']);
    if let (None, Some(Part::Parameter(index))) = (ends, link.parts.get(1)) {
        let name = &names.parameters()[*index];
        let help = format!("write a fixed host: `{what} = \"{scheme}www.example.com/{{{name}}}\"`");
        return Some((
            format!("`{{{name}}}` would let a client choose the host that the proxy requests"),
            help,
        ));
    }
    address[..ends.unwrap_or(address.len())].is_empty().then(|| {
        let help = format!("write one: `{what} = \"{scheme}www.example.com/\"`");
        (format!("the address of `{what}` has no host"), help)
    })
}

fn media_type(written: &LitStr, errors: &mut Errors) -> Option<String> {
    let value = written.value();
    let (kind, rest) = value.split_once('/').unwrap_or((&value, ""));
    let subtype = rest.split(';').next().unwrap_or_default().trim_end();
    if kind.is_empty() || subtype.is_empty() || ![kind, subtype].iter().all(|part| part.chars().all(is_token))
    {
        let help = "write a media type, such as `content_type = \"application/json\"`";
        let plain: String = value.chars().filter(|c| *c != ' ').collect();
        let meant = match &*plain.to_lowercase() {
            "json" => "application/json",
            "ndjson" | "jsonl" | "jsonlines" => "application/x-ndjson",
            "xml" => "application/xml",
            "bytes" | "binary" | "octet-stream" => "application/octet-stream",
            "html" => "text/html",
            "css" => "text/css",
            "csv" => "text/csv",
            "text" | "plain" | "txt" | "string" => "text/plain",
            _ => &*plain,
        };
        let advice = Advice::write(format!("content_type = {meant:?}"), "");
        errors.advise(ends(written), format!("`{value}` is not a content type"), [advice], help);
        return None;
    }
    if subtype.eq_ignore_ascii_case("grip-instruct") {
        errors.push(
            written,
            "the proxy would read the response as instructions",
            "write another content type",
        );
        return None;
    }
    header_value(written, errors)
}

/// A header of the response.
fn one_header(
    kind: Kind,
    (name, value): &(LitStr, LitStr),
    names: &Names<'_>,
    errors: &mut Errors,
) -> Option<(String, String)> {
    let text = value.value();
    if let Some(parameter) = names.parameters().iter().find(|name| text.contains(&format!("{{{name}}}"))) {
        names.resolve(parameter);
        let help = "return a `WithHold` from the function: it can set headers for one request";
        errors.push(value, format!("`headers` cannot contain the path parameter `{parameter}`"), help);
    } else if let Some(field) = names.guard_value_in(&text) {
        let help = "return a `WithHold` from the function: it can set headers for one request";
        errors.push(value, format!("`headers` cannot contain the guard value `{{{field}}}`"), help);
    }
    let (lower, value) = (header_name(name, false, errors), header_value(value, errors));
    let lower = lower?;
    let instead = match lower.as_str() {
        "content-type" if kind == Kind::Sse => "remove it: the response of `sse` is `text/event-stream`",
        "content-type" => "write the option `content_type`",
        "content-length" | "transfer-encoding" | "connection" => "remove it: the proxy sets it",
        "access-control-allow-origin" => "write the option `cors`",
        grip if grip.starts_with("grip-") => {
            "remove it: it is an instruction to the proxy, for which there are options such as `keep_alive` and `next`"
        }
        _ => return Some((lower, value?)),
    };
    errors.push(name, format!("`headers` cannot set `{}`", name.value()), instead);
    None
}

fn header_name(written: &LitStr, is_list: bool, errors: &mut Errors) -> Option<String> {
    let name = written.value();
    if name.is_empty() || !name.chars().all(is_token) {
        let help = "write a name such as `\"X-Feed\"`, without spaces or a colon";
        let each: Vec<_> = name.split(',').map(str::trim).filter(|one| !one.is_empty()).collect();
        // Only this option is a list of names.
        let option = format!("expose_headers = {each:?}");
        let advice =
            (is_list && each.len() > 1).then(|| Advice { help: format!("write a list: `{option}`"), option });
        errors.advise(ends(written), format!("`{name}` is not a valid header name"), advice, help);
        return None;
    }
    Some(name.to_ascii_lowercase())
}

fn header_value(written: &LitStr, errors: &mut Errors) -> Option<String> {
    let value = written.value();
    let plain = value.chars().all(|c| c == '\t' || matches!(c, ' '..='~'));
    if !plain || value.trim() != value {
        let help = "write ASCII text in one line, without spaces at its ends";
        errors.push(written, "this is not a valid header value", help);
        return None;
    }
    Some(value)
}

/// Returns `true` for a character of an HTTP token.
pub fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c)
}

fn status(written: &LitInt, errors: &mut Errors) -> Option<u16> {
    match written.base10_parse() {
        Ok(status @ 200..=599) if !matches!(status, 204 | 304) => return Some(status),
        Ok(204 | 304) => {
            let help = "write another status: a hold sends a body";
            errors.push(written, format!("a response with the status {written} has no body"), help);
        }
        _ => errors.push(
            written,
            format!("`{written}` is not a valid status of a response"),
            "write a status from 200 to 599, except 204 and 304",
        ),
    }
    None
}

fn all_meta(written: &[(LitStr, LitStr)], names: &Names<'_>, errors: &mut Errors) -> Vec<(String, Template)> {
    let mut all: Vec<(String, Template)> = Vec::new();
    for pair in written {
        let Some((name, value)) = one_meta(pair, names, errors) else { continue };
        if all.iter().any(|(earlier, _)| *earlier == name) {
            errors.push(&pair.0, format!("`{name}` is listed twice"), "remove one of them");
        }
        all.push((name, value));
    }
    all
}

fn one_meta(
    (name, value): &(LitStr, LitStr),
    names: &Names<'_>,
    errors: &mut Errors,
) -> Option<(String, Template)> {
    let written = name.value();
    let template = Written { text: value, what: "meta value", names, without_guard: None }.template(errors);
    let is_name = !written.is_empty() && written.chars().all(is_token);
    if !is_name {
        let help = "write a name such as `\"user\"`, without spaces or a colon";
        errors.push(name, format!("`{written}` is not a valid meta name"), help);
    }
    let template = template?;
    names.refuse_foreign(std::slice::from_ref(value), "", "meta value", errors);
    let is_control = |part: &Part| matches!(part, Part::Text(text) if text.contains(char::is_control));
    if template.parts.iter().any(is_control) {
        errors.push(value, "a meta value cannot contain control characters", "write it in one line");
        return None;
    }
    is_name.then_some((written, template))
}
