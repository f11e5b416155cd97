//! The first deployment, and those after it: the real Fastly CLI runs the commands of the docs, in their order, against a stand-in of
//! Fastly's API.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail, ensure};
use e2e::{config, skip, tool};
use xtask::build::{self, EXAMPLE_APP};

use super::api::{Api, Fields, SERVICE, SERVICE_TOKEN, Service, TOKEN, Version};
use super::reader::{Reader, blocks, commands};

const README: &str = include_str!("../../../../README.md");
const DEPLOYING: &str = include_str!("../../../../runtime/src/guide/deploying.md");
const PUBLISHING: &str = include_str!("../../../../runtime/src/guide/publishing.md");

/// The domain in the docs.
const DOMAIN: &str = "rooms.edgecompute.app";

/// Someone with the CLI, logged in at the stand-in, in the folder of an app.
struct Rehearsal {
    reader: Reader,
    api: Api,
}

impl Rehearsal {
    fn of_this_machine() -> Result<Option<Self>> {
        let Some(cli) = tool("FANOUT_CLI", "npm")? else { return Ok(None) };
        let api = Api::start()?;
        let mut reader = Reader::new(&config::of_app(EXAMPLE_APP)?.viceroy)?;
        let home = reader.here().join("home");
        fs::create_dir(&home)?;
        let home = home.to_str().context("a path is UTF-8")?.to_owned();
        let cli = cli.parent().and_then(Path::to_str).context("a program is in a folder")?;
        reader.path(cli)?;
        for (name, value) in [
            ("FASTLY_API_ENDPOINT", &*api.url()),
            ("FASTLY_ACCOUNT_ENDPOINT", &*api.url()),
            ("FASTLY_API_TOKEN", TOKEN),
            // The CLI has the key of the real API.
            ("FASTLY_USE_API_SIGNING_KEY", "1"),
            // The CLI writes its settings and downloads there.
            ("XDG_CONFIG_HOME", &home),
            ("TMPDIR", &home),
            // Nothing listens there, so the CLI gives up at once what it would fetch: a new version of itself, a tool that records the
            // builder's machine in the package, and at the end the page of the new service.
            ("HTTPS_PROXY", "http://127.0.0.1:9"),
        ] {
            reader.set(name, value);
        }
        Ok(Some(Self { reader, api }))
    }

    /// The same with an app that is built already, for tests of the service alone.
    fn has_built_rooms(&mut self) -> Result<()> {
        self.makes_rooms()?;
        let manifest = fs::read_to_string(self.reader.here().join("fastly.toml"))?;
        self.copies(&manifest, "rooms")
    }

    /// Writes this manifest, which copies an app that is built already instead of building the program `name`.
    fn copies(&mut self, manifest: &str, name: &str) -> Result<()> {
        let built = config::app(EXAMPLE_APP)?;
        let built = built.to_str().context("a path is UTF-8")?;
        let cargo = format!("cargo build --bin {name} --release --target wasm32-wasip1 --color always");
        ensure!(manifest.contains(&cargo), "{manifest}");
        // The CLI takes the program from there.
        let copy = format!("install -D {built} target/wasm32-wasip1/release/rooms.wasm");
        fs::write(self.reader.here().join("fastly.toml"), manifest.replace(&cargo, &copy))?;
        self.reader.set("CARGO_TARGET_DIR", "target");
        Ok(())
    }

    /// Runs a command, and fails if it does, or if it requests what the stand-in does not expect.
    fn run(&mut self, line: &str) -> Result<String> {
        let output = self.reader.run(line);
        self.api.check()?;
        output
    }

    /// The project of `cargo fanout new`, in a folder outside of the repository.
    fn makes_rooms(&mut self) -> Result<()> {
        let runtime = build::root().join("runtime");
        self.run(&format!("cargo fanout new rooms --fanout-path {}", runtime.display()))?;
        self.run("cd rooms")?;
        self.reader.lock()
    }

    /// A command that asks for a secret, in a terminal in which someone enters it.
    fn enters(&mut self, line: &str, secret: &str) -> Result<()> {
        ensure!(!line.contains('\''), "{line} cannot be quoted");
        self.run(&format!("printf '{secret}\\n' | script -qec '{line}' /dev/null"))?;
        Ok(())
    }

