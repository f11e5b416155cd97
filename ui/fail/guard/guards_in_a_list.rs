use fanout::Answer;

fn signed_in() -> Result<(), Answer> {
    Ok(())
}

fn is_admin() -> Result<(), Answer> {
    Ok(())
}

#[fanout::sse(channel = "news", guard = [signed_in, is_admin])]
fn news() {}

#[fanout::main(news)]
fn main() {
    let _ = (signed_in(), is_admin());
}
