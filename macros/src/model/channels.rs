//! The channels of an endpoint.

use proc_macro2::Span;
use syn::LitStr;

use crate::diagnostics::Errors;
use crate::parse::channels as parsed;

use super::channel_name::{BYTE_ORDER_MARK, channel_name, fits_headers};
use super::names::{Call, Names};
use super::template::Template;

/// The channels of an endpoint.
pub enum Channels {
    None,
    /// The templates of their names, at the place of the option. A single one may stand in a list too.
    Named {
        templates: Vec<Template>,
        is_list: bool,
        place: Span,
    },
    /// The channels that a function returns.
    Found(Call),
}

/// Lowers the channels of an endpoint. Those of a stream with a recovery link, which this option sets,
/// have to fit into headers.
pub fn channels(
    written: Option<&parsed::Channels>,
    with_link: Option<&str>,
    names: &Names<'_>,
    errors: &mut Errors,
) -> Channels {
    let (texts, is_list) = match written {
        None => return Channels::None,
        Some(parsed::Channels::Function(named)) => {
            return Channels::Found(names.call("channel", named, errors));
        }
        Some(parsed::Channels::One(text)) => (std::slice::from_ref(text), false),
        Some(parsed::Channels::List(texts)) => (&texts[..], true),
    };
    let mut templates = Vec::new();
    for text in texts {
        templates.extend(channel_name(text, names, errors));
        // A byte order mark has its error already.
        if let Some(option) = with_link.filter(|_| !text.value().starts_with(BYTE_ORDER_MARK)) {
            fits_headers(text, option, errors);
        }
    }
    names.refuse_foreign(texts, "channel", "channel", errors);
    let place = texts.first().map_or_else(Span::call_site, LitStr::span);
    Channels::Named { templates, is_list, place }
}
