//! Endpoints named after keywords.

#[fanout::sse(channel = "type")]
fn r#type() {}

#[fanout::ws(echo)]
fn r#loop() {}

mod r#mod {
    #[fanout::stream(channel = "fn")]
    pub fn r#fn() {}
}

#[fanout::main(r#type, r#loop, r#mod::r#fn)]
fn main() {}
