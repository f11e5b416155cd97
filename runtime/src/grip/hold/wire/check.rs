use http::{HeaderName, HeaderValue, header};

use super::header_form::lists;
use super::json_form::INSTRUCT;
use super::problem::Problem;
use crate::grip::{BYTE_ORDER_MARK, Hold, Mode, Subscription, as_text};

/// Checks a hold as it was made. The client's response may still get more headers, which [`write`](super::write) checks.
pub(crate) fn check(hold: &Hold) -> Result<(), Problem> {
    let instruction = &hold.instruction;
    for subscription in &instruction.subscriptions {
        subscription.channel().check().map_err(Problem::Channel)?;
    }
    // The proxy would drop it, and take the value for another: that of another user.
    let marked = |text: &str| text.starts_with(BYTE_ORDER_MARK);
    if instruction.meta.iter().any(|(name, value)| marked(name) || marked(value)) {
        return Err(Problem::ByteOrderMark("meta"));
    }
    if instruction.subscriptions.iter().filter_map(Subscription::last_seen).any(marked) {
        return Err(Problem::ByteOrderMark("an id"));
    }
    for subscription in &instruction.subscriptions {
        let name = || subscription.channel().to_string();
        // The proxy writes both into `Grip-Last` as they are, where a line break would begin a header of the client's choice.
        let is_control = |text: &str| text.chars().any(char::is_control);
        if subscription
            .last_seen()
            .is_some_and(|id| is_control(id) || is_control(subscription.channel().as_str()))
        {
            return Err(Problem::ControlCharacter(name()));
        }
        if instruction.mode == Mode::Stream
            && instruction.next.is_none()
            && subscription.last_seen().is_some()
        {
            return Err(Problem::PrevIdWithoutNext(name()));
        }
        if subscription.filters().len() > Subscription::MAX_FILTERS {
            return Err(Problem::TooManyFilters(name()));
        }
    }
    check_headers(&hold.headers)?;
    check_content_type(&hold.content_type)?;
    if lists(instruction).is_some() {
        return Ok(());
    }
    if instruction.next.is_some() {
        return Err(Problem::next_as_json(instruction));
    }
    let content_type = (&header::CONTENT_TYPE, &hold.content_type);
    let exposed =
        hold.headers.iter().map(|(name, value)| (name, value)).filter(|(name, _)| instruction.exposes(name));
    match exposed.chain([content_type]).find(|(_, value)| as_text(value.as_bytes()).is_none()) {
        Some((name, _)) => Err(Problem::NotUtf8(name.clone())),
        None => Ok(()),
    }
}

/// Checks that a response has no instruction of its own among its headers.
pub(crate) fn check_headers(headers: &[(HeaderName, HeaderValue)]) -> Result<(), Problem> {
    for (name, value) in headers {
        if name.as_str().starts_with("grip-") {
            return Err(Problem::GripHeader(name.clone()));
        }
        if name == header::CONTENT_TYPE {
            check_content_type(value)?;
        }
    }
    Ok(())
}

pub(super) fn check_content_type(value: &HeaderValue) -> Result<(), Problem> {
    let media_type = value.as_bytes().split(|byte| matches!(byte, b';' | b',')).next().unwrap_or_default();
    if media_type.trim_ascii().eq_ignore_ascii_case(INSTRUCT.as_bytes()) {
        return Err(Problem::Instructions);
    }
    Ok(())
}
