//! Many requests for each instance of the app.

fn main() -> Result<(), fastly::Error> {
    fastly::http::serve::Serve::new().run(by_hand::answer).into_result()
}
