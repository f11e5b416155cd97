use super::super::{Remedy, State};
use super::*;

/// The manifest of the template, in which nothing is wrong.
fn manifest() -> String {
    include_str!("../../../template/fastly.toml")
        .replace("{{project-name | downcase | replace: '_', '-'}}", "scores")
        .replace("{{project-name}}", "scores")
}

/// The ports without an option.
const PORTS: Ports = Ports { port: 7676, pushpin_port: 7677, publish_port: 5561 };

fn diagnosed(text: &str) -> Vec<Line> {
    diagnose_text("fastly.toml", text, Some(&["scores".to_owned()]), PORTS)
}

/// The template's manifest without the table of this header.
#[track_caller]
fn without(header: &str) -> String {
    let text = manifest();
    let start = text.find(&format!("{header}\n")).unwrap_or_else(|| panic!("no {header}"));
    let end = text[start..].find("\n\n").map_or(text.len(), |end| start + end + 1);
    text[..start].to_owned() + &text[end..]
}

#[track_caller]
fn with(from: &str, to: &str) -> String {
    let text = manifest();
    assert!(text.contains(from), "no {from}");
    text.replacen(from, to, 1)
}

/// The one line about a manifest.
#[track_caller]
fn one(text: &str) -> (State, String, Remedy) {
    let [line] = <[Line; 1]>::try_from(diagnosed(text)).unwrap_or_else(|lines| panic!("{lines:#?}"));
    (line.state, line.text, line.remedy.expect("there is a remedy"))
}

#[track_caller]
fn wrong(text: &str, said: &str, lines: &[&str]) {
    is(State::Wrong, text, said, lines);
}

#[track_caller]
fn warned(text: &str, said: &str, lines: &[&str]) {
    is(State::Warning, text, said, lines);
}

#[track_caller]
fn is(expected: State, text: &str, said: &str, lines: &[&str]) {
    let (state, found, remedy) = one(text);
    assert_eq!(state, expected, "{found}");
    assert!(found.contains(said), "{found}");
    assert_eq!(remedy.lines, lines);
}

/// The lines of a remedy, in place of those that were there, mend the manifest.
#[track_caller]
fn added_lines_mend(text: &str) {
    let (_, _, remedy) = one(text);
    let mended = format!("{text}\n{}\n", remedy.lines.join("\n"));
    assert_eq!(diagnosed(&mended), [Line::good("fastly.toml")], "{mended}");
}

#[test]
fn the_template_is_good() {
    assert_eq!(diagnosed(&manifest()), [Line::good("fastly.toml")]);
}

#[test]
fn no_file() {
    let folder = tempfile::tempdir().unwrap();
    let [line] = <[Line; 1]>::try_from(diagnose(&folder.path().join("fastly.toml"), PORTS)).unwrap();
    assert_eq!(line.state, State::Wrong);
    assert!(line.text.ends_with("fastly.toml does not exist"), "{}", line.text);
    assert_eq!(line.remedy.unwrap().lines, ["cargo fanout init"]);

    // A folder is no file.
    let [line] = <[Line; 1]>::try_from(diagnose(folder.path(), PORTS)).unwrap();
    assert!(line.text.contains("cannot be read"), "{}", line.text);
}

#[test]
fn no_toml() {
    let (state, text, remedy) = one("manifest_version = 3\nname = \n");
    assert_eq!((state, text.as_str()), (State::Wrong, "fastly.toml is not valid TOML"));
    assert!(remedy.lines[0].contains("line 2"), "{:?}", remedy.lines);
}

#[test]
fn the_package() {
    for version in ["", "manifest_version = 4\n", "manifest_version = true\n"] {
        wrong(&with("manifest_version = 3\n", version), "`manifest_version`", &["manifest_version = 3"]);
    }
    for good in ["manifest_version = 2\n", "manifest_version = \"0.1.0\"\n"] {
        let number = good.contains('2');
        assert_eq!(diagnosed(&with("manifest_version = 3\n", good))[0].state == State::Good, number);
    }
    for name in ["", "name = \"\"\n", "name = 1\n"] {
        wrong(&with("name = \"scores\"\n", name), "no `name`", &["name = \"scores\""]);
    }
    for language in ["", "language = \"go\"\n"] {
        wrong(&with("language = \"rust\"\n", language), "`language`", &["language = \"rust\""]);
    }
}

