macro_rules! streams {
    ($($name:ident)*) => {$(
        #[fanout::sse(channel = "news")]
        fn $name() {}
    )*};
}

streams! {
    e0 e1 e2 e3 e4 e5 e6 e7 e8 e9 e10 e11 e12 e13 e14 e15 e16 e17 e18 e19 e20 e21 e22 e23 e24
    e25 e26 e27 e28 e29 e30 e31 e32 e33 e34 e35 e36 e37
}

#[fanout::sse(path = "/e3", channel = "news")]
fn third() {}

#[fanout::sse(path = "/e4", channel = "news")]
fn fourth() {}

// The check of this entry is in the constant of the one before.
#[fanout::sse(path = "/e5", channel = "news")]
fn fifth() {}

#[fanout::main(
    e0, e1, e2, e3, e4, e5, e6, e7, e8, e9, e10, e11, e12, e13, e14, e15, e16, e17, e18, e19,
    third, e20, e21, e22, e23, e24, e25, e26, e27, e28, e29, e30, e31, e32, e33, e34, e35,
    e36, e37, fourth, fifth
)]
fn main() {}
