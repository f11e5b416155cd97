//! The comparison of two images of a value. It formats as little as possible, because every app contains it.

use std::borrow::Cow;
use std::collections::BinaryHeap;

use serde_content::{Data, Number, Value};

/// A value as bytes, which are equal for equal values. Lists and maps are sorted, because hashed sets and maps change
/// their order. Every NaN is equal.
pub(super) fn key(value: &Value<'_>) -> Vec<u8> {
    let mut key = Vec::new();
    write(value, &mut key);
    key
}

fn write(value: &Value<'_>, key: &mut Vec<u8>) {
    match value {
        Value::Unit => key.push(b'u'),
        Value::Bool(value) => key.extend([b'b', u8::from(*value)]),
        Value::Number(number) => {
            let (ty, bits) = parts(*number);
            text(b'n', ty.as_bytes(), key);
            key.extend(bits.to_le_bytes());
        }
        Value::Char(char) => text(b'c', &u32::from(*char).to_le_bytes(), key),
        Value::String(value) => text(b's', value.as_bytes(), key),
        Value::Bytes(bytes) => text(b'y', bytes, key),
        Value::Seq(values) => sorted(values.iter().map(self::key), key),
        Value::Map(entries) => {
            let entry = |(name, value): &(Value<'_>, Value<'_>)| {
                let mut entry = self::key(name);
                write(value, &mut entry);
                entry
            };
            sorted(entries.iter().map(entry), key);
        }
        Value::Option(None) => key.push(b'0'),
        Value::Option(Some(value)) => {
            key.push(b'1');
            write(value, key);
        }
        Value::Struct(of) => {
            text(b'z', of.name.as_bytes(), key);
            inner(&of.data, key);
        }
        Value::Enum(of) => {
            text(b'e', of.name.as_bytes(), key);
            text(b'v', of.variant.as_bytes(), key);
            inner(&of.data, key);
        }
        Value::Tuple(values) => in_order(values, key),
    }
}

fn inner(data: &Data<'_>, key: &mut Vec<u8>) {
    match data {
        Data::Unit => key.push(b'-'),
        Data::NewType { value } => write(value, key),
        Data::Tuple { values } => in_order(values, key),
        Data::Struct { fields } => {
            for (name, value) in fields {
                text(b'f', name.as_bytes(), key);
                write(value, key);
            }
            key.push(b'.');
        }
    }
}

fn in_order(values: &[Value<'_>], key: &mut Vec<u8>) {
    key.push(b't');
    values.iter().for_each(|value| write(value, key));
    key.push(b'.');
}

fn sorted(keys: impl Iterator<Item = Vec<u8>>, key: &mut Vec<u8>) {
    key.push(b'l');
    // A heap is a third of the code of a sort.
    let keys = keys.collect::<BinaryHeap<_>>().into_sorted_vec();
    keys.iter().for_each(|one| text(b'i', one, key));
    key.push(b'.');
}

fn text(tag: u8, bytes: &[u8], key: &mut Vec<u8>) {
    key.push(tag);
    key.extend(bytes.len().to_le_bytes());
    key.extend(bytes);
}

/// The type of a number, and its value.
pub(super) fn parts(number: Number) -> (&'static str, i128) {
    match number {
        Number::I8(number) => ("i8", number.into()),
        Number::I16(number) => ("i16", number.into()),
        Number::I32(number) => ("i32", number.into()),
        Number::I64(number) => ("i64", number.into()),
        Number::I128(number) => ("i128", number),
        Number::U8(number) => ("u8", number.into()),
        Number::U16(number) => ("u16", number.into()),
        Number::U32(number) => ("u32", number.into()),
        Number::U64(number) => ("u64", number.into()),
        Number::U128(number) => ("u128", i128::from_ne_bytes(number.to_ne_bytes())),
        Number::F32(number) if number.is_nan() => ("f32", -1),
        Number::F32(number) => ("f32", number.to_bits().into()),
        Number::F64(number) if number.is_nan() => ("f64", -1),
        Number::F64(number) => ("f64", number.to_bits().into()),
        _ => ("another", 0),
    }
}

/// The innermost place of a difference, and the values there.
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
            let entry = |(name, value): &'v (Value<'v>, Value<'v>)| (name_of(name), value);
            in_named(was.iter().map(entry).collect(), is.iter().map(entry).collect(), at)
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
            let field = |(name, value): &'v (Cow<'static, str>, Value<'v>)| (name.to_string(), value);
            in_named(was.iter().map(field).collect(), is.iter().map(field).collect(), at)
        }
        _ => None,
    }
}

fn in_tuple<'v>(was: &'v [Value<'v>], is: &'v [Value<'v>], at: &str) -> Option<Difference<'v>> {
    let mut pairs = was.iter().zip(is).enumerate();
    let (index, (was, is)) = pairs.find(|(_, (was, is))| key(was) != key(is))?;
    Some(difference(was, is, &format!("{at}[{index}]")))
}

/// The first element that the other list does not have, and its likely counterpart: a set has another order.
fn in_list<'v>(was: &'v [Value<'v>], is: &'v [Value<'v>], at: &str) -> Option<Difference<'v>> {
    if was.len() != is.len() {
        return None;
    }
    let (were, are): (Vec<_>, Vec<_>) = (was.iter().map(key).collect(), is.iter().map(key).collect());
    let index = were.iter().position(|this| !are.contains(this))?;
    let in_common = |other: &[u8]| {
        let this = &were[index];
        let start = this.iter().zip(other).take_while(|(this, other)| this == other).count();
        start + this.iter().rev().zip(other.iter().rev()).take_while(|(this, other)| this == other).count()
    };
    let others = are.iter().enumerate().filter(|(_, other)| !were.contains(other));
    let (other, _) = others.max_by_key(|(_, other)| in_common(other))?;
    Some(difference(&was[index], &is[other], &format!("{at}[{index}]")))
}

/// The first entry that differs, or that only one of them has.
fn in_named<'v>(
    was: Vec<(String, &'v Value<'v>)>,
    is: Vec<(String, &'v Value<'v>)>,
    at: &str,
) -> Option<Difference<'v>> {
    let find = |entries: &[(String, &'v Value<'v>)], name: &str| {
        entries.iter().find(|(this, _)| this == name).map(|(_, value)| *value)
    };
    for (name, was) in was.iter() {
        let at = format!("{at}.{name}");
        match find(&is, name) {
            None => return Some(Difference { at, was: Some(was), is: None }),
            Some(is) if key(was) != key(is) => return Some(difference(was, is, &at)),
            Some(_) => {}
        }
    }
    let (name, is) = is.iter().find(|(name, _)| find(&was, name).is_none())?;
    Some(Difference { at: format!("{at}.{name}"), was: None, is: Some(is) })
}

/// A key of a map, as JSON has it.
pub(super) fn name_of(name: &Value<'_>) -> String {
    match name {
        Value::String(name) => name.to_string(),
        Value::Char(name) => name.to_string(),
        Value::Bool(name) => name.to_string(),
        Value::Enum(name) => name.variant.to_string(),
        Value::Struct(name) => match &name.data {
            Data::NewType { value } => name_of(value),
            _ => String::new(),
        },
        Value::Number(number) => parts(*number).1.to_string(),
        _ => String::new(),
    }
}
