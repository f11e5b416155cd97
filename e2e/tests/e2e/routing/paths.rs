//! Paths, and their parameters.

use anyhow::Result;
use e2e::on_app;

use crate::before_handoff::{ended_before_handoff, get_from_proxy, on_traced};

#[test]
fn a_value_is_decoded_once() -> Result<()> {
    on_app("probe", async |app| {
        for (sent, meant) in [
            ("plain", "plain"),
            ("a%2Fb", "a/b"),
            ("%252F", "%2F"),
            ("a+b%20c", "a+b c"),
            ("gr%C3%BC%C3%9Fe", "grüße"),
            ("%F0%9F%A6%80", "🦀"),
            ("%7Bvalue%7D", "{value}"),
            ("100%", "100%"),
            ("a;b,c=%22d%22", "a;b,c=\"d\""),
            ("%3F%23", "?#"),
        ] {
            let path = format!("/language/value/{sent}");
            for answer in [app.get(&path).await?, get_from_proxy(app, &path).await?] {
                assert_eq!((answer.status, answer.body.as_str()), (200, meant), "{sent}");
            }
        }
        Ok(())
    })
}

/// A value cannot break out of a header or of JSON.
#[test]
fn a_value_with_a_control_character_is_refused_on_both_sides() -> Result<()> {
    on_traced(async |app| {
        let values = ["%00", "a%0Ab", "%0D%0AGrip-Channel:%20admin", "%7F", "%C2%85", "%ff"];
        for value in values {
            let path = format!("/language/value/{value}?control");
            assert_eq!(app.get(&path).await?.status, 400, "{value}");
        }
        ended_before_handoff(app, "?control", values.len()).await?;
        for value in values {
            let answer = get_from_proxy(app, &format!("/language/value/{value}?signed")).await?;
            assert_eq!(answer.status, 400, "{value}: {answer:?}");
        }
        Ok(())
    })
}

#[test]
fn a_value_that_does_not_parse_is_a_404() -> Result<()> {
    on_traced(async |app| {
        assert_eq!(app.get("/language/number/255").await?.body, "255");
        for value in ["256", "-1", "x", "%20"] {
            let path = format!("/language/number/{value}");
            let answer = app.get(&format!("{path}?wrong")).await?;
            assert_eq!((answer.status, answer.body.as_str()), (404, "not found\n"), "{value}");
            assert_eq!(get_from_proxy(app, &path).await?.status, 404, "{value}");
        }
        ended_before_handoff(app, "?wrong", 4).await
    })
}

#[test]
fn a_strict_endpoint_answers_400_with_the_reason() -> Result<()> {
    on_traced(async |app| {
        assert_eq!(app.get("/language/strict/7").await?.body, "7");
        let reason = "`number` in the path: number too large to fit in target type\n";
        for answer in
            [app.get("/language/strict/256?wrong").await?, get_from_proxy(app, "/language/strict/256").await?]
        {
            assert_eq!((answer.status, answer.body.as_str()), (400, reason));
        }
        ended_before_handoff(app, "?wrong", 1).await
    })
}

#[test]
fn a_literal_comes_before_a_parameter_and_that_before_the_rest() -> Result<()> {
    on_app("probe", async |app| {
        for (path, answer) in [
            ("literal", "literal"),
            ("Literal", "parameter Literal"),
            ("%6Citeral", "literal"),
            ("literal%2F", "parameter literal/"),
            ("literal/", "rest literal/"),
            ("a/b%2Fc/d", "rest a/b/c/d"),
        ] {
            assert_eq!(app.get(&format!("/language/order/{path}")).await?.body, answer, "{path}");
        }
        for nothing in ["/language/order/", "/language/order", "/language/value/", "/language/value/a/b"] {
            assert_eq!(app.get(nothing).await?.status, 404, "{nothing}");
        }
        Ok(())
    })
}
