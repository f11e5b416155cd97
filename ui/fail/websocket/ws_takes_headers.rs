use fanout::http::HeaderMap;

#[fanout::ws]
fn chat(headers: &HeaderMap) -> String {
    headers.len().to_string()
}

#[fanout::main(chat)]
fn main() {}