#[test]
fn the_build_script() {
    let good = "build = \"cargo build --bin scores --release --target wasm32-wasip1 --color always\"";
    let script = |other: &str| with(good, &format!("build = \"{other}\""));
    wrong(&script("cargo build --bin chat --release --target wasm32-wasip1"), "`--bin chat`", &[good]);
    wrong(&script("cargo build --bin=chat --release --target=wasm32-wasip1"), "`--bin chat`", &[good]);
    wrong(&script("cargo build --bin scores --release"), "does not build for Compute", &[good]);
    wrong(
        &script("cargo build --bin scores --release --target wasm32-wasi"),
        "does not build for Compute",
        &[good],
    );
    warned(&script("cargo build --bin scores --target wasm32-wasip1"), "no `--release`", &[good]);
    for other in [
        "make",
        "cargo build --target=wasm32-wasip1 --profile small",
        "cargo build --release --target wasm32-wasip1",
        "cargo build -r --target wasm32-wasip1",
    ] {
        assert_eq!(diagnosed(&script(other)), [Line::good("fastly.toml")], "{other}");
    }
    assert_eq!(diagnosed(&with(good, "")), [Line::good("fastly.toml")]);
    // Without the package, its programs are unknown.
    let lines = diagnose_text(
        "fastly.toml",
        &script("cargo build --bin chat --release --target wasm32-wasip1"),
        None,
        PORTS,
    );
    assert_eq!(lines, [Line::good("fastly.toml")]);
}

#[test]
fn a_new_build_script_has_the_selection_of_the_old_one() {
    let good = "build = \"cargo build --bin scores --release --target wasm32-wasip1 --color always\"";
    let ends = "--release --target wasm32-wasip1 --color always\"";
    for (script, expected) in [
        ("cargo build --features a,b --bin scores", "build = \"cargo build --features 'a,b' --bin scores "),
        ("cargo build -p news --bin chat -F a", "build = \"cargo build -p news --bin scores -F a "),
        ("cargo build --package=news", "build = \"cargo build --bin scores --package news "),
        ("cargo build --features 'a b'", "build = \"cargo build --bin scores --features 'a b' "),
    ] {
        let text = with(good, &format!("build = \"{script}\""));
        let (.., remedy) = one(&text);
        assert_eq!(remedy.lines, [format!("{expected}{ends}")], "{script}");
        let mended = with(good, &remedy.lines[0]);
        assert_eq!(diagnosed(&mended), [Line::good("fastly.toml")], "{mended}");
    }
}

#[test]
fn the_programs_are_those_of_the_package_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fastly.toml");
    fs::write(&path, manifest()).unwrap();
    assert_eq!(diagnose(&path, PORTS).len(), 1);
    assert_eq!(diagnose(&path, PORTS)[0].state, State::Good);
    fs::create_dir(folder.path().join("src")).unwrap();
    fs::write(folder.path().join("src/main.rs"), "fn main() {}").unwrap();
    for (name, is_good) in [("scores", true), ("chat", false)] {
        let cargo = format!("[package]\nname = \"{name}\"\nedition = \"2024\"\n");
        fs::write(folder.path().join("Cargo.toml"), cargo).unwrap();
        assert_eq!(diagnose(&path, PORTS)[0].state == State::Good, is_good, "{name}");
    }
}

