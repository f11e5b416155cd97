use fanout::Query;

#[derive(serde::Deserialize)]
struct Ticket<'t> {
    code: &'t str,
}

fn may_listen(ticket: Query<Ticket<'static>>) -> Result<(), fanout::Answer> {
    if ticket.0.code.is_empty() { Err(fanout::Answer::text(403, "")) } else { Ok(()) }
}

#[fanout::sse(channel = "news", guard = may_listen)]
fn news() {}

#[fanout::main(news)]
fn main() {}
