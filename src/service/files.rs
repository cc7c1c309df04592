//! Files: brought in by people, made by exports, fetched by their owner, gone when their time is over.

use chrono::{DateTime, TimeDelta, Utc};
use entity::file;
use entity::vocabulary::{FilePurpose, MediaType};
use uuid::Uuid;

use super::work::begin;
use super::{Answer, Call, Caller, Service, Stop, Work};
use crate::authz::{Action, Actor, State, Subject, decide};
use crate::documents::media::media_type;
use crate::error::{Fault, Message, UserError, UserErrorCode};
use crate::id::{GlobalId, Kind};
use crate::secrets::{DataCipher, place};
use crate::store::{Reader, StoreError, Visible};

/// Characters of a file's name at most.
pub const NAME_CHARS: usize = 200;
/// What a file is called that has no name of its own.
const NAMELESS: &str = "未命名";
/// Files removed in one transaction, and transactions of one round.
const SWEEP: (u64, u32) = (20, 50);

/// What binds a sealed portion to its file and its place in it. Filled forms and sheets in the clear hold telephone
/// numbers, and nobody knows what evidence holds, so no content lies open.
pub(super) fn portion_place(file: Uuid, position: i32) -> String {
    place("file_chunk", &position.to_string(), file)
}

/// A file to be kept.
#[derive(Clone, Debug)]
pub struct NewFile<'a> {
    /// What for.
    pub purpose: FilePurpose,
    /// Its name, as somebody wrote it.
    pub name: &'a str,
    /// What it is.
    pub media_type: MediaType,
    /// Its content.
    pub bytes: &'a [u8],
    /// From when it is gone.
    pub expires_at: Option<DateTime<Utc>>,
}

/// Keeps a file for the actor of a verb in progress; the verb writes its own audit row.
pub async fn keep(work: &Work, new: NewFile<'_>) -> Result<Visible<file::Model>, Stop> {
    keep_digested(work, &new, digest(new.bytes)).await
}

async fn keep_digested(work: &Work, new: &NewFile<'_>, sha256: String) -> Result<Visible<file::Model>, Stop> {
    let size = i64::try_from(new.bytes.len()).map_err(|_| Fault::Internal("a file larger than any".to_owned()))?;
    let row = file::Model {
        id: work.id(),
        purpose: new.purpose,
        owner_user_id: work.actor.user_id,
        unit_id: work.actor.unit_id,
        name: clean_name(new.name),
        media_type: new.media_type,
        size,
        sha256,
        created_at: work.now,
        expires_at: new.expires_at,
    };
    let id = row.id;
    let cipher = work.service().cipher();
    let seal = |position, portion: &[u8]| {
        let sealed = cipher.seal_bytes(portion, &portion_place(id, position));
        sealed.map_err(|error| Stop::from(Fault::Internal(error.to_string())))
    };
    work.tx.file_write(row, new.bytes, seal).await?;
    let kept = work.tx.visible::<file::Entity>(&work.actor, id).await?;
    Ok(kept.ok_or(StoreError::Misuse("a file that is gone before it is kept"))?)
}

impl Service {
    /// Brings in a file. The same content again is the same file, under its latest name and for as long again.
    pub async fn file_upload(&self, caller: &Caller, name: &str, bytes: Vec<u8>) -> Answer<Visible<file::Model>> {
        // Not on a worker's time: both walk over all the bytes.
        let cleaned = clean_name(name);
        let looked =
            tokio::task::spawn_blocking(move || (digest(&bytes), media_type(&bytes, &cleaned), cleaned, bytes));
        let (sha256, media_type, name, bytes) = looked.await.map_err(|e| Fault::Internal(e.to_string()))?;
        match self.file_uploaded(caller, &name, media_type, &bytes, sha256).await? {
            Ok(id) => self.file(caller, id).await,
            Err(errors) => Ok(Err(errors)),
        }
    }

