struct Service;

impl Service {
    fn news() {}
}

#[fanout::main(Service::news)]
fn main() {
    Service::news();
}
