use fanout::websocket::CloseWith;
use fanout::websocket::CloseCode;

const GONE: CloseCode = CloseCode::from_static(1005);

#[fanout::ws]
fn chat(message: &str) -> Result<(), CloseWith> {
    Err(CloseWith::new(GONE, message))
}

#[fanout::main(chat)]
fn main() {}
