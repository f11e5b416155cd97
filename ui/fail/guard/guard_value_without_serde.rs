struct User;

fn may_listen() -> Result<User, fanout::Answer> {
    Ok(User)
}

#[fanout::sse(channel = "news", guard = may_listen)]
fn news() {}

#[fanout::main(news)]
fn main() {}
