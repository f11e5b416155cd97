//! From JSON Schema to TypeScript types.
//!
//! It reads the schemas that `schemars` writes (draft 2020-12). Where TypeScript cannot say a schema, the type is `unknown`, or wider than
//! the schema.

use std::collections::{HashMap, HashSet};

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

/// The types of an app: the schemas of `$defs` with their names in TypeScript.
pub struct Types<'a> {
    definitions: &'a Map<String, Value>,
    names: HashMap<&'a str, String>,
}

impl<'a> Types<'a> {
    /// Gives each schema a name that is an identifier, unique, and not in `taken`.
    pub fn new(definitions: &'a Map<String, Value>, taken: &mut HashSet<String>) -> Self {
        let names = definitions.keys().map(|name| (name.as_str(), unique(name, taken))).collect();
        Self { definitions, names }
    }

    /// Returns the declarations of all schemas.
    pub fn declarations(&self) -> String {
        let declaration = |(name, schema): (&String, &Value)| {
            let name = &self.names[name.as_str()];
            let Type { text, form } = self.convert(schema, "");
            let declaration = match form {
                Form::Interface => format!("export interface {name} {text}\n\n"),
                _ => format!("export type {name} = {text};\n\n"),
            };
            docs(description(schema), "") + &declaration
        };
        self.definitions.iter().map(declaration).collect()
    }

    /// Returns the type of a schema.
    pub fn of(&self, schema: &Value) -> String {
        self.convert(schema, "").text
    }

    /// Returns the type of a schema that stands in lines with this indentation.
    fn convert(&self, schema: &Value, indent: &str) -> Type {
        let schema = match schema {
            Value::Bool(false) => return Type::tight("never"),
            Value::Object(schema) => schema,
            _ => return Type::unknown(),
        };
        if schema.get("not").is_some_and(|not| *not == Value::Bool(true) || *not == Value::Object(Map::new()))
        {
            return Type::tight("never");
        }
        // Every keyword restricts the value, so the type is the intersection of their types.
        let mut parts = Vec::new();
        if let Some(reference) = schema.get("$ref") {
            parts.push(self.referred(reference));
        }
        if let Some(value) = schema.get("const") {
            parts.push(literal(value));
        } else if let Some(Value::Array(values)) = schema.get("enum") {
            parts.push(union(values.iter().map(literal)));
        } else if let Some(kind) = schema.get("type") {
            let kinds = kind.as_array().map_or(std::slice::from_ref(kind), Vec::as_slice);
            parts.push(union(kinds.iter().map(|kind| self.of_kind(kind, schema, indent))));
        } else if schema.contains_key("properties") {
            parts.push(self.object(schema, indent));
        }
        for keyword in ["oneOf", "anyOf"] {
            if let Some(Value::Array(variants)) = schema.get(keyword) {
                parts.push(union(variants.iter().map(|variant| self.convert(variant, indent))));
            }
        }
        if let Some(Value::Array(all)) = schema.get("allOf") {
            parts.extend(all.iter().map(|part| self.convert(part, indent)));
        }
        intersection(parts)
    }

    fn referred(&self, reference: &Value) -> Type {
        let name = reference.as_str().and_then(|text| text.strip_prefix("#/$defs/"));
        let name = name.and_then(|name| percent_decode_str(name).decode_utf8().ok());
        let name = name.map(|name| name.replace("~1", "/").replace("~0", "~"));
        name.and_then(|name| self.names.get(name.as_str())).map_or_else(Type::unknown, Type::tight)
    }

    fn of_kind(&self, kind: &Value, schema: &Map<String, Value>, indent: &str) -> Type {
        match kind.as_str() {
            Some(kind @ ("null" | "boolean" | "string")) => Type::tight(kind),
            Some("integer" | "number") => Type::tight("number"),
            Some("array") => self.array(schema, indent),
            Some("object") => self.object(schema, indent),
            _ => Type::unknown(),
        }
    }

    fn array(&self, schema: &Map<String, Value>, indent: &str) -> Type {
        let items = || match schema.get("items") {
            Some(items) => format!("{}[]", self.convert(items, indent).inside(Form::Tight)),
            None => "unknown[]".to_owned(),
        };
        let Some(Value::Array(first)) = schema.get("prefixItems") else { return Type::tight(items()) };
        let limit = |keyword| schema.get(keyword).and_then(Value::as_u64);
        let required = limit("minItems").unwrap_or(0);
        let mut parts: Vec<_> = (0..)
            .zip(first)
            .map(|(place, item)| {
                let item = self.convert(item, indent);
                if place < required { item.text } else { item.inside(Form::Tight) + "?" }
            })
            .collect();
        let is_closed = limit("maxItems").is_some_and(|most| most <= first.len() as u64);
        if !is_closed && schema.get("items") != Some(&Value::Bool(false)) {
            parts.push(format!("...{}", items()));
        }
        Type::tight(format!("[{}]", parts.join(", ")))
    }

