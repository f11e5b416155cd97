use fanout::prelude::*;

struct Goal {
    minute: u8,
}

#[fanout::post]
fn goal(Json(goal): Json<Goal>) -> String {
    goal.minute.to_string()
}

#[fanout::main(goal)]
fn main() {}
