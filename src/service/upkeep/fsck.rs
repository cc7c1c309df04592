//! The check of everything that must hold: read only, in portions, each finding with its row and what to do.

use aws_lc_rs::digest::{Context, SHA256};
use serde::Serialize;
use uuid::Uuid;

use super::reseal::bound_to;
use crate::domain::lang::Lang;
use crate::domain::roll_up::RollUp;
use crate::error::Fault;
use crate::secrets::AnchorVerifier;
use crate::service::Service;
use crate::service::audit::Broken;
use crate::service::files::portion_place;
use crate::store::Store;
use crate::store::sealed::{Place, SealedColumn, SealedValue};

/// Findings of one kind that are named at most.
const MOST: usize = 100;
/// Rows that are read at a time.
const PORTION: u64 = 200;

/// Something that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// The name of the check, which does not change.
    pub check: String,
    /// The table of the row.
    pub table: String,
    /// The key of the row.
    pub row: String,
    /// What is broken, in Chinese.
    pub zh: String,
    /// What is broken, in English.
    pub en: String,
    /// More about it, for whoever repairs it.
    pub detail: String,
}

impl Finding {
    fn new(check: &str, table: &str, row: impl ToString, detail: impl Into<String>, zh: &str, en: &str) -> Self {
        Self {
            check: check.to_owned(),
            table: table.to_owned(),
            row: row.to_string(),
            zh: zh.to_owned(),
            en: en.to_owned(),
            detail: detail.into(),
        }
    }

    /// What to do about it.
    pub fn advice(&self, lang: Lang) -> &'static str {
        let (zh, en) = match self.check.as_str() {
            "engine" => (
                "停止服务，保留此文件，从最近一次检验过的备份恢复",
                "stop the server, keep this file, and restore the last backup that verified",
            ),
            "foreign-key" | "chunk-orphan" | "notification-subject" | "idempotency" | "outbox-state" => (
                "该行可在备份后删除；若近期有人直接改过数据库，请先查明",
                "the row may be deleted after a backup; find out first who wrote to the database past the program",
            ),
            "audit-chain" => (
                "保留现状，与另存的锚点和备份比对（taizhang audit verify --anchor），由审计管理员处理",
                "keep everything as it is, compare it with anchors and backups kept elsewhere, and tell the audit \
                 administrator",
            ),
            "sealed" => (
                "从密钥目录的备份恢复缺少的 data-*.key；若值被改动，从备份取回该行",
                "restore the missing data-*.key from a backup of the key folder; if the value was changed, take the row \
                 from a backup",
            ),
            "file-chunks" | "file-content" | "evidence-file" => (
                "从备份取回该文件，或请上传者重新上传",
                "take the file from a backup, or ask who brought it in for it again",
            ),
            "operator-grant" => {
                ("收回该授权，查明是谁绕过程序写入", "take the right away, and find out who wrote it past the program")
            }
            "administrators" => ("收回其中一类授权", "take one of the grants back"),
            _ => (
                "与最近的备份比对这一行，查明是谁绕过程序改了数据库，再据此更正",
                "compare the row with the last backup, find out who wrote past the program, and correct it accordingly",
            ),
        };
        lang.pick(zh, en)
    }
}

/// A damaged file answers some questions and not others: what can't be read is found as such. Whatever else stops a question
/// stops the check.
fn unread(table: &str, row: &str, error: Fault) -> Result<Finding, Fault> {
    let detail = match error {
        Fault::Internal(cause) => cause,
        Fault::Unavailable(cause) if cause.is_damage() => cause.to_string(),
        error => return Err(error),
    };
    Ok(Finding::new("engine", table, row, detail, "无法完成此项检查", "this check can't be made"))
}

fn goes_on(
    done: Result<(), Fault>,
    table: &str,
    check: &str,
    tell: &mut (dyn FnMut(Finding) + Send),
) -> Result<(), Fault> {
    if let Err(error) = done {
        tell(unread(table, check, error)?);
    }
    Ok(())
}

impl Service {
    /// Looks at everything and gives each finding to `found`, as it comes; how many there were.
    pub async fn fsck(&self, verifier: &AnchorVerifier, found: &mut (dyn FnMut(Finding) + Send)) -> Result<u64, Fault> {
        let mut count = 0;
        let mut tell = |finding: Finding| {
            count += 1;
            found(finding);
        };
        for broken in self.store().broken_engine().await? {
            let (zh, en) = match broken.check {
                "engine" => ("数据库文件或索引损坏", "the file of the database or an index is damaged"),
                _ => ("所指的行不存在", "it points to a row that is not there"),
            };
            tell(Finding::new(broken.check, &broken.table, broken.broken.row, broken.broken.detail, zh, en));
        }
        for rule in Store::rules() {
            match self.store().broken(rule).await {
                Ok(rows) => {
                    for broken in rows {
                        tell(Finding::new(rule.name, rule.table, broken.row, broken.detail, rule.zh, rule.en));
                    }
                }
                Err(error) => tell(unread(rule.table, rule.name, error.into())?),
            }
        }
        let done = self.fsck_periods(&mut tell).await;
        goes_on(done, "reporting_period", "period-sums", &mut tell)?;
        let done = self.fsck_audit(verifier, &mut tell).await;
        goes_on(done, "audit_entry", "audit-chain", &mut tell)?;
        // The portions of files are opened with their files.
        for column in SealedColumn::ALL.into_iter().filter(|column| !column.holds_bytes()) {
            let done = self.fsck_sealed(column, &mut tell).await;
            goes_on(done, column.name().0, "sealed", &mut tell)?;
        }
        let done = self.fsck_files(&mut tell).await;
        goes_on(done, "file", "file-content", &mut tell)?;
        Ok(count)
    }

