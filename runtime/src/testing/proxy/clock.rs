use std::time::Duration;

/// The clock of an app under test. It begins at the start of 2026, and stands still until the test moves it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::testing) struct Clock(Duration);

/// Seconds from 1970 to the start of 2026, UTC.
const START: u64 = 1_767_225_600;

impl Clock {
    pub(in crate::testing) fn after(self, time: Duration) -> Self {
        Self(self.0.saturating_add(time))
    }

    pub(in crate::testing) fn after_seconds(self, seconds: u64) -> Self {
        self.after(Duration::from_secs(seconds))
    }

    /// The time since the start.
    pub(in crate::testing) fn elapsed(self) -> Duration {
        self.0
    }

    /// Seconds since 1970, UTC.
    pub(in crate::testing) fn unix(self) -> u64 {
        START + self.0.as_secs()
    }
}
