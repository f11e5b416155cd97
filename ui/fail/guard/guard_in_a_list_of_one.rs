use fanout::prelude::*;

fn banned(_cookies: Cookies) -> Result<(), StatusCode> {
    Ok(())
}

#[fanout::sse(channel = "news", guard = [banned])]
fn news() {}

#[fanout::main(news)]
fn main() {
    let _ = banned;
}