#[test]
fn the_backend_self_on_this_machine() {
    let lines = ["[local_server.backends.self]", "url = \"http://127.0.0.1:7676/\""];
    let text = without("[local_server.backends.self]");
    wrong(&text, "there is no backend `self` on this machine", &lines);
    added_lines_mend(&text);
    let url = "[local_server.backends.self]\nurl = \"http://127.0.0.1:7676/\"";
    let other = |value: &str| with(url, &format!("[local_server.backends.self]\n{value}"));
    wrong(&other("url = \"http://127.0.0.1:7878/\""), "has another port than 7676", &lines);
    wrong(&other("url = \"http://127.0.0.1/\""), "has another port than 7676", &lines);
    wrong(&other("url = \"http://example.com:7676/\""), "leads to another machine", &lines);
    wrong(&other("url = \"https://127.0.0.1:7676/\""), "does not begin with `http://`", &lines);
    wrong(&other("url = \"127.0.0.1:7676\""), "is no URL", &lines);
    wrong(&other("uri = \"http://127.0.0.1:7676/\""), "it has no `url`", &lines);
    for good in ["http://localhost:7676", "http://[::1]:7676/", "http://0.0.0.0:7676/"] {
        assert_eq!(diagnosed(&other(&format!("url = \"{good}\""))), [Line::good("fastly.toml")], "{good}");
    }
}

/// A stack with other ports runs a manifest with the usual ones, and one with its own.
#[test]
fn the_ports_of_the_stack() {
    let ports = Ports { port: 8000, pushpin_port: 8001, publish_port: 8002 };
    let on = |text: &str, ports| diagnose_text("fastly.toml", text, Some(&["scores".to_owned()]), ports);
    let usual = manifest();
    let moved = usual.replace("7676", "8000").replace("127.0.0.1:5561", "127.0.0.1:8002");
    for good in [&usual, &moved] {
        assert_eq!(on(good, ports), [Line::good("fastly.toml")], "{good}");
    }
    let texts = |text: &str, ports| on(text, ports).into_iter().map(|line| line.text).collect::<Vec<_>>();
    for (ports, port, publish_port) in [(PORTS, "7676", "5561"), (ports, "7676 and 8000", "5561 and 8002")] {
        let other = usual.replace("7676", "9000").replace("127.0.0.1:5561", "127.0.0.1:9002");
        let expected = [
            format!(
                "the backend `self` is not the app on this machine: \"http://127.0.0.1:9000/\" has another port than {port}"
            ),
            format!(
                "`GRIP_URL` is not the Pushpin on this machine: \"http://127.0.0.1:9002/\" has another port than {publish_port}"
            ),
            format!(
                "the backend `publisher` is not the Pushpin on this machine: \"http://127.0.0.1:9002/\" has another port than {publish_port}"
            ),
        ];
        assert_eq!(texts(&other, ports), expected);
    }
    assert_eq!(on(&moved, PORTS).len(), 3);
    // The ports of one are not those of the other.
    let swapped =
        usual.replace("127.0.0.1:7676", "127.0.0.1:8002").replace("127.0.0.1:5561", "127.0.0.1:8000");
    assert_eq!(on(&swapped, ports).len(), 3);
    // `[local_server.pushpin]` says a usual port too.
    let said = moved.replace("publish_port = 5561", "publish_port = 8002").replace("8000", "7676");
    assert_eq!(on(&said, PORTS), [Line::good("fastly.toml")]);
    assert_eq!(on(&said, Ports { publish_port: 9002, ..ports }), [Line::good("fastly.toml")]);
}

#[test]
fn the_pushpin_of_the_fastly_cli() {
    let lines = ["[local_server.pushpin]", "enable = true", "proxy_port = 7677", "publish_port = 5561"];
    let text = without("[local_server.pushpin]");
    warned(&text, "`[local_server.pushpin]` is not enabled", &lines);
    added_lines_mend(&text);
    let pushpin = "[local_server.pushpin]\nenable = true";
    warned(&with(pushpin, "[local_server.pushpin]\nenable = false"), "is not enabled", &lines);
}

#[test]
fn fanout_of_the_service() {
    let lines = ["[setup.products.fanout]", "enable = true"];
    let text = without("[setup.products.fanout]");
    wrong(&text, "Fanout is not enabled in `[setup]`", &lines);
    added_lines_mend(&text);
    let product = "[setup.products.fanout]\nenable = true";
    wrong(&with(product, "[setup.products.fanout]\nenable = false"), "Fanout is not enabled", &lines);
    wrong(&with(product, "[setup.products.fanout]\nenable = \"true\""), "Fanout is not enabled", &lines);
}

