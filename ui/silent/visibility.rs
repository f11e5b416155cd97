//! One `use` imports the function and its type, which are equally visible.

use fanout::Endpoint;

mod handlers {
    #[fanout::sse(channel = "public")]
    pub fn public() {}

    #[fanout::stream(channel = "crate")]
    pub(crate) fn in_crate() {}

    #[fanout::long_poll(channel = "super")]
    pub(super) fn in_super() {}

    pub mod deeper {
        #[fanout::ws(echo)]
        pub(in super::super) fn in_path() {}

        #[fanout::ws(channel = "self")]
        fn in_self() {}

        pub fn path() -> &'static str {
            <in_self as fanout::Endpoint>::ROUTE.path()
        }
    }

    pub mod reexported {
        #[fanout::ws(echo, name = Type)]
        pub fn function() {}
    }

    pub use reexported::{Type, function as other};
}

use handlers::{Type, deeper, in_crate, in_super, other, public as renamed};

#[fanout::main(
    renamed,
    crate::handlers::in_crate,
    self::handlers::in_super,
    deeper::in_path,
    Type
)]
fn main() {
    renamed();
    in_crate();
    in_super();
    deeper::in_path();
    other();
    assert_eq!(renamed::ROUTE.path(), deeper::path());
}
