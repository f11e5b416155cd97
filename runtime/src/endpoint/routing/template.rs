use std::borrow::Cow;
use std::fmt::Display;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::endpoint::request::RequestHead;
use crate::endpoint::response::{Answer, IntoAnswer};
use crate::grip::{Channel, Link};

/// A part of a template.
#[derive(Clone, Copy, Debug)]
pub enum Part<'t> {
    /// Text of the attribute, or of a field of the guard value.
    Text(&'t str),
    /// The index of a path parameter.
    Parameter(usize),
}

/// A parameter of the path.
pub fn text<'r>(head: &RequestHead<'r>, index: usize) -> &'r str {
    head.parameters().nth(index)
}

/// A channel name of these parts. It may be longer than the limit, which is checked at a subscription and at a
/// publish.
pub fn channel(parts: &[&str]) -> Channel {
    Channel::unchecked(parts.concat())
}

/// As [`channel`], with two parts. The compiler checks this call faster than a call with a borrowed array.
pub fn channel_of_two(first: &str, second: &str) -> Channel {
    channel(&[first, second])
}

/// As [`channel`], with fields of the guard value among the parts.
pub fn channel_of(parts: &[&dyn Display]) -> Channel {
    Channel::unchecked(parts.iter().map(ToString::to_string).collect())
}

/// A text with its path parameters filled in.
pub fn template(head: &RequestHead<'_>, parts: &[Part<'_>]) -> String {
    filled(head, parts, |text| text.into())
}

/// A link with its path parameters filled in, percent-encoded.
pub fn link(head: &RequestHead<'_>, parts: &[Part<'_>]) -> Result<Link, Answer> {
    const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    let url = filled(head, parts, |text| utf8_percent_encode(text, KEPT).into());
    Link::new(url).map_err(IntoAnswer::into_answer)
}

fn filled<'r>(head: &RequestHead<'r>, parts: &[Part<'_>], as_it_goes: fn(&'r str) -> Cow<'r, str>) -> String {
    let mut filled = String::new();
    for part in parts {
        match part {
            Part::Text(text) => filled.push_str(text),
            Part::Parameter(index) => filled.push_str(&as_it_goes(text(head, *index))),
        }
    }
    filled
}
