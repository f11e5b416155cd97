use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::types::{Types, docs, unique};
use super::*;

fn type_of(schema: Value) -> String {
    let definitions = json!({"News": {}, "a/b": {}, "Größe": {}});
    Types::new(definitions.as_object().unwrap(), &mut HashSet::new()).of(&schema)
}

fn declared(definitions: Value) -> String {
    Types::new(definitions.as_object().unwrap(), &mut HashSet::new()).declarations()
}

#[test]
fn each_form_of_a_schema_has_its_type() {
    for (schema, expected) in [
        (json!(true), "unknown"),
        (json!({}), "unknown"),
        (json!(false), "never"),
        (json!({"not": {}}), "never"),
        (json!({"type": "null"}), "null"),
        (json!({"type": "boolean"}), "boolean"),
        (json!({"type": "string", "format": "date-time", "minLength": 1}), "string"),
        (json!({"type": "integer", "format": "uint64", "minimum": 0}), "number"),
        (json!({"type": "number", "format": "double"}), "number"),
        (json!({"type": ["string", "null"]}), "string | null"),
        (json!({"type": ["integer", "number"]}), "number"),
        (json!({"const": "on"}), r#""on""#),
        (json!({"type": "string", "const": "a\"b\\c\n</script>"}), r#""a\"b\\c\n</script>""#),
        (json!({"enum": ["on", 1, -2.5, true, null]}), r#""on" | 1 | -2.5 | true | null"#),
        (json!({"type": "string", "enum": ["on"]}), r#""on""#),
        (json!({"const": {"a": 1}}), "unknown"),
        (json!({"$ref": "#/$defs/News"}), "News"),
        (json!({"$ref": "#/$defs/News", "description": "the news", "default": null}), "News"),
        (json!({"$ref": "#/$defs/a~1b"}), "a_b"),
        (json!({"$ref": "#/$defs/Gr%C3%B6%C3%9Fe"}), "Gr__e"),
        (json!({"$ref": "#/$defs/Missing"}), "unknown"),
        (json!({"$ref": "https://example.com/schema"}), "unknown"),
        (json!({"anyOf": [{"$ref": "#/$defs/News"}, {"type": "null"}]}), "News | null"),
        (json!({"oneOf": [{"const": "a"}, {"const": "b"}, {"const": "a"}]}), r#""a" | "b""#),
        (json!({"oneOf": [{"const": "a"}, {"x-new": 1}]}), "unknown"),
        (json!({"oneOf": []}), "never"),
        (
            json!({"allOf": [{"$ref": "#/$defs/News"}, {"oneOf": [{"const": 1}, {"const": 2}]}]}),
            "News & (1 | 2)",
        ),
        (
            json!({"anyOf": [{"allOf": [{"$ref": "#/$defs/News"}, {"$ref": "#/$defs/a~1b"}]}, {"type": "null"}]}),
            "News & a_b | null",
        ),
        (json!({"type": "array", "items": {"type": "string"}}), "string[]"),
        (json!({"type": "array", "items": {"type": ["string", "null"]}}), "(string | null)[]"),
        (json!({"type": "array", "items": {"enum": ["a", "b"]}}), r#"("a" | "b")[]"#),
        (json!({"type": "array", "items": {"type": "array", "items": true}}), "unknown[][]"),
        (json!({"type": "array"}), "unknown[]"),
        (
            json!({"type": "array", "prefixItems": [{"type": "string"}, {"type": ["integer", "null"]}], "minItems": 2, "maxItems": 2}),
            "[string, number | null]",
        ),
        (
            json!({"type": "array", "prefixItems": [{"type": "string"}, {"type": ["integer", "null"]}], "minItems": 1, "items": false}),
            "[string, (number | null)?]",
        ),
        (
            json!({"type": "array", "prefixItems": [{"type": "string"}], "minItems": 1, "items": {"type": "number"}}),
            "[string, ...number[]]",
        ),
        (
            json!({"type": "array", "prefixItems": [{"type": "string"}], "minItems": 1}),
            "[string, ...unknown[]]",
        ),
        (json!({"type": "object"}), "{ [key: string]: unknown }"),
        (json!({"type": "object", "additionalProperties": false}), "{ [key: string]: never }"),
        (json!({"type": "object", "additionalProperties": {"type": "number"}}), "{ [key: string]: number }"),
        (
            json!({"type": "object", "patternProperties": {"^\\d+$": {"type": "number"}}, "additionalProperties": false}),
            "{ [key: string]: number }",
        ),
        (
            json!({"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "null"}}, "required": ["b"]}),
            "{\n  a?: string;\n  b: null;\n}",
        ),
        (
            json!({"type": "object", "properties": {"1": true, "a-b": {"type": "string"}, "class": true, "ü": true}}),
            "{\n  \"1\"?: unknown;\n  \"a-b\"?: string;\n  class?: unknown;\n  \"ü\"?: unknown;\n}",
        ),
        (
            json!({"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": {"type": "number"}}),
            "{\n  a?: string;\n  [key: string]: unknown;\n}",
        ),
        (
            json!({"type": ["object", "null"], "properties": {"a": {"type": "object", "properties": {"b": true}}}}),
            "{\n  a?: {\n    b?: unknown;\n  };\n} | null",
        ),
        // `#[serde(flatten)]` of an enum with a tag.
        (
            json!({
                "type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"],
                "oneOf": [
                    {"type": "object", "properties": {"kind": {"const": "a"}}, "required": ["kind"]},
                    {"type": "object", "properties": {"kind": {"const": "b"}}, "required": ["kind"]},
                ],
            }),
            "{\n  id: number;\n} & ({\n  kind: \"a\";\n} | {\n  kind: \"b\";\n})",
        ),
        (json!({"properties": {"a": true}}), "{\n  a?: unknown;\n}"),
        (json!({"type": "future"}), "unknown"),
        (json!({"if": {}, "then": {}}), "unknown"),
        (json!(5), "unknown"),
    ] {
        assert_eq!(type_of(schema.clone()), expected, "{schema}");
    }
}

#[test]
fn a_declaration_is_an_interface_where_it_can_be() {
    let text = declared(json!({
        "Page<News>": {"type": "object", "description": "A page.", "properties": {"at": {"type": "integer", "description": "The place.\n\nFrom 0."}}},
        "Size": {"oneOf": [{"const": "s"}, {"const": "l"}]},
    }));
    let expected = "/** A page. */\nexport interface Page_News_ {\n  /**\n   * The place.\n   *\n   * From 0.\n   */\n  at?: number;\n}\n\n\
                    export type Size = \"s\" | \"l\";\n\n";
    assert_eq!(text, expected);
}

#[test]
fn no_text_ends_its_comment() {
    assert_eq!(docs(Some("a */ b /* c"), "  "), "  /** a *\\/ b /* c */\n");
    assert_eq!(docs(Some("a\n*/\nb"), ""), "/**\n * a\n * *\\/\n * b\n */\n");
    assert_eq!(docs(Some(" \n "), ""), "");
    assert_eq!(docs(None, ""), "");
}

#[test]
fn each_name_is_an_identifier_and_unique() {
    let mut taken = HashSet::from(["class".to_owned()]);
    let mut name = |name| unique(name, &mut taken);
    assert_eq!(name("News"), "News");
    assert_eq!(name("News"), "News2");
    assert_eq!(name("News2"), "News22");
    assert_eq!(name("a::b"), "a__b");
    assert_eq!(name("1st"), "_1st");
    assert_eq!(name(""), "_");
    assert_eq!(name("größe"), "gr__e");
    assert_eq!(name("class"), "class2");
}

fn app(endpoints: Value) -> App {
    serde_json::from_value(json!({"endpoints": endpoints})).unwrap()
}

fn endpoint(name: &str, kind: &str, more: Value) -> Value {
    let mut endpoint = json!({
        "name": name, "module": [], "kind": kind, "methods": ["GET"], "path": format!("/{name}"), "channels": [], "options": {},
        "has_history": false,
    });
    let fields: Map<String, Value> = serde_json::from_value(more).unwrap();
    endpoint.as_object_mut().unwrap().extend(fields);
    endpoint
}

/// The module without the client.
fn endpoints(all: Value) -> String {
    let app = app(all);
    let module = module(&app);
    module.strip_suffix(&client_for(&app)).expect("the client comes last").to_owned()
}

#[test]
fn an_endpoint_is_a_function_of_its_parameters() {
    let text = endpoints(json!([endpoint(
        "news",
        "sse",
        json!({
            "module": ["rooms"], "path": "/rooms/{room}/{*rest}", "docs": "The news.\n\nAll of them.", "has_history": true,
            "last_event_id_query": "lastEventId", "sends": {"type": "string"},
        })
    )]));
    let expected = r#"// Written by `cargo fanout routes --format typescript`. Do not edit it.

export const rooms = {
  /**
   * The news.
   *
   * All of them.
   *
   * `GET /rooms/{room}/{*rest}`: server-sent events
   */
  news: (parameters: { room: ParameterValue; rest: string }, query?: QueryValues): Endpoint<string> => ({
    ...targetOf("GET", "/rooms/{room}/{*rest}", parameters, query),
    transport: openSse,
    settings: { json: true, history: true, idQuery: "lastEventId", silence: 45000 },
  }),
};

"#;
    assert_eq!(text, expected);
}

#[test]
fn a_plain_endpoint_is_a_request() {
    let text = endpoints(json!([endpoint("publish", "plain", json!({"methods": ["POST"]}))]));
    let expected = "/** `POST /publish` */\nexport const publish = (query?: QueryValues): Target => \
                    targetOf(\"POST\", \"/publish\", {}, query);\n\n";
    assert!(text.ends_with(expected), "{text}");
}

#[test]
fn options_become_settings() {
    let options = |kind, options| {
        let endpoint = endpoint("one", kind, json!({ "options": options }));
        settings(&serde_json::from_value(endpoint).unwrap()).join(", ")
    };
    let subprotocols = r#"subprotocols: ["v2.example", "v1.example"]"#;
    for (given, expected) in [
        (json!({"max_message": 2000}), "maxSent: 2000"),
        (json!({"subprotocols": ["v2.example", "v1.example"]}), subprotocols),
        (json!({"subprotocols": "v1.example"}), r#"subprotocols: ["v1.example"]"#),
        (json!({}), ""),
    ] {
        assert_eq!(options("web_socket", given.clone()), expected, "{given}");
    }
    for (given, expected) in [
        (json!({}), "silence: 90000"),
        (json!({"timeout": 30}), "silence: 65000"),
        (json!({"timeout": "1m"}), "silence: 95000"),
        (json!({"timeout": "a_function()"}), ""),
    ] {
        assert_eq!(options("long_poll", given.clone()), expected, "{given}");
    }
    for (given, expected) in [
        (json!({}), "silence: 45000"),
        (json!({"keep_alive": "20s"}), "silence: 60000"),
        (json!({"keep_alive": "off"}), ""),
        (json!({"keep_alive": "idle(\"20s\")"}), "silence: 60000"),
        (json!({"keep_alive": "every(20, \"x\")"}), "silence: 60000"),
        (json!({"keep_alive": "every(\"2m\", \"x\")"}), "silence: 360000"),
        (json!({"keep_alive": "every(SECONDS)"}), ""),
    ] {
        assert_eq!(options("sse", given.clone()), expected, "{given}");
    }
}

#[test]
fn a_module_has_the_transports_of_its_kinds_alone() {
    let kinds = [
        ("sse", "openSse"),
        ("stream", "openStream"),
        ("long_poll", "openLongPoll"),
        ("web_socket", "openWebSocket"),
    ];
    for (kind, open) in kinds {
        let module = module(&app(json!([endpoint("one", kind, json!({}))])));
        for (_, other) in kinds {
            assert_eq!(
                module.contains(&format!("function {other}(")),
                other == open,
                "{other} in a module with {kind}"
            );
        }
        let needs_lines = matches!(kind, "sse" | "stream");
        assert_eq!(module.contains("function* linesOf("), needs_lines, "{kind}");
        assert!(!module.contains("#region") && !module.contains("#endregion"), "{kind}");
    }
}

#[test]
fn names_of_the_client_are_not_for_endpoints_and_types() {
    let app: App = serde_json::from_value(json!({
        "endpoints": [endpoint("connect", "sse", json!({})), endpoint("default", "sse", json!({"module": ["fetch"]}))],
        "$defs": {"Endpoint": {"type": "string"}, "Promise": {"type": "string"}, "News": {"type": "string"}},
    }))
    .unwrap();
    let module = module(&app);
    for declared in [
        "const connect2 =",
        "const fetch2 =",
        "type Endpoint2 =",
        "type Promise2 =",
        "type News =",
        "  default: (",
    ] {
        assert!(module.contains(declared), "{declared}");
    }
}
