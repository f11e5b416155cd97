use std::rc::Rc;
use std::time::Duration;

use http::Method;

use super::client::Client;
use super::deployed::Deployed;
use super::request::Request;
use super::socket::Socket;
use super::stage::Stage;
use crate::endpoint::dispatch::environment;
use crate::endpoint::routing::{Endpoints, Listed};
use crate::grip::sig::{Policy, VICEROY};
use crate::grip::{IntoBytes, IntoText};
use crate::history::{EntryId, History};
use crate::publish::{IntoChannel, IntoMessage, Item};
use crate::{Answer, Rejection, Route};

/// The endpoints of an app under test: an endpoint, a list of [`endpoints`](macro@crate::endpoints), or a tuple of these.
pub trait Tested {
    /// The endpoints, in order.
    #[doc(hidden)]
    fn listed() -> Vec<Listed>;
}

impl<E: Endpoints> Tested for E {
    fn listed() -> Vec<Listed> {
        E::LISTED.to_vec()
    }
}

macro_rules! tuples {
    ($($($name:ident)*;)*) => {$(
        impl<$($name: Tested),*> Tested for ($($name,)*) {
            fn listed() -> Vec<Listed> {
                [$($name::listed()),*].concat()
            }
        }
    )*};
}

tuples! {
    A;
    A B;
    A B C;
    A B C D;
    A B C D E;
    A B C D E F;
    A B C D E F G;
    A B C D E F G H;
}

/// Makes an app of an endpoint, of a list of endpoints, or of a tuple of these.
///
/// ```
/// #[fanout::sse(channel = "news")]
/// fn news() {}
///
/// #[fanout::ws(echo)]
/// fn chat() {}
///
/// let app = fanout::testing::app::<(news, chat)>();
/// # let _ = app.connect("/chat");
/// ```
///
/// # Panics
///
/// If two endpoints match the same request.
#[track_caller]
pub fn app<E: Tested>() -> App {
    App::new(&E::listed())
}

/// Makes an app of routes, which are written without the attributes.
///
/// ```
/// use fanout::grip::Hold;
/// use fanout::{Channel, Route};
///
/// const NEWS: Route = Route::sse("/news", |_| Hold::sse(Channel::from_static("news")).into());
///
/// let app = fanout::testing::routes([NEWS]);
/// app.get("/news").open().assert_hold(|hold| hold.channels() == ["news"]);
/// ```
///
/// # Panics
///
/// If two routes match the same request.
#[track_caller]
pub fn routes(routes: impl IntoIterator<Item = Route>) -> App {
    let listed: Vec<_> = routes.into_iter().map(|route| Listed { name: "", route }).collect();
    App::new(&listed)
}

/// The limit of [`App::advance`]. A stream gets 172,800 keep-alives in this time, in about two seconds.
const LONGEST: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// An app under test, and the proxy in front of it.
///
/// Its clients share it, and the order of the test's calls is the order of what happens. The app runs as on a local Viceroy:
/// [`policy`](crate::policy) trusts the key of local Pushpins, and the proxy signs with it. The environment of the process does
/// not count, so tests can run in parallel.
#[must_use = "an app does nothing before it gets a request"]
pub struct App {
    pub(super) stage: Rc<Stage>,
}

impl App {
    #[track_caller]
    fn new(listed: &[Listed]) -> Self {
        let deployed = Deployed::new(listed, Box::new(environment::policy));
        Self { stage: Stage::new(deployed, ("viceroy".into(), VICEROY.to_vec())) }
    }

    /// Sets the policy of the app, as the option `verify` of [`main`](macro@crate::main) does. The default is
    /// [`policy`](crate::policy).
    ///
    /// # Panics
    ///
    /// After the first request.
    #[track_caller]
    pub fn policy(self, policy: impl Fn() -> Policy + 'static) -> Self {
        let deployed = Deployed { policy: Box::new(policy), ..self.copied() };
        self.rebuilt(deployed, self.stage.signer.clone())
    }