    /// Frozen figures add up, and count what was accepted: an acceptance behind the closing freezes anew.
    async fn fsck_periods(&self, tell: &mut (dyn FnMut(Finding) + Send)) -> Result<(), Fault> {
        let (mut after, mut crooked, mut miscounted) = (Uuid::nil(), 0, 0);
        loop {
            let rows = self.store().frozen_periods(after, PORTION).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = last.0;
            for (id, frozen, accepted) in rows {
                let sums = serde_json::from_value::<RollUp>(frozen).ok();
                let adds_up = sums.as_ref().is_some_and(|sums| {
                    sums.expected == sums.received + sums.returned + sums.missing
                        && sums.received == sums.accepted + sums.submitted
                });
                if !adds_up {
                    crooked += 1;
                    if crooked > MOST {
                        continue;
                    }
                    let (zh, en) = ("冻结数各项之和不符", "the frozen figures of a period do not add up");
                    tell(Finding::new("period-sums", "reporting_period", id, "", zh, en));
                } else if let Some(sums) = sums.filter(|sums| u64::from(sums.accepted) != accepted) {
                    miscounted += 1;
                    if miscounted > MOST {
                        continue;
                    }
                    let (zh, en) =
                        ("冻结的通过数与已通过的报告不符", "the frozen count of accepted reports is not what there is");
                    let detail = format!("{} / {accepted}", sums.accepted);
                    tell(Finding::new("period-counted", "reporting_period", id, detail, zh, en));
                }
            }
        }
    }

    async fn fsck_audit(&self, verifier: &AnchorVerifier, tell: &mut (dyn FnMut(Finding) + Send)) -> Result<(), Fault> {
        let Err(broken) = self.audit_verify(verifier, &[]).await? else { return Ok(()) };
        let (row, detail) = match broken {
            Broken::Missing(number) => (Uuid::nil(), format!("missing {number}")),
            Broken::Altered(number, id) => (id, format!("altered {number}")),
            Broken::Beyond(number, id) => (id, format!("beyond the end {number}")),
            Broken::Unchained(id) => (id.unwrap_or_default(), "without a number".to_owned()),
            Broken::Head(number, id) => (id.unwrap_or_default(), format!("head behind {number}")),
            Broken::Statement(number, id) => (id.unwrap_or_default(), format!("statement {number}")),
            Broken::Anchor(number, id) | Broken::Kept(number, id) => (id, format!("anchor {number}")),
        };
        let (zh, en) = ("审计链不完整", "the chain of the audit trail is broken");
        tell(Finding::new("audit-chain", "audit_entry", row, detail, zh, en));
        Ok(())
    }

    /// Every sealed value of a column opens, with a key that is here, where it stands.
    async fn fsck_sealed(&self, column: SealedColumn, tell: &mut (dyn FnMut(Finding) + Send)) -> Result<(), Fault> {
        let (mut after, mut named) = (Place::START, 0);
        loop {
            let (rows, next) = self.store().sealed(column, after).await?;
            let Some(next) = next else { return Ok(()) };
            after = next;
            for row in rows {
                let SealedValue::Text(text) = &row.value else { continue };
                if self.cipher().open(text, &bound_to(column, &row)).is_err() && named < MOST {
                    named += 1;
                    let (table, name) = column.name();
                    let (zh, en) = ("加密的值无法打开", "a sealed value does not open");
                    tell(Finding::new("sealed", table, row.id, name, zh, en));
                }
            }
        }
    }

    /// The content of every file opens, and has the length and the digest it had.
    async fn fsck_files(&self, tell: &mut (dyn FnMut(Finding) + Send)) -> Result<(), Fault> {
        let (mut after, mut named) = (Uuid::nil(), 0);
        loop {
            let files = self.store().files_behind(after, PORTION).await?;
            let Some(last) = files.last() else { return Ok(()) };
            after = last.id;
            for file in files {
                let wrong = match self.file_broken(&file).await {
                    Ok(None) => continue,
                    Ok(Some(wrong)) => wrong,
                    Err(_) if named == MOST => continue,
                    Err(error) => {
                        named += 1;
                        tell(unread("file", &file.id.to_string(), error)?);
                        continue;
                    }
                };
                // It may have expired and been swept away meanwhile.
                if named == MOST || !self.store().file_is_there(file.id).await? {
                    continue;
                }
                named += 1;
                let (check, zh, en) = match wrong {
                    "sealed" => ("sealed", "文件的内容无法解密", "the content of a file does not open"),
                    _ => {
                        ("file-content", "文件的内容与登记的长度或摘要不符", "the content of a file is not what it was")
                    }
                };
                tell(Finding::new(check, "file", file.id, wrong, zh, en));
            }
        }
    }

    /// What is wrong with a file; portions that are missing are told by a rule.
    async fn file_broken(&self, file: &entity::file::Model) -> Result<Option<&'static str>, Fault> {
        let (mut digest, mut size, mut position) = (Context::new(&SHA256), 0_u64, 0);
        while let Some(chunk) = self.store().file_chunk(file.id, position).await? {
            let Ok(clear) = self.cipher().open_bytes(chunk, &portion_place(file.id, position)) else {
                return Ok(Some("sealed"));
            };
            digest.update(&clear);
            size += u64::try_from(clear.len()).unwrap_or(u64::MAX);
            position += 1;
        }
        let hex: String = digest.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        let whole = u64::try_from(file.size).ok() == Some(size);
        Ok(if position == 0 || whole && hex == file.sha256 { None } else { Some("content") })
    }
}
