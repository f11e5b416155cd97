//! The calls of the functions that options name.
//!
//! The first parameters of such a function are path parameters, the others are extractors. An attribute knows neither their
//! number nor their types. So generated code has a place for each possible argument, and the type of the function says which
//! of them are made. Each place is a call of its own, on a trait without another bound, so that a message is about one
//! parameter, and names its type.

#[cfg(feature = "sig")]
use crate::endpoint::recovery;
use crate::endpoint::request::{Argument, RequestHead};
use crate::endpoint::response::{Answer, IntoSubscriptions, check_plain};
use crate::endpoint::routing::{Kind, PathMaker};
use crate::grip::Subscription;

/// The maker of an argument.
#[derive(Debug)]
pub struct Maker<'r, T, Place> {
    make: fn(Place, &'r RequestHead<'r>) -> Result<T, Answer>,
    takes_body: bool,
}

impl<'r, T: Argument<'r, Place>, Place> Maker<'r, T, Place> {
    pub(crate) fn new() -> Self {
        Self { make: T::argument, takes_body: T::TAKES_BODY }
    }
}

/// The argument in a place that the function has no parameter for.
#[derive(Clone, Copy, Debug)]
pub struct Absent;

#[diagnostic::do_not_recommend]
impl<'r, Place> Argument<'r, Place> for Absent {
    fn argument(_: Place, _: &'r RequestHead<'r>) -> Result<Self, Answer> {
        Ok(Self)
    }
}

/// A function that an option names, without path parameters.
#[diagnostic::on_unimplemented(
    message = "this is not a function that an option can name",
    label = "not a function with at most six parameters",
    note = "name a function whose parameters are extractors, at most six: join several in one type that implements `fanout::FromRequest`"
)]
pub trait Callable<Types>: Copy {
    /// The return value.
    type Output;

    /// The makers of the arguments.
    type Makers<'r, Place>;

    /// Calls it.
    ///
    /// # Errors
    ///
    /// The answer, if an argument cannot be made.
    fn call<'r, Place: Copy>(
        self,
        place: Place,
        head: &'r RequestHead<'r>,
        given: [usize; 0],
        makers: &Self::Makers<'r, Place>,
    ) -> Result<Self::Output, Answer>;
}

/// A function that an option names, with path parameters in parentheses: one index for each place of `Given`.
#[diagnostic::on_unimplemented(
    message = "this function does not take the path parameters in the parentheses",
    label = "it has fewer parameters, or more than six others",
    note = "each name in the parentheses is the argument of one parameter, in order; the extractors are behind them"
)]
pub trait CallableWith<Given, Types>: Copy {
    /// The return value.
    type Output;

    /// The makers of the arguments.
    type Makers<'r, Place>;

    /// Calls it.
    ///
    /// # Errors
    ///
    /// The answer, if an argument cannot be made.
    fn call<'r, Place: Copy>(
        self,
        place: Place,
        head: &'r RequestHead<'r>,
        given: Given,
        makers: &Self::Makers<'r, Place>,
    ) -> Result<Self::Output, Answer>;
}

