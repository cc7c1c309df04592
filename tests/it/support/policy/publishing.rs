//! Publications: of those who see the whole list, everything of them; nobody else reads them here.

use uuid::Uuid;

use super::Policy;
use super::edges::Edge;

impl Policy<'_> {
    pub(super) fn sees_publication(&self, id: Uuid) -> bool {
        let of = |list: Uuid| self.whole(self.rows.task_list.iter().find(|l| l.id == list).unwrap());
        self.rows.publication.iter().any(|p| p.id == id && of(p.task_list_id))
    }

    /// As [`Policy::edge`].
    pub(super) fn edge_publishing(&self, from: &str, field: &str, id: Uuid) -> Option<Edge> {
        let rows = self.rows;
        macro_rules! row {
            ($table:ident) => {
                rows.$table.iter().find(|row| row.id == id)?
            };
        }
        macro_rules! those {
            ($of:literal, $table:ident) => {
                self.many($of, rows.$table.iter().filter(|row| row.publication_id == id).map(|row| row.id))
            };
        }
        Some(match (from, field) {
            ("Query", "publications") => self.many("Publication", self.all("Publication").into_iter()),
            ("Query", "publication") => self.one("Publication", Some(id)),
            ("Publication", "taskList") => self.one("TaskList", Some(row!(publication).task_list_id)),
            ("Publication", "period") => self.one("ReportingPeriod", row!(publication).reporting_period_id),
            ("Publication", "issuer") => self.one("Unit", Some(row!(publication).issuer_unit_id)),
            ("Publication", "preparedBy") => self.one("User", Some(row!(publication).prepared_by)),
            ("Publication", "replaces") => self.one("Publication", row!(publication).replaces_id),
            ("Publication", "replacedBy") => self.one("Publication", row!(publication).replaced_by_id),
            ("Publication", "steps") => those!("PublicationStep", publication_step),
            ("Publication", "findings") => those!("PublicationFinding", publication_finding),
            ("PublicationStep", "user") => self.one("User", Some(row!(publication_step).user_id)),
            ("PublicationStep", "unit") => self.one("Unit", Some(row!(publication_step).unit_id)),
            ("PublicationStep", "releases") => {
                let of = rows.publication_release.iter().filter(|row| row.publication_step_id == id);
                self.many("PublicationRelease", of.map(|row| row.id))
            }
            ("PublicationFinding", "releasedBy") => self.one("User", row!(publication_finding).released_by),
            _ => return None,
        })
    }
}
