//! The release of Viceroy for this platform, at the address that its own metadata for `cargo binstall` gives.

use std::env::consts::{ARCH, OS};
use std::fmt::Write as _;
use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::version;
use crate::interrupt;

const RELEASES: &str = "https://github.com/fastly/Viceroy/releases/download";
/// The description of a release, with the SHA-256 of each file.
const DESCRIPTIONS: &str = "https://api.github.com/repos/fastly/Viceroy/releases/tags";

/// A file to fetch, and the place of its checksum.
#[derive(Debug, PartialEq)]
pub(super) struct Release {
    version: String,
    file: String,
    address: String,
    checksum: Checksum,
}

/// The place of the SHA-256 of a file.
#[derive(Debug, PartialEq)]
enum Checksum {
    /// A description of the whole release, in JSON.
    Described(String),
    /// A file as `sha256sum` writes it.
    Beside(String),
}

impl Release {
    /// The release for this platform, from its publisher or from a mirror. A mirror has the same folders and files, and
    /// a file `….sha256` beside each.
    pub(super) fn of_this_platform(version: &str, mirror: Option<&str>) -> Result<Self> {
        Self::of(OS, ARCH, version, mirror)
    }

    fn of(os: &str, arch: &str, version: &str, mirror: Option<&str>) -> Result<Self> {
        let os_name = match os {
            "linux" => "linux",
            "macos" => "darwin",
            _ => bail!("Viceroy publishes none for {os}"),
        };
        let arch_name = match arch {
            "x86_64" => "amd64",
            "aarch64" => "arm64",
            _ => bail!("Viceroy publishes none for {os} on {arch}"),
        };
        let file = format!("viceroy_v{version}_{os_name}-{arch_name}.tar.gz");
        let base = mirror.unwrap_or(RELEASES).trim_end_matches('/');
        let address = format!("{base}/v{version}/{file}");
        let checksum = match mirror {
            Some(_) => Checksum::Beside(format!("{address}.sha256")),
            None => Checksum::Described(format!("{DESCRIPTIONS}/v{version}")),
        };
        Ok(Self { version: version.to_owned(), file, address, checksum })
    }

    /// Fetches the program, verifies it, and puts it at a path. Nothing is at that path unless all of it is right.
    pub(super) fn install(&self, path: &Path) -> Result<()> {
        eprintln!("fetching Viceroy {} from {} …", self.version, self.address);
        let folder = path.parent().context("a program is in a folder")?;
        fs::create_dir_all(folder)?;
        let unpacked = tempfile::tempdir_in(folder)?;
        let archive = unpacked.path().join(&self.file);

        // The small one first.
        let expected = self.expected(unpacked.path())?;
        fetch(&self.address, &archive)?;
        let content = fs::read(&archive)?;
        let found = hex(&Sha256::digest(&content));
        ensure!(
            found == expected,
            "{} has the SHA-256 {found}, and {expected} was published: it was changed or cut on its way",
            self.address
        );

        let output = Command::new("tar")
            .arg("-xzf")
            .arg(&archive)
            .arg("-C")
            .arg(unpacked.path())
            .arg("viceroy")
            .stdin(Stdio::null())
            .output()
            .context("tar does not run")?;
        interrupt::check_ended(output.status)?;
        ensure!(
            output.status.success(),
            "{} cannot be unpacked: {}",
            self.address,
            last_line(&output.stderr)
        );
        let program = unpacked.path().join("viceroy");
        let found = version(&program);
        interrupt::check()?;
        ensure!(
            found.as_deref() == Some(&self.version),
            "the program in {} does not run here as version {}, it says {found:?}",
            self.address,
            self.version
        );
        fs::rename(program, path)?;
        Ok(())
    }