#[test]
fn the_backend_self_of_the_service() {
    let lines = ["[setup.backends.self]", "address = \"scores.edgecompute.app\"", "port = 443"];
    let text = without("[setup.backends.self]");
    wrong(&text, "`[setup]` has no backend `self`", &lines);
    added_lines_mend(&text);
    let address = "address = \"scores.edgecompute.app\"\n";
    warned(&with(address, ""), "has no address: the CLI asks for it, and takes 127.0.0.1", &lines);
    let other = |value: &str| with(address, &format!("address = \"{value}\"\n"));
    wrong(&other("127.0.0.1"), "is an address, not a name", &lines);
    wrong(&other("localhost"), "is this machine", &lines);
    wrong(&other("scores"), "has no dot", &lines);
    wrong(&other("https://scores.edgecompute.app"), "is not the name of a host alone", &lines);
    wrong(&other("scores.edgecompute.app/"), "is not the name of a host alone", &lines);
    assert_eq!(diagnosed(&other("scores.example.com")), [Line::good("fastly.toml")]);
    let port = "address = \"scores.edgecompute.app\"\nport = 443";
    let changed = ["[setup.backends.self]", "port = 443"];
    wrong(&with(port, "address = \"scores.edgecompute.app\"\nport = 80"), "has the port 80", &changed);
    assert_eq!(diagnosed(&with(port, "address = \"scores.edgecompute.app\"")), [Line::good("fastly.toml")]);
}

#[test]
fn publishing_on_this_machine() {
    let backend = ["[local_server.backends.publisher]", "url = \"http://127.0.0.1:5561/\""];
    let store =
        ["[[local_server.secret_stores.fanout]]", "key = \"GRIP_URL\"", "data = \"http://127.0.0.1:5561/\""];
    wrong(&without("[local_server.backends.publisher]"), "but no backend `publisher`", &backend);
    added_lines_mend(&without("[local_server.backends.publisher]"));
    wrong(&without("[[local_server.secret_stores.fanout]]"), "but no secret store `fanout`", &store);
    added_lines_mend(&without("[[local_server.secret_stores.fanout]]"));

    // An app that does not publish needs neither.
    let neither = without("[local_server.backends.publisher]");
    let neither = neither.replace(
        "[[local_server.secret_stores.fanout]]\nkey = \"GRIP_URL\"\ndata = \"http://127.0.0.1:5561/\"\n",
        "",
    );
    let both = [&backend[..], &[""], &store].concat();
    warned(&neither, "there is neither a backend `publisher` nor a secret store `fanout`", &both);
    added_lines_mend(&neither);

    let url = "[local_server.backends.publisher]\nurl = \"http://127.0.0.1:5561/\"";
    let other = |value: &str| with(url, &format!("[local_server.backends.publisher]\nurl = \"{value}\""));
    wrong(
        &other("http://127.0.0.1:7676/"),
        "the backend `publisher` is not the Pushpin on this machine",
        &backend,
    );
    wrong(&other("https://api.fastly.com/"), "does not begin with `http://`", &backend);

    let data = "data = \"http://127.0.0.1:5561/\"";
    wrong(&with(data, "data = \"http://127.0.0.1:5562/\""), "`GRIP_URL` is not the Pushpin", &store);
    wrong(&with("key = \"GRIP_URL\"", "key = \"GRIP\""), "has no `GRIP_URL`", &store);
    let entries = format!("[[local_server.secret_stores.fanout]]\nkey = \"GRIP_URL\"\n{data}");
    for good in [
        "[local_server.secret_stores.fanout]\nfile = \"secrets.json\"\nformat = \"json\"",
        "[local_server.secret_stores]\nfanout = [{ key = \"GRIP_URL\", data = \"http://localhost:5561\" }]",
        "[[local_server.secret_stores.fanout]]\nkey = \"GRIP_URL\"\nenv = \"GRIP_URL\"",
    ] {
        assert_eq!(diagnosed(&with(&entries, good)), [Line::good("fastly.toml")], "{good}");
    }
    wrong(
        &with(
            &entries,
            "[local_server.secret_stores]\nfanout = [{ key = \"GRIP_URL\", data = \"http://localhost:1\" }]",
        ),
        "another port than 5561",
        &store,
    );
}

