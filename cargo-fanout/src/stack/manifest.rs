//! The app's `fastly.toml` as Viceroy gets it: with the ports of this stack in place of the usual ones.

use std::env;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf, absolute};

use anyhow::{Context, Error, Result, anyhow};
use toml_edit::{DocumentMut, Item, TableLike, Value};
use url::Host;

use super::Config;

/// A `fastly.toml` with the ports of a stack.
#[derive(PartialEq)]
pub(super) struct Manifest {
    /// The folder that the paths in it start from.
    pub(super) folder: PathBuf,
    /// The variables that secrets come from, with their values for this stack.
    pub(super) env: Vec<(String, String)>,
    /// Notes for the user: addresses that could not be replaced, and files that the app reads a copy of.
    pub(super) notes: Vec<String>,
    /// The files that it names, with their contents.
    files: Vec<(PathBuf, Vec<u8>)>,
    text: String,
    copies: Vec<(PathBuf, String)>,
}

impl Manifest {
    /// Reads the manifest of a stack, and the files that its stores name. What [`write`](Self::write) writes is for the
    /// folder `dir`.
    ///
    /// If an address of this machine has one of the usual ports, or one that `[local_server.pushpin]` names, the port becomes
    /// that of the stack. The host of a backend, to which Viceroy connects, becomes the address that the stack listens on.
    ///
    /// # Errors
    ///
    /// If the manifest is no TOML, or if it or a file that a store names cannot be read.
    pub(super) fn read(config: &Config, dir: &Path) -> Result<Self> {
        let (manifest, unread) = Self::read_part(config, dir)?;
        unread.map_or(Ok(manifest), Err)
    }

    /// The files that the manifest of a stack names, also those that cannot be read.
    pub(super) fn files(config: &Config) -> Result<Vec<PathBuf>> {
        let (manifest, _) = Self::read_part(config, Path::new(""))?;
        Ok(manifest.files.into_iter().map(|(path, _)| path).collect())
    }

    /// The manifest, with the error of a file that cannot be read.
    fn read_part(config: &Config, dir: &Path) -> Result<(Self, Option<Error>)> {
        let path = &config.manifest;
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let mut document: DocumentMut =
            text.parse().with_context(|| format!("{} is not valid TOML", path.display()))?;
        let folder = absolute(path)?.parent().context("a file is in a folder")?.to_owned();

        let mut reader = Reader {
            ports: ports(&document, config),
            config,
            path,
            folder: &folder,
            dir,
            env: Vec::new(),
            files: Vec::new(),
            unread: None,
            copies: Vec::new(),
            notes: Vec::new(),
            publishes: false,
        };
        let sections = document.get_mut("local_server").and_then(Item::as_table_like_mut);
        for (name, section) in sections.into_iter().flat_map(|sections| sections.iter_mut()) {
            reader.section(name.get(), section);
        }
        if !reader.publishes {
            reader.notes.push(format!(
                "no backend in {} leads to port 5561 of this machine, the usual one for publishing: this Pushpin \
                 does not receive what the app publishes, unless its backend has the url \"http://127.0.0.1:5561/\"",
                path.display()
            ));
        }
        let Reader { env, files, unread, copies, notes, .. } = reader;
        Ok((Self { folder, env, notes, files, text: document.to_string(), copies }, unread))
    }

    /// Writes the manifest and the copies, and returns the path of the manifest.
    pub(super) fn write(&self, dir: &Path) -> Result<()> {
        fs::write(dir.join(NAME), &self.text)?;
        for (path, text) in &self.copies {
            fs::write(path, text)?;
        }
        Ok(())
    }
}

/// The name of the manifest that [`Manifest::write`] writes.
pub(super) const NAME: &str = "fastly.toml";

/// A port on this machine, and the port of the stack that replaces it. If several have the same usual port, the first
/// counts.
struct Port {
    usual: u16,
    here: u16,
    publishes: bool,
}

