#[fanout::get]
fn count() -> Result<String, String> {
    Err("there is nothing to count".to_owned())
}

#[fanout::main(count)]
fn main() {}
