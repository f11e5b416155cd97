#[fanout::get]
fn count() -> u32 {
    7
}

#[fanout::main(count)]
fn main() {}
