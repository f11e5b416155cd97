use super::meta::SET_META;
use super::{CloseCode, InvalidReply, MAX_REPLY, Reply};

impl Reply {
    /// Returns the reply or, if the proxy would cut the connection at it, a close in its place that the client can read.
    pub(crate) fn or_closed(self, log: impl FnOnce(String)) -> Self {
        // Each reply keeps to the limit of meta, but replies that were appended to each other may not.
        let (len, meta) = (self.len(), self.meta_len(None));
        if len <= MAX_REPLY && meta <= Self::MAX_META {
            return self;
        }
        let opens = self.opens();
        let mut closed = Self::new();
        closed.headers = self.headers;
        if len > MAX_REPLY {
            log(format!(
                "an answer of {len} bytes is closed with 1011 in place of its messages: the proxy takes {MAX_REPLY} bytes"
            ));
        } else {
            log(format!(
                "an answer is closed with 1011 in place of its messages: {}",
                InvalidReply::MetaTooLong(meta)
            ));
            closed.headers.retain(|(name, _)| !name.as_str().starts_with(SET_META));
        }
        if opens {
            closed.open();
        }
        closed.close_shortened(CloseCode::INTERNAL_ERROR, "the answer is too large");
        closed
    }
}