    fn with_service<T>(&self, read: impl FnOnce(&Service) -> Result<T>) -> Result<T> {
        let account = self.api.account();
        read(account.service.as_ref().context("there is no service")?)
    }
}

/// A backend that leads to this host with TLS, under the host's own name.
fn leads_to(version: &Version, name: &str, host: &str) -> Result<()> {
    let backend = version.backends.get(name).with_context(|| format!("no backend {name}: {version:?}"))?;
    let expected: Fields = [
        ("address", host),
        ("port", "443"),
        ("use_ssl", "1"),
        ("override_host", host),
        ("ssl_cert_hostname", host),
        ("ssl_sni_hostname", host),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    assert_eq!(*backend, expected, "{name}");
    Ok(())
}

/// A service with Fanout whose active version is this one, with one domain, which is its backend `self`, and a package that is valid.
fn is_deployed(rehearsal: &mut Rehearsal, number: usize, name: &str, domain: &str) -> Result<Version> {
    let version = rehearsal.with_service(|service| {
        assert_eq!(service.name, name);
        assert_eq!(service.products, ["fanout"]);
        let (active, version) = service.active().context("no version is active")?;
        assert_eq!(active, number);
        assert_eq!(version.domains, [domain]);
        leads_to(version, "self", domain)?;
        Ok(version.clone())
    })?;
    let folder = tempfile::tempdir()?;
    let package = folder.path().join("package.tar.gz");
    fs::write(&package, version.package.as_ref().context("there is no package")?)?;
    rehearsal.run(&format!("fastly compute validate --package={}", package.display()))?;
    let unpack = Command::new("tar").arg("-xzf").arg(&package).arg("-C").arg(folder.path()).status()?;
    ensure!(unpack.success(), "the package is no archive");
    let files = folder.path().join(name);
    let wasm = fs::read(files.join("bin/main.wasm"))?;
    ensure!(wasm.starts_with(b"\0asm") && wasm.len() > 100_000, "no app in the package");
    let manifest = fs::read_to_string(files.join("fastly.toml"))?;
    ensure!(manifest.contains(&format!("name = \"{name}\"")), "{manifest}");
    Ok(version)
}

#[test]
fn the_first_deployment_of_the_readme() -> Result<()> {
    let blocks = blocks(README, "## Deploy it")?;
    let commands = commands(&blocks);
    let [publish, listen, token, stores, entry, say, export, own] = commands[..] else {
        bail!("other commands: {commands:#?}")
    };
    let Some(mut rehearsal) = Rehearsal::of_this_machine()? else { return Ok(()) };
    rehearsal.makes_rooms()?;
    rehearsal.run("fastly compute build --non-interactive")?;
    rehearsal.run("fastly compute validate")?;

    rehearsal.run(publish)?;
    let version = is_deployed(&mut rehearsal, 1, "rooms", DOMAIN)?;
    leads_to(&version, "publisher", "api.fastly.com")?;
    assert_eq!(version.backends.len(), 2, "{version:?}");
    assert_eq!(version.resources.iter().collect::<Vec<_>>(), [(&"fanout".to_owned(), &"store1".to_owned())]);
    let manifest = fs::read_to_string(rehearsal.reader.here().join("fastly.toml"))?;
    ensure!(manifest.contains(&format!("service_id = \"{SERVICE}\"")), "{manifest}");

    // Then the token, for this service alone.
    let made = rehearsal.run(&token.replace("SERVICE-ID", SERVICE))?;
    ensure!(made.contains(SERVICE_TOKEN), "{made}");
    {
        let account = rehearsal.api.account();
        let [token] = &account.tokens[..] else { bail!("{:?}", account.tokens) };
        assert_eq!((&*token["scope"], &*token["services[]"]), ("purge_select", SERVICE));
    }
    let stores = rehearsal.run(stores)?;
    let line = stores.lines().find(|line| line.starts_with("fanout ")).with_context(|| stores.clone())?;
    let store = line.split_whitespace().last().context("a line has words")?;
    if has_script() {
        rehearsal.enters(&entry.replace("STORE-ID", store), SERVICE_TOKEN)?;
        let account = rehearsal.api.account();
        let secrets: Vec<_> = account.stores.iter().flat_map(|store| &store.secrets).collect();
        assert_eq!(secrets, [(&"FASTLY_KEY".to_owned(), &SERVICE_TOKEN.len())]);
    } else {
        skip("the prompt for the token needs the program `script`");
    }

    // The rest is for clients, whose paths are those of the app.
    let [listen_at, say_at] = [listen, say].map(|line| line.replacen("curl -N ", "curl ", 1));
    ensure!(listen_at == format!("curl 'https://{DOMAIN}/rooms/lobby?name=ann'"), "{listen}");
    ensure!(say_at == format!("curl 'https://{DOMAIN}/rooms/lobby?name=bob' -d hello"), "{say}");
    ensure!(
        export == "export GRIP_URL='https://api.fastly.com/service/SERVICE-ID?key=API-TOKEN'",
        "{export}"
    );
    ensure!(own == "cargo xtask publish test hello", "{own}");

    // Another version, and back.
    let another = super::reader::blocks(DEPLOYING, "# Another version, and back")?;
    let another = super::reader::commands(&another);
    let [again, list, back] = another[..] else { bail!("other commands: {another:#?}") };
    rehearsal.run(again)?;
    let second = is_deployed(&mut rehearsal, 2, "rooms", DOMAIN)?;
    assert_eq!((&second.backends, &second.resources), (&version.backends, &version.resources));
    let listed = rehearsal.run(list)?;
    ensure!(listed.lines().count() == 3, "{listed}");
    rehearsal.run(back)?;
    let first = is_deployed(&mut rehearsal, 1, "rooms", DOMAIN)?;
    assert_eq!(first.package, version.package);
    // Going on from there makes a third.
    rehearsal.run(again)?;
    is_deployed(&mut rehearsal, 3, "rooms", DOMAIN)?;
    rehearsal.reader.forget("rooms")
}

/// The manifest of the example app, in another folder, because the CLI changes it. The CLI builds the app in its own folder in another
/// test.
#[test]
fn the_first_deployment_of_the_example_app() -> Result<()> {
    let readme = blocks(README, "## Deploy it")?;
    let publish = commands(&readme)[0];
    let Some(mut rehearsal) = Rehearsal::of_this_machine()? else { return Ok(()) };
    rehearsal.makes_rooms()?;
    rehearsal.copies(include_str!("../../../../fastly.toml"), EXAMPLE_APP)?;
    let name = "fanout-example-app";
    rehearsal.run(&publish.replace("rooms.", &format!("{name}.")))?;
    let version = is_deployed(&mut rehearsal, 1, name, &format!("{name}.edgecompute.app"))?;
    // Every client may publish there, so it has no token to publish with.
    assert_eq!((version.backends.len(), version.resources.len()), (1, 0), "{version:?}");
    assert_eq!(rehearsal.api.account().stores.len(), 0);
    Ok(())
}

/// The guide's statements about the CLI: it takes back what it has made, and it links a store that is there.
#[test]
fn a_deployment_that_fails_leaves_nothing() -> Result<()> {
    let readme = blocks(README, "## Deploy it")?;
    let publish = commands(&readme)[0];
    let Some(mut rehearsal) = Rehearsal::of_this_machine()? else { return Ok(()) };
    rehearsal.has_built_rooms()?;
    let manifest = rehearsal.reader.here().join("fastly.toml");

    // The domain is taken.
    rehearsal.api.account().taken.push(DOMAIN.to_owned());
    let (succeeded, output) = rehearsal.reader.outcome(publish)?;
    ensure!(!succeeded && output.contains("by another customer"), "{output}");
    rehearsal.api.check()?;
    ensure!(rehearsal.api.account().service.is_none(), "there is a service");
    ensure!(!fs::read_to_string(&manifest)?.contains(SERVICE), "the manifest names a service");
    rehearsal.api.account().taken.clear();

    // A secret in `[setup]`, as the doctor warns.
    let good = fs::read_to_string(&manifest)?;
    let entry = "\n[setup.secret_stores.fanout.entries.FASTLY_KEY]\ndescription = \"a token\"\n";
    fs::write(&manifest, good.clone() + entry)?;
    let (succeeded, output) = rehearsal.reader.outcome(publish)?;
    ensure!(!succeeded && output.contains("value cannot be blank"), "{output}");
    rehearsal.api.check()?;
    ensure!(rehearsal.api.account().service.is_none(), "there is a service");

    // No address of the backend `self`, as the doctor warns.
    let address = format!("address = \"{DOMAIN}\"");
    ensure!(good.contains(&address), "{good}");
    fs::write(&manifest, good.replace(&address, ""))?;
    rehearsal.run(publish)?;
    rehearsal.with_service(|service| {
        let (_, version) = service.active().context("no version is active")?;
        assert_eq!(version.backends["self"]["address"], "127.0.0.1");
        Ok(())
    })?;
    Ok(())
}

/// The commands of the guide for a service that was created without Fanout, and for a second app of the account.
#[test]
fn a_service_that_exists_gets_what_it_lacks() -> Result<()> {
    let Some(mut rehearsal) = Rehearsal::of_this_machine()? else { return Ok(()) };
    rehearsal.has_built_rooms()?;
    // A service without anything of `[setup]`, to which the domain and the package belong.
    let manifest = rehearsal.reader.here().join("fastly.toml");
    let text = fs::read_to_string(&manifest)?;
    let (without, _) =
        text.split_once("# `fastly compute publish` makes all of these").context("it has [setup]")?;
    fs::write(&manifest, without)?;
    rehearsal.run(&format!("fastly compute publish --non-interactive --domain={DOMAIN}"))?;
    rehearsal.with_service(|service| {
        assert_eq!(service.products, [""; 0]);
        let (_, version) = service.active().context("no version is active")?;
        assert_eq!(version.backends.keys().collect::<Vec<_>>(), ["originless"]);
        Ok(())
    })?;

    let exists = blocks(DEPLOYING, "# A service that exists")?;
    for line in commands(&exists) {
        rehearsal.run(line)?;
    }
    is_deployed(&mut rehearsal, 2, "rooms", DOMAIN)?;

    let publishing = blocks(PUBLISHING, "# From an app on Compute")?;
    let lines = commands(&publishing);
    ensure!(lines.len() == 5, "other commands: {lines:#?}");
    for line in lines {
        let line = line.replace("STORE-ID", "store1");
        if line.starts_with("fastly secret-store-entry ") {
            let line = line.split('#').next().unwrap_or_default().trim();
            if has_script() {
                rehearsal.enters(line, SERVICE_TOKEN)?;
            }
        } else {
            rehearsal.run(&line)?;
        }
    }
    let version = is_deployed(&mut rehearsal, 3, "rooms", DOMAIN)?;
    leads_to(&version, "publisher", "api.fastly.com")?;
    assert_eq!(version.resources["fanout"], "store1");

    // A second app, in a store of its own.
    let second = blocks(DEPLOYING, "# A second app")?;
    let lines = commands(&second);
    ensure!(lines.len() == 2, "other commands: {lines:#?}");
    for line in lines {
        rehearsal.run(&line.replace("STORE-ID", "store2"))?;
    }
    let account = rehearsal.api.account();
    assert_eq!(account.stores[1].name, "fanout-second");
    let last = account.service.as_ref().and_then(|service| service.versions.last()).context("a version")?;
    assert_eq!(last.resources["fanout"], "store2");
    Ok(())
}

/// The store `fanout` of a first app.
#[test]
fn a_store_that_is_there_is_linked() -> Result<()> {
    let readme = blocks(README, "## Deploy it")?;
    let Some(mut rehearsal) = Rehearsal::of_this_machine()? else { return Ok(()) };
    rehearsal.has_built_rooms()?;
    rehearsal.run("fastly secret-store create --name=fanout")?;
    rehearsal.run(commands(&readme)[0])?;
    assert_eq!(rehearsal.api.account().stores.len(), 1);
    rehearsal.with_service(|service| {
        assert_eq!(service.versions[0].resources["fanout"], "store1");
        Ok(())
    })
}

fn has_script() -> bool {
    let mut script = Command::new("script");
    let script = script.args(["-qec", "true", "/dev/null"]).stdin(Stdio::null()).stdout(Stdio::null());
    script.status().is_ok_and(|status| status.success())
}
