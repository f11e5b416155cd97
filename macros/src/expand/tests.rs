//! What each attribute generates, as a reviewer reads it. `INSTA_UPDATE=always cargo test -p fanout-macros` writes
//! the snapshots anew.

use proc_macro2::TokenStream;
use quote::quote;

use crate::endpoint::{self, Kind};
use crate::entries;

fn formatted(generated: TokenStream) -> String {
    prettyplease::unparse(&syn::parse2(generated).expect("items are generated"))
}

macro_rules! snapshot {
    ($name:ident, $generated:expr) => {
        #[test]
        fn $name() {
            insta::assert_snapshot!(formatted($generated));
        }
    };
}

snapshot!(
    sse,
    endpoint::attribute(
        Kind::Sse,
        quote!(channel = "news"),
        quote!(
            pub fn news() {}
        )
    )
);

snapshot!(
    sse_with_parameters,
    endpoint::attribute(
        Kind::Sse,
        quote!(channel = ["news", "sport"], path = "/live", backend = "me", name = Live),
        quote! {
            #[cfg(feature = "live")]
            /// Documented.
            fn news(head: &RequestHead<'_>, language: Language) -> Result<Event, StatusCode> {
                todo!()
            }
        },
    )
);

snapshot!(
    stream,
    endpoint::attribute(
        Kind::Stream,
        quote!(channel = "log"),
        quote!(
            fn log() -> &'static str {
                "from here on:\n"
            }
        )
    )
);

snapshot!(
    long_poll,
    endpoint::attribute(
        Kind::LongPoll,
        quote!(channel = "score", timeout = 30),
        quote!(
            fn r#score() {}
        )
    )
);

snapshot!(
    ws_echo,
    endpoint::attribute(
        Kind::Ws,
        quote!(echo, channel = "chat"),
        quote!(
            fn chat() {}
        )
    )
);

snapshot!(
    ws_without_channel,
    endpoint::attribute(
        Kind::Ws,
        quote!(echo, crate = facade::fanout),
        quote!(
            fn chat() {}
        )
    )
);

snapshot!(
    an_endpoint_that_is_wrong,
    endpoint::attribute(
        Kind::Sse,
        quote!(chanel = "news"),
        quote!(
            fn news() {}
        )
    )
);

snapshot!(
    main_with_request,
    entries::attribute(
        quote!(
            sse,
            #[cfg(test)]
            chat::room,
            verify = policy
        ),
        quote!(
            fn main(request: Request) -> Result<Response, Error> {
                todo!()
            }
        )
    )
);

snapshot!(
    main_without_parameter,
    entries::attribute(
        quote!(sse),
        quote!(
            fn main() {}
        )
    )
);

snapshot!(
    a_main_that_is_wrong,
    entries::attribute(
        quote!(sse, sse),
        quote!(
            fn main() {}
        )
    )
);
