#[derive(serde::Deserialize)]
struct Goal {
    minute: u8,
}

#[fanout::post]
fn goal(goal: Goal) -> String {
    goal.minute.to_string()
}

#[fanout::main(goal)]
fn main() {}
