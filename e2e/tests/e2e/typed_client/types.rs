//! The module under the checks of the TypeScript compiler: programs that must compile, and programs that must not.

use std::collections::BTreeSet;

use anyhow::Result;
use cargo_fanout::routes::typescript::module;
use e2e::Tsc;
use serde_json::{Value, json};
use xtask::build::EXAMPLE_APP;

use super::{described, of_json};

const LEAGUE: &str = include_str!("league.json");

const SOUND: &str = r#"
import { connect, ConnectionError, games, request, shout } from "./league";
import type { Connection, ConnectionState, Goal, Guess } from "./league";

const game = 7;
const abort = new AbortController();
let shown: string = "";

const connection: Connection<never> = connect([games.goals({ game }), games.next_goal({ game: "final" }, { since: 3 })], {
  onMessage(goal, { id }) {
    const by: string | null = goal.by;
    const [home, away]: [number, number] = goal.score;
    const note: string | undefined = goal.note;
    const tag: string | undefined = goal.tags["best"];
    shown = `${goal.id} ${by} ${home}:${away} ${note} ${tag} ${id}`;
  },
  onEvent: (type: string, data: string) => console.log(type, data, shown),
  onState: (state: ConnectionState) => console.log(state),
  onError: (error) => console.log(error instanceof ConnectionError, error.final, error.status),
  onReset: (reason: string) => console.log(reason),
  signal: abort.signal,
  headers: async () => ({ Authorization: "Bearer x" }),
});
connection.close();

const guesses: Connection<Guess> = connect(games.guesses({ game }));
const sent: boolean = guesses.send({ kind: "winner", winner: "home" });
guesses.send({ kind: "goals", goals: 3 });

// A list of a WebSocket and a stream of events sends what the WebSocket does.
connect([games.guesses({ game }), games.goals({ game })], { onMessage: (goal: Goal) => console.log(goal.by, sent) }).send({ kind: "goals", goals: 3 });

connect(shout({ loud: true, at: undefined }), { onMessage: (message: unknown) => console.log(message) }).send(new Uint8Array(3));
connect(games.archive.log({ rest: "2026/11" }));
const answer: Promise<Response> = request(games.publish({ game }), { body: "{}", headers: { "Content-Type": "application/json" } });
console.log(answer);
"#;

#[test]
fn the_module_and_a_program_with_it_compile() -> Result<()> {
    let Some(tsc) = Tsc::of_this_machine()? else { return Ok(()) };
    let module = module(&of_json(LEAGUE)?);
    let errors = tsc.errors(&[("league.ts", &module), ("program.ts", SOUND)])?;
    assert_eq!(errors, [""; 0], "{module}");
    Ok(())
}

/// Each line alone must be an error, with this number and these words.
const WRONG: [(&str, &str, &str); 17] = [
    ("games.goals();", "TS2554", "Expected 1-2 arguments"),
    ("games.goals({});", "TS2741", "Property 'game' is missing"),
    ("games.goals({ room: 7 });", "TS2353", "'room' does not exist"),
    ("games.goals({ game: { id: 7 } });", "TS2322", "not assignable to type 'ParameterValue'"),
    ("games.goals({ game: undefined });", "TS2322", "not assignable to type 'ParameterValue'"),
    ("games.archive.log({ rest: 7 });", "TS2322", "not assignable to type 'string'"),
    ("shout({ loud: [1] });", "TS2322", "not assignable"),
    ("games.goal({ game: 7 });", "TS2551", "Did you mean 'goals'"),
    ("connect(games.publish({ game: 7 }));", "TS2345", "not assignable"),
    (
        "connect(games.goals({ game: 7 }), { onMessage: (goal: Guess) => goal });",
        "TS2322",
        "not assignable to type '(message: Goal",
    ),
    (
        "connect(games.goals({ game: 7 }), { onMessage: (goal) => goal.away });",
        "TS2339",
        "'away' does not exist on type 'Goal'",
    ),
    (
        "connect(games.goals({ game: 7 }), { onMessage: (goal) => goal.by.length });",
        "TS18047",
        "possibly 'null'",
    ),
    (
        "connect(shout(), { onMessage: (message) => message.length });",
        "TS18046",
        "'message' is of type 'unknown'",
    ),
    ("connect(games.goals({ game: 7 })).send('x');", "TS2345", "not assignable to parameter of type 'never'"),
    (
        "connect(games.guesses({ game: 7 })).send('home');",
        "TS2345",
        "not assignable to parameter of type 'Guess'",
    ),
    (
        "connect(games.guesses({ game: 7 })).send({ kind: 'winner', winner: 'both' });",
        "TS2322",
        "not assignable to type 'Team'",
    ),
    (
        "connect(games.guesses({ game: 7 })).send({ kind: 'winner', goals: 3 });",
        "TS2353",
        "'goals' does not exist",
    ),
];

