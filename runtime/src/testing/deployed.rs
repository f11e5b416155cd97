//! The app under test: the code that answers requests on Compute, up to the `fastly` crate.

use std::any::Any;
use std::cell::RefCell;
use std::net::IpAddr;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use http::HeaderValue;

use super::wire::{Answer, Request};
use crate::endpoint::dispatch::decide;
use crate::endpoint::dispatch::environment;
use crate::endpoint::dispatch::gate::Trust;
use crate::endpoint::dispatch::panicked;
use crate::endpoint::dispatch::respond::{Done, Received, respond};
use crate::endpoint::dispatch::running::{self, Running};
use crate::endpoint::request::{ComputeOnly, Host, NoBody, RequestHead, split_query};
use crate::endpoint::response::{Reason, Refuse, reworded};
use crate::endpoint::routing::{self, Listed, Routes};
use crate::endpoint::websocket;
use crate::grip::sig::Policy;
use crate::publish::stand_in;
use crate::{Geo, Route, log};

/// The routes and the policy of an app.
pub(super) struct Deployed {
    pub(super) routes: Vec<Route>,
    pub(super) policy: Box<dyn Fn() -> Policy>,
    pub(super) refuse: Option<Refuse>,
}

/// The effect of a request on the app.
pub(super) enum Served {
    /// No endpoint matches: on Compute the body of `main` would run.
    Unmatched,
    HandOff(&'static str, Option<HeaderValue>),
    Answer(Answer),
    /// The endpoint cannot run here. The text is the path of the endpoint.
    ComputeOnly(String),
}

impl Deployed {
    /// # Panics
    ///
    /// If two endpoints match the same request, which does not compile in an app.
    #[track_caller]
    pub(super) fn new(listed: &[Listed], policy: Box<dyn Fn() -> Policy>) -> Self {
        for (index, one) in listed.iter().enumerate() {
            if let Some(other) = listed[..index].iter().find(|other| other.route.overlaps(&one.route)) {
                assert!(
                    one.name.is_empty() || one.name != other.name,
                    "`{}` is in the list of the app twice",
                    one.name
                );
                let (one, other) = (name(one), name(other));
                panic!("`{one}` and `{other}` match the same request");
            }
        }
        Self { routes: listed.iter().map(|listed| listed.route).collect(), policy, refuse: None }
    }

    fn table(&self) -> Routes<'_> {
        let routes = Routes::unsorted(&self.routes);
        match self.refuse {
            Some(refuse) => routes.refuse(refuse),
            None => routes,
        }
    }

    /// The answer to a request that no endpoint matches, of a `main` without a body.
    pub(super) fn not_found(&self, request: &Request) -> Answer {
        let answer = crate::Answer::refused(Reason::NotFound, "not found");
        Answer::of(with_head(request, |head| reworded(self.refuse, answer, Some(head), None)))
    }

    /// Answers a request. `now` is in seconds since 1970.
    pub(super) fn serve(&self, request: &Request, now: u64, proxy: stand_in::Proxy) -> Served {
        let _place = OnStage::enter(proxy);
        let path = routing::normal(&request.path);
        let Some(found) = decide::find(self.table(), &path) else {
            return Served::Unmatched;
        };
        let host = TestHost {
            body: RefCell::new(Some(request.body.clone())),
            addr: request.addr,
            geo: request.geo.clone(),
        };
        let received = Received {
            method: &request.method,
            path: &request.path,
            query: request.query.as_deref(),
            headers: &request.headers,
            host: &host,
        };
        let trust = Trust { policy: &|| environment::as_it_counts((self.policy)()), now: &|| now };
        // Only the answer is used after a panic.
        match catch_unwind(AssertUnwindSafe(|| respond(&found, &received, &trust))) {
            Ok(Done::HandOff(backend, guard_header)) => Served::HandOff(backend, guard_header),
            Ok(Done::Answer(answer)) => Served::Answer(Answer::of(answer)),
            Err(payload) => {
                let running = running::replace(Running::Elsewhere);
                let (Running::Endpoint(route) | Running::Connection(route) | Running::Refusing(Some(route))) =
                    running
                else {
                    resume_unwind(payload);
                };
                if payload.is::<ComputeOnly>() {
                    return Served::ComputeOnly(route.path().to_owned());
                }
                Served::Answer(Answer::of(self.answer_panic(request, running, &route, message(&*payload))))
            }
        }
    }

    /// The answer to a panic, as on Compute.
    fn answer_panic(
        &self,
        request: &Request,
        running: Running,
        route: &Route,
        message: &str,
    ) -> crate::Answer {
        with_head(request, |head| {
            if let Running::Refusing(_) = running {
                log::line(format_args!("the function of `refuse` panicked: {message}"));
                return panicked::internal_error(route, Some(head), None);
            }
            log::line(format_args!("{} panicked: {message}", panicked::endpoint(route, Some(head))));
            match running {
                Running::Connection(_) => websocket::broken(),
                _ => panicked::internal_error(route, Some(head), self.refuse),
            }
        })
    }
}

/// Calls `with` with the head of a request, as an endpoint without a guard sees it.
fn with_head<T>(request: &Request, with: impl FnOnce(&RequestHead<'_>) -> T) -> T {
    let query = request.query.as_deref().map(|query| split_query(query).0);
    with(&RequestHead::new(&request.method, &request.path, query.as_deref(), &request.headers))
}

fn name(listed: &Listed) -> String {
    if listed.name.is_empty() { listed.route.path().to_owned() } else { listed.name.to_owned() }
}

fn message(payload: &(dyn Any + Send)) -> &str {
    match payload.downcast_ref::<&str>() {
        Some(message) => message,
        None => payload.downcast_ref::<String>().map_or("no message", String::as_str),
    }
}

/// The thread while it runs the app: publishing reaches the simulated proxy, and the policy is that of a local app.
struct OnStage {
    proxy: Option<stand_in::Proxy>,
    is_local: bool,
    running: Running,
}

impl OnStage {
    fn enter(proxy: stand_in::Proxy) -> Self {
        Self {
            proxy: stand_in::set(Some(proxy)),
            is_local: environment::set_local(true),
            running: running::replace(Running::Elsewhere),
        }
    }
}

impl Drop for OnStage {
    fn drop(&mut self) {
        stand_in::set(self.proxy.take());
        environment::set_local(self.is_local);
        running::set(self.running);
    }
}

/// The host of a request in a test.
struct TestHost {
    /// `None` once an argument has taken it.
    body: RefCell<Option<Vec<u8>>>,
    addr: Option<IpAddr>,
    geo: Option<Geo>,
}

impl Host for TestHost {
    fn take_body(&self, limit: usize) -> Result<Vec<u8>, NoBody> {
        let body = self.body.take().ok_or(NoBody::Taken)?;
        if body.len() > limit { Err(NoBody::TooLong) } else { Ok(body) }
    }

    fn client_addr(&self) -> Option<IpAddr> {
        self.addr
    }

    fn client_geo(&self) -> Option<Geo> {
        self.geo.clone()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
