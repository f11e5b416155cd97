//! The floor with an instance for each request.

fn main() {
    by_hand::answer_unread();
}
