use fanout::websocket::CloseWith;

#[fanout::ws]
fn chat(message: &str) -> Result<(), CloseWith> {
    Err(CloseWith::new(fanout::close_code!(1006), message))
}

#[fanout::main(chat)]
fn main() {}
