//! An instance of the app for each request.

fn main() -> Result<(), fastly::Error> {
    by_hand::answer(fastly::Request::from_client())
}
