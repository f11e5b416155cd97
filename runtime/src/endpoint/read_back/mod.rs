//! The check that a value comes back. The connection state and the guard value are written as JSON by one request and read
//! by later ones, and serde lets a type write what it cannot read, or reads as something else: a field that is skipped and
//! has no default, a NaN, two untagged variants of one form. Nobody hears of it later, so it is found when it is written.
//!
//! Two values are the same if serde sees the same in them, which is more than their JSON: `Some(NaN)`, `Some(None)` and
//! `None` are all `null` there.

mod compare;
#[cfg(test)]
mod tests;

use std::any::type_name;
use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_content::{Data, Number, Serializer, Value};

use compare::{Difference, difference, key_of, text};

/// The reason why a value cannot travel: it does not come back as it was.
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

/// Reads the JSON that `value` was written as, and compares.
///
/// # Errors
///
/// The type, the field and the way out, if it cannot be read or is another value then.
pub(super) fn check<T: Serialize + DeserializeOwned>(value: &T, json: &[u8]) -> Result<(), NotReadBack> {
    let ty = type_name::<T>();
    let read = match serde_json::from_slice::<T>(json) {
        Ok(read) => read,
        Err(_) => return Err(unreadable(ty, field_of::<T>(json), image(value).ok().as_ref(), json)),
    };
    match (image(value), image(&read)) {
        (Ok(was), Ok(is)) if was == is => Ok(()),
        (Ok(was), Ok(is)) => compare(ty, &was, &is),
        (Err(error), _) | (_, Err(error)) => {
            Err(NotReadBack { ty, problem: error.to_string(), help: ONE_FORM })
        }
    }
}

const ONE_FORM: &str = "`Serialize` and `Deserialize` have to agree on its name and its form";
const ADD_DEFAULT: &str = "add `#[serde(default)]` to the field";
const LEFT_OUT: &str = "only what is the field's default may be left out";
const NOT_FINITE: &str = "JSON has neither NaN nor infinity";

/// What serde sees in a value.
fn image(value: &impl Serialize) -> Result<Value<'static>, serde_content::Error> {
    // As serde_json asks for it.
    Serializer::new().human_readable().serialize(value)
}

/// The field that cannot be read, and why.
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

/// Compares again, without the order of what may be a set or a map, and with a NaN as what it is.
fn compare(ty: &'static str, was: &Value<'_>, is: &Value<'_>) -> Result<(), NotReadBack> {
    if text(was) == text(is) {
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

/// The first number that is NaN or infinite, and where.
fn not_finite(value: &Value<'_>, at: &str) -> Option<(String, String)> {
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
        Value::Number(Number::F64(number)) if !number.is_finite() => {
            Some((at.to_owned(), number.to_string()))
        }
        Value::Number(Number::F32(number)) if !number.is_finite() => {
            Some((at.to_owned(), number.to_string()))
        }
        Value::Option(Some(value)) => not_finite(value, at),
        Value::Seq(values) | Value::Tuple(values) => among(values),
        Value::Map(entries) => {
            entries.iter().find_map(|(key, value)| not_finite(value, &format!("{at}.{}", key_of(key))))
        }
        Value::Struct(of) => inside(&of.data, at),
        Value::Enum(of) => inside(&of.data, &format!("{at}.{}", of.variant)),
        _ => None,
    }
}

/// A place as it is called in a message.
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

/// What a value is, without what is in it: that may be secret, and the log is not.
fn kind(value: &Value<'_>) -> String {
    match value {
        Value::Unit => "a unit".to_owned(),
        Value::Bool(_) => "a bool".to_owned(),
        Value::Number(Number::F64(number)) if !number.is_finite() => number.to_string(),
        Value::Number(Number::F32(number)) if !number.is_finite() => number.to_string(),
        Value::Number(number) => {
            let shown = format!("{number:?}");
            format!("a number of type {}", shown.split('(').next().unwrap_or_default().to_lowercase())
        }
        Value::Char(_) => "a char".to_owned(),
        Value::String(_) => "a string".to_owned(),
        Value::Bytes(_) => "bytes".to_owned(),
        Value::Seq(items) => format!("a list of {}", items.len()),
        Value::Map(entries) => format!("a map of {}", entries.len()),
        Value::Option(None) => "`None`".to_owned(),
        Value::Option(Some(value)) => match &**value {
            Value::Option(None) => "`Some(None)`".to_owned(),
            value if not_finite(value, "").is_some() => format!("`Some` of {}", kind(value)),
            _ => "`Some`".to_owned(),
        },
        Value::Struct(of) => format!("the struct `{}`", of.name),
        Value::Enum(of) => format!("the variant `{}`", of.variant),
        Value::Tuple(values) => format!("a tuple of {}", values.len()),
    }
}
