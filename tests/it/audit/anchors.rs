//! Whoever makes the whole chain anew is found by every statement that was signed before, wherever it was kept.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use taizhang::secrets::Anchor;
use taizhang::service::audit::{Broken, Verified};

use super::command::access_token;
use super::forge::Held;
use super::{Notary, busy, unfenced};
use crate::mutation::reports_stage::*;
use crate::support::database::{execute, raw_at};

/// A trail with two statements, some rows before, between and behind them.
struct Case {
    s: Stage,
    notary: Notary,
    held: Held,
    /// The numbers of the rows the statements are about.
    first: i64,
    second: i64,
    /// The last row, behind both.
    end: i64,
}

impl Case {
    async fn new() -> Self {
        let s = Box::pin(busy()).await;
        let notary = Notary::new(&s);
        s.t.service.audit_anchor(&notary.maker).await.unwrap();
        let first = s.t.service.store().audit_head().await.unwrap().sequence;
        s.t.user("later", s.lead_unit, &[]).await;
        s.t.service.audit_anchor(&notary.maker).await.unwrap();
        let second = s.t.service.store().audit_head().await.unwrap().sequence;
        s.t.user("last", s.lead_unit, &[]).await;
        assert!(first > 10 && second > first);
        unfenced(&s).await;
        let held = Held::of(&s).await;
        assert_eq!(held.anchors.len(), 2);
        let end = i64::try_from(held.rows.len()).unwrap();
        assert!(end > second);
        Self { s, notary, held, first, second, end }
    }

    fn kept(&self, number: i64) -> Anchor {
        let anchor = self.held.anchors.iter().find(|anchor| anchor.sequence == number).unwrap();
        self.notary.verifier.read(&anchor.statement).unwrap()
    }

    /// What the check says of this state with these statements from elsewhere.
    async fn verify(&self, held: &Held, kept: &[Anchor]) -> Result<Verified, Broken> {
        held.put(&raw_at(&self.s.t.database.url).await).await;
        self.s.t.service.audit_verify(&self.notary.verifier, kept).await.unwrap()
    }

    /// The chain with another row at this number: as long as before, whole in itself, its head mended.
    fn anew(&self, number: i64) -> Held {
        let mut anew = self.held.clone();
        let at = usize::try_from(number).unwrap() - 1;
        anew.rows[at].user_id = anew.rows[at].user_id.map_or(Some(self.s.list), |_| None);
        anew.rehash(at);
        assert_eq!((anew.rows.len(), anew.rows[at].id), (self.held.rows.len(), self.held.rows[at].id));
        assert_ne!(anew.head, self.held.head);
        anew
    }
}

#[tokio::test]
async fn a_chain_made_anew_contradicts_every_statement_behind_the_change() {
    let case = Case::new().await;
    let (first, second) = (case.first, case.second);
    let whole = case.verify(&case.held, &[case.kept(second), case.kept(first)]).await.unwrap();
    assert_eq!((whole.anchors, whole.kept, whole.rows), (2, 2, case.end));

    assert!(second > first + 1);
    for changed in [1, first / 2, first, first + 1, second] {
        let told_by = if changed <= first { first } else { second };
        let anew = case.anew(changed);
        let beside = Broken::Anchor(told_by, anew.key(told_by));
        assert_eq!(case.verify(&anew, &[]).await, Err(beside), "row {changed}");

        // Who takes the statements out of the database too is told by those kept elsewhere, and by nothing else.
        let mut bare = anew.clone();
        bare.anchors.clear();
        assert!(case.verify(&bare, &[]).await.is_ok(), "row {changed}");
        let elsewhere = Broken::Kept(told_by, anew.key(told_by));
        assert_eq!(case.verify(&bare, &[case.kept(second), case.kept(first)]).await, Err(elsewhere), "row {changed}");
        let alone = case.verify(&bare, &[case.kept(first)]).await;
        assert_eq!(alone.is_err(), changed <= first, "a statement says nothing of rows behind it: {alone:?}");
        let alone = case.verify(&bare, &[case.kept(second)]).await;
        assert_eq!(alone, Err(Broken::Kept(second, anew.key(second))));
    }
    // Behind the last statement nothing but the next one can tell.
    assert!(case.verify(&case.anew(case.end), &[case.kept(second)]).await.is_ok());

    // Cut off at the end, or a row taken out and the rest numbered anew.
    let mut shorter = case.held.clone();
    shorter.rows.truncate(usize::try_from(second).unwrap() - 1);
    shorter.rehash(shorter.rows.len());
    let missing = Err(Broken::Missing(second));
    assert_eq!(case.verify(&shorter, &[]).await, missing);
    shorter.anchors.retain(|anchor| anchor.sequence != second);
    assert!(case.verify(&shorter, &[case.kept(first)]).await.is_ok());
    assert_eq!(case.verify(&shorter, &[case.kept(first), case.kept(second)]).await, missing);
    let mut fewer = case.held.clone();
    fewer.rows.remove(4);
    fewer.rehash(4);
    assert_eq!(case.verify(&fewer, &[]).await, Err(Broken::Anchor(first, fewer.key(first))));
    fewer.anchors.clear();
    assert_eq!(case.verify(&fewer, &[case.kept(first)]).await, Err(Broken::Kept(first, fewer.key(first))));
}

