//! A stand-in of Fastly's API, as far as the commands of the docs need it. It keeps the state of one service, and refuses what it
//! does not expect.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use anyhow::{Result, ensure};
use e2e::{Received, StandIn};
use reqwest::Url;
use serde_json::{Value, json};

/// The token that the CLI has.
pub const TOKEN: &str = "the-token-of-the-cli";
/// The token that the API makes for the service.
pub const SERVICE_TOKEN: &str = "the-token-of-the-service";
/// The id of the service.
pub const SERVICE: &str = "SU1Z0isxPaozGVKXdv0eY";

/// The key that the CLI encrypts secrets for, its signature, and the key of the signature. Nobody has the private keys.
const CLIENT_KEY: &str = "+vZNHiZrPYv6D8HIB9q2z7P4z3nF05wfLIvrf2jBqyI=";
const SIGNATURE: &str =
    "xaR/9xtBv0mI1FGNWO5KNuYL21/WzaIUygZsjF1sLWVy8OV3TNNd/zqrGCLN6uuTuvHswAkRDi4/gvFZS94kCw==";
const SIGNING_KEY: &str = "68CkAu5wIWAQTBr9Re3X52F1dWVlDkUgjloDNjjAP6s=";

/// The fields of something that the API has, by their names.
pub type Fields = BTreeMap<String, String>;

/// The state of the account.
#[derive(Debug, Default)]
pub struct Account {
    /// The one service, if there is one.
    pub service: Option<Service>,
    /// The secret stores: their ids, names and secrets. A secret is the length of its text.
    pub stores: Vec<Store>,
    /// The tokens that were created.
    pub tokens: Vec<Fields>,
    /// The domains of other customers.
    pub taken: Vec<String>,
    /// The requests that the CLI should not have made.
    unexpected: Vec<String>,
}

#[derive(Debug)]
pub struct Store {
    pub id: String,
    pub name: String,
    pub secrets: BTreeMap<String, usize>,
}

#[derive(Debug)]
pub struct Service {
    pub name: String,
    pub products: Vec<String>,
    /// The versions, from 1 on.
    pub versions: Vec<Version>,
}

#[derive(Clone, Debug, Default)]
pub struct Version {
    pub active: bool,
    pub locked: bool,
    pub domains: Vec<String>,
    pub backends: BTreeMap<String, Fields>,
    /// The names of linked resources, and their ids.
    pub resources: BTreeMap<String, String>,
    pub package: Option<Vec<u8>>,
}

impl Service {
    /// The number of the active version, and the version.
    pub fn active(&self) -> Option<(usize, &Version)> {
        (1..).zip(&self.versions).find(|(_, version)| version.active)
    }
}

/// The stand-in.
pub struct Api {
    server: StandIn,
    account: Arc<Mutex<Account>>,
}

impl Api {
    pub fn start() -> Result<Self> {
        let account = Arc::new(Mutex::new(Account::default()));
        let state = Arc::clone(&account);
        let server = StandIn::answering(move |request| {
            let mut account = state.lock().expect("no thread panics with the lock");
            let answer = account.answer(request);
            if answer.0 == UNEXPECTED {
                let body = String::from_utf8_lossy(&request.body);
                let line = format!(
                    "{}: {} ({})",
                    request.line,
                    answer.1,
                    body.chars().take(300).collect::<String>()
                );
                account.unexpected.push(line);
            }
            (answer.0, answer.1.to_string())
        })?;
        Ok(Self { server, account })
    }

    pub fn url(&self) -> String {
        self.server.url()
    }

    pub fn account(&self) -> MutexGuard<'_, Account> {
        self.account.lock().expect("no thread panics with the lock")
    }

    /// Fails if there was a request that the stand-in does not expect.
    pub fn check(&self) -> Result<()> {
        let unexpected = &self.account().unexpected;
        ensure!(unexpected.is_empty(), "the CLI requested {unexpected:#?}");
        Ok(())
    }
}

const UNEXPECTED: u16 = 501;

fn unexpected(why: &str) -> (u16, Value) {
    (UNEXPECTED, json!({"msg": why}))
}

/// The answer of the API to a request that is wrong.
fn refused(status: u16, why: &str) -> (u16, Value) {
    (status, json!({"msg": why, "detail": why}))
}

fn ok(value: Value) -> (u16, Value) {
    (200, value)
}

