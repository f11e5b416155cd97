//! Endpoints named after keywords.

#[fanout::sse(channel = "type")]
fn r#type() {}

#[fanout::ws(echo)]
fn r#loop() {}

#[fanout::long_poll(path = "/gen/{gen}", channel = "{gen}")]
fn r#gen(r#gen: &str) -> String {
    r#gen.to_owned()
}

mod r#mod {
    #[fanout::stream(channel = "fn")]
    pub fn r#fn() {}
}

#[fanout::main(r#type, r#loop, r#gen, r#mod::r#fn)]
fn main() {
    let _ = r#gen::channel("a");
}