#[tokio::test]
async fn what_no_key_of_ours_signed_is_no_statement() {
    let case = Case::new().await;
    let (first, notary) = (case.first, &case.notary);
    let anew = case.anew(3);
    let now = case.s.t.service.clock().now();
    let hash = anew.rows[usize::try_from(first).unwrap() - 1].hash.clone().unwrap();
    let genuine = case.held.clone().statement(first).statement.clone();

    let stranger = Notary::stranger(&case.s);
    let of_stranger = stranger.maker.sign(first, &hash, now).unwrap();
    // With the other's signature under what ours said, and with what is wanted over our signature.
    let parts: Vec<&str> = genuine.split('.').collect();
    let mut said: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap();
    said["hash"] = json!(hash);
    let altered = format!("{}.{}.{}", parts[0], URL_SAFE_NO_PAD.encode(said.to_string()), parts[2]);
    let mixed = format!("{}.{}.{}", parts[0], parts[1], of_stranger.split('.').nth(2).unwrap());
    // The stranger's statement under the name of our key.
    let theirs: Vec<&str> = of_stranger.split('.').collect();
    let named = format!("{}.{}.{}", parts[0], theirs[1], theirs[2]);
    let unsigned = format!(
        "{}.{}.",
        URL_SAFE_NO_PAD.encode(r#"{"typ":"taizhang-audit-anchor+jws","alg":"none"}"#),
        URL_SAFE_NO_PAD.encode(said.to_string())
    );
    let elsewhere = notary.keyring.anchor_maker("another place".to_owned()).unwrap();
    let elsewhere = elsewhere.sign(first, &hash, now).unwrap();
    let token = access_token(&case.s, notary);
    let forged = [
        ("of a stranger", of_stranger),
        ("altered", altered),
        ("mixed", mixed),
        ("under our key's name", named),
        ("unsigned", unsigned),
        ("of another installation with our key", elsewhere),
        ("an access token", token),
        ("nothing", String::new()),
        ("too long", "x".repeat(5_000)),
        ("cut short", genuine[..genuine.len() - 4].to_owned()),
    ];
    for (what, statement) in forged {
        assert_eq!(notary.verifier.read(&statement), None, "{what}");
        // Neither for the chain made anew nor for the true one.
        for mut held in [anew.clone(), case.held.clone()] {
            held.statement(first).statement.clone_from(&statement);
            let broken = Broken::Statement(first, Some(held.key(first)));
            assert_eq!(case.verify(&held, &[]).await, Err(broken), "{what}");
        }
    }

    // One of ours beside another row says nothing about that row, before the beginning and behind the end either.
    let mut moved = case.held.clone();
    moved.statement(first).sequence = first - 1;
    let broken = Broken::Statement(first - 1, Some(moved.key(first - 1)));
    assert_eq!(case.verify(&moved, &[]).await, Err(broken));
    moved.statement(first - 1).sequence = -7;
    assert_eq!(case.verify(&moved, &[]).await, Err(Broken::Statement(-7, None)));
    moved.statement(-7).sequence = case.end + 40;
    assert_eq!(case.verify(&moved, &[]).await, Err(Broken::Missing(case.end + 40)));
}

/// The end of the chain is a row of its own; who touches that is told so, and no row is blamed for it.
#[tokio::test]
async fn the_end_of_the_chain_is_checked_as_such() {
    let case = Case::new().await;
    let end = case.end;
    let mut held = case.held.clone();
    held.head.as_mut().unwrap().hash = "A".repeat(43);
    let broken = Broken::Head(end, Some(held.key(end)));
    assert_eq!(case.verify(&held, &[]).await, Err(broken));
    held.head.as_mut().unwrap().sequence = end - 2;
    assert_eq!(case.verify(&held, &[]).await, Err(Broken::Head(end - 2, Some(held.key(end - 2)))));
    // Moved back to a row with the hash of that row: what stands behind has no place in it.
    let at = usize::try_from(end - 3).unwrap();
    held.head.as_mut().unwrap().hash = held.rows[at].hash.clone().unwrap();
    assert_eq!(case.verify(&held, &[]).await, Err(Broken::Beyond(end - 1, held.key(end - 1))));
    held.head.as_mut().unwrap().sequence = end + 1;
    assert_eq!(case.verify(&held, &[]).await, Err(Broken::Missing(end + 1)));
    held.head.as_mut().unwrap().sequence = -4;
    assert_eq!(case.verify(&held, &[]).await, Err(Broken::Head(end, Some(held.key(end)))));
    held.head = None;
    assert_eq!(case.verify(&held, &[]).await, Err(Broken::Head(0, None)));
    held.head = case.held.head.clone();
    held.head.as_mut().unwrap().unchained = 1;
    assert_eq!(case.verify(&held, &[]).await, Err(Broken::Unchained(None)));
    assert!(case.verify(&case.held, &[]).await.is_ok());

    // A trail that lost its end takes nothing more.
    execute(&case.s.t.database.url, "DELETE FROM audit_head").await;
    let refused = case.s.t.service.audit_anchor(&case.notary.maker).await;
    assert!(refused.is_err());
}
