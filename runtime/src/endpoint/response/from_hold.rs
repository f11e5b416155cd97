//! The answer that a hold becomes, and the last step of every answer: the instruction is written into it.

use std::mem;

use http::{HeaderName, HeaderValue, header};

use super::{Answer, Reason};
use crate::grip::hold::wire::{self, GRIP_CHANNEL, GRIP_EXPOSE_HEADERS, GRIP_LINK, Problem};
use crate::grip::{Hold, Link};
use crate::log;

const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// The headers that every client gets: without its content type a stream of events is none, and without `Cache-Control`
/// it may be stored.
const ALWAYS_EXPOSED: [HeaderName; 2] = [header::CONTENT_TYPE, header::CACHE_CONTROL];

/// The answer is the client's response, and carries the instruction. The last step before it is sent writes it.
impl From<Hold> for Answer {
    fn from(hold: Hold) -> Self {
        if let Some(channel) = wire::always_new(&hold.instruction) {
            log::line(format_args!(
                "a channel function was called twice for one request, and {:?} was found only once: the proxy asks \
                 again about a second after the first subscription to a channel, so it asks every second here, and a long \
                 poll is never answered; make the name from the request, not from a random number or the time",
                channel.as_str(),
            ));
        }
        if let Err(problem) = wire::check(&hold) {
            return refuse(&problem);
        }
        let mut answer = Self { headers: response_headers(&hold), ..Self::new(hold.status) };
        answer.body = hold.body.unwrap_or_else(|| hold.first.to_vec());
        let mut instruction = hold.instruction;
        if !instruction.expose.is_empty() {
            let missing = ALWAYS_EXPOSED.into_iter().filter(|name| !instruction.expose.contains(name));
            let missing: Vec<_> = missing.collect();
            instruction.expose.extend(missing);
        }
        answer.instruction = Some(Box::new(instruction));
        answer
    }
}

impl Hold {
    /// Returns the client's response without the instruction: the client gets it at once.
    ///
    /// ```
    /// use fanout::grip::Hold;
    /// use fanout::Channel;
    ///
    /// let answer = Hold::long_poll(Channel::from_static("news")).body("what you missed\n").now();
    /// assert!(fanout::http::Response::from(answer).headers().get("grip-hold").is_none());
    /// ```
    pub fn now(self) -> Answer {
        let mut headers = response_headers(&self);
        if let Err(problem) = wire::check_headers(&headers) {
            return refuse(&problem);
        }
        headers.retain(|(name, _)| ALWAYS_EXPOSED.contains(name) || self.instruction.exposes(name));
        Answer { headers, ..Answer::new(self.status) }.with_body(self.body.unwrap_or_default())
    }
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

/// The client is told of the problem if the client may have caused it, and the log otherwise.
fn refuse(problem: &Problem) -> Answer {
    if problem.is_the_clients() {
        // The client cannot change a value that the app makes.
        if matches!(problem, Problem::NextAsJson { .. }) {
            log::line(format_args!("a hold was refused: {problem}"));
        }
        let is_channel = matches!(problem, Problem::Channel(_));
        return Answer::refused(
            if is_channel { Reason::InvalidChannel } else { Reason::InvalidValue },
            problem,
        );
    }
    log::line(format_args!("a hold was not answered with: {problem}"));
    Answer::refused(Reason::Internal, NOT_HELD)
}

/// The text of a refusal for a hold that the app got wrong.
pub(crate) const NOT_HELD: &str = "the connection could not be held";

/// The relation of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rel {
    /// The recovery link.
    Next,
    /// Another link, at which the proxy tells that a client is gone.
    Other,
}

