//! Two endpoints of one name, each in its own module.

mod a {
    #[fanout::sse(channel = "a")]
    pub fn news() {}
}

mod b {
    #[fanout::sse(channel = "b", path = "/b/news")]
    pub fn news() {}
}

#[fanout::main(a::news, b::news)]
fn main() {}
