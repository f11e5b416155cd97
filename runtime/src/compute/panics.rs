//! Answers to panics of the app.
//!
//! On Compute a panic ends the program, and the host sends an answer of its own: Viceroy sends the backtrace. But the
//! panic hook runs before that, and can answer. [`running`] tells it the code that panicked.

use std::cell::Cell;
use std::panic::{self, PanicHookInfo};
use std::process;
use std::rc::Rc;
use std::sync::Once;

use crate::endpoint::RequestHead;
use crate::endpoint::dispatch::panicked;
use crate::endpoint::dispatch::running::{self, Running};
use crate::{Answer, log};

use super::downstream::{self, ClientHeaders, Downstream, End};

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
    if matches!(running, Running::Elsewhere) || end == End::Request && is_the_apps {
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
            downstream::send(&Answer::text(400, "the host or the target of the request is not a URL\n"));
        }
        Running::Endpoint(route) | Running::Connection(route) => {
            let served = SERVED.take();
            let answer = with_head(served.as_deref(), |head| {
                log_panic(&panicked::endpoint(&route, head), info, message);
                panicked::answer(running, &route, head)
            });
            downstream::send(&answer);
        }
        Running::Main => {
            log_panic("`main`", info, message);
            // If `main` has sent an answer, the host refuses a second one, and the program aborts here.
            downstream::send(&Answer::text(500, panicked::INTERNAL_ERROR));
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

/// Makes the head of the request, if there is one.
fn with_head<R>(served: Option<&Downstream>, run: impl FnOnce(Option<&RequestHead<'_>>) -> R) -> R {
    let Some(Downstream { request, .. }) = served else { return run(None) };
    let headers = ClientHeaders::new(request);
    run(Some(&RequestHead::new(request.get_method(), request.get_path(), None, &headers)))
}
