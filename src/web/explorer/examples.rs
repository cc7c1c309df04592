//! One example for each role of the demo.

use super::{Explorer, Tab};

const OFFICE: &str = "# 市政府办（政务公开办）：清单总览，各报告期报送进度\n# The office: the lists, and how far each reporting period is\n\
query Office {
  viewer { name unit { name } }
  taskLists(first: 5) {
    totalCount
    nodes {
      title year status issuer { name }
      tasks(first: 3) { totalCount nodes { number requirement responsibilityText deadlineText daysLeft isOverdue } }
      reportingPeriods(first: 3) { nodes { label dueOn rollUp { expected received accepted missing } } }
    }
  }
}";

const LEAD: &str =
    "# 牵头单位：所牵头任务中各单位已报送的落实情况\n# A lead unit: what the co-units of its tasks have handed in\n\
query Lead {
  viewer { name unit { name } }
  progressReports(first: 20) {
    totalCount
    nodes { status completion narrative unit { name } task { number requirement } }
  }
}";

const RESPONSIBLE: &str = "# 责任单位：我的任务、时限、还要报什么\n# A responsible unit: its tasks, their deadlines, what is still to be reported\n\
query MyTasks {
  viewer { name unit { name } }
  tasks(first: 20) {
    totalCount
    nodes { number requirement deadlineText daysLeft isOverdue viewerRoles }
  }
  reportObligations(first: 20) {
    totalCount
    nodes { period { label dueOn } task { number } report { status } viewerCan { save { allowed } submit { allowed reason } } }
  }
}";

const INSPECTOR: &str = "# 督查：只读，看到全部报告及审核意见，联系电话已遮盖\n# An inspector: reads every report and review; telephone numbers are masked\n\
query Inspect {
  viewer { name grants { role unit { name } } }
  progressReports(first: 10) {
    totalCount
    nodes { status unit { name } reporterName reporterPhone reviews(first: 3) { nodes { decision reason } } }
  }
}";

const ADMIN: &str =
    "# 系统管理员：单位名录，不看业务数据\n# The system administrator: the directory, and no business data\n\
query Directory {
  viewer { name grants { role unit { name } } }
  units(first: 50) {
    totalCount
    nodes { code name shortName kind aliases parent { name } viewerCan { edit { allowed } } }
  }
  unitGroups { nodes { name expansion members(first: 30) { totalCount nodes { unit { name } } } } }
}";

impl Explorer {
    /// What the explorer shows first.
    pub fn examples() -> Self {
        let tab = |title: &str, query: &str| Tab {
            title: title.to_owned(),
            query: format!("{query}\n"),
            variables: String::new(),
        };
        Self {
            tabs: vec![
                tab("政务公开办 · office", OFFICE),
                tab("牵头单位 · lead", LEAD),
                tab("责任单位 · responsible", RESPONSIBLE),
                tab("督查 · inspector", INSPECTOR),
                tab("管理员 · admin", ADMIN),
            ],
        }
    }
}
