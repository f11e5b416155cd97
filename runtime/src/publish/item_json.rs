//! The JSON of an item, as the proxy reads it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::formats::{ResponseAction, StreamAction, WsAction};
use super::{HttpResponse, HttpStream, Item, WsMessage};
use crate::grip::Filter;

/// Returns an item as JSON.
pub(super) fn item(item: &Item) -> String {
    let message = &item.message;
    let json = ItemJson {
        channel: item.channel.as_str(),
        id: item.id.as_deref(),
        prev_id: item.prev_id.as_deref(),
        meta: &item.meta,
        no_seq: item.no_seq,
        formats: FormatsJson {
            http_stream: message.http_stream.as_ref().map(FormatJson::stream),
            http_response: message.http_response.as_ref().map(FormatJson::response),
            ws_message: message.ws_message.as_ref().map(FormatJson::ws),
        },
    };
    serde_json::to_string(&json).expect("an item is strings and numbers")
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct ItemJson<'a> {
    channel: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prev_id: Option<&'a str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    meta: &'a BTreeMap<String, String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    no_seq: bool,
    formats: FormatsJson<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct FormatsJson<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    http_stream: Option<FormatJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    http_response: Option<FormatJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ws_message: Option<FormatJson<'a>>,
}

/// The fields of all formats. Each format uses its own.
#[derive(Default, Serialize)]
#[serde(rename_all = "kebab-case")]
struct FormatJson<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    action: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    r#type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_bin: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    headers: Vec<[&'a str; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body_bin: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_filters: Option<&'a [Filter]>,
}

impl<'a> FormatJson<'a> {
    fn stream(format: &'a HttpStream) -> Self {
        let json = match &format.action {
            StreamAction::Send(content) => {
                let (content, content_bin) = content.as_json();
                Self { content, content_bin, ..Self::default() }
            }
            StreamAction::Hint => Self::action("hint"),
            StreamAction::Close => Self::action("close"),
        };
        json.filtered(format.content_filters.as_deref())
    }

    fn response(format: &'a HttpResponse) -> Self {
        let json = match &format.action {
            ResponseAction::Send { status, reason, headers, body } => {
                let (body, body_bin) = body.as_json();
                let header = |value: &'a http::HeaderValue| {
                    std::str::from_utf8(value.as_bytes()).expect("an item is checked first")
                };
                Self {
                    code: Some(status.as_u16()),
                    reason: reason.as_deref(),
                    headers: headers.iter().map(|(name, value)| [name.as_str(), header(value)]).collect(),
                    body,
                    body_bin,
                    ..Self::default()
                }
            }
            ResponseAction::Hint => Self::action("hint"),
        };
        json.filtered(format.content_filters.as_deref())
    }

    fn ws(format: &'a WsMessage) -> Self {
        let json = match &format.action {
            WsAction::Send { kind, content } => {
                let (content, content_bin) = content.as_json();
                Self { r#type: Some(kind), content, content_bin, ..Self::default() }
            }
            WsAction::Close { code, reason } => {
                Self { code: Some(code.get()), reason: Some(reason), ..Self::action("close") }
            }
            WsAction::Refresh => Self::action("refresh"),
        };
        json.filtered(format.content_filters.as_deref())
    }

    fn action(action: &'static str) -> Self {
        Self { action: Some(action), ..Self::default() }
    }

    fn filtered(self, content_filters: Option<&'a [Filter]>) -> Self {
        Self { content_filters, ..self }
    }
}