    fn object(&self, schema: &Map<String, Value>, indent: &str) -> Type {
        let inner = format!("{indent}  ");
        let members = |keyword| schema.get(keyword).and_then(Value::as_object).into_iter().flatten();
        let additional = schema.get("additionalProperties");
        let others: Vec<_> = members("patternProperties")
            .map(|(_, value)| value)
            .chain(additional.filter(|more| **more != Value::Bool(false)))
            .collect();
        let required = schema.get("required").and_then(Value::as_array);
        let is_required = |name: &str| required.is_some_and(|all| all.iter().any(|one| one == name));
        let mut properties: String = members("properties")
            .map(|(name, property)| {
                let mark = if is_required(name) { "" } else { "?" };
                let of = self.convert(property, &inner).text;
                docs(description(property), &inner)
                    + &format!("{inner}{}{mark}: {of};\n", property_name(name))
            })
            .collect();
        if properties.is_empty() {
            let values = match (&others[..], additional) {
                ([], Some(_)) => Type::tight("never"),
                ([], None) => Type::unknown(),
                _ => union(others.into_iter().map(|value| self.convert(value, indent))),
            };
            return Type::tight(format!("{{ [key: string]: {} }}", values.text));
        }
        if !others.is_empty() {
            // In TypeScript this type holds for the named properties too.
            properties += &format!("{inner}[key: string]: unknown;\n");
        }
        Type { text: format!("{{\n{properties}{indent}}}"), form: Form::Interface }
    }
}

/// A type, and how strongly its text holds together.
struct Type {
    text: String,
    form: Form,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    Union,
    Intersection,
    Tight,
    /// Braces, which can be the body of an `interface`.
    Interface,
}

impl Type {
    fn tight(text: impl Into<String>) -> Self {
        Self { text: text.into(), form: Form::Tight }
    }

    fn unknown() -> Self {
        Self::tight("unknown")
    }

    /// The text for a place that needs at least this form.
    fn inside(&self, form: Form) -> String {
        if self.form < form { format!("({})", self.text) } else { self.text.clone() }
    }
}

fn literal(value: &Value) -> Type {
    match value {
        Value::Array(_) | Value::Object(_) => Type::unknown(),
        simple => Type::tight(simple.to_string()),
    }
}

fn union(variants: impl Iterator<Item = Type>) -> Type {
    joined(variants, "unknown", "never", " | ", Form::Union)
}

fn intersection(parts: Vec<Type>) -> Type {
    joined(parts.into_iter(), "never", "unknown", " & ", Form::Intersection)
}

/// Joins types by an operator, for which one type absorbs all others and another one, `neutral`, changes nothing.
fn joined(all: impl Iterator<Item = Type>, absorbs: &str, neutral: &str, operator: &str, form: Form) -> Type {
    let mut joined: Vec<Type> = Vec::new();
    for one in all {
        if one.text == absorbs {
            return one;
        }
        if one.text != neutral && joined.iter().all(|other| other.text != one.text) {
            joined.push(one);
        }
    }
    match joined.len() {
        0 => Type::tight(neutral),
        1 => joined.remove(0),
        _ => {
            let texts: Vec<_> = joined.iter().map(|one| one.inside(form)).collect();
            Type { text: texts.join(operator), form }
        }
    }
}

fn description(schema: &Value) -> Option<&str> {
    schema.get("description").and_then(Value::as_str)
}

/// Returns a text as a comment for editors, whose lines begin with `indent`. Nothing in the text ends the comment.
pub fn docs(text: Option<&str>, indent: &str) -> String {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return String::new() };
    let text = text.replace("*/", "*\\/");
    if !text.contains('\n') {
        return format!("{indent}/** {text} */\n");
    }
    let line = |line: &str| format!("{indent} * {line}").trim_end().to_owned() + "\n";
    format!("{indent}/**\n{}{indent} */\n", text.lines().map(line).collect::<String>())
}

/// Returns a name as it stands before the `:` of a property.
pub fn property_name(name: &str) -> String {
    if is_identifier(name) { name.to_owned() } else { quoted(name) }
}

/// Returns a text as a string literal.
pub fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// Returns the identifier that is nearest to a name and not in `taken`, and adds it there.
pub fn unique(name: &str, taken: &mut HashSet<String>) -> String {
    let mut base: String = name.chars().map(|one| if is_part(one) { one } else { '_' }).collect();
    if !is_identifier(&base) {
        base.insert(0, '_');
    }
    let numbered = |number: u32| if number == 1 { base.clone() } else { format!("{base}{number}") };
    let free =
        (1..).map(numbered).find(|name| !taken.contains(name)).expect("there are more numbers than names");
    taken.insert(free.clone());
    free
}

fn is_identifier(name: &str) -> bool {
    name.starts_with(|first: char| is_part(first) && !first.is_ascii_digit()) && name.chars().all(is_part)
}

fn is_part(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '$')
}
