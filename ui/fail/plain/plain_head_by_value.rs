#[fanout::get]
fn path(head: fanout::RequestHead) -> String {
    head.path().to_owned()
}

#[fanout::main(path)]
fn main() {}