impl Answer {
    /// Adds a header that the client gets even if the hold exposes only some.
    pub(crate) fn with_client_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        if let Some(instruction) = &mut self.instruction
            && !instruction.exposes(&name)
        {
            instruction.expose.push(name.clone());
        }
        // A list that the app has written into a header itself.
        if self.headers.iter().any(|(this, list)| *this == GRIP_EXPOSE_HEADERS && !list.is_empty()) {
            self.headers.push((GRIP_EXPOSE_HEADERS, name.clone().into()));
        }
        self.with_header(name, value)
    }

    /// Returns true if the answer has links. Links that the app has written into a header itself count too.
    pub(crate) fn has_links(&self) -> bool {
        self.instruction.as_ref().is_some_and(|this| this.next.is_some() || this.gone.is_some())
            || self.headers.iter().any(|(name, _)| *name == GRIP_LINK)
    }

    /// Changes the links, if there are some. `change` returns a link of at most [`Link::MAX_LEN`] bytes.
    pub(crate) fn with_links(mut self, mut change: impl FnMut(Rel, &str) -> Option<String>) -> Self {
        if let Some(instruction) = &mut self.instruction {
            let next = instruction.next.as_mut().map(|(link, _)| (Rel::Next, link));
            let gone = instruction.gone.as_mut().map(|link| (Rel::Other, link));
            for (rel, link) in next.into_iter().chain(gone) {
                if let Some(Ok(changed)) = change(rel, link.as_str()).map(Link::new) {
                    *link = changed;
                }
            }
        }
        for (_, value) in self.headers.iter_mut().filter(|(name, _)| *name == GRIP_LINK) {
            *value = with_each_url(value, &mut change);
        }
        self
    }

    /// Adds the subscription whose id proves the recovery link.
    pub(crate) fn with_proof(mut self, id: String) -> Self {
        match &mut self.instruction {
            Some(instruction) => instruction.proof = Some(id),
            None => {
                let channel = wire::proof_channel(&id);
                self.headers
                    .push((GRIP_CHANNEL, HeaderValue::try_from(channel).expect("a digest fits a header")));
            }
        }
        self
    }

    /// Returns the answer with the instruction in its headers, or in JSON if they cannot carry it. `path` is for the log.
    ///
    /// # Errors
    ///
    /// A refusal, if the proxy would not take the answer. The log says why.
    pub(crate) fn written(self, path: &str) -> Result<Self, Self> {
        self.written_in(path, false)
    }

    /// As [`written`](Self::written), with few headers: in JSON if it can carry the instruction.
    pub(crate) fn written_shortly(self, path: &str) -> Result<Self, Self> {
        self.written_in(path, true)
    }

    fn written_in(self, path: &str, few_headers: bool) -> Result<Self, Self> {
        let Self { status, headers, body, instruction, mark } = self;
        let client = wire::Response { status, headers, body };
        let written = match &instruction {
            Some(instruction) => match wire::write(instruction, client, few_headers) {
                Ok(written) => written,
                Err(problem) => return Err(refuse(&problem)),
            },
            None => client,
        };
        if let Err(too_large) = wire::check_len(instruction.as_deref(), &written) {
            log::line(format_args!("{path} was not answered with the hold that it returned: {too_large}"));
            return Err(Self::refused(Reason::Internal, NOT_HELD));
        }
        let wire::Response { status, headers, body } = written;
        Ok(Self { status, headers, body, instruction: None, mark })
    }
}

/// A value of `Grip-Link` with each of its addresses changed. It is read as the proxy reads it: an address ends at the
/// first `;`, so it may contain `<`, `>`, quotes, and between these a `,`. They are percent-encoded.
fn with_each_url(links: &HeaderValue, change: &mut impl FnMut(Rel, &str) -> Option<String>) -> HeaderValue {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let elements = links.as_bytes().split(|&byte| {
        let is_plain = !mem::take(&mut is_escaped);
        is_quoted ^= is_plain && byte == b'"';
        is_escaped = is_plain && is_quoted && byte == b'\\';
        byte == b',' && !is_quoted
    });
    let changed: Vec<_> = elements.map(|element| with_url(element, change)).collect();
    HeaderValue::from_bytes(&changed.join(&b',')).expect("links fit a header")
}

/// An element of `Grip-Link` with its address changed. The proxy refuses one without `<` and `>` around its address.
fn with_url(element: &[u8], change: &mut impl FnMut(Rel, &str) -> Option<String>) -> Vec<u8> {
    let (address, parameters) = element.split_at(memchr::memchr(b';', element).unwrap_or(element.len()));
    let start = address.len() - address.trim_ascii_start().len();
    let url = address.trim_ascii().strip_prefix(b"<").and_then(|url| url.strip_suffix(b">"));
    let Some(url) = url.map(Link::encoded) else { return element.to_vec() };
    let is_gone = parameters.windows(4).any(|part| part.eq_ignore_ascii_case(b"gone"));
    let url = change(if is_gone { Rel::Other } else { Rel::Next }, &url).unwrap_or(url);
    [&element[..start], b"<", url.as_bytes(), b">", parameters].concat()
}

/// The response as it is sent to the proxy, with the instruction of a hold in it.
impl From<Answer> for http::Response<Vec<u8>> {
    fn from(answer: Answer) -> Self {
        let answer = answer.written("a response").unwrap_or_else(|refusal| refusal);
        let mut response = Self::new(answer.body);
        *response.status_mut() = answer.status;
        for (name, value) in answer.headers {
            response.headers_mut().append(name, value);
        }
        response
    }
}

#[cfg(test)]
mod tests;
