fn may_order() -> Result<u8, fanout::Answer> {
    Ok(1)
}

#[fanout::post(guard = may_order)]
fn order(_: fanout::Guarded<&String>) {}

fn main() {}
