//! Two images of a value, side by side.

use serde_content::{Data, Value};

/// A value as text that is the same for equal values: what is in a list or in a map is sorted, since sets and maps that hash
/// have another order each time.
pub(super) fn text(value: &Value<'_>) -> String {
    let sorted = |mut texts: Vec<String>| {
        texts.sort_unstable();
        format!("[{}]", texts.join(","))
    };
    match value {
        Value::Seq(items) => sorted(items.iter().map(text).collect()),
        Value::Map(entries) => {
            sorted(entries.iter().map(|(key, value)| format!("{}:{}", text(key), text(value))).collect())
        }
        Value::Tuple(values) => in_order(values),
        Value::Option(Some(value)) => format!("Some({})", text(value)),
        Value::Struct(of) => format!("{:?}{}", of.name, data(&of.data)),
        Value::Enum(of) => format!("{:?}{}{:?}{}", of.name, of.variant_index, of.variant, data(&of.data)),
        leaf => format!("{leaf:?}"),
    }
}

fn data(data: &Data<'_>) -> String {
    match data {
        Data::Unit => String::new(),
        Data::NewType { value } => format!("({})", text(value)),
        Data::Tuple { values } => in_order(values),
        Data::Struct { fields } => {
            let texts: Vec<_> =
                fields.iter().map(|(name, value)| format!("{name:?}:{}", text(value))).collect();
            format!("{{{}}}", texts.join(","))
        }
    }
}

fn in_order(values: &[Value<'_>]) -> String {
    format!("({})", values.iter().map(text).collect::<Vec<_>>().join(","))
}

/// The innermost place where two values differ, and what is there.
pub(super) struct Difference<'v> {
    pub at: String,
    pub was: Option<&'v Value<'v>>,
    pub is: Option<&'v Value<'v>>,
}

pub(super) fn difference<'v>(was: &'v Value<'v>, is: &'v Value<'v>, at: &str) -> Difference<'v> {
    let inner = match (was, is) {
        (Value::Option(Some(was)), Value::Option(Some(is))) => Some(difference(was, is, at)),
        (Value::Tuple(was), Value::Tuple(is)) => in_tuple(was, is, at),
        (Value::Seq(was), Value::Seq(is)) => in_list(was, is, at),
        (Value::Map(was), Value::Map(is)) => {
            in_named(was, is, at, |(key, value)| (text(key), key_of(key), value))
        }
        (Value::Struct(was), Value::Struct(is)) if was.name == is.name => in_data(&was.data, &is.data, at),
        (Value::Enum(was), Value::Enum(is)) if was.variant == is.variant => {
            in_data(&was.data, &is.data, &format!("{at}.{}", was.variant))
        }
        _ => None,
    };
    inner.unwrap_or_else(|| Difference { at: at.to_owned(), was: Some(was), is: Some(is) })
}

fn in_data<'v>(was: &'v Data<'v>, is: &'v Data<'v>, at: &str) -> Option<Difference<'v>> {
    match (was, is) {
        (Data::NewType { value: was }, Data::NewType { value: is }) => Some(difference(was, is, at)),
        (Data::Tuple { values: was }, Data::Tuple { values: is }) => in_tuple(was, is, at),
        (Data::Struct { fields: was }, Data::Struct { fields: is }) => {
            in_named(was, is, at, |(name, value)| (name.to_string(), name.to_string(), value))
        }
        _ => None,
    }
}

fn in_tuple<'v>(was: &'v [Value<'v>], is: &'v [Value<'v>], at: &str) -> Option<Difference<'v>> {
    let mut pairs = was.iter().zip(is).enumerate();
    let (index, (was, is)) = pairs.find(|(_, (was, is))| text(was) != text(is))?;
    Some(difference(was, is, &format!("{at}[{index}]")))
}

/// The first that the other list does not have, and what has most likely become of it: a set has another order.
fn in_list<'v>(was: &'v [Value<'v>], is: &'v [Value<'v>], at: &str) -> Option<Difference<'v>> {
    if was.len() != is.len() {
        return None;
    }
    let (were, are): (Vec<_>, Vec<_>) = (was.iter().map(text).collect(), is.iter().map(text).collect());
    let index = were.iter().position(|this| !are.contains(this))?;
    let in_common = |other: &String| {
        let (this, other) = (were[index].as_bytes(), other.as_bytes());
        let start = this.iter().zip(other).take_while(|(this, other)| this == other).count();
        start + this.iter().rev().zip(other.iter().rev()).take_while(|(this, other)| this == other).count()
    };
    let others = are.iter().enumerate().filter(|(_, other)| !were.contains(other));
    let (other, _) = others.max_by_key(|(_, other)| in_common(other))?;
    Some(difference(&was[index], &is[other], &format!("{at}[{index}]")))
}

/// The first entry that differs, or that only one of them has.
fn in_named<'v, E>(
    was: &'v [E],
    is: &'v [E],
    at: &str,
    parts: impl Fn(&'v E) -> (String, String, &'v Value<'v>),
) -> Option<Difference<'v>> {
    let find = |entries: &'v [E], key: &str| {
        entries.iter().map(&parts).find(|(this, ..)| this == key).map(|(.., value)| value)
    };
    for (key, name, was) in was.iter().map(&parts) {
        let at = format!("{at}.{name}");
        match find(is, &key) {
            None => return Some(Difference { at, was: Some(was), is: None }),
            Some(is) if text(was) != text(is) => return Some(difference(was, is, &at)),
            Some(_) => {}
        }
    }
    let (_, name, is) = is.iter().map(&parts).find(|(key, ..)| find(was, key).is_none())?;
    Some(Difference { at: format!("{at}.{name}"), was: None, is: Some(is) })
}

/// A key of a map as JSON has it.
pub(super) fn key_of(key: &Value<'_>) -> String {
    match key {
        Value::String(key) => key.to_string(),
        Value::Enum(key) => key.variant.to_string(),
        key => serde_json::to_string(key).unwrap_or_default(),
    }
}