macro_rules! function {
    ($name:ident [$($count:literal)?] $(($given:ident $place:ident $path_maker:ident))* ; $($made:ident $maker:ident)* ; $($absent:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<F, R $(, $given)* $(, $made)*> $name<$([usize; $count],)? (($($given,)*), ($($made,)*))> for F
        where
            F: Copy + FnOnce($($given,)* $($made,)*) -> R,
        {
            type Output = R;

            type Makers<'r, Place> =
                (($(PathMaker<'r, $given>,)*), ($(Maker<'r, $made, Place>,)* $(Maker<'r, $absent, Place>,)*));

            fn call<'r, Place: Copy>(
                self,
                place: Place,
                head: &'r RequestHead<'r>,
                given: [usize; function!(@count $($count)?)],
                makers: &Self::Makers<'r, Place>,
            ) -> Result<R, Answer> {
                let _ = (place, head);
                let [$($place),*] = given;
                let (($($path_maker,)*), ($($maker,)* ..)) = makers;
                Ok(self($($path_maker(head, $place)?,)* $(($maker.make)(place, head)?,)*))
            }
        }
    };
    (@count $count:literal) => { $count };
    (@count) => { 0 };
}

macro_rules! functions {
    ($($name:ident $count:tt $given:tt;)*) => {$(functions!(@ $name $count $given);)*};
    (@ $name:ident $count:tt { $($given:tt)* }) => {
        function!($name $count $($given)*; ; Absent Absent Absent Absent Absent Absent);
        function!($name $count $($given)*; A1 a1; Absent Absent Absent Absent Absent);
        function!($name $count $($given)*; A1 a1 A2 a2; Absent Absent Absent Absent);
        function!($name $count $($given)*; A1 a1 A2 a2 A3 a3; Absent Absent Absent);
        function!($name $count $($given)*; A1 a1 A2 a2 A3 a3 A4 a4; Absent Absent);
        function!($name $count $($given)*; A1 a1 A2 a2 A3 a3 A4 a4 A5 a5; Absent);
        function!($name $count $($given)*; A1 a1 A2 a2 A3 a3 A4 a4 A5 a5 A6 a6; );
    };
}

functions! {
    Callable [] {};
    CallableWith [1] { (P1 p1 m1) };
    CallableWith [2] { (P1 p1 m1) (P2 p2 m2) };
    CallableWith [3] { (P1 p1 m1) (P2 p2 m2) (P3 p3 m3) };
    CallableWith [4] { (P1 p1 m1) (P2 p2 m2) (P3 p3 m3) (P4 p4 m4) };
}

/// The makers of a function's arguments, as far as they take the body of the request, of which a second call would find
/// nothing.
pub trait TakesBody {
    /// True if one of them takes it.
    fn takes_body(&self) -> bool;
}

impl<Given, Place, A1, A2, A3, A4, A5, A6> TakesBody
    for (
        Given,
        (
            Maker<'_, A1, Place>,
            Maker<'_, A2, Place>,
            Maker<'_, A3, Place>,
            Maker<'_, A4, Place>,
            Maker<'_, A5, Place>,
            Maker<'_, A6, Place>,
        ),
    )
{
    fn takes_body(&self) -> bool {
        let (_, (a1, a2, a3, a4, a5, a6)) = self;
        [a1.takes_body, a2.takes_body, a3.takes_body, a4.takes_body, a5.takes_body, a6.takes_body]
            .contains(&true)
    }
}

/// The return value of a function that is not a future.
#[derive(Debug)]
pub struct Returned<T>(pub(crate) T);

/// The form of a future.
#[derive(Debug)]
pub struct Async(());

/// The return value of a function that an option names. A future has got this far, so that its message is about `async`.
#[diagnostic::on_unimplemented(
    message = "a function that an option names cannot be async",
    label = "an `async fn`",
    note = "remove `async`: an app for Compute waits for each response itself, with the blocking functions of the `fastly` crate"
)]
pub trait NotAsync {
    /// The value.
    type Value;

    /// The value itself.
    fn now(self) -> Self::Value;
}

#[diagnostic::do_not_recommend]
impl<T> NotAsync for Returned<T> {
    type Value = T;

    fn now(self) -> T {
        self.0
    }
}

/// The return value of a channel function: [`IntoSubscriptions`], or a future, which [`NotAsync`] refuses.
#[diagnostic::on_unimplemented(
    message = "a channel function cannot return `{Self}`",
    label = "not channels",
    note = "return a `Channel`, a `Subscription`, a `Vec` or array of them, or an `Option` or `Result` of one of these",
    note = "the error of a `Result` is the answer to the client: an `Answer`, a status, a status and a text, or a type that implements `fanout::IntoAnswer`",
    note = "make a `Channel` from a text with `Channel::new`, which checks the name"
)]
pub trait ChannelResult<Form> {
    /// The checked value.
    type Returned;

    /// Returns it.
    fn returned(self) -> Self::Returned;
}

#[diagnostic::do_not_recommend]
impl<T: IntoSubscriptions> ChannelResult<()> for T {
    type Returned = Returned<T>;

