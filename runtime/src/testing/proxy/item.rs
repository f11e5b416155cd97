//! Published items, read from the JSON of a publish request: `src/handler/publishitem.cpp` and `publishformat.cpp`.

use std::collections::BTreeMap;

use base64ct::{Base64, Encoding as _};
use http::{HeaderName, HeaderValue};
use serde::Deserialize;
use serde_json::Value;

use super::instruct::pairs;
use crate::testing::header_list::HeaderList;

/// An item for one channel.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Item {
    pub(super) channel: String,
    pub(super) id: Option<String>,
    pub(super) prev_id: Option<String>,
    #[serde(default)]
    pub(super) meta: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) no_seq: bool,
    pub(super) formats: Formats,
}

/// The contents of an item, by the kind of client.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Formats {
    pub(super) http_response: Option<Format>,
    pub(super) http_stream: Option<Format>,
    pub(super) ws_message: Option<Format>,
}

/// The content for one kind of client.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Format {
    #[serde(default)]
    pub(super) action: Action,
    pub(super) r#type: Option<String>,
    content: Option<String>,
    content_bin: Option<String>,
    body: Option<String>,
    body_bin: Option<String>,
    pub(super) code: Option<u16>,
    pub(super) reason: Option<String>,
    #[serde(default)]
    headers: Value,
    pub(super) content_filters: Option<Vec<String>>,
}

/// The effect of a format on a connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Action {
    #[default]
    Send,
    Hint,
    Close,
    Refresh,
}

#[derive(Deserialize)]
struct Items {
    items: Vec<Item>,
}

/// Reads the body of a publish request.
///
/// # Errors
///
/// The reason why the proxy answers 400.
pub(super) fn read(body: &[u8]) -> Result<Vec<Item>, String> {
    let Items { items } = serde_json::from_slice(body).map_err(|error| format!("invalid items: {error}"))?;
    Ok(items)
}

impl Format {
    /// The content, with the bytes of base64 in place of its text.
    pub(super) fn content(&self) -> Vec<u8> {
        let bytes = self.content_bin.as_ref().or(self.body_bin.as_ref());
        match bytes {
            Some(bytes) => Base64::decode_vec(bytes).unwrap_or_default(),
            None => self.content.clone().or_else(|| self.body.clone()).unwrap_or_default().into_bytes(),
        }
    }

    /// The headers of a response, without those for the proxy.
    pub(super) fn headers(&self) -> HeaderList {
        let mut headers = HeaderList::default();
        for (name, value) in pairs(self.headers.clone()).unwrap_or_default() {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value))
                && !name.as_str().starts_with("grip-")
            {
                headers.push(name, value);
            }
        }
        headers
    }
}
