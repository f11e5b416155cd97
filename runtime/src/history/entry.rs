use std::fmt;
use std::time::Duration;

use base64ct::{Base64, Encoding as _};
use http::{HeaderName, HeaderValue, StatusCode};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::EntryId;
use crate::publish::{Content, Framing, IntoMessage, KeepableResponse, Message, NotKeepable};

/// The part of a published message that a [history](super::History) keeps, so that a client that missed it gets it later: the
/// content, the type of its event, and the response to long polls.
///
/// A history of your own stores it with `serde`. The format for WebSockets is not kept, because they have no recovery.
///
/// ```
/// use fanout::Event;
/// use fanout::history::Entry;
/// use fanout::publish::Message;
/// use fanout::websocket::CloseCode;
///
/// let goal = Entry::new(Event::named("goal", "1 : 0"))?;
/// assert_eq!((goal.event(), goal.text()), (Some("goal"), Some("1 : 0")));
/// assert!(Entry::new(Message::close(CloseCode::NORMAL, "the end")).is_err());
/// # Ok::<(), fanout::history::InvalidEntry>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    content: Content,
    event: Option<String>,
    retry: Option<Duration>,
    stream: Option<Framing>,
    response: Option<KeepableResponse>,
}

impl Entry {
    /// Makes an entry of a message: of text, bytes, JSON or an event.
    ///
    /// The formats for streams and long polls may be [unframed](crate::publish::Message::unframed) or left out, and that for
    /// long polls may be one of your own, of which all but the reason phrase is kept.
    ///
    /// # Errors
    ///
    /// If the message cannot be sent again later: a close, a hint, a comment, an event with an id of its own, a stream format or
    /// content filters of your own, or no content.
    pub fn new(message: impl IntoMessage) -> Result<Self, InvalidEntry> {
        Self::of(&message.into_message())
    }

    /// As [`new`](Self::new), of a message that is published afterwards.
    pub(super) fn of(message: &Message) -> Result<Self, InvalidEntry> {
        let kept = message.keepable().map_err(InvalidEntry)?;
        let (content, stream, response) = (kept.content, kept.stream, kept.response);
        Ok(Self { content, event: kept.event, retry: kept.retry, stream, response })
    }

    /// Returns the content, without the frame of an event.
    pub fn content(&self) -> &Content {
        &self.content
    }

    /// Returns the content, if it is text.
    pub fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) => Some(text),
            Content::Bytes(bytes) => std::str::from_utf8(bytes).ok(),
        }
    }

    /// Returns the type of the event, if it has one.
    pub fn event(&self) -> Option<&str> {
        self.event.as_deref()
    }

    /// Returns the bytes for streams, or `None` if streams do not get the entry.
    pub(crate) fn for_streams(&self, id: &EntryId) -> Option<Content> {
        match self.stream? {
            Framing::Event => Some(self.as_event(id)),
            Framing::Bytes => Some(self.content.clone()),
        }
    }

    /// Returns the event for an event stream, or `None` if streams do not get the entry. There, unframed content could forge an
    /// event.
    pub(crate) fn for_event_streams(&self, id: &EntryId) -> Option<Content> {
        self.stream.map(|_| self.as_event(id))
    }

    /// Returns the response to a long poll with its body, or `None` if long polls do not get the entry.
    pub(crate) fn for_polls(&self) -> Option<(&KeepableResponse, &Content)> {
        let response = self.response.as_ref()?;
        Some((response, response.body.as_ref().unwrap_or(&self.content)))
    }

    fn as_event(&self, id: &EntryId) -> Content {
        self.content.framed_with_id(id.as_str(), self.event.as_deref(), self.retry)
    }
}

/// An entry with the id that the history gave it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    id: EntryId,
    #[serde(flatten)]
    entry: Entry,
}

impl Kept {
    /// Joins an id and its entry.
    pub fn new(id: EntryId, entry: Entry) -> Self {
        Self { id, entry }
    }

    /// Returns the id.
    pub fn id(&self) -> &EntryId {
        &self.id
    }

    /// Returns the entry.
    pub fn entry(&self) -> &Entry {
        &self.entry
    }
}

/// The reason why a message cannot be an [`Entry`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidEntry(NotKeepable);

impl fmt::Display for InvalidEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            NotKeepable::NoContent => {
                "a history keeps content: make the message with `Message::text`, `bytes`, `json` or `event`"
            }
            NotKeepable::Comment => "a history cannot keep a comment: publish it without the history",
            NotKeepable::EventId => "a history gives each event its id: leave `id` out",
            NotKeepable::Hint => "a history cannot keep a hint: publish it without the history",
            NotKeepable::Close => "a history cannot keep a close: publish it without the history",
            NotKeepable::ContentFilters => {
                "a history cannot keep content filters, which the proxy applies for each client: leave them out"
            }
            NotKeepable::OwnStream => {
                "a history cannot add an id to a stream format of your own: make the message of an `Event`, or of text \
                that is `unframed`"
            }
            NotKeepable::OwnId => "a history gives each response its `Last-Event-ID`: leave the header out",
        })
    }
}

