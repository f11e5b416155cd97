use http::StatusCode;
use serde::de::DeserializeOwned;

use super::story::quoted;
use super::wire::Answer;

/// A whole response, as the client gets it.
#[derive(Clone, Debug)]
#[must_use = "a response says something only to a test that looks at it"]
pub struct Response {
    answer: Answer,
}

impl Response {
    pub(super) fn new(answer: Answer) -> Self {
        Self { answer }
    }

    /// The status.
    ///
    /// # Panics
    ///
    /// If it is a status that HTTP does not have, which a hold can say.
    #[track_caller]
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.answer.status).expect("a status has three digits")
    }

    /// The reason phrase, if the app has set one of its own.
    pub fn reason(&self) -> Option<&str> {
        self.answer.reason.as_deref()
    }

    /// The first value of a header, if it is ASCII. Names are case-insensitive.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.answer.headers.get(name)?.to_str().ok()
    }

    /// The values of a header, in order, without those that are not ASCII.
    pub fn headers(&self, name: &str) -> Vec<&str> {
        self.answer.headers.all(name).filter_map(|value| value.to_str().ok()).collect()
    }

    /// The names of all headers, in order, in lower case.
    pub fn header_names(&self) -> Vec<&str> {
        self.answer.headers.iter().map(|(name, _)| name.as_str()).collect()
    }

    /// The body.
    pub fn bytes(&self) -> &[u8] {
        &self.answer.body
    }

    /// The body as text.
    ///
    /// # Panics
    ///
    /// If it is not UTF-8.
    #[track_caller]
    pub fn text(&self) -> &str {
        match str::from_utf8(&self.answer.body) {
            Ok(text) => text,
            Err(_) => panic!("the body is not UTF-8: {}", quoted(&self.answer.body)),
        }
    }

    /// The body, read as JSON.
    ///
    /// # Panics
    ///
    /// If it is not the JSON of this type.
    #[track_caller]
    pub fn json<T: DeserializeOwned>(&self) -> T {
        match serde_json::from_slice(&self.answer.body) {
            Ok(value) => value,
            Err(error) => panic!("the body is not the expected JSON: {error}: {}", quoted(&self.answer.body)),
        }
    }
}