    /// The SHA-256 that was published for the file, as 64 hexadecimal digits.
    fn expected(&self, folder: &Path) -> Result<String> {
        let copy = folder.join("checksum");
        let (place, found) = match &self.checksum {
            Checksum::Described(address) => {
                fetch(address, &copy).context("the release's checksum cannot be fetched")?;
                (address, described(&fs::read(&copy)?, &self.file))
            }
            Checksum::Beside(address) => {
                fetch(address, &copy).context("the mirror has no checksum beside the file")?;
                (address, fs::read_to_string(&copy)?.split_whitespace().next().map(str::to_owned))
            }
        };
        let found = found.filter(|sum| sum.len() == 64 && sum.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let found = found.with_context(|| format!("{place} has no SHA-256 for {}", self.file))?;
        Ok(found.to_ascii_lowercase())
    }
}

/// The SHA-256 of a file in the description of its release.
fn described(description: &[u8], file: &str) -> Option<String> {
    let description: Value = serde_json::from_slice(description).ok()?;
    let assets = description.get("assets")?.as_array()?;
    let asset = assets.iter().find(|asset| asset.get("name").and_then(Value::as_str) == Some(file))?;
    Some(asset.get("digest")?.as_str()?.strip_prefix("sha256:")?.to_owned())
}

/// Fetches a file with curl, which installers of Rust need too. It knows the proxies and the certificates of this machine.
fn fetch(address: &str, to: &Path) -> Result<()> {
    let mut curl = Command::new("curl");
    if ["http://127.0.0.1:", "http://localhost:"].iter().any(|here| address.starts_with(here)) {
        // A proxy that the environment names would stand between this program and its own machine.
        curl.args(["--noproxy", "*"]);
    }
    let mut curl = curl
        .args(["--fail", "--silent", "--show-error", "--location", "--proto-redir", "=https"])
        .args(["--connect-timeout", "10", "--speed-limit", "1000", "--speed-time", "20", "--retry", "1"])
        .arg("--output")
        .arg(to)
        .arg(address)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("{address}: curl, which fetches it, does not run"))?;
    let status = to_end(&mut curl)?;
    if status.success() {
        return Ok(());
    }
    interrupt::check_ended(status)?;
    let mut said = Vec::new();
    if let Some(mut errors) = curl.stderr.take() {
        errors.read_to_end(&mut said)?;
    }
    bail!("{address}: {}", last_line(&said))
}

/// Waits for the end of a program that prints some lines at most, and ends it if the user interrupts.
fn to_end(program: &mut Child) -> Result<ExitStatus> {
    loop {
        if let Some(status) = program.try_wait()? {
            return Ok(status);
        }
        if let Err(error) = interrupt::check() {
            let _ = program.kill();
            let _ = program.wait();
            return Err(error);
        }
        thread::sleep(Duration::from_millis(20));
    }
}

