//! The games of a league: scores, commentary for members, notifications, a guessing game, and articles of topics.
//!
//! | endpoint | | for |
//! |---|---|---|
//! | `GET /games/{game}/score` | server-sent events | everybody |
//! | `POST /games/{game}/score` | a goal | editors |
//! | `GET /games/{game}/commentary` | a stream of text | members |
//! | `POST /games/{game}/commentary` | a line of it | editors |
//! | `GET /notifications` | server-sent events of this member | members |
//! | `POST /members/{name}/notifications` | notifies a member | editors |
//! | `GET /games/{game}/guesses` | a WebSocket | members |
//! | `POST /games/{game}/spectators` | the result of the guessing game | editors |
//! | `GET /topics/{topic}/articles` | server-sent events, without gaps | everybody |
//! | `GET /topics/{topic}/latest` | the next article, as a long poll | everybody |
//! | `POST /topics/{topic}/articles` | publishes an article | editors |
//!
//! Each `POST` can be sent again after an error: nothing counts twice.

pub mod articles;
pub mod board;
mod failed;
pub mod guesses;
pub mod members;
mod name;
pub mod notifications;
mod store;

pub use failed::{Failed, problem};
pub use name::Name;

/// All endpoints: the lists of the modules.
#[fanout::endpoints(board::Endpoints, notifications::Endpoints, guesses::Endpoints, articles::Endpoints)]
pub enum Endpoints {}
