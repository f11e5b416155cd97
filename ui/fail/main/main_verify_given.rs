fn trusted() -> fanout::grip::sig::Policy {
    fanout::policy()
}

#[fanout::main(verify = trusted())]
fn main() {}
