//! How a hold is put to the proxy: in headers, as far as they can carry it, and as JSON otherwise.

mod headers;
mod json;
mod limit;
mod problem;
#[cfg(test)]
mod tests;

use http::{HeaderName, HeaderValue, header};

use super::Answer;
use crate::grip::{Channel, Hold, Link, Mode, Subscription};

use headers::{GRIP_EXPOSE_HEADERS, GRIP_LINK};
use problem::{check, check_headers, next_as_json, refuse};

const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// The channels go into a header where they all mean themselves there, and as JSON otherwise: the proxy splits
/// the header at `,` and cuts it at `;`.
impl From<Hold> for Answer {
    fn from(hold: Hold) -> Self {
        if let Some(channel) = always_new(&hold) {
            crate::log::line(format_args!(
                "a channel function was called twice for one request, and {:?} was found only once: the proxy asks \
                 again about a second after the first subscription to a channel, so it asks every second here, and a long \
                 poll is never answered; make the name from the request, not from a random number or the time",
                channel.as_str(),
            ));
        }
        let written = match headers::write(&hold) {
            Some(answer) => Ok(answer),
            None if hold.next.is_some() => Err(next_as_json(&hold)),
            None => json::write(&hold),
        };
        check(&hold).and(written).unwrap_or_else(refuse)
    }
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

impl Answer {
    /// Adds a header that the client is to get, wherever the answer has these.
    pub(crate) fn with_client_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        if self.header("content-type") == Some(&json::INSTRUCT) {
            json::add_header(&mut self.body, &name, &value);
            return self;
        }
        if let Some((_, exposed)) = self.headers.iter_mut().find(|(this, _)| *this == GRIP_EXPOSE_HEADERS) {
            let more = [exposed.as_bytes(), b", ", name.as_str().as_bytes()].concat();
            *exposed = HeaderValue::from_bytes(&more).expect("names fit a header");
        }
        self.with_header(name, value)
    }

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

/// The channel that is another one for each request, of a hold that makes the proxy ask again.
fn always_new(hold: &Hold) -> Option<&Channel> {
    let is_repeated = hold.mode == Mode::Response || hold.next.is_some();
    let changing = hold.subscriptions.iter().find(|subscription| subscription.changes);
    changing.filter(|_| is_repeated).map(Subscription::channel)
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
