use fanout::endpoint::websocket::Closing;

#[fanout::ws]
fn chat(message: &str) -> Result<(), Closing> {
    Err(Closing::new(fanout::close_code!(1006), message))
}

#[fanout::main(chat)]
fn main() {}
