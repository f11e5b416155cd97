//! The typed client in Chromium, with servers that the page itself stands in for: every order of bytes, answers and times.

use anyhow::{Context as _, Result};
use e2e::Browser;
use serde_json::json;

use super::{endpoint, install, of_json, tools};

#[test]
fn each_case_of_the_protocol_is_as_documented() -> Result<()> {
    let Some((tsc, driver, chromium)) = tools()? else { return Ok(()) };
    let object = json!({"type": "object", "additionalProperties": true});
    let description = json!({"endpoints": [
        endpoint("sse", "sse", "/sse", json!({"options": {"keep_alive": "off"}})),
        endpoint("goals", "sse", "/goals", json!({"has_history": true})),
        endpoint("byQuery", "sse", "/byQuery", json!({"last_event_id_query": "lastEventId"})),
        endpoint("typed", "sse", "/typed", json!({"sends": object})),
        endpoint("room", "sse", "/rooms/{room}", json!({})),
        endpoint("stream", "stream", "/stream", json!({})),
        endpoint("typedStream", "stream", "/typedStream", json!({"sends": object})),
        endpoint("rest", "stream", "/files/{*rest}", json!({})),
        endpoint("all", "plain", "/{*rest}", json!({})),
        endpoint("poll", "long_poll", "/poll", json!({})),
        endpoint("talk", "web_socket", "/talk", json!({
            "sends": object, "receives": object, "last_event_id_query": "after",
            "options": {"max_message": 18, "subprotocols": ["v1.example"]},
        })),
        endpoint("plain", "plain", "/plain", json!({"methods": ["PUT"]})),
    ]});
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let page = Browser::start(&driver, &chromium).await?;
        page.open("about:blank").await?;
        install(&page, &tsc, &of_json(&description.to_string())?).await?;
        page.run(include_str!("protocol.js")).await?;
        let names = page.until("caseNames").await?;
        let names = names.as_array().context("no list")?;
        assert!(names.len() > 20, "{names:?}");
        let mut failed = String::new();
        for name in names {
            let wrong = page
                .ask(&format!("runCase({name}).then(arguments[0])"))
                .await
                .with_context(|| name.to_string())?;
            for one in wrong.as_array().context("no list")? {
                failed += &format!("{name}: {}\n", one.as_str().unwrap_or_default());
            }
        }
        assert_eq!(failed, "");
        Ok(())
    })
}
