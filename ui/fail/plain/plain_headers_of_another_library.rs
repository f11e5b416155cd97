use fanout::http::HeaderMap;

#[fanout::get]
fn count(headers: HeaderMap) -> String {
    headers.len().to_string()
}

#[fanout::main(count)]
fn main() {}