impl Account {
    fn answer(&mut self, request: &Received) -> (u16, Value) {
        let Some((method, target)) = request.line.split_once(' ') else { return unexpected("no request") };
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        // Anybody may read that.
        if (method, path) == ("GET", "/realms/fastly/.well-known/openid-configuration") {
            return ok(json!({}));
        }
        if request.header("fastly-key") != TOKEN {
            return unexpected("another token");
        }
        let segments: Vec<_> = path.split('/').skip(1).collect();
        match (method, &segments[..]) {
            ("POST", ["service"]) => self.create_service(&form(&request.body)),
            ("DELETE", ["service", SERVICE]) => match self.service.take() {
                Some(_) => ok(json!({"status": "ok"})),
                None => unexpected("there is no service"),
            },
            (_, ["service", SERVICE, rest @ ..]) => match &mut self.service {
                Some(service) => service.answer(method, rest, request, &self.taken, &self.stores),
                None => unexpected("there is no service"),
            },
            ("PUT", ["enabled-products", "v1", product, "services", SERVICE]) => match &mut self.service {
                Some(service) => {
                    service.products.push((*product).to_owned());
                    ok(json!({"product": {"id": product}, "service": {"id": SERVICE}}))
                }
                None => unexpected("there is no service"),
            },
            ("POST", ["sudo"]) => ok(json!({"status": "ok"})),
            ("POST", ["tokens"]) => {
                let fields = form(&request.body);
                let (id, name) = (format!("T{}", self.tokens.len()), fields.get("name").cloned());
                self.tokens.push(fields);
                ok(json!({"id": id, "name": name, "access_token": SERVICE_TOKEN}))
            }
            (_, ["resources", "stores", "secret", rest @ ..]) => {
                self.secret(method, rest, query, &request.body)
            }
            _ => unexpected("no such request"),
        }
    }

    fn create_service(&mut self, form: &Fields) -> (u16, Value) {
        if self.service.is_some() || form.get("type").map(String::as_str) != Some("wasm") {
            return unexpected("a second service, or one of another type");
        }
        let name = form.get("name").cloned().unwrap_or_default();
        let service = Service { name, products: Vec::new(), versions: vec![Version::default()] };
        let answer = ok(json!({"id": SERVICE, "name": service.name, "type": "wasm"}));
        self.service = Some(service);
        answer
    }

    fn secret(&mut self, method: &str, rest: &[&str], query: &str, body: &[u8]) -> (u16, Value) {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let store =
            |store: &Store| json!({"id": store.id, "name": store.name, "created_at": "2030-01-01T00:00:00Z"});
        match (method, rest) {
            ("GET", []) => {
                if !matches!(query, "" | "limit=50") {
                    return unexpected("another page");
                }
                ok(json!({"data": self.stores.iter().map(store).collect::<Vec<_>>(), "meta": {}}))
            }
            ("POST", []) => {
                let Some(name) = body["name"].as_str() else { return unexpected("a store without a name") };
                if self.stores.iter().any(|store| store.name == name) {
                    return refused(409, "there is a store of this name");
                }
                let id = format!("store{}", self.stores.len() + 1);
                self.stores.push(Store { id, name: name.to_owned(), secrets: BTreeMap::new() });
                ok(store(self.stores.last().expect("it was just pushed")))
            }
            ("POST", ["client-key"]) => ok(json!({
                "public_key": CLIENT_KEY,
                "signature": SIGNATURE,
                "expires_at": "2099-01-01T00:00:00Z",
            })),
            ("GET", ["signing-key"]) => ok(json!({"signing_key": SIGNING_KEY})),
            ("GET", [id]) => match self.stores.iter().find(|store| store.id == *id) {
                Some(found) => ok(store(found)),
                None => unexpected("no such store"),
            },
            ("POST", [id, "secrets"]) => {
                let Some(found) = self.stores.iter_mut().find(|store| store.id == *id) else {
                    return unexpected("no such store");
                };
                let (Some(name), Some(secret)) = (body["name"].as_str(), body["secret"].as_str()) else {
                    return unexpected("a secret without name or value");
                };
                if body["client_key"].as_str() != Some(CLIENT_KEY) {
                    return unexpected("a secret that is not encrypted for the key of the API");
                }
                // A sealed box is 48 bytes longer than its text.
                let sealed = secret.trim_end_matches('=').len() * 3 / 4;
                found.secrets.insert(name.to_owned(), sealed - 48);
                ok(json!({"name": name, "digest": "", "created_at": "2030-01-01T00:00:00Z"}))
            }
            _ => unexpected("no such request of secret stores"),
        }
    }
}

impl Service {
    fn answer(
        &mut self,
        method: &str,
        rest: &[&str],
        request: &Received,
        taken: &[String],
        stores: &[Store],
    ) -> (u16, Value) {
        match (method, rest) {
            ("GET", ["details"]) => ok(self.details()),
            ("GET", ["version"]) => {
                let versions = (1..).zip(&self.versions).map(|(number, version)| version.json(number));
                ok(versions.collect())
            }
            (_, ["version", number, rest @ ..]) => {
                let Some(index) = number.parse::<usize>().ok().and_then(|number| number.checked_sub(1))
                else {
                    return unexpected("no number of a version");
                };
                self.version(method, index, rest, request, taken, stores)
            }
            _ => unexpected("no such request of a service"),
        }
    }

