#[fanout::sse(path = "/ask", channel = "answers", methods = "POST", next = "/ask?again")]
fn ask() {}

#[fanout::main(ask)]
fn main() {}
