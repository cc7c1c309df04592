//! `audit export`, and `audit verify --file`: the trail as a file, and its check without a database.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;

use super::house::{self, House, Older};
use super::{AuditExport, Failure, audit, output};
use crate::config::Settings;
use crate::secrets::{AnchorVerifier, PublicKey};
use crate::service::audit::{BadFile, ExportStop, FileCheck, LONGEST_LINE, header, key_set};

/// Largest file of keys that is read, bytes.
const LARGEST_KEYS: u64 = 1 << 20;

/// Prints the trail, or a part of it; that it was printed stands in it.
pub(super) async fn export(settings: &Settings, asked: AuditExport) -> Result<bool, Failure> {
    let settings = house::patient(settings);
    let house = House::open(&settings, Older::Refuse).await?;
    house.service.audit_export_noted(asked.from, asked.to).await?;
    // With a statement about its end the file vouches for itself; without a key that signs it holds the earlier ones.
    if house.signs().is_ok() {
        house.service.audit_anchor(&house.token_maker().anchor_maker()).await?;
    }
    let keys = audit::keys(&house.service, &house.keyring).await?;
    let mut out = BufWriter::new(io::stdout());
    let mut take = |line: &str| writeln!(out, "{line}");
    let issuer = settings.token_rules().issuer;
    let done = house.service.audit_export(&issuer, &keys, (asked.from, asked.to), &mut take).await;
    let done = done.and_then(|rows| Ok(out.flush().map(|()| rows)?));
    house.close().await;
    let rows = done.map_err(|stop| match stop {
        ExportStop::Nothing => Failure::new("这一段没有审计记录。", "There are no rows in this part of the trail."),
        ExportStop::Broken(number) => Failure::new(
            format!("第 {number} 条缺失，未能导出；请先运行 taizhang audit verify。"),
            format!("Row {number} is missing, so the export is not whole: run taizhang audit verify first."),
        ),
        ExportStop::Unwritable(cause) => {
            Failure::new("无法写出审计记录。", format!("The trail can't be written: {cause}."))
        }
        ExportStop::Fault(fault) => fault.into(),
    })?;
    output::aside(&format!("已导出 {rows} 条 · {rows} rows"));
    Ok(true)
}

/// Checks a file that was printed before; true when nothing is wrong.
pub(super) fn verify(file: &Path, key: Option<&Path>, elsewhere: Option<&Path>) -> Result<bool, Failure> {
    let mut lines = Lines::open(file)?;
    let first = lines.next()?.and_then(|line| header(&line)).ok_or_else(|| no_trail(file, 1))?;
    let keys = match key {
        Some(path) => known_keys(path)?,
        None => key_set(&serde_json::to_string(&first).unwrap_or_default()),
    };
    let verifier = AnchorVerifier::new(&keys, &first.issuer)?;
    let kept = elsewhere.map(|path| audit::kept(path, &verifier)).transpose()?.unwrap_or_default();
    let mut check = FileCheck::new(&first, &verifier, &kept);
    let mut bad = None;
    while let (None, Some(line)) = (&bad, lines.next()?) {
        bad = check.line(&line).err();
    }
    let found = match bad {
        Some(bad) => Err(bad),
        None => check.end(),
    };
    let found = match found {
        Ok(found) => found,
        Err(BadFile::Line(line)) => return Err(no_trail(file, line)),
        Err(BadFile::CutShort(last, to)) => {
            output::line(&format!(
                "文件不完整：应至第 {to} 条，止于第 {last} 条 · the file is cut short: it says it goes to row {to}, and ends \
                 with row {last}"
            ));
            return Ok(false);
        }
        Err(BadFile::Broken(broken)) => {
            output::line(&audit::said(&broken));
            return Ok(false);
        }
    };
    let ((from, to), done) = (found.rows, found.done);
    output::line(&format!(
        "文件中的审计链完整：第 {from} 至 {to} 条，锚点 {} 个，另存的锚点 {} 个，建链前 {} 条 · the chain in the file is whole: \
         rows {from} to {to}, {} anchors, {} kept elsewhere, {} rows from before it",
        done.anchors, done.kept, done.unchained, done.anchors, done.kept, done.unchained
    ));
    // Of a whole trail that was cut and given another end, they are all that tells.
    let outside = kept.iter().filter(|anchor| !(from..=to).contains(&anchor.sequence)).count();
    if outside > 0 {
        output::aside(&format!(
            "另存的锚点中有 {outside} 个不在文件的范围内，未比对 · {outside} statements kept elsewhere are about rows that are not in \
             this file, and were compared with nothing"
        ));
    }
    match found.vouched {
        Some(row) if row == to => {}
        Some(row) => output::aside(&format!(
            "签名仅证明至第 {row} 条 · what is signed vouches for the rows up to {row} and no further"
        )),
        None => output::aside("没有签名证明这些记录 · nothing that was signed vouches for these rows"),
    }
    if key.is_none() {
        let ids: Vec<&str> = keys.iter().map(|key| key.kid.as_str()).collect();
        output::aside(&format!(
            "公钥取自文件本身（{}）；请用 --key 给出另行取得的公钥 · the keys are those the file itself names ({}); give those \
             you have from elsewhere with --key",
            ids.join(" "),
            ids.join(" ")
        ));
    }
    Ok(true)
}

fn known_keys(path: &Path) -> Result<Vec<PublicKey>, Failure> {
    let unreadable = |cause: io::Error| Failure::unreadable(path, &cause);
    let mut text = String::new();
    File::open(path).map_err(unreadable)?.take(LARGEST_KEYS).read_to_string(&mut text).map_err(unreadable)?;
    let keys = key_set(&text);
    if keys.is_empty() {
        let path = path.display();
        return Err(Failure::new(
            format!("{path} 中没有签名公钥。"),
            format!("{path} holds no public key of this kind (a JWK set with Ed25519 keys)."),
        ));
    }
    Ok(keys)
}

fn no_trail(file: &Path, line: u64) -> Failure {
    let file = file.display();
    Failure::new(
        format!("{file} 第 {line} 行不是导出的审计记录。"),
        format!("{file}, line {line}: this is no trail that taizhang audit export printed."),
    )
}

/// Lines of a file, none of them longer than memory allows.
struct Lines<'a> {
    path: &'a Path,
    reader: BufReader<File>,
    read: u64,
}

impl<'a> Lines<'a> {
    fn open(path: &'a Path) -> Result<Self, Failure> {
        let file = File::open(path).map_err(|cause| Failure::unreadable(path, &cause))?;
        Ok(Self { path, reader: BufReader::new(file), read: 0 })
    }

    fn next(&mut self) -> Result<Option<String>, Failure> {
        let mut line = Vec::new();
        let mut some = self.reader.by_ref().take(LONGEST_LINE);
        let length = some.read_until(b'\n', &mut line).map_err(|cause| Failure::unreadable(self.path, &cause))?;
        if length == 0 {
            return Ok(None);
        }
        self.read += 1;
        if line.last() == Some(&b'\n') {
            line.pop();
        }
        let line = String::from_utf8(line).ok().filter(|line| !line.is_empty() && (line.len() as u64) < LONGEST_LINE);
        line.map(Some).ok_or_else(|| no_trail(self.path, self.read))
    }
}
