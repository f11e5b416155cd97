//! The long poll: `/response`.

use std::time::{Duration, Instant};

use anyhow::Result;
use e2e::{Answer, grip_headers, media_type, on_stack};

/// The body of the app at the timeout.
const BODY_AT_TIMEOUT: &str = "nothing yet\n";

/// The timeout. Pushpin counts whole seconds from the moment at which it holds the connection.
const TIMEOUT: Duration = Duration::from_secs(30);

#[test]
fn two_polls_are_answered_by_one_publish() -> Result<()> {
    on_stack(async |app| {
        let polls = [app.poll("/response").await?, app.poll("/response").await?];
        app.publish("test", "news").await?;
        for poll in polls {
            let answer = poll.answer().await?;
            assert_eq!(answer.body, "news\n");
            is_plain(&answer);
        }
        Ok(())
    })
}

#[test]
fn a_poll_without_an_item_is_answered_by_the_app_at_the_timeout() -> Result<()> {
    on_stack(async |app| {
        let start = Instant::now();
        let poll = app.poll("/response").await?;
        let held = Instant::now();
        let answer = poll.answer().await?;
        assert_eq!(answer.body, BODY_AT_TIMEOUT);
        is_plain(&answer);
        assert!(start.elapsed() >= TIMEOUT, "it came {:?} too early", TIMEOUT - start.elapsed());
        assert!(held.elapsed() < TIMEOUT * 2, "it came only after {:?}", held.elapsed());
        Ok(())
    })
}

#[test]
fn a_poll_is_not_answered_by_what_is_published_elsewhere() -> Result<()> {
    on_stack(async |app| {
        let poll = app.poll("/response").await?;
        app.publish("tests", "not for you").await?;
        app.publish("test", "for you").await?;
        assert_eq!(poll.answer().await?.body, "for you\n");
        Ok(())
    })
}

fn is_plain(answer: &Answer) {
    assert_eq!(answer.status, 200);
    assert_eq!(media_type(&answer.headers), "text/plain");
    assert_eq!(grip_headers(&answer.headers), [""; 0], "of {:?}", answer.headers);
}