    /// Sets the issuer and the secret with which the proxy signs its requests, as a Pushpin of your own would. The tokens are
    /// signed with HS256. Without it, the proxy is a local Pushpin.
    ///
    /// # Panics
    ///
    /// After the first request.
    #[track_caller]
    pub fn signed_by(self, issuer: impl IntoText, secret: impl IntoBytes) -> Self {
        self.rebuilt(self.copied(), (issuer.into(), secret.into()))
    }

    /// Sets the function that answers refusals, as the option `refuse` of [`main`](macro@crate::main) does. Here the function
    /// returns an [`Answer`]. Wrap a function that returns another type:
    ///
    /// ```
    /// use fanout::prelude::*;
    ///
    /// #[fanout::sse(channel = "news")]
    /// fn news() {}
    ///
    /// fn problem(rejection: Rejection<'_>) -> impl IntoAnswer {
    ///     Answer::json(rejection.status(), rejection.to_string())
    /// }
    ///
    /// let app = fanout::testing::app::<news>().refuse(|rejection| problem(rejection).into_answer());
    /// assert_eq!(app.get("/nowhere").send().text(), r#""not found""#);
    /// ```
    ///
    /// # Panics
    ///
    /// After the first request.
    #[track_caller]
    pub fn refuse(self, refuse: fn(Rejection<'_>) -> Answer) -> Self {
        let deployed = Deployed { refuse: Some(refuse), ..self.copied() };
        self.rebuilt(deployed, self.stage.signer.clone())
    }

    fn copied(&self) -> Deployed {
        let deployed = Rc::clone(&self.stage.deployed.borrow());
        let (routes, refuse) = (deployed.routes.clone(), deployed.refuse);
        Deployed { routes, policy: Box::new(move || (deployed.policy)()), refuse }
    }

    #[track_caller]
    fn rebuilt(&self, deployed: Deployed, signer: (String, Vec<u8>)) -> Self {
        assert!(
            !self.stage.has_begun.get(),
            "an app is set up before its first request: call `policy`, `signed_by` and `refuse` right after `app`"
        );
        Self { stage: Stage::new(deployed, signer) }
    }

    /// Begins a request. `target` is a path and a query, percent-encoded as a client sends them.
    pub fn request(&self, method: Method, target: impl IntoText) -> Request {
        Request::new(Rc::clone(&self.stage), method, target.into())
    }

    /// Begins a `GET`.
    pub fn get(&self, target: impl IntoText) -> Request {
        self.request(Method::GET, target)
    }

    /// Begins a `POST`.
    pub fn post(&self, target: impl IntoText) -> Request {
        self.request(Method::POST, target)
    }

    /// Begins a `PUT`.
    pub fn put(&self, target: impl IntoText) -> Request {
        self.request(Method::PUT, target)
    }

    /// Begins a `PATCH`.
    pub fn patch(&self, target: impl IntoText) -> Request {
        self.request(Method::PATCH, target)
    }

    /// Begins a `DELETE`.
    pub fn delete(&self, target: impl IntoText) -> Request {
        self.request(Method::DELETE, target)
    }

    /// Begins a `HEAD`.
    pub fn head(&self, target: impl IntoText) -> Request {
        self.request(Method::HEAD, target)
    }

    /// Begins an `OPTIONS`.
    pub fn options(&self, target: impl IntoText) -> Request {
        self.request(Method::OPTIONS, target)
    }

    /// Opens a stream or a poll: a `GET` without further headers.
    ///
    /// # Panics
    ///
    /// If the endpoint cannot run on the host, or the target is no path.
    #[track_caller]
    pub fn open(&self, target: impl IntoText) -> Client {
        self.get(target).open()
    }

    /// Opens a WebSocket without further headers.
    ///
    /// # Panics
    ///
    /// If the connection is refused, which [`Request::try_connect`] returns. And if the endpoint cannot run on the host, or the target is no
    /// path.
    #[track_caller]
    pub fn connect(&self, target: impl IntoText) -> Socket {
        self.get(target).connect()
    }

    /// Publishes a message, as another program does. Handlers publish with [`publish()`](crate::publish()) as always.
    ///
    /// # Panics
    ///
    /// If the message is one that [`publish()`](crate::publish()) does not accept, or the proxy then sends a request to an endpoint that cannot
    /// run on the host.
    #[track_caller]
    pub fn publish(&self, channel: impl IntoChannel, message: impl IntoMessage) {
        self.publish_all([Item::new(channel, message)]);
    }

    /// Publishes items, in this order.
    ///
    /// # Panics
    ///
    /// If an item is one that [`publish_all`](crate::publish_all) does not accept, or the proxy then sends a request to an endpoint that cannot
    /// run on the host.
    #[track_caller]
    pub fn publish_all(&self, items: impl IntoIterator<Item = Item>) {
        let result = self.stage.publisher().publish_all(items);
        self.stage.settle();
        self.stage.check();
        if let Err(error) = result {
            self.stage.fail(error.to_string());
        }
    }

    /// Publishes a message with a history, as another program does, and returns the id.
    ///
    /// # Panics
    ///
    /// If the history fails, the message is one that [`History::publish`] does not accept, or the proxy then sends a request to an endpoint that
    /// cannot run on the host.
    #[track_caller]
    pub fn publish_with(
        &self,
        history: &impl History,
        channel: impl IntoChannel,
        message: impl IntoMessage,
    ) -> EntryId {
        let result = history.publish_with(&self.stage.publisher(), channel, message);
        self.stage.settle();
        self.stage.check();
        match result {
            Ok(id) => id,
            Err(error) => self.stage.fail(error.to_string()),
        }
    }

    /// Lets the proxy lose the next items, as if they had not reached it. The publisher sees no error.
    pub fn lose_items(&self, count: usize) {
        self.stage.proxy.borrow_mut().lost_items += count;
    }

    /// Moves the clock, and lets the proxy do what is due on the way, in order: keep-alives, timeouts, recovery requests,
    /// delayed messages. Nothing else moves the clock.
    ///
    /// About a second after the first subscription of a channel, the proxy sends a recovery request for a stream with a `next`
    /// link, and the client's request again for a long poll: see [the
    /// limits](crate::guide::limits#first-subscription-of-a-channel).
    ///
    /// # Panics
    ///
    /// If an endpoint cannot run on the host, or the time is longer than 30 days: each keep-alive on the way is sent.
    #[track_caller]
    pub fn advance(&self, time: Duration) {
        assert!(time <= LONGEST, "the clock moves at most 30 days at once, and not {time:?}");
        self.stage.advance(time);
        self.stage.check();
    }

    /// Deploys another app in place of this one. Open connections stay open, with their state, and the next request reaches
    /// the other app.
    ///
    /// # Panics
    ///
    /// If two endpoints match the same request.
    #[track_caller]
    pub fn redeploy<E: Tested>(&self) {
        let Deployed { policy, refuse, .. } = self.copied();
        let deployed = Deployed { refuse, ..Deployed::new(&E::listed(), policy) };
        *self.stage.deployed.borrow_mut() = Rc::new(deployed);
        self.stage.tell("app", "another version is deployed");
    }

    /// A token of the proxy, which is valid now. With it in the header `grip-sig`, a test sends a Fanout request of its own, and
    /// gets the answer with its instructions.
    ///
    /// ```
    /// #[fanout::sse(channel = "news")]
    /// fn news() {}
    ///
    /// let app = fanout::testing::app::<news>();
    /// let answer = app.get("/news").header("grip-sig", app.token()).send();
    /// assert_eq!(answer.header("content-type"), Some("application/grip-instruct"));
    /// assert!(answer.text().contains(r#""channels":[{"name":"news"}]"#));
    /// assert_eq!(app.get("/news").header("grip-sig", "forged").send().status(), 403);
    /// ```
    pub fn token(&self) -> String {
        let now = self.stage.proxy.borrow().now;
        self.stage.token(now.unix())
    }

    /// Returns the steps up to now, one line for each. Empty before the first request or item.
    pub fn story(&self) -> String {
        self.stage.story.borrow().text()
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("routes", &self.stage.deployed.borrow().routes).finish_non_exhaustive()
    }
}