    /// Without an idempotency key: the digest already makes the same file of the same content.
    async fn file_uploaded(
        &self,
        caller: &Caller,
        name: &str,
        media_type: Option<MediaType>,
        bytes: &[u8],
        sha256: String,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("fileUpload", None, &(name, &sha256))?);
        let result = upload(&mut work, name, media_type, bytes, sha256).await;
        work.end(result).await
    }

    async fn file(&self, caller: &Caller, id: Uuid) -> Answer<Visible<file::Model>> {
        let mut rows = self.store().reader_for(caller.actor.clone()).by_keys::<file::Entity>(&[id]).await?;
        Ok(rows.remove(&id).ok_or_else(|| vec![UserError::not_found()]))
    }

    /// Takes note of a file of one's own that was brought in before.
    pub async fn file_take(&self, caller: &Caller, key: Option<String>, id: Uuid) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("fileUpload", key, &id)?);
        let result = take(&mut work, id).await;
        work.end(result).await
    }

    /// A visible file, ready to be read.
    pub async fn file_open(&self, caller: &Caller, id: Uuid) -> Result<Option<OpenFile>, Fault> {
        let reader = self.store().reader_for(caller.actor.clone());
        let mut rows = reader.by_keys::<file::Entity>(&[id]).await?;
        Ok(rows.remove(&id).map(|row| OpenFile { row, reader, cipher: self.cipher().clone(), next: 0, left: None }))
    }

    /// A file that is given out: as [`Service::file_open`], and the trail says so before the first byte leaves. One
    /// that is not there for him leaves its row too.
    pub async fn file_download(&self, caller: &Caller, id: Uuid) -> Result<Option<OpenFile>, Fault> {
        let open = self.file_open(caller, id).await?;
        match open {
            Some(_) => self.audit_download(caller, id).await?,
            None => self.audit_no_download(caller, id).await,
        }
        Ok(open)
    }

    /// Removes the files whose time is over, in small portions; how many went.
    pub async fn files_sweep(&self) -> Result<u64, Fault> {
        let (portion, rounds) = SWEEP;
        let mut gone = 0;
        for _ in 0..rounds {
            let now = self.store().files_sweep(self.clock().now(), portion).await?;
            gone += now;
            if now < portion {
                break;
            }
        }
        Ok(gone)
    }
}

async fn take(work: &mut Work, id: Uuid) -> Result<Uuid, Stop> {
    decide(Action::FileUpload, subject(&work.actor), State::default())?;
    let row = work.tx.visible::<file::Entity>(&work.actor, id).await?;
    let row = row.filter(|row| own_upload(work, row)).ok_or_else(|| UserError::not_found_at("input.file"))?;
    work.audit(GlobalId::new(Kind::File, row.id), &[]);
    Ok(row.id)
}

/// Whether the actor brought it in himself; others' files can be seen where they are evidence.
pub(super) fn own_upload(work: &Work, row: &file::Model) -> bool {
    row.purpose == FilePurpose::Upload && row.owner_user_id == work.actor.user_id && row.unit_id == work.actor.unit_id
}

fn subject(actor: &Actor) -> Subject {
    Subject { writes: actor.writes(), ..Subject::default() }
}

async fn upload(
    work: &mut Work,
    name: &str,
    media_type: Option<MediaType>,
    bytes: &[u8],
    sha256: String,
) -> Result<Uuid, Stop> {
    decide(Action::FileUpload, subject(&work.actor), State::default())?;
    if bytes.is_empty() {
        return Err(UserError::at(UserErrorCode::Required, Message::FileEmpty, "input.file").into());
    }
    let Some(media_type) = media_type else {
        return Err(UserError::at(UserErrorCode::InvalidFormat, Message::FileTypeUnknown, "input.file").into());
    };
    let limits = work.service().limits();
    let life = TimeDelta::from_std(limits.upload_life).unwrap_or(TimeDelta::MAX);
    let (files, most) = (limits.uploads_per_user, limits.upload_bytes_per_user);
    let expires_at = Some(work.now + life);
    let kept = work.tx.files_kept(work.actor.user_id, FilePurpose::Upload, work.now).await?;
    if let Some(earlier) = work.tx.upload_by_digest(&work.actor, &sha256).await? {
        let row = file::Model { name: name.to_owned(), media_type, expires_at, ..earlier.into_inner() };
        let id = row.id;
        work.tx.update::<file::Entity>(row).await?;
        work.audit(GlobalId::new(Kind::File, id), &["name", "mediaType", "expiresAt"]);
        return Ok(id);
    }
    let limit = |message| UserError::at(UserErrorCode::Limit, message, "input.file");
    if kept.files >= files {
        return Err(limit(Message::UploadsTooMany(files)).into());
    }
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if kept.bytes.saturating_add(size) > most {
        return Err(limit(Message::UploadsTooLarge(most >> 20)).into());
    }
    let new = NewFile { purpose: FilePurpose::Upload, name, media_type, bytes, expires_at };
    let id = keep_digested(work, &new, sha256).await?.id;
    work.audit(GlobalId::new(Kind::File, id), &["name", "mediaType", "size", "sha256", "expiresAt"]);
    Ok(id)
}

