//! The `fastly.toml`: what the local stack and the deployment of an app with Fanout need from it.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use toml_edit::{DocumentMut, Item, TableLike, Value};
use url::{Host, Url};

use super::Line;
use crate::package;
use crate::stack::{Ports, is_this_machine};
use crate::tools::TARGET;

/// The port of the app on this machine, before `cargo fanout serve` changes it.
const APP: u16 = 7676;
/// The port to publish to.
const PUBLISH: u16 = 5561;
/// The host of Fastly's API.
const API: &str = "api.fastly.com";

/// Reads a manifest and the package beside it, and says what is wrong, for a stack with these ports.
pub(super) fn diagnose(path: &Path, ports: Ports) -> Vec<Line> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return vec![Line::wrong(
                format!("{} does not exist", path.display()),
                "in the folder of your app, this makes one:",
                &["cargo fanout init"],
            )];
        }
        Err(error) => {
            return vec![Line::wrong(
                format!("{} cannot be read: {error}", path.display()),
                "see who owns it:",
                &[&format!("ls -l {}", path.display())],
            )];
        }
    };
    diagnose_text(&path.display().to_string(), &text, programs(path).as_deref(), ports)
}

/// The programs of the package beside a manifest, if cargo can tell.
fn programs(path: &Path) -> Option<Vec<String>> {
    let beside = path.parent()?.join("Cargo.toml");
    let metadata = package::metadata(&beside).ok()?;
    // The command tells of every package of the workspace. A manifest beside a workspace without a package is for any of them.
    let (own, others): (Vec<_>, Vec<_>) =
        metadata.packages.into_iter().partition(|package| package::is_of(package, &beside));
    let packages = if own.is_empty() { others } else { own };
    let targets = packages.into_iter().flat_map(|package| package.targets);
    Some(targets.filter(|target| target.is_bin()).map(|target| target.name).collect())
}

fn diagnose_text(name: &str, text: &str, programs: Option<&[String]>, ports: Ports) -> Vec<Line> {
    let document: DocumentMut = match text.parse() {
        Ok(document) => document,
        Err(error) => {
            let error = error.to_string();
            return vec![Line::wrong(
                format!("{name} is not valid TOML"),
                "this is what is wrong:",
                &error.trim_end().lines().collect::<Vec<_>>(),
            )];
        }
    };
    let mut doctor = Doctor { document: &document, programs, ports, lines: Vec::new() };
    doctor.package();
    doctor.local();
    doctor.setup();
    doctor.publishing();
    if doctor.lines.is_empty() {
        doctor.lines.push(Line::good(name));
    }
    doctor.lines
}

struct Doctor<'a> {
    document: &'a DocumentMut,
    programs: Option<&'a [String]>,
    ports: Ports,
    lines: Vec<Line>,
}

/// The sentence before lines that are missing.
const ADD: &str = "add these lines to fastly.toml:";
/// The sentence before lines that replace others.
const CHANGE: &str = "change it in fastly.toml:";

impl<'a> Doctor<'a> {
    fn wrong(&mut self, text: impl Into<String>, sentence: &str, lines: &[&str]) {
        self.lines.push(Line::wrong(text, sentence, lines));
    }

    fn warning(&mut self, text: impl Into<String>, sentence: &str, lines: &[&str]) {
        self.lines.push(Line::warning(text, sentence, lines));
    }

