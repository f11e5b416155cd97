use http::StatusCode;

/// The reason of a [`Rejection`](super::Rejection). Each has one status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// 400: a path parameter is not UTF-8 or has a control character, or does not parse at a `strict` endpoint.
    InvalidPath,
    /// 400: the query is not what the [`Query`](crate::Query) of the endpoint says.
    InvalidQuery,
    /// 400: a header that the endpoint reads is missing or invalid, or the `Content-Length` is.
    InvalidHeader,
    /// 400: a channel name that is made from the request is invalid.
    InvalidChannel,
    /// 400: another text that is made from the request is invalid: a link, the id of an event, meta, a field of the guard
    /// value in a template.
    InvalidValue,
    /// 400: the body breaks off, is not UTF-8, or does not deserialize.
    InvalidBody,
    /// 400: the host or the target of the request is not a URL.
    InvalidUrl,
    /// 400: the request opens a WebSocket, and the endpoint is of another kind.
    NotWebSocket,
    /// 400: the client offers none of the subprotocols of the WebSocket.
    UnsupportedSubprotocol,
    /// 400: the proxy sent a body that is not WebSocket events.
    InvalidEvents,
    /// 403: the request claims to come from Fanout, and its token does not prove that.
    InvalidToken,
    /// 403: a page of this origin may not open the WebSocket.
    ForbiddenOrigin,
    /// 403: the guard needs the address of the client, and this request does not come from the client itself.
    UnknownAddress,
    /// 404: no endpoint matches the path, in an app whose `main` has no parameter; a path parameter does not parse; or
    /// the handler of a plain endpoint returns `None`.
    NotFound,
    /// 405: the endpoint does not answer this method. The answer has an `Allow` header.
    MethodNotAllowed,
    /// 413: the body is longer than the limit.
    BodyTooLarge,
    /// 415: the endpoint does not take a body of this type.
    UnsupportedMediaType,
    /// 426: the endpoint is a WebSocket, and the request does not open one. The answer has an `Upgrade` header.
    UpgradeRequired,
    /// 500: a fault of the app, such as a panic. The log says more.
    Internal,
    /// 502: an item could not be published. The log says more.
    NotPublished,
    /// 503: the history of the endpoint, or the one to publish with, failed. The log says more.
    HistoryFailed,
    /// 503: the request could not be handed off. The log says more.
    NotHandedOff,
    /// 508: the request came back from the backend of the option `fallback`.
    Loop,
}

impl Reason {
    pub(super) fn status(self) -> StatusCode {
        match self {
            Self::InvalidPath
            | Self::InvalidQuery
            | Self::InvalidHeader
            | Self::InvalidChannel
            | Self::InvalidValue
            | Self::InvalidBody
            | Self::InvalidUrl
            | Self::NotWebSocket
            | Self::UnsupportedSubprotocol
            | Self::InvalidEvents => StatusCode::BAD_REQUEST,
            Self::InvalidToken | Self::ForbiddenOrigin | Self::UnknownAddress => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::UpgradeRequired => StatusCode::UPGRADE_REQUIRED,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::NotPublished => StatusCode::BAD_GATEWAY,
            Self::HistoryFailed | Self::NotHandedOff => StatusCode::SERVICE_UNAVAILABLE,
            Self::Loop => StatusCode::LOOP_DETECTED,
        }
    }
}

/// The mark of an answer that this crate has made. Two answers are equal whoever made them.
#[derive(Clone, Copy, Default)]
pub(crate) struct Mark(pub(super) Option<Reason>);

impl Mark {
    pub(super) fn reason(self) -> Option<Reason> {
        self.0
    }
}

impl PartialEq for Mark {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Mark {}
