#[derive(serde::Serialize, serde::Deserialize)]
struct User {
    name: String,
}

fn signed_in() -> Result<User, fanout::Answer> {
    Ok(User { name: String::new() })
}

#[fanout::sse(channel = "user-{guard}", guard = signed_in)]
fn mine() {}

#[fanout::main(mine)]
fn main() {}
