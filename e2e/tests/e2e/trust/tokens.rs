//! The table of forged tokens, which the unit tests of `fanout::grip::sig` run through, once more as requests to a
//! running app.

#[path = "../../../../runtime/src/grip/sig/tests/forged/mod.rs"]
pub(crate) mod forged;

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;
use cargo_fanout::stack::{DEV_ISSUER, DEV_KEY};
use e2e::{Answer, App, on_app_with, on_stack_with, trace_hostcalls};
use fanout::grip::sig::Rejected;
use reqwest::header::HeaderValue;

use super::{EVENTS, app_requests, is_refused, nothing_was_handed_off, nothing_was_read, refusals};
use forged::{Maker, Row};

/// Viceroy's HTTP server refuses much larger headers before the app sees them.
const LARGEST: usize = 500_000;

#[test]
fn every_forged_token_of_a_local_pushpin_is_refused() -> Result<()> {
    let maker = |now| Maker::hs256(DEV_KEY.as_bytes(), DEV_ISSUER, now);
    on_stack_with(trace_hostcalls, async |app| all_are_refused(app, &maker).await)
}

/// The app trusts the key that signs, as an app on Compute trusts Fanout's.
#[test]
fn every_forged_token_of_fanouts_kind_is_refused() -> Result<()> {
    let maker = |now| Maker::es256(&[7; 32], "fastly:SU1Z0isxPaozGVKXdv0eY", now);
    on_app_with("es256", trace_hostcalls, async |app| {
        all_are_refused(app, &maker).await?;
        // The app runs locally, but the local key is not in its policy.
        let local = Maker::hs256(DEV_KEY.as_bytes(), DEV_ISSUER, now()?).token();
        let request = app.client().get(app.url("/sse")).header("Grip-Sig", &local[..]);
        is_refused(&Answer::of(request).await?, "a local Pushpin's token");
        Ok(())
    })
}

/// On Compute, the public development key is in no policy, even if the app adds it.
#[test]
fn on_compute_no_local_key_counts() -> Result<()> {
    let service = "fastly:SU1Z0isxPaozGVKXdv0eY";
    on_app_with("on-compute", trace_hostcalls, async |app| {
        let now = now()?;
        let ask = async |maker: Maker, path: &str| {
            let request = app.client().get(app.url(path)).header("Grip-Sig", &maker.token()[..]);
            Answer::of(request).await
        };
        // Proves that the app runs, and on that service.
        let fanouts = ask(Maker::es256(&[7; 32], service, now), "/sse").await?;
        assert_eq!((fanouts.status, fanouts.hold()), (200, Some(("stream".into(), vec!["test".into()]))));
        // Intermediaries between Fanout and the app may reorder headers.
        let token = Maker::es256(&[7; 32], service, now).token();
        let request =
            app.client().post(app.url("/ws")).header("Content-Type", "application/websocket-events");
        let request = request.header("Grip-Sig", &token[..]).header("Grip-Feature", "status").body(EVENTS);
        assert!(Answer::of(request).await?.body.starts_with("OPEN\r\n"));
        let local = |issuer| Maker::hs256(DEV_KEY.as_bytes(), issuer, now);
        let others = [
            local(DEV_ISSUER),
            local(service),
            Maker::es256(&[7; 32], "fastly:0000000000000000000000", now),
            Maker::es256(&[7; 32], DEV_ISSUER, now),
        ];
        for maker in others {
            let what = format!("{} by {}", maker.alg(), maker.issuer());
            is_refused(&ask(maker, "/sse?forged").await?, &what);
        }
        nothing_was_handed_off(app, "?forged", 4)?;
        // So requests from the local Pushpin are refused.
        let client = app.get("/sse?handed").await?;
        assert_eq!((client.status, &*client.body), (403, "the token is signed with another algorithm\n"));
        assert_eq!(app_requests(app, "?handed").len(), 2);
        Ok(())
    })
}

async fn all_are_refused(app: &App, maker: &dyn Fn(u64) -> Maker) -> Result<()> {
    let now = now()?;

    // Proves that the other tokens are refused for what is wrong with them.
    let good = maker(now).token();
    let request = app.client().get(app.url("/sse")).header("Grip-Sig", &good[..]);
    assert_eq!(Answer::of(request).await?.hold(), Some(("stream".into(), vec!["test".into()])));
    let request = app.client().post(app.url("/ws")).header("Grip-Sig", &good[..]);
    let answer = Answer::of(request.header("Content-Type", "application/websocket-events").body(EVENTS));
    assert!(answer.await?.body.starts_with("OPEN\r\n"));

    let tokens: Vec<_> =
        forgeries(maker, now).into_iter().filter(|(_, token)| fits_a_header(token)).collect();
    assert!(tokens.len() > 150, "{} tokens", tokens.len());
    for (name, token) in &tokens {
        let request = app.client().get(app.url("/sse?forged")).header("Grip-Sig", &token[..]);
        is_refused(&Answer::of(request).await?, name);
        let request = app.client().post(app.url("/ws?forged")).header("Grip-Sig", &token[..]);
        let request = request.header("Content-Type", "application/websocket-events").body(EVENTS);
        is_refused(&Answer::of(request).await?, name);
    }
    nothing_was_handed_off(app, "?forged", tokens.len() * 2)?;
    nothing_was_read(app, "/ws?forged");
    // Each has a log line with the reason and without the token.
    let refusals = refusals(app);
    assert_eq!(refusals.len(), tokens.len() * 2);
    for (line, (name, token)) in refusals.iter().zip(tokens.iter().flat_map(|token| [token, token])) {
        assert!(line.contains("the token"), "{name}: {line}");
        let token = String::from_utf8_lossy(token);
        assert!(!token.split('.').any(|part| part.len() > 10 && line.contains(part)), "{name}: {line}");
    }
    Ok(())
}

fn now() -> Result<u64> {
    Ok(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs())
}

/// All that the unit tests refuse, each with its name.
fn forgeries(maker: &dyn Fn(u64) -> Maker, now: u64) -> Vec<(String, Vec<u8>)> {
    // They must not become valid while the test runs.
    let early = forged::rows(&maker(now + 3600)).into_iter().filter(is_too_early);
    let rows = forged::rows(&maker(now)).into_iter().filter(|row| !is_too_early(row));
    let rows = rows.chain(early).map(|Row { name, breaks, token }| (format!("{breaks:?}: {name}"), token));
    let attacks = forged::attacks(&maker(now)).into_iter().map(|(name, _, token)| (name, token));
    let no_tokens = forged::no_tokens(&maker(now)).into_iter().map(|(name, token)| (name.to_owned(), token));
    let good = maker(now).token();
    let truncated = (1..good.len()).map(|at| (format!("the first {at} bytes"), good[..at].to_vec()));
    rows.chain(attacks).chain(no_tokens).chain(truncated).collect()
}

fn is_too_early(row: &Row) -> bool {
    row.breaks == Rejected::NotBefore
}

/// Returns `true` if HTTP carries the token unchanged. HTTP trims white space around it, which would make a valid token
/// of it.
fn fits_a_header(token: &[u8]) -> bool {
    HeaderValue::from_bytes(token).is_ok() && token.trim_ascii() == token && token.len() <= LARGEST
}