#[test]
fn publishing_from_the_service() {
    let backend = ["[setup.backends.publisher]", "address = \"api.fastly.com\"", "port = 443"];
    let store = [
        "[setup.secret_stores.fanout]",
        "description = \"FASTLY_KEY is an API token with the scope purge_select, limited to this service\"",
    ];
    warned(&without("[setup.backends.publisher]"), "`[setup]` has no backend `publisher`", &backend);
    added_lines_mend(&without("[setup.backends.publisher]"));
    let text = without("[setup.secret_stores.fanout]");
    warned(&text, "`[setup]` has no secret store `fanout`", &store);
    added_lines_mend(&text);
    let neither = text.replace("[setup.backends.publisher]\naddress = \"api.fastly.com\"\nport = 443\n", "");
    warned(&neither, "`[setup]` has neither", &[&backend[..], &[""], &store].concat());
    added_lines_mend(&neither);

    wrong(
        &with("address = \"api.fastly.com\"", "address = \"fanout.fastly.com\""),
        "is not Fastly's API",
        &backend,
    );
    let port = "address = \"api.fastly.com\"\nport = 443";
    wrong(&with(port, "address = \"api.fastly.com\"\nport = 80"), "is not Fastly's API", &backend);

    let entries =
        manifest() + "\n[setup.secret_stores.fanout.entries.FASTLY_KEY]\ndescription = \"a token\"\n";
    let command = "fastly secret-store-entry create --store-id=STORE-ID --name=FASTLY_KEY";
    warned(&entries, "has entries, `FASTLY_KEY`", &[command]);
}

/// From then on, the CLI does not read `[setup]`: what is wrong there may be right in the service.
#[test]
fn a_service_that_exists_is_mended_with_commands() {
    let deployed =
        |text: String| text.replace("manifest_version = 3", "manifest_version = 3\nservice_id = \"abc\"");
    assert_eq!(diagnosed(&deployed(manifest())), [Line::good("fastly.toml")]);
    warned(
        &deployed(without("[setup.products.fanout]")),
        "The service exists, so `[setup]` has no effect any more",
        &["fastly products --enable=fanout"],
    );
    let create = "fastly service backend create --version=latest --autoclone --name=self \
                  --address=DOMAIN --port=443 --use-ssl --override-host=DOMAIN \
                  --ssl-sni-hostname=DOMAIN --ssl-cert-hostname=DOMAIN";
    let activate = "fastly service version activate --version=latest";
    warned(&deployed(without("[setup.backends.self]")), "no backend `self`", &[create, activate]);
    let update = create.replace("create", "update");
    let other = with("address = \"scores.edgecompute.app\"", "address = \"localhost\"");
    warned(&deployed(other), "is this machine", &[&update, activate]);
    for quiet in [without("[setup.backends.publisher]"), with("address = \"scores.edgecompute.app\"\n", "")] {
        assert_eq!(diagnosed(&deployed(quiet)), [Line::good("fastly.toml")]);
    }
}

/// Each mistake is said, however many there are.
#[test]
fn all_mistakes_are_said_at_once() {
    let lines = diagnosed("name = \"scores\"\n");
    let wrong = lines.iter().filter(|line| line.state == State::Wrong).count();
    assert_eq!(wrong, 5, "{lines:#?}");
    assert_eq!(lines.len(), 7, "{lines:#?}");
}

/// Nothing is wrong with the manifests of this repository.
#[test]
fn the_apps_of_the_repository_are_good() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let examples = fs::read_dir(root.join("examples")).unwrap().map(|entry| entry.unwrap().path());
    let manifests = [root.to_owned()].into_iter().chain(examples).map(|folder| folder.join("fastly.toml"));
    let manifests: Vec<_> = manifests.filter(|path| path.is_file()).collect();
    assert!(manifests.len() > 5, "{manifests:?}");
    for path in manifests {
        let wrong: Vec<_> =
            diagnose(&path, PORTS).into_iter().filter(|line| line.state == State::Wrong).collect();
        assert_eq!(wrong, [], "{}", path.display());
    }
}
