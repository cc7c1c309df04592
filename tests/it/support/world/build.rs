//! Tools for writing rows by hand: every call adds rows and gives back the key.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::vocabulary::*;
use taizhang::secrets::{DataCipher, place};
use uuid::Uuid;

use super::Rows;

/// A world in the making.
pub struct Build {
    pub rows: Rows,
    /// Rows that tests want to name.
    pub names: BTreeMap<String, Uuid>,
    cipher: DataCipher,
    count: u128,
}

/// A clear number that no two rows share.
pub fn phone(number: u128) -> String {
    format!("138{:04}{:04}", 1000 + number % 9000, (number * 7 + 13) % 10_000)
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The key of a number; later numbers are later keys.
pub fn key(number: u128) -> Uuid {
    Uuid::from_u128(0x0197_0000_0000_7000_8000_0000_0000_0000 + number)
}

impl Build {
    pub fn new(cipher: DataCipher) -> Self {
        Self { rows: Rows::default(), names: BTreeMap::new(), cipher, count: 0 }
    }

    pub fn next(&mut self) -> Uuid {
        self.count += 1;
        key(self.count)
    }

    /// A moment for the newest row; several rows share one, so that orders have ties.
    pub fn at(&self) -> DateTime<Utc> {
        let start: DateTime<Utc> = "2026-03-01T00:00:00Z".parse().unwrap();
        start + TimeDelta::seconds(i64::try_from(self.count / 4).unwrap())
    }

    pub fn name(&mut self, name: &str, id: Uuid) -> Uuid {
        assert!(self.names.insert(name.to_owned(), id).is_none(), "{name} twice");
        id
    }

    pub fn get(&self, name: &str) -> Uuid {
        *self.names.get(name).unwrap_or_else(|| panic!("nothing is called {name}"))
    }

    pub fn unit(&mut self, name: &str, parent: Option<&str>) -> Uuid {
        let (id, at) = (self.next(), self.at());
        self.name(name, id);
        let parent = parent.map(|name| self.get(name));
        let root_id = parent.map_or(id, |p| self.rows.unit.iter().find(|u| u.id == p).unwrap().root_id);
        let above: Vec<_> =
            self.rows.unit_closure.iter().filter(|c| Some(c.descendant_id) == parent).cloned().collect();
        self.rows.unit.push(entity::unit::Model {
            id,
            root_id,
            parent_id: parent,
            code: format!("code-{name}"),
            name: format!("虚构单位{name}"),
            short_name: (self.count.is_multiple_of(2)).then(|| format!("简{name}")),
            kind: if parent.is_none() { "jurisdiction" } else { "bureau" }.to_owned(),
            position: i32::try_from(self.count % 3).unwrap(),
            active: !name.contains("old"),
            report_signing: false,
            version: 1,
            created_at: at,
            updated_at: at,
        });
        for step in above {
            let (ancestor_id, depth) = (step.ancestor_id, step.depth + 1);
            self.rows.unit_closure.push(entity::unit_closure::Model { ancestor_id, descendant_id: id, depth });
        }
        self.rows.unit_closure.push(entity::unit_closure::Model { ancestor_id: id, descendant_id: id, depth: 0 });
        let alias = entity::unit_alias::Model { id: self.next(), root_id, unit_id: id, alias: format!("别名{name}") };
        self.rows.unit_alias.push(alias);
        id
    }

    pub fn group(&mut self, name: &str, members: &[&str]) -> Uuid {
        let (id, at) = (self.next(), self.at());
        self.name(name, id);
        let first = self.get(members[0]);
        let root_id = self.rows.unit.iter().find(|u| u.id == first).unwrap().root_id;
        self.rows.unit_group.push(entity::unit_group::Model {
            id,
            root_id,
            code: format!("code-{name}"),
            name: format!("虚构组{name}"),
            expansion: GroupExpansion::Members,
            members_complete: true,
            version: 1,
            created_at: at,
            updated_at: at,
        });
        let alias =
            entity::unit_group_alias::Model {
                id: self.next(), root_id, unit_group_id: id, alias: format!("组{name}")
            };
        self.rows.unit_group_alias.push(alias);
        for member in members {
            let unit_id = self.get(member);
            self.rows.unit_group_member.push(entity::unit_group_member::Model {
                unit_group_id: id,
                unit_id,
                added_at: at,
            });
        }
        id
    }

    /// A user of `unit`, named with an @ in front; grants as (role, unit).
    pub fn user(&mut self, name: &str, unit: &str, grants: &[(Role, &str)]) -> Uuid {
        let (id, at) = (self.next(), self.at());
        self.name(&format!("@{name}"), id);
        let number = phone(self.count);
        let sealed = self.cipher.seal(&number, &place("user_account", "phone_ciphertext", id)).unwrap();
        let machine = grants.iter().any(|(role, _)| *role == Role::Integration);
        self.rows.user_account.push(entity::user_account::Model {
            id,
            kind: if machine { UserKind::Service } else { UserKind::Person },
            realm: grants.first().map_or(Realm::Business, |(role, _)| role.realm()),
            unit_id: self.get(unit),
            login: format!("login-{name}"),
            display_name: format!("虚构人{name}"),
            phone_ciphertext: Some(sealed),
            disabled_at: None,
            version: 1,
            created_at: at,
            updated_at: at,
        });
        for (role, unit) in grants {
            let (grant, unit_id) = (self.next(), self.get(unit));
            self.rows.role_grant.push(entity::role_grant::Model {
                id: grant,
                user_id: id,
                role: *role,
                realm: role.realm(),
                unit_id,
                scopes: String::new(),
                named_lists: false,
                valid_until: None,
                origin: entity::vocabulary::GrantOrigin::Operator,
                request_id: None,
                request_status: None,
                ended_at: None,
                ended_by: None,
                end_reason: None,
                version: 1,
                created_at: at,
            });
        }
        id
    }

    /// The grant made last.
    pub fn grant(&mut self) -> &mut entity::role_grant::Model {
        self.rows.role_grant.last_mut().unwrap()
    }

    pub fn list(&mut self, name: &str, issuer: &str, status: TaskListStatus) -> Uuid {
        let (id, at) = (self.next(), self.at());
        self.name(name, id);
        let issuer_unit_id = self.get(issuer);
        let root_id = self.rows.unit.iter().find(|u| u.id == issuer_unit_id).unwrap().root_id;
        let issued = status != TaskListStatus::Draft;
        self.rows.task_list.push(entity::task_list::Model {
            id,
            root_id,
            issuer_unit_id,
            year: 2025 + i32::from(self.count.is_multiple_of(2)),
            title: format!("虚构清单{name}"),
            document_number: Some(format!("虚构〔2026〕{}号", self.count)),
            issuer_text: None,
            status,
            reporting_period_text: Some("1-X月".to_owned()),
            columns: None,
            support_reports: name == "issued",
            issued_on: issued.then(|| day("2026-02-28")),
            issued_at: issued.then_some(at),
            closed_at: matches!(status, TaskListStatus::Closed | TaskListStatus::Archived).then_some(at),
            import_digest: Some(format!("digest-{name}")),
            version: 1,
            created_at: at,
            updated_at: at,
        });
        id
    }

    pub fn section(&mut self, name: &str, list: &str, parent: Option<&str>) -> Uuid {
        let (id, at) = (self.next(), self.at());
        self.name(name, id);
        let parent_id = parent.map(|p| self.get(p));
        let above: Vec<_> =
            self.rows.section_closure.iter().filter(|c| Some(c.descendant_id) == parent_id).cloned().collect();
        self.rows.section.push(entity::section::Model {
            id,
            task_list_id: self.get(list),
            parent_id,
            position: i32::try_from(self.count).unwrap(),
            label: format!("节{}", self.count),
            title: format!("虚构章节{name}"),
            version: 1,
            created_at: at,
            updated_at: at,
        });
        for step in above {
            let (ancestor_id, depth) = (step.ancestor_id, step.depth + 1);
            self.rows.section_closure.push(entity::section_closure::Model { ancestor_id, descendant_id: id, depth });
        }
        self.rows.section_closure.push(entity::section_closure::Model { ancestor_id: id, descendant_id: id, depth: 0 });
        id
    }

    /// A task with a deadline in its column and another in its text; units by role.
    pub fn task(&mut self, name: &str, list: &str, section: Option<&str>, units: &[(AssignmentRole, &str)]) -> Uuid {
        let (id, at) = (self.next(), self.at());
        self.name(name, id);
        let number = self.count;
        self.rows.task.push(entity::task::Model {
            id,
            task_list_id: self.get(list),
            section_id: section.map(|s| self.get(s)),
            position: i32::try_from(number).unwrap(),
            number: number.to_string(),
            title: Some(format!("虚构任务{name}")),
            requirement: Some(format!("虚构要求{name}")),
            lead_text: None,
            unit_text: Some(format!("虚构单位栏{name}")),
            inherited: false,
            incentive: number.is_multiple_of(3),
            needs_review: false,
            review_note: None,
            status: TaskStatus::Active,
            version: 1,
            created_at: at,
            updated_at: at,
        });
        let due = if number.is_multiple_of(2) { day("2026-05-31") } else { day("2026-07-10") };
        for (position, due_on) in [(0, Some(due)), (1, None)] {
            let kind = if due_on.is_some() { DeadlineKind::MonthEnd } else { DeadlineKind::Ongoing };
            let deadline = entity::deadline::Model {
                id: self.next(),
                task_id: id,
                position,
                kind,
                text: Some(format!("虚构时限{name}-{position}")),
                due_on,
                from_on: None,
                rule: None,
                source: Some(DeadlineSource::Column),
            };
            self.rows.deadline.push(deadline);
        }
        for (role, unit) in units {
            self.assign(name, *role, AssignmentTarget::Unit, Some(unit));
        }
        id
    }

    pub fn assign(&mut self, task: &str, role: AssignmentRole, target: AssignmentTarget, who: Option<&str>) -> Uuid {
        let (id, at) = (self.next(), self.at());
        let who_id = who.map(|who| self.get(who));
        self.rows.assignment.push(entity::assignment::Model {
            id,
            task_id: self.get(task),
            position: i32::try_from(self.count % 5).unwrap(),
            role,
            target,
            name: format!("虚构名称{}", who.unwrap_or("等相关部门")),
            unit_id: who_id.filter(|_| target == AssignmentTarget::Unit),
            unit_group_id: who_id.filter(|_| target == AssignmentTarget::Group),
            source_assignment_id: None,
            scope_note: None,
            status: AssignmentStatus::Active,
            version: 1,
            created_at: at,
            updated_at: at,
        });
        id
    }

    /// What the reader of a file asked, about a list or one of its tasks.
    pub fn question(&mut self, name: &str, list: &str, task: Option<&str>, printed: &str) -> Uuid {
        let (id, at) = (self.next(), self.at());
        self.name(name, id);
        self.rows.import_question.push(entity::import_question::Model {
            id,
            task_list_id: self.get(list),
            task_id: task.map(|task| self.get(task)),
            position: i32::try_from(self.count % 7).unwrap(),
            kind: "UNKNOWN_NAME".into(),
            subject: "assignments".into(),
            place: Some("表1 第2行".into()),
            printed: Some(printed.into()),
            text_zh: format!("虚构问题{name}"),
            text_en: format!("An invented question {name}"),
            candidates: serde_json::json!([printed]),
            proposal: None,
            status: ImportQuestionStatus::Open,
            answer: None,
            answered_by: None,
            answered_at: None,
            version: 1,
            created_at: at,
            updated_at: at,
        });
        id
    }

    /// The assignment made last.
    pub fn assignment(&mut self) -> &mut entity::assignment::Model {
        self.rows.assignment.last_mut().unwrap()
    }

    /// A period with the obligations of every unit that is on the list now.
    pub fn period(&mut self, name: &str, list: &str, month: u32, status: PeriodStatus) -> Uuid {
        let (id, at) = (self.next(), self.at());
        self.name(name, id);
        let list_id = self.get(list);
        let end = NaiveDate::from_ymd_opt(2026, month + 1, 1).unwrap().pred_opt().unwrap();
        self.rows.reporting_period.push(entity::reporting_period::Model {
            id,
            task_list_id: list_id,
            kind: PeriodKind::Cumulative,
            label: format!("1–{month}月"),
            starts_on: day("2026-01-01"),
            ends_on: end,
            due_on: end + TimeDelta::days(10),
            grace_working_days: 3,
            first_due_on: None,
            status,
            opened_at: at,
            closed_at: (status == PeriodStatus::Closed).then_some(at),
            roll_up: Some(serde_json::json!({ "expected": 1000 })),
            version: 1,
            created_at: at,
            updated_at: at,
        });
        let support = self.rows.task_list.iter().find(|l| l.id == list_id).unwrap().support_reports;
        let tasks: Vec<Uuid> = self.rows.task.iter().filter(|t| t.task_list_id == list_id).map(|t| t.id).collect();
        let owing: Vec<_> = self.rows.assignment.iter().filter(|a| tasks.contains(&a.task_id)).cloned().collect();
        for a in owing {
            let (Some(unit_id), true) = (a.unit_id, support || a.role != AssignmentRole::Support) else { continue };
            let obligation = entity::report_obligation::Model {
                id: self.next(),
                reporting_period_id: id,
                task_list_id: list_id,
                task_id: a.task_id,
                assignment_id: a.id,
                unit_id,
                due_on: None,
                expected_count: None,
                released_at: None,
                created_at: at,
            };
            self.rows.report_obligation.push(obligation);
        }
        id
    }

    /// Reports for a period, the states in turn, so that every unit has one of each: none, draft, submitted, returned,
    /// accepted, and a draft that was submitted before and taken back.
    pub fn reports(&mut self, period: &str) {
        let period = self.get(period);
        let obligations: Vec<_> =
            self.rows.report_obligation.iter().filter(|o| o.reporting_period_id == period).cloned().collect();
        let mut turn: BTreeMap<Uuid, usize> = BTreeMap::new();
        for obligation in obligations {
            let nth = turn.entry(obligation.unit_id).or_insert_with(|| usize::from(obligation.unit_id.as_bytes()[15]));
            *nth += 1;
            let (status, revisions) = match *nth % 8 {
                0 => continue,
                5 => (ReportStatus::Signing, 0),
                // Accepted once, and being corrected.
                6 => (ReportStatus::Draft, -1),
                1 => (ReportStatus::Draft, 0),
                2 => (ReportStatus::Submitted, 2),
                3 => (ReportStatus::Returned, 1),
                4 => (ReportStatus::Accepted, 1),
                _ => (ReportStatus::Draft, 1),
            };
            self.report(&obligation, status, revisions);
        }
    }

    /// An amendment took away what every seventh obligation of the period follows from, so that some of each state are owed
    /// no more.
    pub fn release(&mut self, period: &str) {
        let (period, at) = (self.get(period), self.at());
        let of_period = self.rows.report_obligation.iter_mut().filter(|o| o.reporting_period_id == period);
        of_period.step_by(7).for_each(|owed| owed.released_at = Some(at));
    }

    pub fn report(&mut self, obligation: &entity::report_obligation::Model, status: ReportStatus, revisions: i32) {
        let (id, at) = (self.next(), self.at());
        let number = phone(self.count);
        let writers: Vec<_> = self.rows.user_account.iter().filter(|u| u.unit_id == obligation.unit_id).collect();
        let writer = writers.first().map(|user| user.id);
        let signer = writers.last().map(|user| user.id);
        let accepted = status == ReportStatus::Accepted || revisions < 0;
        let revisions = revisions.abs();
        let decided = matches!(status, ReportStatus::Returned | ReportStatus::Accepted);
        let sealed = self.cipher.seal(&number, &place("progress_report", "reporter_phone_ciphertext", id)).unwrap();
        self.rows.progress_report.push(entity::progress_report::Model {
            id,
            report_obligation_id: obligation.id,
            reporting_period_id: obligation.reporting_period_id,
            task_list_id: obligation.task_list_id,
            task_id: obligation.task_id,
            unit_id: obligation.unit_id,
            status,
            narrative: format!("虚构落实情况{}", self.count),
            completion: (status != ReportStatus::Draft).then_some(Completion::Substantial),
            percent: Some(40),
            done_count: Some(3),
            reporter_user_id: writer,
            reporter_name: Some(format!("虚构填报人{}", self.count)),
            reporter_phone_ciphertext: Some(sealed),
            reporter_removed_at: None,
            filled_on: Some(day("2026-06-28")),
            signing_since: (status == ReportStatus::Signing).then_some(at),
            signed_by_user_id: None,
            revision: revisions,
            submitted_at: (revisions > 0).then_some(at),
            decided_at: decided.then_some(at),
            received_at: accepted.then_some(at),
            accepted_revision: accepted.then_some(revisions),
            accepted_completion: accepted.then_some(Completion::Limited),
            return_count: i32::from(status == ReportStatus::Returned),
            version: 1 + revisions,
            created_at: at,
            updated_at: at,
        });
        for revision in 1..=revisions {
            let row = entity::progress_report_revision::Model {
                id: self.next(),
                progress_report_id: id,
                revision,
                narrative: format!("虚构提交{}", self.count),
                completion: Completion::Substantial,
                percent: Some(40),
                done_count: Some(3),
                submitted_by: writer.unwrap_or_else(|| self.get("@office")),
                submitted_at: at,
                withdrawn_at: (status == ReportStatus::Draft).then_some(at),
                signed_by: signer,
                filled_on: None,
            };
            self.rows.progress_report_revision.push(row);
        }
        self.inside(id, revisions, writer);
        if decided || revisions > 1 {
            let returned = status != ReportStatus::Accepted;
            let issuer = self.rows.task_list.iter().find(|l| l.id == obligation.task_list_id).unwrap().issuer_unit_id;
            let row = entity::report_review::Model {
                id: self.next(),
                progress_report_id: id,
                revision: 1,
                decision: if returned { ReviewDecision::Returned } else { ReviewDecision::Accepted },
                reason: returned.then(|| format!("虚构理由{}", self.count)),
                reviewer_user_id: self.get("@office"),
                reviewer_unit_id: issuer,
                created_at: at,
            };
            self.rows.report_review.push(row);
        }
    }

    /// What belongs to a report beyond its text: a signature or a sending back, evidence of each kind, a part.
    fn inside(&mut self, report: Uuid, revisions: i32, writer: Option<Uuid>) {
        let at = self.at();
        let user = writer.unwrap_or_else(|| self.get("@office"));
        let signed = revisions > 0;
        let id = self.next();
        self.rows.report_signature.push(entity::report_signature::Model {
            id,
            progress_report_id: report,
            decision: if signed { SignatureDecision::Signed } else { SignatureDecision::SentBack },
            revision: signed.then_some(revisions),
            reason: (!signed).then(|| format!("虚构签发意见{}", self.count)),
            user_id: user,
            created_at: at,
        });
        let file = self.attached(user);
        for kind in EvidenceKind::ALL {
            let number = self.count;
            let id = self.next();
            self.rows.evidence.push(entity::evidence::Model {
                id,
                progress_report_id: report,
                kind: *kind,
                title: Some(format!("虚构材料{number}")),
                url: (*kind == EvidenceKind::Link).then(|| format!("https://example.com/{number}")),
                document_number: (*kind == EvidenceKind::DocumentNumber).then(|| format!("虚构〔2026〕{number}号")),
                file_id: (*kind == EvidenceKind::File).then_some(file),
                added_in: 1,
                removed_in: (*kind == EvidenceKind::Link && revisions > 1).then_some(2),
                added_by: user,
                created_at: at,
            });
        }
        let Some(source) = self.rows.progress_report.iter().rev().find(|row| row.id != report && row.revision > 0)
        else {
            return;
        };
        let (source_report_id, source_revision, unit_id) = (source.id, source.revision, source.unit_id);
        let id = self.next();
        self.rows.report_part.push(entity::report_part::Model {
            id,
            progress_report_id: report,
            source_report_id,
            source_revision,
            unit_id,
            position: 0,
            narrative: format!("虚构汇总部分{}", self.count),
            completion: Completion::Limited,
            percent: Some(30),
            done_count: Some(2),
            added_in: 1,
            removed_in: None,
            created_at: at,
        });
    }

    /// A file that is evidence, and so has no end.
    pub(super) fn attached(&mut self, owner: Uuid) -> Uuid {
        let (id, at) = (self.next(), self.at());
        let unit_id = self.rows.user_account.iter().find(|user| user.id == owner).unwrap().unit_id;
        self.rows.file.push(entity::file::Model {
            id,
            purpose: FilePurpose::Upload,
            owner_user_id: owner,
            unit_id,
            name: format!("虚构材料{}.csv", self.count),
            media_type: MediaType::Csv,
            size: 0,
            sha256: format!("{:064x}", self.count),
            created_at: at,
            expires_at: None,
        });
        id
    }
}