    fn details(&self) -> Value {
        let versions: Vec<_> =
            (1..).zip(&self.versions).map(|(number, version)| version.json(number)).collect();
        let active = self.active().map(|(number, version)| version.json(number));
        json!({"id": SERVICE, "name": self.name, "type": "wasm", "versions": versions, "active_version": active})
    }

    fn version(
        &mut self,
        method: &str,
        index: usize,
        rest: &[&str],
        request: &Received,
        taken: &[String],
        stores: &[Store],
    ) -> (u16, Value) {
        let number = index + 1;
        if (method, rest) == ("PUT", &["clone"]) {
            let Some(version) = self.versions.get(index) else { return unexpected("no such version") };
            self.versions.push(Version { active: false, locked: false, ..version.clone() });
            return ok(Version::default().json(self.versions.len()));
        }
        if (method, rest) == ("PUT", &["activate"]) {
            return self.activate(index);
        }
        let Some(version) = self.versions.get_mut(index) else { return unexpected("no such version") };
        if method != "GET" && version.locked {
            return unexpected("a change of a version that is locked");
        }
        match (method, rest) {
            ("GET", []) => ok(version.json(number)),
            ("GET", ["domain"]) => ok(version.domains.iter().map(|name| json!({"name": name})).collect()),
            ("POST", ["domain"]) => {
                let name = form(&request.body).remove("name").unwrap_or_default();
                if taken.contains(&name) {
                    return refused(400, "Domain is already taken by another customer");
                }
                version.domains.push(name.clone());
                ok(json!({"name": name}))
            }
            ("POST", ["backend"]) => {
                let mut fields = form(&request.body);
                // As the API documents it.
                if fields.get("port").is_some_and(|port| port == "443") {
                    fields.entry("use_ssl".to_owned()).or_insert_with(|| "1".to_owned());
                }
                let name = fields.remove("name").unwrap_or_default();
                if version.backends.insert(name.clone(), fields).is_some() {
                    return unexpected("a second backend of this name");
                }
                ok(json!({"name": name, "service_id": SERVICE, "version": number}))
            }
            ("POST", ["resource"]) => {
                let fields = form(&request.body);
                let id = fields.get("resource_id").cloned().unwrap_or_default();
                let Some(store) = stores.iter().find(|store| store.id == id) else {
                    return unexpected("no such store");
                };
                // Without `--name`, the CLI sends an empty one.
                let name = fields.get("name").filter(|name| !name.is_empty());
                let name = name.unwrap_or(&store.name).clone();
                version.resources.insert(name.clone(), id.clone());
                ok(json!({"id": "link", "name": name, "resource_id": id}))
            }
            ("GET", ["package"]) => match version.package {
                Some(_) => ok(json!({"metadata": {"files_hash": "of another package"}})),
                None => refused(404, "there is no package"),
            },
            ("PUT", ["package"]) => match upload(request) {
                Some(package) => {
                    version.package = Some(package);
                    ok(json!({"service_id": SERVICE, "version": number}))
                }
                None => unexpected("no package"),
            },
            _ => unexpected("no such request of a version"),
        }
    }

    /// A version without a domain, a backend or a package cannot be activated.
    fn activate(&mut self, index: usize) -> (u16, Value) {
        match self.versions.get(index) {
            None => return unexpected("no such version"),
            Some(version) if version.domains.is_empty() => return refused(400, "no domain"),
            Some(version) if version.backends.is_empty() => return refused(400, "no backend"),
            Some(version) if version.package.is_none() => return refused(400, "no package"),
            Some(_) => {}
        }
        self.versions.iter_mut().for_each(|version| version.active = false);
        let version = &mut self.versions[index];
        (version.active, version.locked) = (true, true);
        ok(version.json(index + 1))
    }
}

impl Version {
    fn json(&self, number: usize) -> Value {
        json!({
            "number": number,
            "active": self.active,
            "locked": self.locked,
            "service_id": SERVICE,
            "updated_at": "2030-01-01T00:00:00Z",
        })
    }
}

fn form(body: &[u8]) -> Fields {
    let body = String::from_utf8_lossy(body);
    let url = Url::parse(&format!("http://localhost/?{body}")).expect("a form can be a query");
    url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

/// The file in the form of an upload.
fn upload(request: &Received) -> Option<Vec<u8>> {
    let boundary = request.header("content-type").strip_prefix("multipart/form-data; boundary=")?;
    let find = |bytes: &[u8], part: &[u8]| bytes.windows(part.len()).position(|window| window == part);
    let body = &request.body;
    let start = find(body, b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(&body[..start]);
    if !head.contains("form-data; name=\"package\"; filename=") {
        return None;
    }
    let end = find(&body[start..], format!("\r\n--{boundary}--").as_bytes())?;
    Some(body[start..start + end].to_owned())
}