fn last_line(output: &[u8]) -> String {
    String::from_utf8_lossy(output).lines().last().unwrap_or("it says nothing").to_owned()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::net::{SocketAddr, TcpListener};
    use std::thread;

    use super::*;

    const FILE: &str = "viceroy_v0.22.0_linux-amd64.tar.gz";

    /// Answers every request on this machine: the content at a path, or a 404. Content that is cut ends too early.
    fn server(files: Vec<(String, Vec<u8>, usize)>) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            for mut stream in listener.incoming().map_while(Result::ok) {
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
                let request = lines.next().unwrap_or_default();
                lines.find(String::is_empty);
                let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
                let _ = match files.iter().find(|(name, ..)| *name == path) {
                    Some((_, content, cut)) => {
                        write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", content.len())
                            .and_then(|()| stream.write_all(&content[..content.len() - cut]))
                    }
                    None => stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"),
                };
            }
        });
        address
    }

    /// An archive with a program that says a version.
    fn archive(version: &str) -> Vec<u8> {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("viceroy");
        fs::write(&program, format!("#!/bin/sh\necho viceroy {version}\n")).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let mut tar = Command::new("tar");
        tar.arg("-czf").arg(folder.path().join("a")).arg("-C").arg(folder.path()).arg("viceroy");
        assert!(tar.status().unwrap().success());
        fs::read(folder.path().join("a")).unwrap()
    }

    /// Installs from a mirror with these files.
    fn install(content: Option<(Vec<u8>, usize)>, sum: Option<String>) -> Result<bool> {
        let path = format!("/mirror/v0.22.0/{FILE}");
        let mut files = Vec::new();
        if let Some(sum) = sum {
            files.push((format!("{path}.sha256"), sum.into_bytes(), 0));
        }
        if let Some((content, cut)) = content {
            files.push((path, content, cut));
        }
        let mirror = format!("http://{}/mirror/", server(files));
        from(&Release::of("linux", "x86_64", "0.22.0", Some(&mirror))?)
    }

    /// Installs a release. Whatever happens, no other file is left.
    fn from(release: &Release) -> Result<bool> {
        let root = tempfile::tempdir()?;
        let program = root.path().join("bin/viceroy");
        let installed = release.install(&program);
        let there = program.is_file();
        let left = fs::read_dir(root.path().join("bin"))?.count();
        assert_eq!(left, usize::from(there), "files are left");
        installed.map(|()| there)
    }

    fn sum(content: &[u8]) -> String {
        format!("{}  {FILE}\n", hex(&Sha256::digest(content)))
    }

    fn message(result: Result<bool>) -> String {
        format!("{:#}", result.expect_err("it was installed"))
    }

    #[test]
    fn a_good_file_is_installed() -> Result<()> {
        let good = archive("0.22.0");
        assert!(install(Some((good.clone(), 0)), Some(sum(&good)))?);
        Ok(())
    }

    #[test]
    fn a_file_that_is_cut_is_not() {
        let good = archive("0.22.0");
        let sum = sum(&good);
        let cut = message(install(Some((good.clone(), 40)), Some(sum.clone())));
        assert!(cut.contains(FILE) && cut.contains("curl: (18)"), "{cut}");
        // The server does not say that it is.
        let cut = message(install(Some((good[..good.len() - 40].to_vec(), 0)), Some(sum)));
        assert!(cut.contains("it was changed or cut on its way"), "{cut}");
    }

    #[test]
    fn a_wrong_checksum_is_refused() {
        let good = archive("0.22.0");
        let other = message(install(Some((good.clone(), 0)), Some(sum(b"other"))));
        assert!(other.contains(&hex(&Sha256::digest(&good))), "{other}");
        assert!(other.contains("was published"), "{other}");
        for nonsense in [String::new(), "<html>\n".into(), "z".repeat(64)] {
            let none = message(install(Some((good.clone(), 0)), Some(nonsense)));
            assert!(none.ends_with(&format!("has no SHA-256 for {FILE}")), "{none}");
        }
    }

    #[test]
    fn what_is_not_there_is_named() {
        let good = archive("0.22.0");
        let none = message(install(None, Some(sum(&good))));
        assert!(none.contains(FILE) && none.contains("404"), "{none}");
        let none = message(install(Some((good, 0)), None));
        assert!(none.starts_with("the mirror has no checksum beside the file: http"), "{none}");
        assert!(none.contains(".sha256: ") && none.contains("404"), "{none}");
    }

    #[test]
    fn without_a_network_the_address_is_named() {
        // Nothing listens there any more.
        let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let release = Release::of("linux", "x86_64", "0.22.0", Some(&format!("http://{gone}"))).unwrap();
        let none = message(from(&release));
        assert!(none.contains(&gone.to_string()) && none.contains("curl: (7)"), "{none}");
    }

    #[test]
    fn fetching_can_be_interrupted() -> Result<()> {
        // It accepts connections, and never answers.
        let silent = TcpListener::bind("127.0.0.1:0")?;
        let release =
            Release::of("linux", "x86_64", "0.22.0", Some(&format!("http://{}", silent.local_addr()?)))?;
        let _here = interrupt::tests::Here::new();
        let error = from(&release).unwrap_err();
        assert!(interrupt::is_cause(&error), "{error:#}");
        Ok(())
    }

    #[test]
    fn another_program_is_not_installed() {
        let old = archive("0.14.0");
        let other = message(install(Some((old.clone(), 0)), Some(sum(&old))));
        assert!(other.contains("does not run here as version 0.22.0, it says Some(\"0.14.0\")"), "{other}");
        let none = b"no archive".to_vec();
        let other = message(install(Some((none.clone(), 0)), Some(sum(&none))));
        assert!(other.contains("cannot be unpacked: "), "{other}");
    }

    #[test]
    fn the_publisher_describes_its_files() -> Result<()> {
        let good = archive("0.22.0");
        let description = |digest: String| {
            let other =
                serde_json::json!({"name": "viceroy_v0.22.0_darwin-arm64.tar.gz", "digest": "sha256:00"});
            serde_json::json!({"assets": [other, {"name": FILE, "digest": digest}]}).to_string().into_bytes()
        };
        let digest = format!("sha256:{}", hex(&Sha256::digest(&good)));
        let server = server(vec![
            ("/file".into(), good, 0),
            ("/good".into(), description(digest), 0),
            ("/sha1".into(), description("sha1:00".into()), 0),
        ]);
        let release = |description: &str| Release {
            version: "0.22.0".into(),
            file: FILE.into(),
            address: format!("http://{server}/file"),
            checksum: Checksum::Described(format!("http://{server}{description}")),
        };
        assert!(from(&release("/good"))?);
        assert!(message(from(&release("/sha1"))).ends_with(&format!("has no SHA-256 for {FILE}")));
        let limited = message(from(&release("/none")));
        assert!(limited.starts_with("the release's checksum cannot be fetched: http"), "{limited}");
        Ok(())
    }

    #[test]
    fn addresses() -> Result<()> {
        let release = Release::of("macos", "aarch64", "0.22.0", None)?;
        let file = "viceroy_v0.22.0_darwin-arm64.tar.gz";
        assert_eq!(
            release.address,
            format!("https://github.com/fastly/Viceroy/releases/download/v0.22.0/{file}")
        );
        assert_eq!(release.checksum, Checksum::Described(format!("{DESCRIPTIONS}/v0.22.0")));
        for (os, arch) in [("windows", "x86_64"), ("linux", "riscv64")] {
            let none = Release::of(os, arch, "0.22.0", None).unwrap_err().to_string();
            assert!(none.starts_with(&format!("Viceroy publishes none for {os}")), "{none}");
        }
        Ok(())
    }
}
