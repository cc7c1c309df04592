//! Passwords as Argon2id hashes. Each costs memory and time on purpose, so only a few are made at once, the queue is
//! bounded, and every verification is counted.

use std::sync::{
    Arc,
    atomic::{AtomicU64, AtomicUsize, Ordering},
};

use argon2::{Params, password_hash::phc::PasswordHash};
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore, oneshot};

use super::{SecretsError, SharedRandom, argon, workers::Workers};

/// Bytes of a salt.
const SALT_BYTES: usize = 16;

/// What one password costs, and how many are at work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordWork {
    /// Memory of one, KiB.
    pub memory: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes of it.
    pub lanes: u32,
    /// Passwords at work at once; never on more than half of the processors, but one.
    pub at_once: usize,
    /// Passwords that wait.
    pub waiting: usize,
}

/// Why a password was neither right nor wrong.
#[derive(Debug, thiserror::Error)]
pub enum PasswordFault {
    /// As many as may wait do.
    #[error("too many passwords are waiting")]
    Busy,
    /// The library refused, or its thread is gone.
    #[error("a password could not be worked on: {0}")]
    Failed(String),
}

impl From<SecretsError> for PasswordFault {
    fn from(error: SecretsError) -> Self {
        Self::Failed(error.to_string())
    }
}

/// Makes and verifies hashes.
pub struct Passwords {
    params: Params,
    workers: Workers,
    places: Arc<Semaphore>,
    waiting: AtomicUsize,
    most_waiting: usize,
    random: SharedRandom,
    nobodys: OnceCell<String>,
    verified: AtomicU64,
}

impl Passwords {
    /// With so much work for each.
    pub fn new(work: PasswordWork, random: SharedRandom) -> Result<Self, SecretsError> {
        let params = Params::new(work.memory, work.passes, work.lanes, None);
        // Guessing must not take the whole machine from those who are signed in.
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let at_once = work.at_once.min(processors / 2).max(1);
        Ok(Self {
            params: params.map_err(|_| SecretsError::Crypto("hash passwords with these parameters"))?,
            workers: Workers::start(at_once)?,
            places: Arc::new(Semaphore::new(at_once)),
            waiting: AtomicUsize::new(0),
            most_waiting: work.waiting,
            random,
            nobodys: OnceCell::new(),
            verified: AtomicU64::new(0),
        })
    }

    /// How many verifications there were.
    pub fn verified(&self) -> u64 {
        self.verified.load(Ordering::Relaxed)
    }

    /// The hash of a password, as it is kept.
    pub async fn hash(&self, password: &str) -> Result<String, PasswordFault> {
        let mut salt = [0; SALT_BYTES];
        self.random.fill(&mut salt)?;
        let (params, password) = (self.params.clone(), password.to_owned());
        self.at_work(move || {
            let hash = argon::hash(&params, password.as_bytes(), &salt);
            hash.map(|hash| hash.to_string()).map_err(|error| PasswordFault::Failed(error.to_string()))
        })
        .await
    }

    /// Whether it is the password of this hash. Where there is none, the same work is done for nothing, so that nobody
    /// learns from the time it takes.
    pub async fn verify(&self, password: &str, hash: Option<&str>) -> Result<bool, PasswordFault> {
        let nobodys = self.nobodys.get_or_try_init(|| self.hash("")).await?;
        let (known, hash) = (hash.is_some(), hash.unwrap_or(nobodys).to_owned());
        let password = password.to_owned();
        let right = self.at_work(move || {
            let hash = PasswordHash::new(&hash).map_err(|error| PasswordFault::Failed(error.to_string()))?;
            Ok(argon::is_of(password.as_bytes(), &hash).unwrap_or(false))
        });
        let right = right.await?;
        self.verified.fetch_add(1, Ordering::Relaxed);
        Ok(right && known)
    }

    /// Whether the hash was made with other work than is asked for now.
    pub fn is_outdated(&self, hash: &str) -> bool {
        let Ok(hash) = PasswordHash::new(hash) else { return true };
        let same = |params: Params| {
            (params.m_cost(), params.t_cost(), params.p_cost())
                == (self.params.m_cost(), self.params.t_cost(), self.params.p_cost())
        };
        !Params::try_from(&hash).is_ok_and(same)
    }

