use fanout::prelude::*;

#[derive(serde::Serialize, serde::Deserialize)]
struct User {
    id: u32,
}

fn signed_in(_cookies: Cookies) -> Result<User, StatusCode> {
    Ok(User { id: 1 })
}

#[fanout::sse(channel = "news", guard = signed_in)]
fn news(user: User) {
    let _ = user.id;
}

#[fanout::main(news)]
fn main() {}
