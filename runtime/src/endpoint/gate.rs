use super::RequestHead;

/// Who invoked the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Caller {
    /// Somebody outside: the request is to be handed off.
    Client,
    /// Fanout: the request is to be answered with instructions.
    Fanout,
}

/// The one place that decides who asks.
pub(crate) fn caller(head: &RequestHead<'_>) -> Caller {
    match head.header("grip-sig") {
        Some(_) => Caller::Fanout,
        None => Caller::Client,
    }
}