fn ports(document: &DocumentMut, config: &Config) -> Vec<Port> {
    let Config { port, pushpin_port, publish_port, .. } = *config;
    let pushpin = document.get("local_server").and_then(|section| section.get("pushpin"));
    let said = |name: &str| u16::try_from(pushpin?.get(name)?.as_integer()?).ok();
    let usual = [
        (said("publish_port"), publish_port),
        (said("proxy_port"), pushpin_port),
        (Some(5561), publish_port),
        (Some(7676), port),
        (Some(7677), pushpin_port),
        // The ports of the stack stay, and their host becomes the address that it listens on.
        (Some(publish_port), publish_port),
        (Some(port), port),
        (Some(pushpin_port), pushpin_port),
    ];
    usual
        .into_iter()
        .filter_map(|(usual, here)| Some(Port { usual: usual?, here, publishes: here == publish_port }))
        .collect()
}

/// The state of [`Manifest::read`].
struct Reader<'a> {
    ports: Vec<Port>,
    config: &'a Config,
    path: &'a Path,
    folder: &'a Path,
    dir: &'a Path,
    env: Vec<(String, String)>,
    files: Vec<(PathBuf, Vec<u8>)>,
    unread: Option<Error>,
    copies: Vec<(PathBuf, String)>,
    notes: Vec<String>,
    publishes: bool,
}

/// The treatment of the host of an address.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Name {
    /// It stays, because `localhost` and `127.0.0.1` are different hosts to the app and to a browser.
    Stays,
    /// It becomes the address that the stack listens on.
    Changes,
}

impl Reader<'_> {
    /// A table of `[local_server]`, under each of the names that Viceroy reads.
    fn section(&mut self, name: &str, section: &mut Item) {
        let Some(section) = section.as_table_like_mut() else { return };
        for (_, item) in section.iter_mut() {
            match name {
                "backends" => self.backend(item),
                "shielding_sites" => self.strings(item, Name::Changes),
                "config_stores" | "dictionaries" | "kv_stores" | "object_stores" | "object_store"
                | "secret_stores" => self.store(item),
                _ => {}
            }
        }
    }

    fn backend(&mut self, backend: &mut Item) {
        let Some(backend) = backend.as_table_like_mut() else { return };
        if let Some(url) = backend.get_mut("url") {
            let publishes = |port: &Port| port.publishes;
            self.publishes |=
                url.as_str().is_some_and(|url| self.found(url).any(|(.., port)| publishes(port)));
            self.strings(url, Name::Changes);
        }
        if let Some(host) = backend.get_mut("override_host") {
            self.strings(host, Name::Stays);
        }
    }

    /// A store: a list of entries, or a table that names a file or has contents.
    fn store(&mut self, store: &mut Item) {
        match store {
            Item::ArrayOfTables(entries) => entries.iter_mut().for_each(|entry| self.entry(entry)),
            Item::Value(Value::Array(entries)) => {
                let entries = entries.iter_mut().filter_map(Value::as_inline_table_mut);
                entries.for_each(|entry| self.entry(entry));
            }
            _ => store.as_table_like_mut().into_iter().for_each(|store| self.entry(store)),
        }
    }

    fn entry(&mut self, entry: &mut dyn TableLike) {
        for (key, item) in entry.iter_mut() {
            match key.get() {
                "data" | "metadata" | "contents" => self.strings(item, Name::Stays),
                // `path` is its former name in an object store.
                "file" | "path" => self.file(item),
                "env" => self.variable(item),
                _ => {}
            }
        }
    }

    /// Every string in an item.
    fn strings(&self, item: &mut Item, name: Name) {
        if let Some(table) = item.as_table_like_mut() {
            table.iter_mut().for_each(|(_, item)| self.strings(item, name));
        } else if let Some(text) = item.as_str().and_then(|text| self.rewritten(text, name)) {
            replace(item, text);
        }
    }

    /// A file of the user is never changed. If it has an address with a usual port, the app gets a copy.
    fn file(&mut self, item: &mut Item) {
        let Some(name) = item.as_str() else { return };
        let (path, manifest) = (self.folder.join(name), self.path.display());
        let content = fs::read(&path)
            .with_context(|| format!("cannot read {}, which {manifest} names", path.display()));
        let content = content.unwrap_or_else(|error| {
            self.unread.get_or_insert(error);
            Vec::new()
        });
        let text = str::from_utf8(&content).ok().and_then(|text| self.rewritten(text, Name::Stays));
        if let Some(text) = text {
            self.notes.push(format!(
                "{} has addresses with the usual ports: the app reads a copy, with the ports of this stack",
                path.display()
            ));
            let copy = self.dir.join(format!("copy-{}", self.copies.len()));
            match copy.to_str() {
                Some(copy) => replace(item, copy.to_owned()),
                None => self.unread = Some(anyhow!("the folder for temporary files is not UTF-8")),
            }
            self.copies.push((copy, text));
        }
        self.files.push((path, content));
    }

    /// A variable that Viceroy reads in its environment.
    fn variable(&mut self, item: &Item) {
        let Some(name) = item.as_str() else { return };
        let ours = self.config.viceroy_env.iter().rfind(|(ours, _)| ours == name);
        let value = ours.map(|(_, value)| value.clone()).or_else(|| env::var(name).ok());
        if let Some(value) = value.and_then(|value| self.rewritten(&value, Name::Stays)) {
            self.env.push((name.to_owned(), value));
        }
    }

    /// The text with this stack's ports, if they change it.
    fn rewritten(&self, text: &str, name: Name) -> Option<String> {
        let mut written = String::new();
        let mut end = 0;
        for (host, port, Port { here, .. }) in self.found(text) {
            written += &text[end..host.start];
            written += if name == Name::Changes { "127.0.0.1" } else { &text[host] };
            written += &format!(":{here}");
            end = port.end;
        }
        written += &text[end..];
        (written != text).then_some(written)
    }

    /// The addresses of this machine in a text whose port is one of ours: the places of host and port.
    fn found<'t>(
        &self,
        text: &'t str,
    ) -> impl Iterator<Item = (Range<usize>, Range<usize>, &Port)> + use<'_, 't> {
        addresses(text).filter_map(|(host, port)| {
            let number: u16 = text[port.clone()].parse().ok()?;
            Some((host, port, self.ports.iter().find(|port| port.usual == number)?))
        })
    }
}