impl std::error::Error for InvalidEntry {}

/// The stored form of an entry. A field with its most common value is left out.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Stored {
    #[serde(flatten)]
    content: StoredContent,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    event: Option<String>,
    /// In milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retry: Option<u64>,
    #[serde(default, skip_serializing_if = "StoredStream::is_event")]
    stream: StoredStream,
    #[serde(default, skip_serializing_if = "StoredResponse::is_plain")]
    response: StoredResponse,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum StoredContent {
    Content(String),
    ContentBin(String),
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum StoredStream {
    #[default]
    Event,
    Bytes,
    None,
}

impl StoredStream {
    fn is_event(&self) -> bool {
        *self == Self::Event
    }
}

#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum StoredResponse {
    #[default]
    Plain,
    Own {
        code: u16,
        headers: Vec<(String, String)>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        body: Option<StoredContent>,
    },
    None,
}

impl StoredResponse {
    fn is_plain(&self) -> bool {
        matches!(self, Self::Plain)
    }
}

impl From<&Content> for StoredContent {
    fn from(content: &Content) -> Self {
        match content {
            Content::Text(text) => Self::Content(text.clone()),
            Content::Bytes(bytes) => Self::ContentBin(Base64::encode_string(bytes)),
        }
    }
}

impl TryFrom<StoredContent> for Content {
    type Error = String;

    fn try_from(stored: StoredContent) -> Result<Self, String> {
        match stored {
            StoredContent::Content(text) => Ok(Self::Text(text)),
            StoredContent::ContentBin(text) => {
                Base64::decode_vec(&text).map(Self::Bytes).map_err(|error| error.to_string())
            }
        }
    }
}

impl From<&KeepableResponse> for StoredResponse {
    fn from(response: &KeepableResponse) -> Self {
        let KeepableResponse { status, headers, body } = response;
        if *status == StatusCode::OK && headers.is_empty() && body.is_none() {
            return Self::Plain;
        }
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = headers.iter().map(|(name, value)| (name.to_string(), text(value)));
        Self::Own {
            code: status.as_u16(),
            headers: headers.collect(),
            body: body.as_ref().map(StoredContent::from),
        }
    }
}

impl TryFrom<StoredResponse> for Option<KeepableResponse> {
    type Error = String;

    fn try_from(stored: StoredResponse) -> Result<Self, String> {
        let (code, headers, body) = match stored {
            StoredResponse::None => return Ok(None),
            StoredResponse::Plain => (200, Vec::new(), None),
            StoredResponse::Own { code, headers, body } => (code, headers, body),
        };
        let header = |(name, value): (String, String)| {
            let name: HeaderName = name.parse().map_err(|_| format!("`{name}` is no header"))?;
            let value = HeaderValue::try_from(value).map_err(|_| format!("`{name}` has no header value"))?;
            Ok((name, value))
        };
        Ok(Some(KeepableResponse {
            status: StatusCode::from_u16(code).map_err(|_| format!("{code} is no status"))?,
            headers: headers.into_iter().map(header).collect::<Result<_, String>>()?,
            body: body.map(Content::try_from).transpose()?,
        }))
    }
}

impl Serialize for Entry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { content, event, retry, stream, response } = self;
        let stored = Stored {
            content: content.into(),
            event: event.clone(),
            retry: retry.map(|retry| u64::try_from(retry.as_millis()).unwrap_or(u64::MAX)),
            stream: match stream {
                Some(Framing::Event) => StoredStream::Event,
                Some(Framing::Bytes) => StoredStream::Bytes,
                None => StoredStream::None,
            },
            response: response.as_ref().map_or(StoredResponse::None, StoredResponse::from),
        };
        stored.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Entry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Stored { content, event, retry, stream, response } = Stored::deserialize(deserializer)?;
        // It would start another field.
        if event.as_ref().is_some_and(|event| event.contains(['\r', '\n'])) {
            return Err(de::Error::custom("the type of an event has a line break"));
        }
        Ok(Self {
            content: content.try_into().map_err(de::Error::custom)?,
            event,
            retry: retry.map(Duration::from_millis),
            stream: match stream {
                StoredStream::Event => Some(Framing::Event),
                StoredStream::Bytes => Some(Framing::Bytes),
                StoredStream::None => None,
            },
            response: response.try_into().map_err(de::Error::custom)?,
        })
    }
}
