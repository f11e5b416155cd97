//! Control messages on a WebSocket: `src/handler/wscontrolmessage.cpp` in Pushpin.

use base64ct::{Base64, Encoding as _};
use serde::Deserialize;

/// An instruction in a text that begins with `c:`.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub(super) enum Control {
    Subscribe {
        channel: String,
        #[serde(default)]
        filters: Vec<String>,
    },
    Unsubscribe {
        channel: String,
    },
    Detach,
    /// The id has no effect here.
    Session,
    SetMeta {
        name: String,
        value: Option<String>,
    },
    KeepAlive {
        #[serde(flatten)]
        message: Message,
        mode: Option<String>,
    },
    SendDelayed {
        #[serde(flatten)]
        message: Message,
    },
    FlushDelayed,
}

/// The frame that the proxy sends by itself.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Message {
    content: Option<String>,
    content_bin: Option<String>,
    pub(super) message_type: Option<String>,
    pub(super) timeout: Option<u64>,
}

impl Message {
    pub(super) fn content(&self) -> Option<Vec<u8>> {
        match &self.content_bin {
            Some(bytes) => Some(Base64::decode_vec(bytes).unwrap_or_default()),
            None => self.content.clone().map(String::into_bytes),
        }
    }
}

impl Control {
    /// Reads a control message.
    ///
    /// # Errors
    ///
    /// The reason why the proxy ignores it.
    pub(super) fn read(json: &[u8]) -> Result<Self, String> {
        serde_json::from_slice(json).map_err(|error| error.to_string())
    }
}