    /// The item at a path of keys.
    fn get(&self, keys: &[&str]) -> Option<&'a Item> {
        keys.iter()
            .try_fold(self.document.as_item(), |item, key| item.get(key))
            .filter(|item| !item.is_none())
    }

    fn text(&self, keys: &[&str]) -> Option<&'a str> {
        self.get(keys)?.as_str()
    }

    /// The id of the service, after the first deployment. From then on the CLI does not read `[setup]`.
    fn is_deployed(&self) -> bool {
        self.text(&["service_id"]).is_some_and(|id| !id.is_empty())
    }

    /// A fault of `[setup]`: lines for a service to come, a command for one that is there.
    fn wrong_setup(&mut self, text: &str, sentence: &str, lines: &[&str], commands: &[&str]) {
        if self.is_deployed() {
            self.warning(
                format!("{text}. The service exists, so `[setup]` has no effect any more"),
                "if the service lacks it too:",
                commands,
            );
        } else {
            self.wrong(text, sentence, lines);
        }
    }

    fn package(&mut self) {
        let version = self.get(&["manifest_version"]);
        let number = version.and_then(|version| {
            version.as_integer().or_else(|| version.as_str()?.split('.').next()?.parse().ok())
        });
        if !number.is_some_and(|number| (1..=3).contains(&number)) {
            self.wrong("`manifest_version` is not 3", CHANGE, &["manifest_version = 3"]);
        }
        if self.text(&["name"]).is_none_or(|name| name.trim().is_empty()) {
            let name = self.programs.and_then(|programs| programs.first()).map_or("my-app", String::as_str);
            self.wrong("the app has no `name`, which the package gets", ADD, &[&format!("name = {name:?}")]);
        }
        if self.text(&["language"]) != Some("rust") {
            self.wrong("`language` is not \"rust\"", CHANGE, &["language = \"rust\""]);
        }
        self.build_script();
    }

    /// Only a command of cargo can be judged. Without a script, the CLI has its own.
    fn build_script(&mut self) {
        let Some(script) = self.text(&["scripts", "build"]) else { return };
        let words: Vec<_> = package::words(script).collect();
        if !words.windows(2).any(|pair| pair == ["cargo", "build"]) {
            return;
        }
        let after = |flag: &str| package::after(script, flag);
        let fallback = self.programs.and_then(|programs| programs.first()).map_or("my-app", String::as_str);
        let known = |program: &str| {
            self.programs.is_none_or(|programs| programs.iter().any(|known| known == program))
        };
        let mut selection = package::selection(script);
        match selection.iter().position(|word| word == "--bin") {
            Some(flag) if known(&selection[flag + 1]) => {}
            Some(flag) => selection[flag + 1] = fallback.to_owned(),
            None => drop(selection.splice(0..0, ["--bin", fallback].map(str::to_owned))),
        }
        let line = build_line(&selection);
        match after("--bin") {
            Some(program) if !known(program) => {
                self.wrong(
                    format!("the build script has `--bin {program}`, and the package has no such program"),
                    "write this under [scripts]:",
                    &[&line],
                );
            }
            _ if after("--target") != Some(TARGET) => {
                self.wrong(
                    format!("the build script does not build for Compute, which is `--target {TARGET}`"),
                    "write this under [scripts]:",
                    &[&line],
                );
            }
            _ if !["--release", "-r"].iter().any(|flag| words.contains(flag))
                && after("--profile").is_none() =>
            {
                self.warning(
                    "the build script has no `--release`, so the app is large and slow",
                    "write this under [scripts]:",
                    &[&line],
                );
            }
            _ => {}
        }
    }

    fn local(&mut self) {
        let own = format!("url = \"http://127.0.0.1:{APP}/\"");
        let lines = ["[local_server.backends.self]", &own];
        match self.get(&["local_server", "backends", "self"]) {
            None => self.wrong(
                "there is no backend `self` on this machine, to which the app hands requests off",
                ADD,
                &lines,
            ),
            Some(backend) => {
                let url = backend.get("url").and_then(Item::as_str);
                if let Some(why) = local_problem(url, APP, self.ports.port) {
                    self.wrong(
                        format!("the backend `self` is not the app on this machine: {why}"),
                        CHANGE,
                        &lines,
                    );
                }
            }
        }
        let enabled = self.get(&["local_server", "pushpin", "enable"]).and_then(Item::as_bool);
        if enabled != Some(true) {
            self.warning(
                "`[local_server.pushpin]` is not enabled: `fastly compute serve` then runs the app without Fanout",
                "`cargo fanout serve` does not need these lines of fastly.toml:",
                &["[local_server.pushpin]", "enable = true", "proxy_port = 7677", "publish_port = 5561"],
            );
        }
    }

    fn setup(&mut self) {
        let enabled = self.get(&["setup", "products", "fanout", "enable"]).and_then(Item::as_bool);
        if enabled != Some(true) {
            self.wrong_setup(
                "Fanout is not enabled in `[setup]`: clients of the new service would get a 503",
                ADD,
                &["[setup.products.fanout]", "enable = true"],
                &["fastly products --enable=fanout"],
            );
        }
        let name = self.text(&["name"]).unwrap_or("my-app");
        let label: String = name
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' })
            .collect();
        let domain = format!("{label}.edgecompute.app");
        let address = format!("address = \"{domain}\"");
        let lines = ["[setup.backends.self]", &address, "port = 443"];
        // Of a service that exists, only its owner knows the domains.
        let create = "fastly service backend create --version=latest --autoclone --name=self --address=DOMAIN --port=443 \
                      --use-ssl --override-host=DOMAIN --ssl-sni-hostname=DOMAIN --ssl-cert-hostname=DOMAIN";
        let update = create.replacen("backend create", "backend update", 1);
        let activate = "fastly service version activate --version=latest";
        let Some(backend) = self.get(&["setup", "backends", "self"]).and_then(Item::as_table_like) else {
            self.wrong_setup(
                "`[setup]` has no backend `self`: clients of the new service would get a 503",
                ADD,
                &lines,
                &[create, activate],
            );
            return;
        };
        match backend.get("address").and_then(Item::as_str) {
            None | Some("") if self.is_deployed() => {}
            None | Some("") => self.warning(
                "the backend `self` in `[setup]` has no address: the CLI asks for it, and takes 127.0.0.1 where it cannot ask",
                "write the domain that `--domain` will give the service:",
                &lines,
            ),
            Some(address) => {
                if let Some(why) = public_problem(address) {
                    let text = format!("the backend `self` in `[setup]` is not a domain of the service: {why}");
                    self.wrong_setup(&text, CHANGE, &lines, &[&update, activate]);
                }
            }
        }
        if let Some(port) = backend.get("port").filter(|port| port.as_integer() != Some(443)) {
            let text = format!(
                "the backend `self` in `[setup]` has the port {}, and Fanout needs TLS",
                trimmed(port)
            );
            self.wrong_setup(&text, CHANGE, &["[setup.backends.self]", "port = 443"], &[&update, activate]);
        }
    }

    /// The port of this machine for publishing: the manifest may name another than the usual one.
    fn publish_port(&self) -> u16 {
        let said = self.get(&["local_server", "pushpin", "publish_port"]).and_then(Item::as_integer);
        said.and_then(|port| port.try_into().ok()).unwrap_or(PUBLISH)
    }

    /// An app that does not publish needs none of this. One that has a part of it needs the rest.
    fn publishing(&mut self) {
        let port = self.publish_port();
        let url = format!("url = \"http://127.0.0.1:{port}/\"");
        let data = format!("data = \"http://127.0.0.1:{port}/\"");
        let backend_lines = ["[local_server.backends.publisher]", url.as_str()];
        let store_lines = ["[[local_server.secret_stores.fanout]]", "key = \"GRIP_URL\"", data.as_str()];
        let backend = self.get(&["local_server", "backends", "publisher"]);
        let store = self.get(&["local_server", "secret_stores", "fanout"]);
        match (backend, store) {
            (None, None) => {
                let lines = [&backend_lines[..], &[""], &store_lines].concat();
                self.warning(
                    "there is neither a backend `publisher` nor a secret store `fanout`: the app cannot publish on this machine",
                    "if it publishes, add these lines to fastly.toml:",
                    &lines,
                );
            }
            (None, Some(_)) => self.wrong(
                "there is a secret store `fanout`, but no backend `publisher`: the app cannot publish on this machine",
                ADD,
                &backend_lines,
            ),
            (Some(_), None) => self.wrong(
                "there is a backend `publisher`, but no secret store `fanout`: the app cannot publish on this machine",
                ADD,
                &store_lines,
            ),
            (Some(_), Some(store)) => self.secret(store, &store_lines),
        }
        if let Some(backend) = backend {
            let url = backend.get("url").and_then(Item::as_str);
            if let Some(why) = local_problem(url, port, self.ports.publish_port) {
                let text = format!("the backend `publisher` is not the Pushpin on this machine: {why}");
                self.wrong(text, CHANGE, &backend_lines);
            }
        }
        self.publishing_setup(backend.is_some());
    }

    /// The address in the local secret store, if it is written there and not in a file.
    fn secret(&mut self, store: &Item, lines: &[&str]) {
        if store.get("file").is_some() {
            return;
        }
        let entries: Vec<&dyn TableLike> = match store {
            Item::ArrayOfTables(entries) => entries.iter().map(|entry| entry as &dyn TableLike).collect(),
            _ => {
                let entries = store.as_array().into_iter().flatten();
                entries
                    .filter_map(|entry| entry.as_inline_table().map(|entry| entry as &dyn TableLike))
                    .collect()
            }
        };
        let text =
            |entry: &dyn TableLike, key: &str| entry.get(key).and_then(Item::as_str).map(str::to_owned);
        let Some(entry) = entries.iter().find(|entry| text(**entry, "key").as_deref() == Some("GRIP_URL"))
        else {
            self.wrong("the secret store `fanout` has no `GRIP_URL`", ADD, lines);
            return;
        };
        let Some(data) = text(*entry, "data") else { return };
        if let Some(why) = local_problem(Some(&data), self.publish_port(), self.ports.publish_port) {
            self.wrong(format!("`GRIP_URL` is not the Pushpin on this machine: {why}"), CHANGE, lines);
        }
    }

    fn publishing_setup(&mut self, publishes_here: bool) {
        let address = format!("address = \"{API}\"");
        let backend_lines = ["[setup.backends.publisher]", address.as_str(), "port = 443"];
        let store_lines = [
            "[setup.secret_stores.fanout]",
            "description = \"FASTLY_KEY is an API token with the scope purge_select, limited to this service\"",
        ];
        let backend = self.get(&["setup", "backends", "publisher"]);
        let store = self.get(&["setup", "secret_stores", "fanout"]);
        let is_deployed = self.is_deployed();
        if let Some(backend) = backend {
            let found = backend.get("address").and_then(Item::as_str);
            let port = backend.get("port").map_or(Some(443), Item::as_integer);
            if !is_deployed && (found != Some(API) || port != Some(443)) {
                self.wrong(
                    format!("the backend `publisher` in `[setup]` is not Fastly's API, {API} at port 443"),
                    CHANGE,
                    &backend_lines,
                );
            }
        }
        if let Some(entries) = store.and_then(|store| store.get("entries")).filter(|_| !is_deployed) {
            let names =
                entries.as_table_like().into_iter().flat_map(|entries| entries.iter().map(|(name, _)| name));
            let names = names.collect::<Vec<_>>().join("`, `");
            self.warning(
                format!(
                    "the secret store `fanout` in `[setup]` has entries, `{names}`: the CLI asks for them before the service \
                     exists, and fails with \"value cannot be blank\" where it cannot ask"
                ),
                "remove them, and enter the token when the service exists:",
                &["fastly secret-store-entry create --store-id=STORE-ID --name=FASTLY_KEY"],
            );
        }
        if !publishes_here || is_deployed {
            return;
        }
        let missing = match (backend, store) {
            (Some(_), Some(_)) => return,
            (None, None) => ("neither a backend `publisher` nor a secret store `fanout`", {
                [&backend_lines[..], &[""], &store_lines].concat()
            }),
            (None, Some(_)) => ("no backend `publisher`", backend_lines.to_vec()),
            (Some(_), None) => ("no secret store `fanout`", store_lines.to_vec()),
        };
        self.warning(
            format!(
                "`[setup]` has {}: the app publishes on this machine, and not on the new service",
                missing.0
            ),
            "if it shall publish there too, add these lines to fastly.toml:",
            &missing.1,
        );
    }
}