/// Replaces a string, and keeps the white space and the comment beside it.
fn replace(item: &mut Item, text: String) {
    if let Some(value) = item.as_value_mut() {
        let decor = value.decor().clone();
        *value = text.into();
        *value.decor_mut() = decor;
    }
}

/// Every `host:port` in a text whose host is this machine, in URLs and alone: the places of the host and of the port.
fn addresses(text: &str) -> impl Iterator<Item = (Range<usize>, Range<usize>)> {
    text.match_indices(':').filter_map(|(colon, _)| {
        let (before, after) = (&text[..colon], &text[colon + 1..]);
        let digits = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        // A user's name and password look the same, up to their `@`.
        if after[digits..].starts_with(|c: char| c.is_alphanumeric() || matches!(c, '@' | ':' | '_' | '-')) {
            return None;
        }
        let host = if before.ends_with(']') {
            before.rfind('[')?
        } else {
            before.trim_end_matches(|c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_')).len()
        };
        is_here(&text[host..colon]).then_some((host..colon, colon + 1..colon + 1 + digits))
    })
}

/// Returns `true` if a host is this machine, in any spelling.
pub(crate) fn is_here(host: &str) -> bool {
    match Host::parse(host) {
        Ok(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost")
        }
        Ok(Host::Ipv4(address)) => address.is_loopback() || address.is_unspecified(),
        Ok(Host::Ipv6(address)) => match address.to_ipv4_mapped() {
            Some(address) => address.is_loopback() || address.is_unspecified(),
            None => address.is_loopback() || address.is_unspecified(),
        },
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    /// Every way to write this machine.
    const HERE: [&str; 20] = [
        "127.0.0.1",
        "127.0.0.2",
        "127.255.255.254",
        "127.1",
        "0x7f.1",
        "2130706433",
        "0",
        "0.0.0.0",
        "localhost",
        "LocalHost",
        "LOCALHOST",
        "localhost.",
        "app.localhost",
        "[::1]",
        "[::]",
        "[0:0:0:0:0:0:0:1]",
        "[0::1]",
        "[::ffff:127.0.0.1]",
        "[::FFFF:7f00:1]",
        "[::ffff:0.0.0.0]",
    ];

    const ELSEWHERE: [&str; 10] = [
        "localhost.example.com",
        "mylocalhost",
        "my-localhost",
        "local",
        "10.0.0.1",
        "128.0.0.1",
        "1.127.0.0.1",
        "[2001:db8::1]",
        "[::2]",
        "api.fastly.com",
    ];

    /// A configuration with ports of its own, whose manifest is in another folder.
    fn stack(manifest: &str, files: &[(&str, &str)]) -> (TempDir, Config) {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in files {
            fs::write(folder.path().join(name), content).unwrap();
        }
        let path = folder.path().join("fastly.toml");
        fs::write(&path, manifest).unwrap();
        let mut config = Config::new("app.wasm", path, "viceroy", "pushpin");
        (config.port, config.pushpin_port, config.publish_port) = (1111, 2222, 3333);
        (folder, config)
    }

    fn read(manifest: &str) -> Manifest {
        let (_folder, config) = stack(manifest, &[]);
        Manifest::read(&config, Path::new("/copies")).unwrap()
    }

    fn backend(url: &str) -> String {
        format!("[local_server.backends.publisher]\nurl = \"{url}\"\n")
    }

    fn secret(data: &str) -> String {
        format!("[[local_server.secret_stores.fanout]]\nkey = \"GRIP_URL\"\ndata = '{data}'\n")
    }

    #[test]
    fn a_backend_on_this_machine_becomes_the_stacks_own_however_it_is_written() {
        for host in HERE {
            for (before, after) in [
                ("http://", ""),
                ("http://", "/"),
                ("HTTP://", "/a/b?c=d#e"),
                ("https://", "?x"),
                ("http://user:5561@", "/"),
                ("http://user@", "/"),
            ] {
                for (usual, here) in [("5561", 3333), ("05561", 3333), ("7676", 1111), ("7677", 2222)] {
                    let url = format!("{before}{host}:{usual}{after}");
                    let told = read(&backend(&url));
                    let expected = backend(&format!("{before}127.0.0.1:{here}{after}"));
                    assert_eq!(told.text, expected, "{url}");
                    assert_eq!(told.notes.is_empty(), here == 3333, "{url}");
                }
            }
        }
    }

    #[test]
    fn the_host_of_an_address_in_a_store_stays() {
        for host in HERE {
            for (before, after) in [
                ("", ""),
                ("http://", "/"),
                ("http://", "?key=s3cret:5561"),
                ("http://api.fastly.com/service/a?key=b http://", "/publish "),
                ("http://user:pass@", "/?verify-key=-----BEGIN:5561"),
                ("{\"a\": \"http:\\/\\/", "\"}"),
            ] {
                let told = read(&secret(&format!("{before}{host}:5561{after}")));
                let document: DocumentMut = told.text.parse().unwrap();
                let data = document["local_server"]["secret_stores"]["fanout"][0]["data"].as_str();
                assert_eq!(data, Some(&*format!("{before}{host}:3333{after}")));
            }
        }
        let host =
            "[local_server.backends.b]\nurl = \"https://example.com\"\noverride_host = \"localhost:5561\"\n";
        assert_eq!(read(host).text, host.replace("5561", "3333"));
    }

    #[test]
    fn other_hosts_and_ports_stay() {
        let hosts = ELSEWHERE.iter().map(|host| format!("http://{host}:5561/"));
        let ports = ["localhost", "http://localhost/", "http://localhost:80/", "http://localhost:55610"];
        let others = [
            "http://localhost:5561@example.com/",
            "http://localhost:5561x",
            "http://[::1:5561",
            "a:5561",
            ":5561",
            "::1:5561",
            "localhost:99999",
            "",
        ];
        for url in hosts.chain(ports.map(Into::into)).chain(others.map(Into::into)) {
            let manifest = backend(&url) + &secret(&url);
            let told = read(&manifest);
            assert_eq!(told.text, manifest, "{url}");
            assert_eq!(told.notes.len(), 1, "{url}");
            assert!(told.notes[0].contains("no backend in "), "{url}");
        }
    }

    #[test]
    fn no_port_is_replaced_twice() {
        let (_folder, mut config) = stack(
            &(backend("http://localhost:5561")
                + "[local_server.backends.self]\nurl = \"http://localhost:7676\"\n"),
            &[],
        );
        (config.port, config.publish_port) = (5561, 7676);
        let told = Manifest::read(&config, Path::new("/copies")).unwrap();
        let swapped = backend("http://127.0.0.1:7676")
            + "[local_server.backends.self]\nurl = \"http://127.0.0.1:5561\"\n";
        assert_eq!(told.text, swapped);
    }

    #[test]
    fn the_ports_that_the_manifest_says_are_the_usual_ones() {
        let pushpin = "[local_server.pushpin]\nproxy_port = 8001\npublish_port = 8002\n";
        let manifest = |url: &str| format!("{pushpin}{}", backend(url));
        for (said, here) in [(8001, 2222), (8002, 3333), (5561, 3333), (3333, 3333)] {
            let told = read(&manifest(&format!("http://localhost:{said}")));
            assert_eq!(told.text, manifest(&format!("http://127.0.0.1:{here}")));
            assert_eq!(told.notes.is_empty(), here == 3333, "{said}");
        }
    }

    #[test]
    fn the_ports_of_the_stack_stay() {
        for (port, publishes) in [(1111, false), (2222, false), (3333, true)] {
            let told = read(&backend(&format!("http://localhost:{port}/")));
            assert_eq!(told.text, backend(&format!("http://127.0.0.1:{port}/")));
            assert_eq!(told.notes.is_empty(), publishes, "{port}");
        }
    }

    #[test]
    fn everything_else_stays_as_it_is_written() {
        let manifest = r#"# at http://localhost:5561
name = "localhost:5561"
[scripts]
build = "curl localhost:5561"
[local_server]
fake_valid_fastly_keys = ["localhost:5561"]
[local_server.backends]
a = { url = "http://localhost:5561", cert_host = "localhost:5561" } # localhost:5561
[local_server.config_stores.c]
format = "inline-toml"
[local_server.config_stores.c.contents]
file = "localhost:5561"
env = 'http://LOCALHOST:5561' # as it is
[local_server.kv_stores]
"localhost:5561" = [{ key = "localhost:5561", data = "a localhost:5561 b", metadata = "[::1]:5561" }, { key = "b", data = "" }]
[local_server.geolocation]
format = "inline-toml"
"#;
        let told = read(manifest).text;
        let expected = manifest
            .replace("url = \"http://localhost:5561\"", "url = \"http://127.0.0.1:3333\"")
            .replace("file = \"localhost:5561\"", "file = \"localhost:3333\"")
            .replace("'http://LOCALHOST:5561'", "\"http://LOCALHOST:3333\"")
            .replace("a localhost:5561 b", "a localhost:3333 b")
            .replace("[::1]:5561", "[::1]:3333");
        assert_eq!(told, expected);
    }

    #[test]
    fn a_file_with_an_address_is_read_from_a_copy() {
        for manifest in [
            "[local_server.secret_stores.s]\nfile = \"it\"\nformat = \"json\"\n",
            "[[local_server.secret_stores.s]]\nkey = \"GRIP_URL\"\nfile = \"it\"\n",
            "[local_server.config_stores.s]\nfile = \"it\"\nformat = \"json\"\n",
            "[local_server]\nkv_stores.s = [{ key = \"k\", file = \"it\" }]\n",
            "[[local_server.object_store.s]]\nkey = \"k\"\npath = \"it\"\n",
        ] {
            let content = r#"{"GRIP_URL": "http://LOCALHOST:5561/?iss=a&key=b"}"#;
            let (folder, config) = stack(manifest, &[("it", content)]);
            let copies = tempfile::tempdir().unwrap();
            let told = Manifest::read(&config, copies.path()).unwrap();
            told.write(copies.path()).unwrap();
            let copy = copies.path().join("copy-0");
            assert_eq!(fs::read_to_string(&copy).unwrap(), content.replace("5561", "3333"));
            assert_eq!(fs::read_to_string(folder.path().join("it")).unwrap(), content);
            let named = manifest.replace("\"it\"", &format!("{:?}", copy.to_str().unwrap()));
            assert_eq!(fs::read_to_string(copies.path().join(NAME)).unwrap(), named);
            assert!(told.notes[0].contains("/it has addresses with the usual ports"), "{:?}", told.notes);

            for other in ["{\"GRIP_URL\": \"http://localhost:80/\"}", "\u{0}localhost"] {
                let (_folder, config) = stack(manifest, &[("it", other)]);
                let told = Manifest::read(&config, Path::new("/copies")).unwrap();
                assert_eq!((told.text.as_str(), told.copies.len()), (manifest, 0));
            }
        }
    }

    /// The app reads it when it starts.
    #[test]
    fn a_manifest_is_another_one_with_another_file() {
        let manifest = "[local_server.config_stores.s]\nfile = \"it\"\nformat = \"json\"\n";
        let (folder, config) = stack(manifest, &[("it", "{}")]);
        let read = || Manifest::read(&config, Path::new("/copies")).unwrap();
        let before = read();
        assert!(before == read());
        fs::write(folder.path().join("it"), "{\"a\": \"b\"}").unwrap();
        assert!(before != read());

        assert_eq!(Manifest::files(&config).unwrap(), [folder.path().join("it")]);
        fs::remove_file(folder.path().join("it")).unwrap();
        assert_eq!(Manifest::files(&config).unwrap(), [folder.path().join("it")]);
    }

    #[test]
    fn a_variable_is_another_one_for_viceroy() {
        let manifest = "[[local_server.secret_stores.s]]\nkey = \"GRIP_URL\"\nenv = \"A\"\n";
        let (_folder, mut config) = stack(manifest, &[]);
        config.viceroy_env.push(("A".into(), "http://localhost:5561/?key=x".into()));
        let told = Manifest::read(&config, Path::new("/copies")).unwrap();
        assert_eq!(told.env, [("A".to_owned(), "http://localhost:3333/?key=x".to_owned())]);
        assert_eq!(told.text, manifest);
    }

    #[test]
    fn errors_name_the_manifest_and_the_file() {
        let error = |manifest: &str| {
            let (folder, config) = stack(manifest, &[]);
            let error = Manifest::read(&config, Path::new("/copies")).err().map(|error| format!("{error:#}"));
            error.unwrap().replace(folder.path().to_str().unwrap(), "FOLDER")
        };
        let broken = error("[local_server\n");
        assert!(broken.starts_with("FOLDER/fastly.toml is not valid TOML: "), "{broken}");
        let missing = error("[local_server.kv_stores.s]\nfile = \"store.json\"\nformat = \"json\"\n");
        assert!(
            missing.starts_with("cannot read FOLDER/store.json, which FOLDER/fastly.toml names: "),
            "{missing}"
        );
    }

    #[test]
    fn the_manifests_of_this_repository_become_the_stacks_own() {
        let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        for (folder, publishes) in [
            ("", true),
            ("examples/chat", true),
            ("examples/departures", false),
            ("examples/json-rpc", false),
            ("examples/topics", false),
        ] {
            let path = repository.join(folder).join("fastly.toml");
            let (_folder, mut config) = stack("", &[]);
            config.manifest.clone_from(&path);
            let told = Manifest::read(&config, Path::new("/copies")).unwrap();
            assert_eq!(told.notes.is_empty(), publishes, "{folder}");
            let expected = fs::read_to_string(path).unwrap();
            let expected = expected.replace("\"http://127.0.0.1:7676/", "\"http://127.0.0.1:1111/");
            assert_eq!(told.text, expected.replace("\"http://127.0.0.1:5561/", "\"http://127.0.0.1:3333/"));
        }
    }
}