    fn returned(self) -> Returned<T> {
        Returned(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Future> ChannelResult<Async> for T {
    type Returned = T;

    fn returned(self) -> T {
        self
    }
}

/// Calls a channel function.
///
/// The proxy sends the request again after the first subscription of a channel, and nothing tells the two requests
/// apart. So a local app calls the function twice, and marks the channels that only one call returns.
///
/// In a recovery, the link has the channels and filters. Then the function is called only if it gave an id to one of them.
///
/// # Errors
///
/// The answer, if the function refuses the client or a name cannot be subscribed to.
pub fn found(
    head: &RequestHead<'_>,
    makers: &impl TakesBody,
    find: impl Fn() -> Result<Vec<Subscription>, Answer>,
) -> Result<Vec<Subscription>, Answer> {
    // A recovery request has no cookie that the function could read, so the link has its subscriptions.
    #[cfg(feature = "sig")]
    let carried = recovery::carried(head);
    #[cfg(not(feature = "sig"))]
    let carried = None;
    let is_carried = carried.is_some();
    let mut found = match carried {
        Some(carried) => with_ids(carried, &find),
        None => {
            let mut found = find()?;
            found.iter_mut().for_each(|this| this.is_numbered = this.last_seen().is_some());
            found
        }
    };
    found.iter_mut().for_each(|subscription| subscription.is_found = true);
    if !is_carried
        && head.came_by_local_proxy()
        && head.settings().is_some_and(|settings| settings.kind != Kind::WebSocket)
        && !makers.takes_body()
        && let Ok(again) = find()
    {
        for subscription in &mut found {
            subscription.changes = again.iter().all(|other| other.channel() != subscription.channel());
        }
    }
    check_plain(&found)?;
    Ok(found)
}

/// Takes the ids of a channel function that knows ids, and nothing else: it may not know the client.
fn with_ids(
    carried: Vec<Subscription>,
    find: &impl Fn() -> Result<Vec<Subscription>, Answer>,
) -> Vec<Subscription> {
    if carried.iter().all(|subscription| !subscription.is_numbered) {
        return carried;
    }
    let found = find().unwrap_or_default();
    let id_of = |this: &Subscription| {
        let same = found.iter().find(|other| this.is_numbered && other.channel() == this.channel());
        same?.last_seen().map(str::to_owned)
    };
    let with_id = |this: Subscription| match id_of(&this) {
        Some(id) => this.prev_id(id),
        None => this,
    };
    carried.into_iter().map(with_id).collect()
}

/// Calls a channel function as generated code does.
#[cfg(test)]
macro_rules! find {
    ($head:expr, $function:expr) => {{
        use $crate::endpoint::request::{ChannelArgument, InHandler};
        let head: &RequestHead<'_> = $head;
        let find = |makers| {
            $crate::endpoint::dispatch::found(head, &makers, || {
                let returned = $crate::endpoint::Callable::call($function, InHandler(&()), head, [], &makers)?;
                $crate::endpoint::IntoSubscriptions::into_subscriptions(returned)
            })
        };
        $crate::endpoint::dispatch::find!(@ find; a b c d e f;)
    }};
    (@ $find:ident; $maker:ident $($others:ident)*; $($makers:ident)*) => {
        ChannelArgument::with_maker(|$maker| $crate::endpoint::dispatch::find!(@ $find; $($others)*; $($makers)* $maker))
    };
    (@ $find:ident; ; $($makers:ident)*) => { $find(((), ($($makers),*))) };
}
#[cfg(test)]
pub(crate) use find;

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use http::{HeaderMap, Method};

    use super::*;
    use crate::endpoint::Route;
    use crate::endpoint::request::{InHandler, LastEventId, Sender};
    use crate::grip::Channel;

    const POLL: Route = Route::long_poll("/", |_| Answer::text(200, ""));
    const SOCKET: Route = Route::ws("/", |_, _| Answer::text(200, ""));

    fn head<'r>(headers: &'r HeaderMap, route: &'r Route, sender: Sender) -> RequestHead<'r> {
        RequestHead::new(&Method::GET, "/", None, headers).for_endpoint(&route.settings).sent_by(sender)
    }

    fn steady(seen: LastEventId) -> [Channel; 2] {
        [Channel::from_static("steady"), Channel::new(format!("after-{:?}", seen.get())).unwrap()]
    }

    #[test]
    fn a_local_app_marks_the_channels_that_are_found_only_once() {
        static CALLS: AtomicU32 = AtomicU32::new(0);
        fn counted() -> [Channel; 2] {
            let call = CALLS.fetch_add(1, Ordering::Relaxed);
            [Channel::from_static("steady"), Channel::new(format!("counted-{call}")).unwrap()]
        }
        let headers = HeaderMap::new();
        for (route, sender, marked, calls) in [
            (POLL, Sender::Local, [false, true], 2),
            (POLL, Sender::Fanout, [false, false], 1),
            (POLL, Sender::SelfRun, [false, false], 1),
            (SOCKET, Sender::Local, [false, false], 1),
        ] {
            CALLS.store(0, Ordering::Relaxed);
            let head = head(&headers, &route, sender);
            let found = find!(&head, counted).unwrap();
            let changes: Vec<_> = found.iter().map(|subscription| subscription.changes).collect();
            assert_eq!((changes, CALLS.load(Ordering::Relaxed)), (marked.to_vec(), calls), "{sender:?}");
        }
        let head = head(&headers, &POLL, Sender::Local);
        let found = find!(&head, steady).unwrap();
        assert!(found.iter().all(|subscription| !subscription.changes), "{found:?}");
    }

    /// The first call takes the body, so a second call would return another channel.
    #[test]
    fn a_channel_function_that_takes_the_body_is_called_once() {
        #[derive(Clone, Copy)]
        struct Body;
        impl<'r, G> Argument<'r, InHandler<'r, G>> for Body {
            const TAKES_BODY: bool = true;

            fn argument(_: InHandler<'r, G>, _: &'r RequestHead<'r>) -> Result<Self, Answer> {
                Ok(Self)
            }
        }
        static CALLS: AtomicU32 = AtomicU32::new(0);
        fn of_body(_: LastEventId, _: Body) -> Channel {
            Channel::new(format!("body-{}", CALLS.fetch_add(1, Ordering::Relaxed))).unwrap()
        }
        let headers = HeaderMap::new();
        let head = head(&headers, &POLL, Sender::Local);
        let found = find!(&head, of_body).unwrap();
        assert_eq!((found[0].changes, CALLS.load(Ordering::Relaxed)), (false, 1));
    }

    #[test]
    fn a_refusal_of_the_second_call_does_not_count() {
        static CALLS: AtomicU32 = AtomicU32::new(0);
        fn once() -> Result<Channel, Answer> {
            match CALLS.fetch_add(1, Ordering::Relaxed) {
                0 => Ok(Channel::from_static("once")),
                _ => Err(Answer::text(403, "again\n")),
            }
        }
        let headers = HeaderMap::new();
        let head = head(&headers, &POLL, Sender::Local);
        assert!(!find!(&head, once).unwrap()[0].changes);
    }
}