/// A visible file and the place up to which it was read.
pub struct OpenFile {
    row: Visible<file::Model>,
    reader: Reader,
    cipher: DataCipher,
    next: i32,
    left: Option<u64>,
}

impl OpenFile {
    /// What it is called, how large it is, and so on.
    pub fn row(&self) -> &file::Model {
        &self.row
    }

    /// Its name, and its content as a whole, for those who can't do with portions.
    pub async fn whole(mut self) -> Result<(String, Vec<u8>), Fault> {
        let mut bytes = Vec::with_capacity(usize::try_from(self.row.size).unwrap_or_default());
        while let Some(chunk) = self.next().await? {
            bytes.extend_from_slice(&chunk);
        }
        Ok((self.row.name.clone(), bytes))
    }

    /// The next portion; none behind the last. Each one is read under the scope of the reader.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, Fault> {
        let left = *self.left.get_or_insert(self.row.size.try_into().unwrap_or_default());
        if left == 0 {
            return Ok(None);
        }
        let chunk = self.reader.file_chunk(self.row.id, self.next).await?;
        // Swept away while it was read: better an answer that breaks off than one that ends as if it were whole.
        let chunk = chunk.ok_or(StoreError::Misuse("a file that ends before its end"))?;
        let opened = self.cipher.open_bytes(chunk, &portion_place(self.row.id, self.next));
        let chunk = opened.map_err(|error| Fault::Internal(error.to_string()))?;
        self.next += 1;
        let length = u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        self.left = Some(left.checked_sub(length).ok_or(StoreError::Misuse("a file that goes on behind its end"))?);
        Ok(Some(chunk))
    }
}

/// The digest of a file's content, in hexadecimal digits.
pub fn digest(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes);
    digest.as_ref().iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a string can't fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The name alone: no folder, nothing that is not seen or turns the writing round, at most [`NAME_CHARS`], the ending kept.
pub fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let shown: String = last.chars().filter(|c| !c.is_control() && !is_unseen(*c)).collect();
    let shown = shown.trim_start().trim_end_matches(|c: char| c == '.' || c.is_whitespace());
    if shown.is_empty() {
        return NAMELESS.to_owned();
    }
    let length = shown.chars().count();
    if length <= NAME_CHARS {
        return shown.to_owned();
    }
    let ending = shown.rsplit_once('.').map(|(_, ending)| ending).filter(|ending| ending.chars().count() <= 10);
    let ending = ending.map(|ending| format!(".{ending}")).unwrap_or_default();
    let start: String = shown.chars().take(NAME_CHARS - ending.chars().count()).collect();
    start + &ending
}

/// Signs without a shape of their own: directions, joiners, marks and tags.
fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_their_folders_and_what_is_not_seen() {
        for (name, cleaned) in [
            ("清单.docx", "清单.docx"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\x\\清单.xlsx", "清单.xlsx"),
            ("a/b\\..", NAMELESS),
            ("..", NAMELESS),
            ("", NAMELESS),
            ("  \u{0}\u{7f} ", NAMELESS),
            ("清单\u{202e}xcod.exe", "清单xcod.exe"),
            ("a\r\nb\tc.txt", "abc.txt"),
            ("\u{feff}a\u{200b}.txt ", "a.txt"),
            ("a.txt. .", "a.txt"),
            ("\"a\";b=c.txt", "\"a\";b=c.txt"),
        ] {
            assert_eq!(clean_name(name), cleaned, "{name:?}");
        }
        let long = clean_name(&format!("{}.docx", "长".repeat(300)));
        assert_eq!(long.chars().count(), NAME_CHARS);
        assert!(long.ends_with("长.docx"));
        assert_eq!(clean_name(&format!("a.{}", "b".repeat(300))).chars().count(), NAME_CHARS);
        assert_eq!(clean_name(&"字".repeat(NAME_CHARS)).chars().count(), NAME_CHARS);
    }
}
