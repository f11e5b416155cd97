//! The check that a value reads back as it was. One request writes the connection state and the guard value as JSON,
//! and later ones read it. serde lets a type write JSON that it cannot read, or that it reads as another value: a
//! skipped field without a default, a NaN, two untagged variants of one form. A later request could not report it, so
//! it is checked when the value is written.
//!
//! Two values are equal if serde sees the same in them. Their JSON says less: `Some(NaN)`, `Some(None)` and `None` are
//! all `null`.

mod compare;
#[cfg(test)]
mod tests;

use std::any::type_name;
use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_content::{Data, Number, Serializer, Value};

use compare::{Difference, difference, key, name_of};

/// The reason why a value does not read back.
#[derive(Debug)]
pub(super) struct NotReadBack {
    ty: &'static str,
    problem: String,
    help: &'static str,
}

impl fmt::Display for NotReadBack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { ty, problem, help } = self;
        write!(f, "`{ty}` is not read back as it was written: {problem}; {help}")
    }
}

/// Reads the JSON of `value` back, and compares.
///
/// # Errors
///
/// The type, the field and the way out, if the JSON does not read back as the same value.
pub(super) fn check<T: Serialize + DeserializeOwned>(value: &T, json: &[u8]) -> Result<(), NotReadBack> {
    let ty = type_name::<T>();
    let read = match serde_json::from_slice::<T>(json) {
        Ok(read) => read,
        Err(_) => return Err(unreadable(ty, field_of::<T>(json), image(value).as_ref(), json)),
    };
    compare(ty, image(value).as_ref(), image(&read).as_ref())
}

const ONE_FORM: &str = "`Serialize` and `Deserialize` have to agree on its name and its form";
const ADD_DEFAULT: &str = "add `#[serde(default)]` to the field";
const LEFT_OUT: &str = "only what is the field's default may be left out";
const NOT_FINITE: &str = "JSON has neither NaN nor infinity";

/// A value as serde sees it.
fn image(value: &impl Serialize) -> Option<Value<'static>> {
    // As serde_json asks for it.
    Serializer::new().human_readable().serialize(value).ok()
}

/// The field that cannot be read, and the reason.
fn field_of<T: DeserializeOwned>(json: &[u8]) -> (String, String) {
    let json = &mut serde_json::Deserializer::from_slice(json);
    match serde_path_to_error::deserialize::<_, T>(json) {
        Ok(_) => (ROOT.to_owned(), "it cannot be read".to_owned()),
        Err(error) => (error.path().to_string(), error.inner().to_string()),
    }
}

/// The value itself, as `serde_path_to_error` calls it.
const ROOT: &str = ".";

fn unreadable(
    ty: &'static str,
    (field, why): (String, String),
    image: Option<&Value<'_>>,
    json: &[u8],
) -> NotReadBack {
    let is_null = json.windows(4).any(|word| word == b"null");
    if is_null
        && let Some((at, number)) = image.and_then(|image| not_finite(image, ""))
        && (field == ROOT || bare(&at).starts_with(&field))
    {
        return NotReadBack { ty, problem: format!("{} is {number}", named(&at)), help: NOT_FINITE };
    }
    let help = if why.starts_with("missing field") { ADD_DEFAULT } else { ONE_FORM };
    let problem = if field == ROOT { why } else { format!("in `{field}`, {why}") };
    NotReadBack { ty, problem, help }
}

