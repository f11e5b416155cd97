#[derive(serde::Serialize, serde::Deserialize)]
struct User {
    name: Option<String>,
}

fn signed_in() -> Result<User, fanout::Answer> {
    Ok(User { name: None })
}

#[fanout::sse(channel = "mine", meta = ("user", "{guard.name}"), guard = signed_in)]
fn mine() {}

#[fanout::main(mine)]
fn main() {}
