//! The JSON schemas of types, where they have one.
//!
//! Generated code names `Data::<T>::schema` with the trait [`DataUnknown`] in scope. For a type that implements `JsonSchema` that is the
//! inherent function, which wins; for any other type it is that of the trait. The others are built the same way.

use std::collections::BTreeSet;
use std::marker::PhantomData;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value};

use crate::Json;

/// The schemas of an app: those of what it sends, and those of what it receives, which can differ for one type.
pub(super) struct Schemas {
    sent: SchemaGenerator,
    received: SchemaGenerator,
}

impl Default for Schemas {
    fn default() -> Self {
        let settings = SchemaSettings::draft2020_12;
        Self {
            sent: settings().for_serialize().into_generator(),
            received: settings().for_deserialize().into_generator(),
        }
    }
}

impl Schemas {
    pub(super) fn sent(&mut self, schema: Schema) -> Option<Value> {
        schema(&mut self.sent)
    }

    pub(super) fn received(&mut self, schema: Schema) -> Option<Value> {
        schema(&mut self.received)
    }

    /// The definitions of both. One of the same name and another content gets another name, also in `received`, which are the
    /// schemas that refer to it.
    pub(super) fn merged<'v>(mut self, received: impl Iterator<Item = &'v mut Value>) -> Map<String, Value> {
        let mut definitions = self.sent.take_definitions(true);
        let mut others = self.received.take_definitions(true);
        let mut other_names: BTreeSet<String> = others
            .iter()
            .filter(|(name, schema)| definitions.get(*name).is_some_and(|sent| sent != *schema))
            .map(|(name, _)| name.clone())
            .collect();
        // A definition that refers to a renamed one is renamed too.
        loop {
            let refers = |schema: &Value| {
                let mut found = false;
                each_reference(&mut schema.clone(), &mut |reference| found |= is_to(reference, &other_names));
                found
            };
            let more: Vec<_> = others
                .iter()
                .filter(|(name, schema)| {
                    !other_names.contains(*name) && definitions.contains_key(*name) && refers(schema)
                })
                .map(|(name, _)| name.clone())
                .collect();
            if more.is_empty() {
                break;
            }
            other_names.extend(more);
        }
        let mut suffix = "Received".to_owned();
        while other_names.iter().any(|name| {
            let name = format!("{name}{suffix}");
            definitions.contains_key(&name) || others.contains_key(&name)
        }) {
            suffix.push('_');
        }
        let mut rename = |reference: &mut String| {
            if is_to(reference, &other_names) {
                reference.push_str(&suffix);
            }
        };
        received.for_each(|schema| each_reference(schema, &mut rename));
        others.values_mut().for_each(|schema| each_reference(schema, &mut rename));
        for (name, schema) in others {
            let name = if other_names.contains(&name) { name + &suffix } else { name };
            definitions.entry(name).or_insert(schema);
        }
        definitions
    }
}

/// The members of a schema that are schemas by name, in which a name is none of a keyword.
const SCHEMAS_BY_NAME: [&str; 5] =
    ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"];

/// Calls a function for each reference to a definition.
fn each_reference(schema: &mut Value, call: &mut impl FnMut(&mut String)) {
    match schema {
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::String(reference) if name == "$ref" => call(reference),
                    Value::Object(schemas) if SCHEMAS_BY_NAME.contains(&name.as_str()) => {
                        schemas.values_mut().for_each(|schema| each_reference(schema, call));
                    }
                    // Values of the type, in which no name means anything.
                    _ if ["const", "default", "enum", "examples"].contains(&name.as_str()) => {}
                    value => each_reference(value, call),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| each_reference(value, call)),
        _ => {}
    }
}

/// Returns true for a reference to one of these definitions.
fn is_to(reference: &str, names: &BTreeSet<String>) -> bool {
    let Some(encoded) = reference.strip_prefix("#/$defs/") else { return false };
    let Ok(name) = percent_encoding::percent_decode_str(encoded).decode_utf8() else { return false };
    names.contains(&name.replace("~1", "/").replace("~0", "~"))
}

/// The function that makes the schema of a type, if it has one.
pub(super) type Schema = fn(&mut SchemaGenerator) -> Option<Value>;

/// The type of the data that clients receive.
pub struct Data<T: ?Sized>(PhantomData<T>);

impl<T: ?Sized + JsonSchema> Data<T> {
    /// The schema of the type.
    pub fn schema(generator: &mut SchemaGenerator) -> Option<Value> {
        Some(generator.subschema_for::<T>().to_value())
    }
}

/// The fallback for types without a schema.
pub trait DataUnknown {
    /// No schema.
    fn schema(_: &mut SchemaGenerator) -> Option<Value> {
        None
    }
}

impl<T: ?Sized> DataUnknown for Data<T> {}

/// The type of an argument that is made from a message or a body of a client.
pub struct Received<A>(PhantomData<A>);

impl<T: JsonSchema> Received<Json<T>> {
    /// The schema of the JSON.
    pub fn schema(generator: &mut SchemaGenerator) -> Option<Value> {
        Data::<T>::schema(generator)
    }
}

impl<T: JsonSchema> Received<Option<Json<T>>> {
    /// The schema of the JSON.
    pub fn schema(generator: &mut SchemaGenerator) -> Option<Value> {
        Data::<T>::schema(generator)
    }
}

impl<T: JsonSchema, E> Received<Result<Json<T>, E>> {
    /// The schema of the JSON.
    pub fn schema(generator: &mut SchemaGenerator) -> Option<Value> {
        Data::<T>::schema(generator)
    }
}

/// The fallback for arguments that are no JSON, or JSON without a schema.
pub trait ReceivedUnknown {
    /// No schema.
    fn schema(_: &mut SchemaGenerator) -> Option<Value> {
        None
    }
}

impl<A> ReceivedUnknown for Received<A> {}
