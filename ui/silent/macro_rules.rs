//! Endpoints that `macro_rules!` writes. Its arguments arrive in invisible groups.

use fanout::prelude::*;

macro_rules! endpoint {
    ($kind:ident, $vis:vis $name:ident, $channel:literal) => {
        #[fanout::$kind(channel = $channel)]
        $vis fn $name() {}
    };
}

endpoint!(sse, plain, "a");
endpoint!(stream, pub(crate) restricted, "b");
endpoint!(ws, pub public, "c");

macro_rules! with_options {
    ($(#[$attribute:meta])* $name:ident, $path:literal, $seconds:literal, [$($channel:literal),*], $backend:expr) => {
        $(#[$attribute])*
        #[fanout::long_poll(channel = [$($channel),*], path = $path, timeout = $seconds, backend = $backend)]
        fn $name() -> &'static str {
            $path
        }
    };
}

with_options! {
    /// With an attribute of its own.
    #[inline]
    poll, "/poll/me", 30, ["a", "b"], "me"
}

macro_rules! with_parameter {
    ($name:ident($parameter:ident: $type:ty) -> $output:ty $body:block) => {
        #[fanout::sse(channel = "a")]
        fn $name($parameter: $type) -> $output $body
    };
}

with_parameter!(parameter(head: &RequestHead<'_>) -> Option<Event> {
    head.query().map(Event::data)
});

macro_rules! whole {
    ($item:item) => {
        #[fanout::stream(channel = "whole")]
        $item
    };
}

whole! {
    fn whole() -> &'static str { "whole" }
}

macro_rules! with_type {
    ($krate:path, $name:ident, $type:ident) => {
        #[fanout::ws(echo, name = $type, crate = $krate)]
        fn $name() {}
    };
}

with_type!(::fanout, named, Named);

macro_rules! in_parentheses {
    ($name:ident, $channel:expr, $guard:expr) => {
        #[fanout::stream(path = "/users/{user}", channel = ($channel), guard = ($guard))]
        fn $name() {}
    };
}

fn may_listen(_: &str) -> Result<(), Answer> {
    Ok(())
}

in_parentheses!(parentheses, ("user-{user}"), may_listen(user));

mod inner {
    #[fanout::ws(echo)]
    pub fn nested() {}
}

macro_rules! app {
    ($($endpoint:path),*) => {
        #[fanout::main($($endpoint),*)]
        fn main(request: Request) -> Response {
            Response::from_body(request.into_body())
        }
    };
}

app!(plain, restricted, public, poll, parameter, whole, Named, parentheses, inner::nested);
