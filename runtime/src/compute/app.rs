use fastly::Request;

use super::Outcome;
use super::downstream::End;
use super::handle::serve;
use super::reuse::Reuse;
use crate::endpoint::dispatch::environment::policy;
use crate::endpoint::routing::Routes;
use crate::grip::sig::Policy;
use crate::{Answer, Rejection, Route};

/// An app without the attributes: its routes, and what `#[fanout::main]` takes as options.
///
/// ```no_run
/// use fanout::grip::Hold;
/// use fanout::http::StatusCode;
/// use fanout::{Answer, App, Channel, Outcome, Rejection, Route};
/// use fastly::{Request, Response};
/// use serde_json::json;
///
/// const NEWS: Route = Route::sse("/news", |_| Hold::sse(Channel::from_static("news")).into());
///
/// fn as_json(rejection: Rejection) -> Answer {
///     Answer::json(rejection.status(), json!({ "error": rejection.to_string() }))
/// }
///
/// fn main() {
///     let app = App::new(&[NEWS]).refuse(as_json);
///     if let Outcome::Unmatched(_) = app.handle(Request::from_client()) {
///         Response::from_status(StatusCode::NOT_FOUND).send_to_client();
///     }
/// }
/// ```
#[derive(Clone, Copy)]
#[must_use = "an app does nothing until it handles a request"]
pub struct App<'r> {
    routes: Routes<'r>,
    trusted: fn() -> Policy,
}

impl<'r> App<'r> {
    /// An app with these routes, which trusts what [`policy`] says.
    pub const fn new(routes: &'r [Route]) -> Self {
        Self { routes: Routes::unsorted(routes), trusted: policy }
    }

    /// Sets the policy, as [`handle_with`](crate::handle_with) does.
    pub const fn verify(self, trusted: fn() -> Policy) -> Self {
        Self { trusted, ..self }
    }

    /// Sets the function that answers refusals. Requests that match no route are not refused, but
    /// [returned](Outcome::Unmatched).
    pub const fn refuse(self, refuse: fn(Rejection<'_>) -> Answer) -> Self {
        Self { routes: self.routes.refuse(refuse), ..self }
    }

    /// Serves a request if one of the routes matches it, and returns it otherwise, as [`handle`](crate::handle) does.
    pub fn handle(&self, request: Request) -> Outcome {
        serve(request, self.routes, self.trusted, End::Request)
    }

    /// Serves the requests of Compute in one sandbox, up to the limits. `unmatched` answers a request that no route matches.
    /// It takes the request of this sandbox itself, so the app does not call `Request::from_client`. The policy is made once.
    ///
    /// ```no_run
    /// # use fanout::grip::Hold;
    /// use fanout::{App, Channel, Reuse, Route};
    /// use fastly::Response;
    ///
    /// const NEWS: Route = Route::sse("/news", |_| Hold::sse(Channel::from_static("news")).into());
    ///
    /// fn main() {
    ///     App::new(&[NEWS]).serve(Reuse::new(), |request| {
    ///         Response::from_status(404).with_body(request.get_path()).send_to_client();
    ///     });
    /// }
    /// ```
    ///
    /// # Panics
    ///
    /// On other targets than Compute.
    pub fn serve(&self, limits: Reuse, unmatched: impl Fn(Request)) {
        #[cfg(target_family = "wasm")]
        super::reuse::each_request(limits, self.routes, self.trusted, End::Request, unmatched);
        #[cfg(not(target_family = "wasm"))]
        {
            let _ = (limits, unmatched);
            panic!("requests come on Compute only: build the app for wasm32-wasip1");
        }
    }
}

impl std::fmt::Debug for App<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").finish_non_exhaustive()
    }
}
