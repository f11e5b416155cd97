//! The endpoints of an app as a table.

use serde_json::Value;

use super::model::{App, Endpoint, Kind};

/// The width of a terminal, unless the paths and channels are longer.
const WIDTH: usize = 80;

/// The space before the second line of an endpoint.
const INDENT: &str = "    ";

/// Two lines for each endpoint: the second one has its function and its options.
pub fn table(app: &App) -> String {
    if app.endpoints.is_empty() {
        return "The app has no endpoints.\n".to_owned();
    }
    let head = ["KIND", "METHODS", "PATH", "CHANNELS", "GUARD"].map(str::to_owned);
    let rows: Vec<_> = app.endpoints.iter().map(row).collect();
    let mut widths = [0; 5];
    for row in rows.iter().chain([&head]) {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = line(&head, &widths);
    for (row, endpoint) in rows.iter().zip(&app.endpoints) {
        text += &line(row, &widths);
        text += &details(endpoint);
    }
    text
}

fn row(endpoint: &Endpoint) -> [String; 5] {
    let channels = match &endpoint.channel_function {
        Some(function) => format!("by {function}"),
        None => endpoint.channels.join(", "),
    };
    [
        name(endpoint.kind).to_owned(),
        endpoint.methods.join(", "),
        endpoint.path.clone(),
        channels,
        endpoint.guard.clone().unwrap_or_default(),
    ]
}

/// The name of the attribute.
pub(super) fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Sse => "sse",
        Kind::Stream => "stream",
        Kind::LongPoll => "long_poll",
        Kind::WebSocket => "ws",
        Kind::Plain => "plain",
    }
}

fn line(cells: &[String; 5], widths: &[usize; 5]) -> String {
    let padded = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
    let line = padded.collect::<Vec<_>>().join("  ");
    format!("{}\n", line.trim_end())
}

/// The path of the function, and the options.
fn details(endpoint: &Endpoint) -> String {
    let path: Vec<_> = endpoint.module.iter().chain([&endpoint.name]).map(String::as_str).collect();
    let options: Vec<_> = endpoint.options.iter().map(|(name, value)| option(name, value)).collect();
    let mut line = format!("{INDENT}{}", path.join("::"));
    let mut text = String::new();
    for (index, option) in options.iter().enumerate() {
        let between = if index == 0 { ": " } else { ", " };
        if line.chars().count() + between.len() + option.chars().count() > WIDTH {
            text += &format!("{line}{}\n", between.trim_end());
            line = format!("{INDENT}{INDENT}{option}");
        } else {
            line += &format!("{between}{option}");
        }
    }
    text + &line + "\n"
}

/// An option as it is written, but without the quotes of text.
fn option(name: &str, value: &Value) -> String {
    match value {
        Value::Bool(true) => name.to_owned(),
        value => format!("{name} = {}", written(value, "[", "]")),
    }
}

fn written(value: &Value, open: &str, close: &str) -> String {
    match value {
        Value::String(text) => text.replace('\n', "\\n"),
        Value::Array(values) => {
            let values: Vec<_> = values.iter().map(|value| written(value, "(", ")")).collect();
            format!("{open}{}{close}", values.join(", "))
        }
        value => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{app, endpoint};
    use super::*;

    #[test]
    fn each_endpoint_has_its_line_and_its_options() {
        let expected = "\
KIND       METHODS     PATH                   CHANNELS          GUARD
sse        GET, POST   /rooms/{room}          room-{room}, all  may_enter(room)
    rooms::room: cors = *, headers = [(X-Feed, live)], strict
long_poll  GET         /score                 by topics
    score: keep_alive = every(\"20s\", \"\\n\"), meta = [(a, b)],
        subprotocols_of_a_long_name = [X-Feed, X-Other, X-Third, X-Fourth, X-Last],
        timeout = 30
ws         GET         /chat
    chat
plain      PUT, PATCH  /rooms/{room}/{*rest}                    editor
    put: max_body = 1000
";
        assert_eq!(table(&app()), expected);
    }

    #[test]
    fn an_app_without_endpoints_says_so() {
        let app = App { endpoints: Vec::new(), definitions: serde_json::Map::new() };
        assert_eq!(table(&app), "The app has no endpoints.\n");
    }

    #[test]
    fn no_cell_is_cut() {
        let mut endpoint = endpoint("news");
        endpoint.path = format!("/{}", "long".repeat(40));
        let path = endpoint.path.clone();
        let text = table(&App { endpoints: vec![endpoint], definitions: serde_json::Map::new() });
        assert!(text.contains(&path), "{text}");
    }
}
