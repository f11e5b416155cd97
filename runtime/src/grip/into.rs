/// Text: every type that is `Into<String>`, such as `&str` and `String`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not text",
    label = "not text",
    note = "pass a `&str`, a `String` or another type that is `Into<String>`",
    note = "make text of a number, or of another value that implements `Display`, with `to_string()`",
    note = "for JSON, `Event::json`, `Message::json` and `Answer::json` take a value that serde can serialize"
)]
pub trait IntoText: Into<String> {}

#[diagnostic::do_not_recommend]
impl<T: Into<String>> IntoText for T {}

/// Bytes: every type that is `Into<Vec<u8>>`, such as `&[u8]`, `Vec<u8>`, `&str` and `String`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither bytes nor text",
    label = "neither bytes nor text",
    note = "pass a `&[u8]`, a `Vec<u8>`, a `&str`, a `String` or another type that is `Into<Vec<u8>>`",
    note = "make text of a number, or of another value that implements `Display`, with `to_string()`"
)]
pub trait IntoBytes: Into<Vec<u8>> {}

#[diagnostic::do_not_recommend]
impl<T: Into<Vec<u8>>> IntoBytes for T {}

/// A number that is the id of an event: every integer that is `Into<i128>`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number that can be an id",
    label = "not an integer of a fixed size",
    note = "pass an integer such as `u64` or `i32`, and a `usize` as `number as u64`",
    note = "`Event::id` takes text"
)]
pub trait IntoIdNumber: Into<i128> {}

#[diagnostic::do_not_recommend]
impl<T: Into<i128>> IntoIdNumber for T {}
