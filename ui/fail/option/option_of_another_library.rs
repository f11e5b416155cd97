use fanout::Body;

#[fanout::post(data = "<text>")]
fn say(text: Body<String>) -> String {
    text.0
}

#[fanout::main(say)]
fn main() {}
