//! The frame of every verb: one transaction that holds the change, its audit row, its outbox rows and its idempotency
//! result, and is committed before anybody is answered.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, NaiveDate, Utc};
use entity::{idempotency_result, outbox};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::Service;
use super::audit::{Asked, Noted};
use super::report_sheet::SkipReason;
use crate::authz::Actor;
use crate::clock::day_of;
use crate::error::{Fault, Message, UserError, UserErrorCode};
use crate::id::GlobalId;
use crate::store::{StoreError, Tx};

/// Characters of an idempotency key at most.
const KEY_CHARS: usize = 128;

/// Who calls, and in which request.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The principal.
    pub actor: Arc<Actor>,
    /// For the audit trail and the log.
    pub request_id: String,
    /// From which address, if over the network.
    pub address: Option<String>,
    /// What he asks about, for a refusal.
    pub asked: Asked,
}

/// What is called: the operation with its input, and the client's key for repeating it safely.
#[derive(Clone, Debug)]
pub struct Call {
    operation: &'static str,
    key: Option<String>,
    digest: String,
}

impl Call {
    /// A call of `operation`; `input` is everything the client gave besides the key.
    pub fn new(operation: &'static str, key: Option<String>, input: &impl Serialize) -> Result<Self, Fault> {
        let bytes = serde_json::to_vec(input).map_err(|e| Fault::Internal(e.to_string()))?;
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &bytes);
        Ok(Self { operation, key, digest: URL_SAFE_NO_PAD.encode(digest) })
    }
}

/// What came of a call: its result, or what the user has to mend.
pub type Answer<T> = Result<Result<T, Vec<UserError>>, Fault>;

/// Why a verb stops; either way nothing is changed.
#[derive(Debug)]
pub enum Stop {
    /// Something the user can mend.
    Refused(Vec<UserError>),
    /// Something he can't.
    Fault(Fault),
}

impl From<UserError> for Stop {
    fn from(error: UserError) -> Self {
        Self::Refused(vec![error])
    }
}