    async fn at_work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PasswordFault> + Send + 'static,
    ) -> Result<T, PasswordFault> {
        let place = self.place().await?;
        let (done, doing) = oneshot::channel();
        let given = self.workers.give(move || {
            let outcome = work();
            // Held to the end of the work, also when nobody waits for it any more.
            drop(place);
            let _ = done.send(outcome);
        });
        if !given {
            return Err(PasswordFault::Failed("no thread takes it".to_owned()));
        }
        doing.await.map_err(|error| PasswordFault::Failed(error.to_string()))?
    }

    async fn place(&self) -> Result<OwnedSemaphorePermit, PasswordFault> {
        if let Ok(place) = self.places.clone().try_acquire_owned() {
            return Ok(place);
        }
        let _waiting = Waiting::enter(&self.waiting, self.most_waiting).ok_or(PasswordFault::Busy)?;
        self.places.clone().acquire_owned().await.map_err(|_| PasswordFault::Busy)
    }
}

/// A place in the queue; left when dropped, also when the client goes away.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn enter(count: &'a AtomicUsize, most: usize) -> Option<Self> {
        let one_more = |now: usize| now.checked_add(1).filter(|next| *next <= most);
        let entered = count.fetch_update(Ordering::AcqRel, Ordering::Acquire, one_more).is_ok();
        // Made only by whoever entered: what is made and not wanted would leave a place that it never took.
        entered.then(|| Self(count))
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::super::SystemRandom;
    use super::*;

    fn passwords(memory: u32, at_once: usize, waiting: usize) -> Arc<Passwords> {
        let work = PasswordWork { memory, passes: 1, lanes: 1, at_once, waiting };
        Arc::new(Passwords::new(work, Arc::new(SystemRandom)).unwrap())
    }

    #[tokio::test]
    async fn hashes_are_salted_argon2id_and_say_what_they_cost() {
        let weak = passwords(8, 2, 4);
        let (one, two) = (weak.hash("秘密 Password").await.unwrap(), weak.hash("秘密 Password").await.unwrap());
        assert!(one.starts_with("$argon2id$v=19$m=8,t=1,p=1$") && one != two, "{one}");
        assert!(weak.verify("秘密 Password", Some(&one)).await.unwrap());
        assert!(!weak.verify("秘密 password", Some(&one)).await.unwrap());
        assert!(!weak.verify("", None).await.unwrap(), "nobody's password is no password");
        assert_eq!(weak.verified(), 3);
        let strong = passwords(64, 2, 4);
        assert!(!weak.is_outdated(&one) && strong.is_outdated(&one));
        assert!(strong.verify("秘密 Password", Some(&one)).await.unwrap(), "an old hash still opens");
        assert!(weak.verify("x", Some("no hash")).await.is_err());
        assert!(
            Passwords::new(
                PasswordWork { memory: 1, passes: 1, lanes: 1, at_once: 1, waiting: 1 },
                Arc::new(SystemRandom)
            )
            .is_err()
        );
    }

    #[test]
    fn whoever_is_sent_away_leaves_no_place() {
        let count = AtomicUsize::new(0);
        let first = Waiting::enter(&count, 1);
        for _ in 0..3 {
            assert!(Waiting::enter(&count, 1).is_none());
            assert_eq!(count.load(Ordering::Acquire), 1);
        }
        drop(first);
        assert_eq!(count.load(Ordering::Acquire), 0);
        assert!(Waiting::enter(&count, 0).is_none());
        assert_eq!(count.load(Ordering::Acquire), 0);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn more_than_may_wait_are_sent_away() {
        let one = passwords(8192, 1, 1);
        one.verify("x", None).await.unwrap();
        let all: Vec<_> = (0..6)
            .map(|_| {
                let one = one.clone();
                tokio::spawn(async move { one.verify("x", None).await })
            })
            .collect();
        let mut busy = 0;
        for each in all {
            busy += usize::from(matches!(each.await.unwrap(), Err(PasswordFault::Busy)));
        }
        assert!((1..=4).contains(&busy), "{busy} of 6 were sent away");
        assert!(one.verify("x", None).await.is_ok(), "and later they come in");
    }
}
