//! WebSockets written without a macro: state, and every control message.

use fanout::grip::{Filter, Subscription};
use fanout::prelude::*;
use fanout::websocket::{
    Callbacks, CloseCode, CloseWith, Frame, Incoming, IntoClose as _, InvalidReply, KeepAlive, Reply,
};
use fanout::{Endpoint, Route};

/// Keeps a text as connection state. `take` and a number of bytes makes one, and any other message is answered with it.
pub enum State {}

impl Endpoint for State {
    const ROUTE: Route = Route::ws("/socket/state", |head, events| {
        Callbacks::new(&|_| Ok(String::new()))
            .message(&|state: &mut String, message, reply| {
                let Incoming::Text(text) = message else { return Ok(()) };
                if let Some(len) = text.strip_prefix("take ") {
                    *state = "x".repeat(len.parse().map_err(CloseWith::internal_error)?);
                } else {
                    state.push_str(text);
                }
                reply.text(state);
                Ok(())
            })
            .answer(head, events)
    });
}

/// Does what each message says, and then sends `done`.
pub enum Command {}

impl Endpoint for Command {
    const ROUTE: Route = Route::ws("/socket/command", |head, events| {
        Callbacks::new(&|_| Ok(()))
            .message(&|(), message, reply| {
                let Incoming::Text(text) = message else { return Ok(()) };
                let words: Vec<_> = text.split(' ').collect();
                command(&words, reply).map_err(InvalidReply::into_close)?;
                reply.text("done");
                Ok(())
            })
            .answer(head, events)
    });
}

fn command(words: &[&str], reply: &mut Reply) -> Result<(), InvalidReply> {
    match words {
        ["subscribe", channel] => reply.subscribe(Channel::new(*channel)?),
        ["subscribe", channel, "skip-self"] => {
            reply.subscribe(Subscription::new(Channel::new(*channel)?).filter(Filter::SkipSelf))
        }
        ["unsubscribe", channel] => reply.unsubscribe(&Channel::new(*channel)?),
        ["session", id] => reply.session(id),
        ["meta", name, value] => reply.set_meta(name, value),
        ["meta", name] => reply.remove_meta(name),
        ["delay", text] => reply.send_delayed(Frame::Text(text), 3600),
        ["flush"] => {
            reply.flush_delayed();
            Ok(())
        }
        ["ping", content] => reply.ping(content.as_bytes()),
        ["awake", "ping"] => reply.keep_alive(KeepAlive::interval(Frame::Ping(b""), 1)),
        ["awake", "text"] => reply.keep_alive(KeepAlive::idle(Frame::Text(""), 1)),
        ["awake", "binary"] => reply.keep_alive(KeepAlive::idle(Frame::Binary(b"\x00\xff"), 1)),
        ["asleep"] => {
            reply.keep_alive_off();
            Ok(())
        }
        ["detach"] => {
            reply.detach();
            Ok(())
        }
        ["close", code] => {
            let code = code
                .parse()
                .map_or(CloseCode::POLICY, |code| CloseCode::new(code).unwrap_or(CloseCode::POLICY));
            reply.close(code, "as you say")
        }
        _ => Ok(()),
    }
}