/// The build script that builds this selection for Compute, as a line of `fastly.toml`.
fn build_line(selection: &[String]) -> String {
    let options = selection.iter().map(String::as_str);
    let words = ["cargo", "build"].into_iter().chain(options);
    let words = words.chain(["--release", "--target", TARGET, "--color", "always"]);
    // Only a zero byte cannot be quoted, and TOML has none.
    let script = shlex::try_join(words).unwrap_or_default();
    format!("build = {}", Value::from(script))
}

fn trimmed(item: &Item) -> String {
    item.to_string().trim().to_owned()
}

/// The reason why a URL is not this port of this machine. `cargo fanout serve` replaces the usual port by that of the stack, and
/// leaves that of the stack as it is.
fn local_problem(url: Option<&str>, usual: u16, of_stack: u16) -> Option<String> {
    let Some(text) = url else { return Some("it has no `url`".to_owned()) };
    let Ok(url) = Url::parse(text) else { return Some(format!("{text:?} is no URL")) };
    let here = url.host_str().is_some_and(is_this_machine);
    if url.scheme() != "http" {
        Some(format!("{text:?} does not begin with `http://`"))
    } else if !here {
        Some(format!("{text:?} leads to another machine"))
    } else if url.port_or_known_default().is_some_and(|port| [usual, of_stack].contains(&port)) {
        None
    } else if usual == of_stack {
        Some(format!("{text:?} has another port than {usual}"))
    } else {
        Some(format!("{text:?} has another port than {usual} and {of_stack}"))
    }
}

/// The reason why an address cannot be a domain of a service.
fn public_problem(address: &str) -> Option<String> {
    match Host::parse(address) {
        Ok(Host::Domain(domain)) if is_this_machine(&domain) => Some(format!("{address:?} is this machine")),
        Ok(Host::Domain(domain)) if !domain.contains('.') => Some(format!("{address:?} has no dot")),
        Ok(Host::Domain(_)) => None,
        Ok(_) => Some(format!("{address:?} is an address, not a name")),
        Err(_) => Some(format!("{address:?} is not the name of a host alone")),
    }
}

#[cfg(test)]
mod tests;