fn compare(ty: &'static str, was: Option<&Value<'_>>, is: Option<&Value<'_>>) -> Result<(), NotReadBack> {
    let (Some(was), Some(is)) = (was, is) else {
        let problem = "it is written as JSON and as nothing else".to_owned();
        return Err(NotReadBack { ty, problem, help: ONE_FORM });
    };
    // The second comparison ignores the order of sets and maps.
    if was == is || key(was) == key(is) {
        return Ok(());
    }
    let Difference { at, was, is } = difference(was, is, "");
    let name = named(&at);
    let (problem, help) = match (was, is) {
        (None, _) => (format!("{name} is left out, and reads back as something"), LEFT_OUT),
        (Some(_), None) => (format!("{name} does not come back"), ONE_FORM),
        (Some(was), Some(is)) => {
            let help = if not_finite(was, "").is_some() { NOT_FINITE } else { ONE_FORM };
            match (kind(was), kind(is)) {
                (was, is) if was == is => (format!("{name} reads back as another value"), help),
                (was, is) => (format!("{name} is {was}, and reads back as {is}"), help),
            }
        }
    };
    Err(NotReadBack { ty, problem, help })
}

/// The place of the first number that is NaN or infinite.
fn not_finite(value: &Value<'_>, at: &str) -> Option<(String, &'static str)> {
    let among = |values: &[Value<'_>]| {
        values.iter().enumerate().find_map(|(index, value)| not_finite(value, &format!("{at}[{index}]")))
    };
    let inside = |data: &Data<'_>, at: &str| match data {
        Data::Unit => None,
        Data::NewType { value } => not_finite(value, at),
        Data::Tuple { values } => among(values),
        Data::Struct { fields } => {
            fields.iter().find_map(|(name, value)| not_finite(value, &format!("{at}.{name}")))
        }
    };
    match value {
        Value::Number(number) => unspeakable(*number).map(|name| (at.to_owned(), name)),
        Value::Option(Some(value)) => not_finite(value, at),
        Value::Seq(values) | Value::Tuple(values) => among(values),
        Value::Map(entries) => {
            entries.iter().find_map(|(name, value)| not_finite(value, &format!("{at}.{}", name_of(name))))
        }
        Value::Struct(of) => inside(&of.data, at),
        Value::Enum(of) => inside(&of.data, &format!("{at}.{}", of.variant)),
        _ => None,
    }
}

/// The name of a number that JSON cannot represent.
fn unspeakable(number: Number) -> Option<&'static str> {
    let number = match number {
        Number::F64(number) => number,
        Number::F32(number) => number.into(),
        _ => return None,
    };
    if number.is_nan() { Some("NaN") } else { number.is_infinite().then_some("infinity") }
}

/// A place as messages name it.
fn named(at: &str) -> String {
    match bare(at) {
        "" => "it".to_owned(),
        at => format!("`{at}`"),
    }
}

/// A place as `serde_path_to_error` writes it, unless it is the value itself.
fn bare(at: &str) -> &str {
    at.strip_prefix('.').unwrap_or(at)
}

/// The kind of a value, without its content, which may be secret.
fn kind(value: &Value<'_>) -> String {
    let (kind, name) = match value {
        Value::Unit => ("a unit", ""),
        Value::Bool(_) => ("a bool", ""),
        Value::Number(number) => match unspeakable(*number) {
            Some(name) => (name, ""),
            None => ("a number of type", compare::parts(*number).0),
        },
        Value::Char(_) => ("a char", ""),
        Value::String(_) => ("a string", ""),
        Value::Bytes(_) => ("bytes", ""),
        Value::Seq(values) => return format!("a list of {}", values.len()),
        Value::Map(entries) => return format!("a map of {}", entries.len()),
        Value::Option(None) => ("", "None"),
        Value::Option(Some(value)) if not_finite(value, "").is_some() => {
            return format!("`Some` of {}", kind(value));
        }
        Value::Option(Some(value)) => {
            ("", if matches!(**value, Value::Option(None)) { "Some(None)" } else { "Some" })
        }
        Value::Struct(of) => ("the struct", &*of.name),
        Value::Enum(of) => ("the variant", &*of.variant),
        Value::Tuple(_) => ("a tuple", ""),
    };
    match (kind, name) {
        (kind, "") => kind.to_owned(),
        ("", name) => format!("`{name}`"),
        (kind, name) => format!("{kind} `{name}`"),
    }
}