impl From<crate::authz::Denied> for Stop {
    fn from(denied: crate::authz::Denied) -> Self {
        Self::Refused(vec![denied.into()])
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Fault(error.into())
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// A verb in progress.
pub struct Work {
    /// The transaction.
    pub tx: Tx,
    /// Who acts.
    pub actor: Arc<Actor>,
    /// The moment of the change; every row of it bears this one.
    pub now: DateTime<Utc>,
    /// The day of `now` where the offices are.
    pub today: NaiveDate,
    service: Service,
    call: Call,
    request_id: String,
    address: Option<String>,
    asked: Asked,
    events: Vec<outbox::Model>,
    about: Option<(GlobalId, Vec<&'static str>)>,
    also: Vec<(&'static str, GlobalId, Vec<&'static str>)>,
}

/// How a verb begins.
pub enum Begun<T> {
    /// It was done before under the same key; this is what came of it.
    Replayed(T),
    /// It is to be done.
    Fresh(Box<Work>),
}

impl Service {
    /// Begins a verb.
    pub(super) async fn begin<T: DeserializeOwned>(
        &self,
        caller: &Caller,
        call: Call,
    ) -> Result<Result<Begun<T>, Vec<UserError>>, Fault> {
        if call.key.as_ref().is_some_and(|key| key.is_empty() || key.chars().count() > KEY_CHARS) {
            let error = UserError::at(UserErrorCode::InvalidFormat, Message::BadIdempotencyKey, "idempotencyKey");
            return Ok(Err(vec![error]));
        }
        let tx = self.store().begin().await.map_err(StoreError::from)?;
        if let Some(earlier) = earlier(&tx, &caller.actor, &call).await? {
            return Ok(replay(earlier, &call)?.map(Begun::Replayed));
        }
        let now = self.clock().now();
        Ok(Ok(Begun::Fresh(Box::new(Work {
            tx,
            actor: Arc::clone(&caller.actor),
            now,
            today: day_of(now),
            service: self.clone(),
            call,
            request_id: caller.request_id.clone(),
            address: caller.address.clone(),
            asked: caller.asked.clone(),
            events: Vec::new(),
            about: None,
            also: Vec::new(),
        }))))
    }
}

async fn earlier(tx: &Tx, actor: &Actor, call: &Call) -> Result<Option<idempotency_result::Model>, Fault> {
    match &call.key {
        Some(key) => Ok(tx.idempotency_result(actor.user_id, call.operation, key).await?),
        None => Ok(None),
    }
}

fn replay<T: DeserializeOwned>(
    earlier: idempotency_result::Model,
    call: &Call,
) -> Result<Result<T, Vec<UserError>>, Fault> {
    if earlier.input_digest != call.digest {
        let error = UserError::at(UserErrorCode::Conflict, Message::KeyReused, "idempotencyKey");
        return Ok(Err(vec![error]));
    }
    serde_json::from_value(earlier.result).map(Ok).map_err(|e| Fault::Internal(e.to_string()))
}

impl Work {
    /// A new identifier.
    pub fn id(&self) -> Uuid {
        self.service.ids().next()
    }

    /// The service behind, for its parts.
    pub fn service(&self) -> &Service {
        &self.service
    }

    /// What the audit row says: the object, and the names (never the values) of the changed fields.
    ///
    /// A verb on many things says it once for each and leaves a row for each.
    pub fn audit(&mut self, object: GlobalId, changed: &[&'static str]) {
        if let Some((earlier, changed)) = self.about.replace((object, changed.to_vec())) {
            self.also.push((self.call.operation, earlier, changed));
        }
    }

    /// Something else that happened on the way, with an audit row of its own under the name of its own verb.
    pub fn audit_also(&mut self, operation: &'static str, object: GlobalId, changed: &[&'static str]) {
        self.also.push((operation, object, changed.to_vec()));
    }

    /// Something others have to be told; sent after the commit, never without it. Identifiers only, no contents.
    pub fn tell(&mut self, topic: &str, payload: serde_json::Value) {
        let row = outbox::Model {
            id: self.id(),
            topic: topic.to_owned(),
            payload,
            created_at: self.now,
            available_at: self.now,
            attempts: 0,
            delivered_at: None,
        };
        self.events.push(row);
    }

    /// Ends the verb: commits it with its audit, outbox and idempotency rows, or undoes it.
    pub(super) async fn end<T: Serialize + DeserializeOwned>(self: Box<Self>, result: Result<T, Stop>) -> Answer<T> {
        let value = match result {
            Ok(value) => value,
            // With a key, a refusal may only mean that the same request, sent twice, was done meanwhile.
            Err(Stop::Refused(errors)) => {
                let (service, caller, operation) = self.of_whom();
                if let Some(answer) = self.undone().await? {
                    return Ok(answer);
                }
                service.audit_refusal(&caller, operation, &errors).await;
                return Ok(Err(errors));
            }
            Err(Stop::Fault(fault)) => {
                // The fault is what matters; a connection that can't even roll back is dropped with the transaction.
                let _ = self.tx.rollback().await;
                return Err(fault);
            }
        };
        match self.write_records(&value).await {
            Ok(()) => {
                self.tx.commit().await.map_err(StoreError::from)?;
                Ok(Ok(value))
            }
            // Two requests with one key ran side by side: the other one won, and its result is the result.
            Err(StoreError::Unique) if self.call.key.is_some() => match self.undone().await? {
                Some(answer) => Ok(answer),
                None => Err(Fault::Internal("an idempotency key that is taken and absent".to_owned())),
            },
            Err(error) => Err(error.into()),
        }
    }

    /// Ends a verb on many things. Where none of them was changed there is nothing to keep.
    pub(super) async fn end_many<T: Serialize + DeserializeOwned>(
        self: Box<Self>,
        result: Result<Vec<T>, Stop>,
        errors: impl Fn(&T) -> &[SkipReason],
    ) -> Answer<Vec<T>> {
        let (service, caller, operation) = self.of_whom();
        let all = result.as_ref().map(Vec::as_slice).unwrap_or_default();
        let codes = |one| errors(one).iter().map(|error| error.code).collect();
        let refused: Vec<Vec<UserErrorCode>> = all.iter().map(codes).collect();
        let answer = match result {
            Ok(all) if all.iter().all(|one| !errors(one).is_empty()) => self.undone().await?.unwrap_or(Ok(all)),
            result => self.end(result).await?,
        };
        service.audit_refused_items(&caller, operation, &refused).await;
        Ok(answer)
    }

    /// Who asked for what, for the trail.
    fn of_whom(&self) -> (Service, Caller, &'static str) {
        let (actor, request_id) = (Arc::clone(&self.actor), self.request_id.clone());
        let caller = Caller { actor, request_id, address: self.address.clone(), asked: self.asked.clone() };
        (self.service.clone(), caller, self.call.operation)
    }

    /// Undoes the verb, and says what another request with the same key came to, if there was one.
    async fn undone<T: DeserializeOwned>(self) -> Result<Option<Result<T, Vec<UserError>>>, Fault> {
        self.tx.rollback().await.map_err(StoreError::from)?;
        if self.call.key.is_none() {
            return Ok(None);
        }
        let tx = self.service.store().begin().await.map_err(StoreError::from)?;
        match earlier(&tx, &self.actor, &self.call).await? {
            Some(earlier) => replay(earlier, &self.call).map(Some),
            None => Ok(None),
        }
    }

    async fn write_records<T: Serialize>(&self, value: &T) -> Result<(), StoreError> {
        let result = serde_json::to_value(value).map_err(|_| StoreError::Misuse("a result that is no JSON"))?;
        if let Some(key) = &self.call.key {
            self.tx
                .insert::<idempotency_result::Entity>(idempotency_result::Model {
                    user_id: self.actor.user_id,
                    operation: self.call.operation.to_owned(),
                    key: key.clone(),
                    input_digest: self.call.digest.clone(),
                    result,
                    created_at: self.now,
                })
                .await?;
        }
        let Some((object, changed)) = &self.about else {
            return Err(StoreError::Misuse("a verb that leaves no audit row"));
        };
        let also = self.also.iter().map(|(operation, object, changed)| (*operation, object, changed));
        let rows = std::iter::once((self.call.operation, object, changed)).chain(also);
        let rows = rows.map(|(operation, object, changed)| {
            let noted = Noted {
                user: Some(self.actor.user_id),
                unit: Some(self.actor.unit_id),
                operation,
                object: Some(*object),
                changed: Some(changed.clone()),
                request: &self.request_id,
                address: self.address.clone(),
                ..Noted::default()
            };
            self.service.audit_row(noted, self.now)
        });
        self.tx.insert_all::<outbox::Entity>(self.events.clone()).await?;
        // Last of all: whoever has added to the trail keeps others waiting until he commits.
        self.tx.audit(rows.collect()).await
    }
}

/// Collects everything that is wrong with an input, so that the user hears it all at once.
#[derive(Debug, Default)]
pub struct Checks(Vec<UserError>);

impl Checks {
    /// Adds an error about a field.
    pub fn fail(&mut self, code: UserErrorCode, message: Message, path: &str) {
        self.0.push(UserError::at(code, message, path));
    }

    /// A text that must be there, trimmed, of at most `most` characters and without control characters.
    pub fn text(&mut self, value: &str, most: usize, path: &str) -> String {
        let trimmed = value.trim();
        if trimmed.is_empty() {
            self.fail(UserErrorCode::Required, Message::Required, path);
        }
        self.bounded(trimmed, most, path);
        trimmed.to_owned()
    }

    /// A text that may be missing; empty means missing.
    pub fn optional(&mut self, value: Option<&str>, most: usize, path: &str) -> Option<String> {
        let trimmed = value.map(str::trim).filter(|text| !text.is_empty())?;
        self.bounded(trimmed, most, path);
        Some(trimmed.to_owned())
    }

    fn bounded(&mut self, text: &str, most: usize, path: &str) {
        if text.chars().count() > most {
            self.fail(UserErrorCode::TooLong, Message::TooLong(most), path);
        }
        if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t' | '\r')) {
            self.fail(UserErrorCode::InvalidFormat, Message::ControlCharacters, path);
        }
    }

    /// A whole number between two bounds.
    pub fn within(&mut self, value: i64, low: i64, high: i64, path: &str) {
        if !(low..=high).contains(&value) {
            self.fail(UserErrorCode::OutOfRange, Message::OutOfRange(low, high), path);
        }
    }

    /// Takes over what failed in one part of the input; its paths begin with `prefix` instead of `input`. Says whether
    /// that part was right.
    pub fn part(&mut self, part: Self, prefix: &str) -> bool {
        let right = part.0.is_empty();
        self.0.extend(part.0.into_iter().map(|mut error| {
            let inner = error.field.into_iter().skip_while(|step| step == "input");
            error.field = prefix.split('.').map(str::to_owned).chain(inner).collect();
            error
        }));
        right
    }

    /// Stops when anything failed.
    pub fn done(self) -> Result<(), Stop> {
        if self.0.is_empty() { Ok(()) } else { Err(Stop::Refused(self.0)) }
    }
}

/// Refuses a change of something that was changed meanwhile.
pub fn expect_version(actual: i32, expected: i32) -> Result<(), Stop> {
    if actual == expected {
        Ok(())
    } else {
        Err(UserError::at(UserErrorCode::Stale, Message::Stale, "expectedVersion").into())
    }
}

/// Begins a verb, or returns from the calling function with what came of it earlier.
macro_rules! begin {
    ($service:expr, $caller:expr, $call:expr) => {
        match $service.begin($caller, $call).await? {
            Ok($crate::service::work::Begun::Fresh(work)) => work,
            Ok($crate::service::work::Begun::Replayed(result)) => return Ok(Ok(result)),
            Err(errors) => return Ok(Err(errors)),
        }
    };
}
pub(crate) use begin;
