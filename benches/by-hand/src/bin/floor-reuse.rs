//! The floor with many requests for each instance.

fn main() {
    let Ok(()) = fastly::http::serve::Serve::new().run(|_| by_hand::answer_unread()).into_result();
}
