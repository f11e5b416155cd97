//! Answers to panics of the app.
//!
//! On Compute a panic ends the program, and the host sends an answer of its own: Viceroy sends the backtrace. But the
//! panic hook runs before that, and can answer. [`running`] tells it the code that panicked.

use std::cell::Cell;
use std::panic::{self, PanicHookInfo};
use std::process;
use std::rc::Rc;
use std::sync::Once;

use crate::endpoint::dispatch::panicked;
use crate::endpoint::dispatch::running::{self, Running};
use crate::endpoint::response::{Reason, Refuse};
use crate::endpoint::{Route, websocket};
use crate::{Answer, log};

use super::downstream::{self, Downstream, End};
use super::refuse;

thread_local! {
    /// The request that is served, for the hook, which cannot borrow it.
    static SERVED: Cell<Option<Rc<Downstream>>> = const { Cell::new(None) };
}

type Hook = dyn Fn(&PanicHookInfo<'_>) + Send + Sync;

/// Installs the hook. A hook that the app has set before runs first. The hook of the standard library does not run if
/// no other can have been set, because it would write the same again.
pub(super) fn install(end: End) {
    static INSTALLED: Once = Once::new();
    // On other targets a panic unwinds, and may be caught.
    if !cfg!(all(target_family = "wasm", panic = "abort")) {
        return;
    }
    INSTALLED.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| hook(info, end, &*before)));
    });
}

/// Shows a request to the hook.
pub(super) fn serve(downstream: &Rc<Downstream>) {
    SERVED.set(Some(Rc::clone(downstream)));
}

/// Takes a request back from the hook.
pub(super) fn served(downstream: Rc<Downstream>) -> Downstream {
    SERVED.take();
    Rc::into_inner(downstream).expect("only the hook had another")
}

fn hook(info: &PanicHookInfo<'_>, end: End, before: &Hook) {
    let running = running::replace(Running::Answered);
    let is_the_apps = !matches!(running, Running::Url);
    if matches!(running, Running::Elsewhere) || !end.is_of_main() && is_the_apps {
        before(info);
    }
    let message = message(info);
    match running {
        Running::Elsewhere => return,
        Running::Url => {
            let served = SERVED.take();
            let host = served.as_ref().and_then(|served| served.request.get_header("host"));
            log::line(format_args!(
                "answered 400: the host or the target of a request is not a URL: the host is {:?}; {message}",
                host.map_or("".into(), |host| String::from_utf8_lossy(host.as_bytes()))
            ));
            let text = "the host or the target of the request is not a URL";
            let answer = Answer::refused(Reason::InvalidUrl, text);
            downstream::send(&refuse::reword_without_request(answer));
        }
        Running::Endpoint(route) | Running::Connection(route) => {
            let served = SERVED.take();
            log_panic(&endpoint(&route, served.as_deref()), info, message);
            downstream::send(&match running {
                Running::Connection(_) => websocket::broken(),
                _ => internal_error(&route, served.as_deref(), refuse::with(|refuse| refuse)),
            });
        }
        Running::Refusing(route) => {
            let served = SERVED.take();
            log_panic("the function of `refuse`", info, message);
            // It would panic again.
            let answer = match &route {
                Some(route) => internal_error(route, served.as_deref(), None),
                None => Answer::refused(Reason::Internal, panicked::INTERNAL_ERROR),
            };
            downstream::send(&answer);
        }
        Running::Main => {
            log_panic("`main`", info, message);
            // If `main` has sent an answer, the host refuses a second one, and the program aborts here.
            let answer = Answer::refused(Reason::Internal, panicked::INTERNAL_ERROR);
            downstream::send(&refuse::reword_without_request(answer));
        }
        Running::Answered => return log_panic("the app, after its answer,", info, message),
    }
    // As after every answer. After a trap or another code, Viceroy logs ninety lines of backtraces, and the client
    // gets the same answer.
    process::exit(0);
}

fn log_panic(what: &str, info: &PanicHookInfo<'_>, message: &str) {
    match info.location() {
        Some(place) => log::line(format_args!("{what} panicked at {place}: {message}")),
        None => log::line(format_args!("{what} panicked: {message}")),
    }
}

fn message<'i>(info: &'i PanicHookInfo<'_>) -> &'i str {
    let payload = info.payload();
    match payload.downcast_ref::<&str>() {
        Some(message) => message,
        None => payload.downcast_ref::<String>().map_or("no message", String::as_str),
    }
}

/// The endpoint and the request to it, for the log.
fn endpoint(route: &Route, served: Option<&Downstream>) -> String {
    match served {
        Some(served) => downstream::with_head(&served.request, |head| panicked::endpoint(route, Some(head))),
        None => panicked::endpoint(route, None),
    }
}

/// The answer of an endpoint that panicked. If `refuse` panics too, the host answers.
fn internal_error(route: &Route, served: Option<&Downstream>, refuse: Option<Refuse>) -> Answer {
    match served {
        Some(served) => {
            downstream::with_head(&served.request, |head| panicked::internal_error(route, Some(head), refuse))
        }
        None => panicked::internal_error(route, None, refuse),
    }
}