#[test]
fn each_wrong_use_is_an_error_of_the_compiler() -> Result<()> {
    let Some(tsc) = Tsc::of_this_machine()? else { return Ok(()) };
    let module = module(&of_json(LEAGUE)?);
    let head = "import { connect, games, shout } from \"./league\";\nimport type { Guess } from \"./league\";\n\
                export type Used = [typeof connect, typeof games, typeof shout, Guess];\n";
    let program: String = WRONG.iter().map(|(line, ..)| format!("{line}\n")).collect();
    let errors = tsc.errors(&[("league.ts", &module), ("program.ts", &format!("{head}{program}"))])?;
    for (number, (line, code, words)) in (4..).zip(WRONG) {
        let start = format!("program.ts({number},");
        let at = errors.iter().position(|error| error.starts_with(&start));
        // The lines of an error after its first one are indented.
        let of: Vec<_> = at
            .map_or(&[][..], |at| &errors[at..])
            .iter()
            .enumerate()
            .take_while(|(place, error)| *place == 0 || error.starts_with(' '))
            .map(|(_, error)| error.as_str())
            .collect();
        let of = of.join("\n");
        assert!(
            of.contains(code) && of.contains(words),
            "{line}\nexpected {code} with \"{words}\", and got: {of}"
        );
    }
    let others: Vec<_> =
        errors.iter().filter(|error| !error.starts_with("program.ts(") && !error.starts_with(' ')).collect();
    assert!(others.is_empty(), "{others:?}");
    Ok(())
}

/// An app for each kind alone, and one without endpoints: no part of the client is missing or unused.
#[test]
fn the_module_of_each_kind_compiles() -> Result<()> {
    let Some(tsc) = Tsc::of_this_machine()? else { return Ok(()) };
    let league: Value = serde_json::from_str(LEAGUE)?;
    let all = league["endpoints"].as_array().expect("a list");
    let mut apps = vec![json!({"endpoints": []})];
    apps.extend(all.iter().map(|one| json!({"endpoints": [one], "$defs": league["$defs"]})));
    let mut files = Vec::new();
    for (number, json) in apps.iter().enumerate() {
        files.push((format!("app{number}.ts"), module(&of_json(&json.to_string())?)));
    }
    let files: Vec<_> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    assert_eq!(tsc.errors(&files)?, [""; 0]);
    Ok(())
}

/// The apps of this repository, as they describe themselves.
#[test]
fn the_module_of_each_example_compiles() -> Result<()> {
    let Some(tsc) = Tsc::of_this_machine()? else { return Ok(()) };
    for example in [EXAMPLE_APP, "chat", "scores"] {
        let module = module(&described(example)?);
        assert_eq!(tsc.errors(&[("app.ts", &module)])?, [""; 0], "{example}");
    }
    Ok(())
}

/// Endpoints, modules and types with each word of the client as their names: none of them takes a name from the client.
#[test]
fn no_name_of_an_app_breaks_the_client() -> Result<()> {
    let Some(tsc) = Tsc::of_this_machine()? else { return Ok(()) };
    let client = module(&of_json(LEAGUE)?);
    let words: BTreeSet<_> = client
        .split(|one: char| !one.is_ascii_alphanumeric() && one != '_')
        .filter(|word| word.starts_with(|first: char| first.is_ascii_alphabetic()))
        .collect();
    assert!(words.contains("fetch") && words.contains("Promise") && words.contains("class"));
    let league: Value = serde_json::from_str(LEAGUE)?;
    let first = &league["endpoints"][0];
    let named = |name: &str, module: &[&str]| {
        let mut endpoint = first.clone();
        (endpoint["name"], endpoint["module"]) = (json!(name), json!(module));
        endpoint
    };
    let mut as_type = league.clone();
    let definitions = as_type["$defs"].as_object_mut().expect("an object");
    for word in &words {
        let of = json!({"type": "object", "properties": {*word: {"$ref": "#/$defs/Goal"}}});
        definitions.entry(*word).or_insert(of);
    }
    let with = |endpoints: Vec<Value>| json!({"endpoints": endpoints, "$defs": league["$defs"]});
    // Each apart, because a name that is taken is no longer the app's.
    let apps = [
        ("types.ts", as_type.clone()),
        ("endpoints.ts", with(words.iter().map(|word| named(word, &[])).collect())),
        ("modules.ts", with(words.iter().map(|word| named(word, &[word, word])).collect())),
    ];
    for (file, json) in apps {
        assert_eq!(tsc.errors(&[(file, &module(&of_json(&json.to_string())?))])?, [""; 0]);
    }
    Ok(())
}
