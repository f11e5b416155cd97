//! The filters of subscriptions: `src/handler/filter.cpp` in Pushpin.

use std::collections::BTreeMap;

use super::format;

/// What filters read of a connection and an item.
pub(super) struct Context<'c> {
    /// The channels of the connection, with the last id of each.
    pub(super) channels: &'c BTreeMap<String, Option<String>>,
    /// The meta of the subscription.
    pub(super) meta: &'c BTreeMap<String, String>,
    /// The meta of the item.
    pub(super) item: &'c BTreeMap<String, String>,
}

/// The filters that change content. An item with content filters reaches subscriptions with the same ones.
pub(super) fn of_content(filters: &[String]) -> Vec<&String> {
    filters.iter().filter(|name| matches!(name.as_str(), "build-id" | "var-subst")).collect()
}

/// The content after the filters, or `None` if a filter drops the item.
///
/// # Errors
///
/// The mistake in the content or the meta, at which the proxy loses the item.
pub(super) fn apply(
    filters: &[String],
    context: &Context<'_>,
    content: Vec<u8>,
) -> Result<Option<Vec<u8>>, String> {
    let Context { channels, meta, item } = context;
    let user = meta.get("user").map_or("", String::as_str);
    let of_item = |name| item.get(name).map_or("", String::as_str);
    let mut content = content;
    for filter in filters {
        let is_dropped = match filter.as_str() {
            "skip-self" => !user.is_empty() && of_item("sender") == user,
            "skip-users" => {
                !user.is_empty() && of_item("skip_users").split(',').any(|name| name.trim() == user)
            }
            "require-sub" => {
                let required = of_item("require_sub");
                !required.is_empty() && !channels.contains_key(required)
            }
            "var-subst" => {
                content = substitute(&content, meta)?;
                false
            }
            "build-id" => {
                content = build_ids(&content, context)?;
                false
            }
            // Pushpin 1.41 knows no others, and ignores them.
            _ => false,
        };
        if is_dropped {
            return Ok(None);
        }
    }
    Ok(Some(content))
}

fn substitute(content: &[u8], meta: &BTreeMap<String, String>) -> Result<Vec<u8>, String> {
    format::process(content, |directive, name| match (directive, name) {
        (b's', Some(name)) => {
            let name = String::from_utf8_lossy(name);
            let value = meta.get(&*name).ok_or_else(|| format!("there is no meta `{name}`"))?;
            Ok(value.clone().into_bytes())
        }
        _ => Err(unknown(directive)),
    })
}

/// Replaces `%I` by the id that the meta `id_format` describes.
pub(super) fn build_ids(content: &[u8], context: &Context<'_>) -> Result<Vec<u8>, String> {
    let id_format = context.meta.get("id_format").ok_or("there is no meta `id_format`")?;
    let id = format::process(id_format.as_bytes(), |directive, name| match (directive, name) {
        (b's', Some(name)) => {
            let name = String::from_utf8_lossy(name);
            let id = context.channels.get(&*name).ok_or_else(|| format!("there is no channel `{name}`"))?;
            Ok(id.clone().unwrap_or_default().into_bytes())
        }
        _ => Err(unknown(directive)),
    });
    // Without a channel there is no id of its own, and only `%(text)I` is possible.
    let id = if context.channels.is_empty() { None } else { Some(id?) };
    let is_hex = match context.meta.get("id_encoding").map(String::as_str) {
        None => false,
        Some("hex") => true,
        Some(other) => return Err(format!("the meta `id_encoding` is `{other}`")),
    };
    format::process(content, |directive, text| {
        if directive != b'I' {
            return Err(unknown(directive));
        }
        let id = text.map(<[u8]>::to_vec).or_else(|| id.clone()).ok_or("there is no id")?;
        Ok(if is_hex { id.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect() } else { id })
    })
}

fn unknown(directive: u8) -> String {
    format!("`%{}` is unknown", char::from(directive))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn applied(
        filter: &str,
        meta: &[(&str, &str)],
        item: &[(&str, &str)],
        content: &str,
    ) -> Result<Option<String>, String> {
        let channels = BTreeMap::from([("a".to_owned(), Some("7".to_owned()))]);
        let (meta, item) = (map(meta), map(item));
        let context = Context { channels: &channels, meta: &meta, item: &item };
        let made = apply(&[filter.to_owned()], &context, content.as_bytes().to_vec());
        made.map(|made| made.map(|made| String::from_utf8(made).unwrap()))
    }

    #[test]
    fn users_and_subscriptions_decide_about_delivery() {
        let sent = Ok(Some("x".to_owned()));
        let user = [("user", "ann")];
        for (filter, item, expected) in [
            ("skip-self", [("sender", "ann")], Ok(None)),
            ("skip-self", [("sender", "bob")], sent.clone()),
            ("skip-users", [("skip_users", "bob, ann")], Ok(None)),
            ("skip-users", [("skip_users", "bob,annabel")], sent.clone()),
            ("require-sub", [("require_sub", "a")], sent.clone()),
            ("require-sub", [("require_sub", "b")], Ok(None)),
            ("http-check", [("", "")], sent.clone()),
        ] {
            assert_eq!(applied(filter, &user, &item, "x"), expected, "{filter} {item:?}");
        }
        assert_eq!(applied("skip-self", &[], &[("sender", "")], "x"), sent);
    }

    #[test]
    fn contents_are_made_of_meta_and_ids() {
        let meta = [("name", "Ann"), ("id_format", "n%(a)s")];
        let made = |filter, content| applied(filter, &meta, &[], content);
        assert_eq!(made("var-subst", "hello %(name)s, 100%%"), Ok(Some("hello Ann, 100%".into())));
        assert!(made("var-subst", "100%").is_err());
        assert!(made("var-subst", "%(other)s").is_err());
        assert_eq!(made("build-id", "id: %I, %(\\))I"), Ok(Some("id: n7, )".into())));
        let hex = [("id_format", "a"), ("id_encoding", "hex")];
        assert_eq!(applied("build-id", &hex, &[], "%I"), Ok(Some("61".into())));
        assert!(applied("build-id", &[], &[], "%I").is_err());
    }
}
