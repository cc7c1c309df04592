//! Short-lived links to files, for browsers that can't send a header with a download.
//!
//! A link says for whom, in which session and until when, and is signed. It gives nobody a right: when it is used, the
//! user is loaded again and the scope asked again.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::DateTime;
use uuid::Uuid;

use super::Service;
use super::identity::SignInError;
use crate::authz::Actor;
use crate::clock::day_of;
use crate::secrets::LINK_MAC_BYTES;

const ID_BYTES: usize = 16;
const SAID_BYTES: usize = 2 * ID_BYTES + 8;
const SIGNED: &[u8] = b"file-link/1";

/// What is signed: the file is in the address, so it is not said twice.
fn signed(file: Uuid, said: &[u8]) -> Vec<u8> {
    [SIGNED, file.as_bytes(), said].concat()
}

impl Service {
    /// The token of a link to a file, for this actor in this session.
    pub fn file_link(&self, actor: &Actor, file: Uuid) -> String {
        let life = i64::try_from(self.limits().file_link.as_millis()).unwrap_or(i64::MAX);
        let until = actor.at.timestamp_millis().saturating_add(life);
        let mut bytes =
            [actor.user_id.as_bytes().as_slice(), actor.session_id.as_bytes(), &until.to_be_bytes()].concat();
        bytes.extend(self.cipher().sign_link(&signed(file, &bytes)));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The actor behind a link to this file, as the database knows it now.
    pub async fn file_link_actor(&self, file: Uuid, token: &str) -> Result<Actor, SignInError> {
        let now = self.clock().now();
        let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| SignInError::Refused)?;
        let (said, mac) = bytes
            .split_at_checked(SAID_BYTES)
            .filter(|(_, mac)| mac.len() == LINK_MAC_BYTES)
            .ok_or(SignInError::Refused)?;
        if !self.cipher().verify_link(&signed(file, said), mac) {
            return Err(SignInError::Refused);
        }
        let id = |at: usize| Uuid::from_slice(&said[at..at + ID_BYTES]).map_err(|_| SignInError::Refused);
        let (user, session) = (id(0)?, id(ID_BYTES)?);
        let until = said[2 * ID_BYTES..].try_into().map(i64::from_be_bytes).map_err(|_| SignInError::Refused)?;
        if DateTime::from_timestamp_millis(until).is_none_or(|until| until <= now) {
            return Err(SignInError::Refused);
        }
        self.actor_now(user, session, now, day_of(now)).await
    }
}
