#[fanout::sse(channel = "news")]
fn news(cookies: &fanout::Cookies) -> Option<String> {
    cookies.get("name").map(str::to_owned)
}

#[fanout::main(news)]
fn main() {}
