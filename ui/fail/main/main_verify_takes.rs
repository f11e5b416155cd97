fn trusted(room: &str) -> fanout::grip::sig::Policy {
    drop(room.to_owned());
    fanout::policy()
}

#[fanout::main(verify = trusted)]
fn main() {}
