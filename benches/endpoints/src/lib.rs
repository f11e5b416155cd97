//! The app of the benchmarks, with a number of endpoints.

/// An app of an echo at `/ws` and of streams, each at its name.
#[macro_export]
macro_rules! app {
    ($($name:ident)*) => {
        #[fanout::ws(echo, channel = "test", max_message = 200_000)]
        fn ws() {}

        $(
            #[fanout::sse(channel = "test")]
            fn $name() {}
        )*

        #[fanout::main(ws, $($name),*)]
        fn main() {}
    };
}
