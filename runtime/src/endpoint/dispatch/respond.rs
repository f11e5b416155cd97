//! A request from its head to its answer. The host only brings the request and carries out the effect.

use http::HeaderValue;

use super::decide::{self, Found, Step};
use super::gate::Trust;
use crate::endpoint::recovery::{complete_links, log_refused, log_unanswered_gone};
use crate::endpoint::request::{Headers, Host, LinkValues, MethodSource, NoBody, Rerun, split_query};
use crate::endpoint::response::Reason;
use crate::endpoint::routing::Run;
use crate::endpoint::{Answer, Kind, RequestHead, Route};
use crate::log;

/// A request, as its host has it.
pub(crate) struct Received<'r> {
    pub(crate) method: &'r dyn MethodSource,
    /// The path as it was sent.
    pub(crate) path: &'r str,
    /// The query as it was sent, without its `?`.
    pub(crate) query: Option<&'r str>,
    pub(crate) headers: &'r dyn Headers,
    pub(crate) host: &'r dyn Host,
}

/// The effect that the host carries out.
#[derive(Debug)]
pub(crate) enum Done {
    /// Hands the request off to the proxy, which sends it to this backend, with this guard header.
    HandOff(&'static str, Option<HeaderValue>),
    /// Sends this answer.
    Answer(Answer),
}

/// Decides on a request to an endpoint, and runs its handler if the proxy sent it.
pub(crate) fn respond(found: &Found<'_, '_>, received: &Received<'_>, trust: &Trust<'_>) -> Done {
    let &Received { method, path, query, headers, host } = received;
    let (query, link) = match query.map(split_query) {
        Some((query, link)) => (Some(query), link),
        None => (None, LinkValues::default()),
    };
    let head = RequestHead::received(method, path, query.as_deref(), headers).with_link(link).on_host(host);
    let answer = match decide::step(found, &head, trust) {
        Step::Refuse(refused) => {
            let (method, path, help) = (head.method(), head.path(), refused.help());
            log::line(format_args!("refused {method} {path}: {refused}; {help}"));
            Answer::refused(Reason::InvalidToken, refused)
        }
        Step::HandOff(route, guard_header) => {
            return Done::HandOff(route.settings.backend, guard_header);
        }
        Step::Answer(answer) => {
            log_unanswered_gone(&head, &answer);
            if found.has_stream() && head.header("grip-sig").is_some() {
                log_refused(&head, &answer);
            }
            answer
        }
        Step::Run(route, head) => run(found, route, &head, host),
    };
    Done::Answer(found.finish(&head, answer))
}

fn run(found: &Found<'_, '_>, route: &Route, head: &RequestHead<'_>, host: &dyn Host) -> Answer {
    match route.run {
        Run::Plain(answer) => decide::answer_at_once(head, answer),
        Run::Hold(answer) => {
            let is_stream = route.kind() != Kind::LongPoll;
            let rerun = Rerun::default();
            let head = if is_stream { head.with_rerun(&rerun) } else { *head };
            let answer = complete_links(&head, answer(&head), route.guard.is_some(), found.answers_post());
            if is_stream {
                log_refused(&head, &answer);
            }
            answer
        }
        Run::WebSocket(answer) => match host.take_body(usize::MAX) {
            Ok(events) => decide::hear(route, head, answer, &events),
            Err(NoBody::BrokenOff(error)) => {
                Answer::refused(Reason::InvalidEvents, format_args!("the events could not be read: {error}"))
            }
            Err(NoBody::TooLong | NoBody::Taken) => unreachable!("only an argument limits or takes the body"),
        },
    }
}
