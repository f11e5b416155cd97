use fanout::endpoint::websocket::Closing;
use fanout::grip::websocket::CloseCode;

const GONE: CloseCode = CloseCode::from_static(1005);

#[fanout::ws]
fn chat(message: &str) -> Result<(), Closing> {
    Err(Closing::new(GONE, message))
}

#[fanout::main(chat)]
fn main() {}
