//! The rules, in SQL that both engines understand.

use super::Rule;

macro_rules! rules {
    ($($name:literal on $table:literal: $zh:literal, $en:literal; $sql:literal)*) => {
        /// Every rule.
        pub(super) static RULES: &[Rule] = &[$(Rule { name: $name, table: $table, sql: $sql, zh: $zh, en: $en }),*];
    };
}

rules! {
    "unit-root" on "unit": "单位的根与上级单位的根不一致", "the root of a unit is not that of the unit above it";
    "SELECT u.id AS k, 'root' AS d FROM unit u LEFT JOIN unit p ON p.id = u.parent_id \
     WHERE (u.parent_id IS NULL AND u.root_id <> u.id) OR (u.parent_id IS NOT NULL AND p.root_id <> u.root_id)"

    "unit-closure-missing" on "unit": "单位树的闭包缺少记录，下级的数据会看不到", "the closure of the unit tree lacks a pair; rows of units below are not seen";
    "SELECT u.id AS k, 'self' AS d FROM unit u WHERE NOT EXISTS (SELECT 1 FROM unit_closure c \
     WHERE c.ancestor_id = u.id AND c.descendant_id = u.id AND c.depth = 0) \
     UNION ALL SELECT u.id, 'above' FROM unit u JOIN unit_closure p ON p.descendant_id = u.parent_id \
     WHERE NOT EXISTS (SELECT 1 FROM unit_closure c WHERE c.ancestor_id = p.ancestor_id AND c.descendant_id = u.id \
     AND c.depth = p.depth + 1)"

    "unit-closure-extra" on "unit": "单位树的闭包有多余记录，会让不应看到的单位看到数据", "the closure of the unit tree has a pair too many; a unit may see what is not its own";
    "SELECT c.descendant_id AS k, 'extra' AS d FROM unit_closure c LEFT JOIN unit u ON u.id = c.descendant_id \
     WHERE (c.depth = 0 AND c.ancestor_id <> c.descendant_id) OR c.depth < 0 OR (c.depth > 0 AND NOT EXISTS \
     (SELECT 1 FROM unit_closure p WHERE p.descendant_id = u.parent_id AND p.ancestor_id = c.ancestor_id \
     AND p.depth = c.depth - 1))"

    "section-closure-missing" on "section": "大项树的闭包缺少记录", "the closure of the tree of sections lacks a pair";
    "SELECT u.id AS k, 'self' AS d FROM section u WHERE NOT EXISTS (SELECT 1 FROM section_closure c \
     WHERE c.ancestor_id = u.id AND c.descendant_id = u.id AND c.depth = 0) \
     UNION ALL SELECT u.id, 'above' FROM section u JOIN section_closure p ON p.descendant_id = u.parent_id \
     WHERE NOT EXISTS (SELECT 1 FROM section_closure c WHERE c.ancestor_id = p.ancestor_id AND c.descendant_id = u.id \
     AND c.depth = p.depth + 1)"

    "section-closure-extra" on "section": "大项树的闭包有多余记录", "the closure of the tree of sections has a pair too many";
    "SELECT c.descendant_id AS k, 'extra' AS d FROM section_closure c LEFT JOIN section u ON u.id = c.descendant_id \
     WHERE (c.depth = 0 AND c.ancestor_id <> c.descendant_id) OR c.depth < 0 OR (c.depth > 0 AND NOT EXISTS \
     (SELECT 1 FROM section_closure p WHERE p.descendant_id = u.parent_id AND p.ancestor_id = c.ancestor_id \
     AND p.depth = c.depth - 1))"

    "section-list" on "section": "大项与上级大项不属于同一清单", "a section is of another list than the one above it";
    "SELECT s.id AS k, 'list' AS d FROM section s JOIN section p ON p.id = s.parent_id \
     WHERE p.task_list_id <> s.task_list_id"

    "task-list" on "task": "任务与其大项不属于同一清单", "a task is of another list than its section";
    "SELECT t.id AS k, 'section' AS d FROM task t JOIN section s ON s.id = t.section_id \
     WHERE s.task_list_id <> t.task_list_id"

    "group-expansion" on "assignment": "由单位组展开的责任与其来源不符", "what a group was expanded into does not agree with where it comes from";
    "SELECT a.id AS k, 'source' AS d FROM assignment a LEFT JOIN assignment s ON s.id = a.source_assignment_id \
     WHERE a.source_assignment_id IS NOT NULL AND (s.id IS NULL OR s.task_id <> a.task_id OR s.target = 'UNIT' \
     OR a.target <> 'UNIT' OR a.unit_id IS NULL)"

    "obligation-place" on "report_obligation": "应报事项与其报告期、任务或责任不符", "an obligation does not agree with its period, task or assignment";
    "SELECT o.id AS k, CASE WHEN p.task_list_id <> o.task_list_id THEN 'period' WHEN t.task_list_id <> o.task_list_id \
     THEN 'task' ELSE 'assignment' END AS d FROM report_obligation o JOIN reporting_period p \
     ON p.id = o.reporting_period_id JOIN task t ON t.id = o.task_id JOIN assignment a ON a.id = o.assignment_id \
     WHERE p.task_list_id <> o.task_list_id OR t.task_list_id <> o.task_list_id OR a.task_id <> o.task_id \
     OR a.unit_id IS NULL OR a.unit_id <> o.unit_id"

    "obligation-missing" on "assignment": "有效的责任在已开启的报告期没有应报事项，不会被催报", "an assignment in force has no obligation in an open period, so nobody asks for its report";
    "SELECT a.id AS k, p.label AS d FROM assignment a JOIN task t ON t.id = a.task_id \
     JOIN task_list l ON l.id = t.task_list_id JOIN reporting_period p ON p.task_list_id = l.id \
     JOIN unit u ON u.id = a.unit_id WHERE p.status = 'OPEN' AND l.status = 'ISSUED' AND a.status = 'ACTIVE' \
     AND t.status = 'ACTIVE' AND a.target = 'UNIT' AND u.active = true AND (a.role <> 'SUPPORT' OR l.support_reports = true) \
     AND NOT EXISTS (SELECT 1 FROM report_obligation o WHERE o.reporting_period_id = p.id AND o.task_id = a.task_id \
     AND o.unit_id = a.unit_id)"

    "obligation-twice" on "report_obligation": "同一责任在同一报告期有两项应报事项", "an assignment owes twice in one period";
    "SELECT o.id AS k, 'twice' AS d FROM report_obligation o JOIN report_obligation x \
     ON x.reporting_period_id = o.reporting_period_id AND x.assignment_id = o.assignment_id AND x.id < o.id"

    "report-place" on "progress_report": "报告与其应报事项不符", "a report does not agree with its obligation";
    "SELECT r.id AS k, 'obligation' AS d FROM progress_report r JOIN report_obligation o \
     ON o.id = r.report_obligation_id WHERE r.reporting_period_id <> o.reporting_period_id \
     OR r.task_list_id <> o.task_list_id OR r.task_id <> o.task_id OR r.unit_id <> o.unit_id"

    "report-twice" on "progress_report": "同一应报事项有两份报告", "two reports stand on one obligation";
    "SELECT r.id AS k, 'twice' AS d FROM progress_report r JOIN progress_report x \
     ON x.report_obligation_id = r.report_obligation_id AND x.id < r.id"

    "report-revisions" on "progress_report": "报告的提交次数与留存的各次提交不一致", "the revisions of a report are not those that were handed in";
    "SELECT r.id AS k, 'revisions' AS d FROM progress_report r LEFT JOIN (SELECT progress_report_id AS report, \
     count(*) AS n, max(revision) AS last FROM progress_report_revision GROUP BY progress_report_id) v ON v.report = r.id \
     WHERE r.revision <> coalesce(v.last, 0) OR coalesce(v.n, 0) <> coalesce(v.last, 0)"

    "report-status" on "progress_report": "报告的状态与提交记录不一致", "the state of a report does not agree with what was handed in";
    "SELECT r.id AS k, r.status AS d FROM progress_report r WHERE (r.status IN ('SUBMITTED', 'ACCEPTED', 'RETURNED') \
     AND (r.revision = 0 OR r.submitted_at IS NULL)) OR (r.status = 'ACCEPTED' AND r.accepted_revision IS NULL) \
     OR (r.accepted_revision IS NOT NULL AND NOT EXISTS (SELECT 1 FROM progress_report_revision v \
     WHERE v.progress_report_id = r.id AND v.revision = r.accepted_revision))"

    "report-review" on "progress_report": "报告的状态与审核记录不一致", "the state of a report does not agree with its reviews";
    "SELECT r.id AS k, r.status AS d FROM progress_report r WHERE (r.accepted_revision IS NOT NULL AND NOT EXISTS \
     (SELECT 1 FROM report_review w WHERE w.progress_report_id = r.id AND w.revision = r.accepted_revision \
     AND w.decision = 'ACCEPTED')) OR (r.status = 'RETURNED' AND NOT EXISTS (SELECT 1 FROM report_review w \
     WHERE w.progress_report_id = r.id AND w.revision = r.revision AND w.decision = 'RETURNED'))"

    "review-revision" on "report_review": "审核的那次提交不存在", "what was reviewed was never handed in";
    "SELECT w.id AS k, 'revision' AS d FROM report_review w WHERE NOT EXISTS (SELECT 1 FROM progress_report_revision v \
     WHERE v.progress_report_id = w.progress_report_id AND v.revision = w.revision)"

    "period-frozen" on "reporting_period": "已关闭的报告期没有冻结数，或与最后一次冻结不同", "a closed period has no frozen figures, or others than were frozen last";
    "SELECT p.id AS k, p.label AS d FROM reporting_period p WHERE p.status = 'CLOSED' AND (p.roll_up IS NULL \
     OR p.closed_at IS NULL OR NOT EXISTS (SELECT 1 FROM period_freeze f WHERE f.reporting_period_id = p.id \
     AND f.roll_up = p.roll_up AND f.number = (SELECT max(g.number) FROM period_freeze g \
     WHERE g.reporting_period_id = p.id)))"

    "freeze-numbers" on "reporting_period": "报告期的冻结次序有缺", "a number is missing among the freezes of a period";
    "SELECT f.reporting_period_id AS k, 'numbers' AS d FROM period_freeze f GROUP BY f.reporting_period_id \
     HAVING count(*) <> max(f.number) OR min(f.number) <> 1"

    "evidence-file" on "evidence": "佐证材料的文件不存在，或会被当作过期文件清理", "the file of a piece of evidence is not there, or would be removed as expired";
    "SELECT e.id AS k, 'file' AS d FROM evidence e LEFT JOIN file f ON f.id = e.file_id WHERE e.kind = 'FILE' \
     AND (f.id IS NULL OR f.expires_at IS NOT NULL)"

    "file-chunks" on "file": "文件的内容缺少一段", "a portion of a file is missing";
    "SELECT f.id AS k, 'portions' AS d FROM file f LEFT JOIN (SELECT file_id, count(*) AS n, max(position) AS last, \
     min(position) AS first FROM file_chunk GROUP BY file_id) c ON c.file_id = f.id \
     WHERE (f.size > 0 AND c.n IS NULL) OR c.n <> c.last + 1 OR c.first <> 0"

    "chunk-orphan" on "file_chunk": "没有所属文件的内容", "content of no file";
    "SELECT c.file_id AS k, 'orphan' AS d FROM file_chunk c WHERE NOT EXISTS (SELECT 1 FROM file f WHERE f.id = c.file_id)"

    "notification-subject" on "notification": "通知所说的对象已不存在", "what a notice is about is not there";
    "SELECT n.id AS k, n.kind AS d FROM notification n WHERE NOT EXISTS (SELECT 1 FROM progress_report x WHERE x.id = n.subject_id) \
     AND NOT EXISTS (SELECT 1 FROM reporting_period x WHERE x.id = n.subject_id) \
     AND NOT EXISTS (SELECT 1 FROM task_list x WHERE x.id = n.subject_id) \
     AND NOT EXISTS (SELECT 1 FROM urge_notice x WHERE x.id = n.subject_id) \
     AND NOT EXISTS (SELECT 1 FROM extension_request x WHERE x.id = n.subject_id) \
     AND NOT EXISTS (SELECT 1 FROM period_reopening x WHERE x.id = n.subject_id) \
     AND NOT EXISTS (SELECT 1 FROM report_obligation x WHERE x.id = n.subject_id) \
     AND NOT EXISTS (SELECT 1 FROM rectification x WHERE x.id = n.subject_id) \
     AND NOT EXISTS (SELECT 1 FROM look_back x WHERE x.id = n.subject_id) \
     AND NOT EXISTS (SELECT 1 FROM look_back_item x WHERE x.id = n.subject_id) \
     AND NOT EXISTS (SELECT 1 FROM publication x WHERE x.id = n.subject_id) \
     AND NOT EXISTS (SELECT 1 FROM amendment x WHERE x.id = n.subject_id) \
     AND NOT EXISTS (SELECT 1 FROM assignment_response x WHERE x.id = n.subject_id) \
     AND NOT EXISTS (SELECT 1 FROM assignment x WHERE x.id = n.subject_id) \
     AND NOT EXISTS (SELECT 1 FROM user_account x WHERE x.id = n.subject_id) \
     AND NOT EXISTS (SELECT 1 FROM role_grant x WHERE x.id = n.subject_id) \
     AND NOT EXISTS (SELECT 1 FROM role_grant_request x WHERE x.id = n.subject_id) \
     AND NOT EXISTS (SELECT 1 FROM unit x WHERE x.id = n.subject_id) \
     AND NOT EXISTS (SELECT 1 FROM task x WHERE x.id = n.subject_id)"

    "outbox-state" on "outbox": "待发消息的投递记录自相矛盾", "a message says of itself both that it was delivered and that it was not";
    "SELECT o.id AS k, o.topic AS d FROM outbox o WHERE o.attempts < 0 OR (o.delivered_at IS NOT NULL AND o.attempts = 0)"

    "idempotency" on "user_account": "幂等结果没有所属用户，或没有输入摘要", "a kept result has no user, or no digest of what was asked";
    "SELECT i.user_id AS k, i.operation AS d FROM idempotency_result i WHERE i.input_digest = '' \
     OR NOT EXISTS (SELECT 1 FROM user_account u WHERE u.id = i.user_id)"

    "administrators" on "user_account": "一人兼任系统、安全、审计管理员中的两类", "somebody holds two of the three kinds of administrator";
    "SELECT g.user_id AS k, 'roles' AS d FROM role_grant g WHERE g.role IN ('SYSTEM_ADMIN', 'SECURITY_ADMIN', 'AUDIT_ADMIN') \
     GROUP BY g.user_id HAVING count(DISTINCT g.role) > 1"

    "operator-grant" on "role_grant": "标为运维所授的授权，审计记录中没有相应的设立记录", "a right that is said to come from the operator has no row of his in the audit trail";
    "SELECT g.id AS k, g.role AS d FROM role_grant g JOIN user_account u ON u.id = g.user_id LEFT JOIN (SELECT DISTINCT \
     e.object_id AS of_user FROM audit_entry e WHERE e.operation = 'userAdd' AND e.user_id IS NULL) a ON a.of_user = u.id \
     WHERE g.origin = 'OPERATOR' AND (a.of_user IS NULL OR g.created_at <> u.created_at)"

    "external-session" on "session": "外部平台登录的会话与绑定的用户不一致", "a session that another service opened is not of the user it is linked to";
    "SELECT s.id AS k, 'identity' AS d FROM session s WHERE s.external_identity_id IS NOT NULL AND NOT EXISTS \
     (SELECT 1 FROM external_identity e WHERE e.id = s.external_identity_id AND e.user_id = s.user_id)"

    "contact-removed" on "progress_report": "已标为删除的联系方式仍在", "a reporter's name or number is still there though it is said to be removed";
    "SELECT r.id AS k, 'contact' AS d FROM progress_report r WHERE r.reporter_removed_at IS NOT NULL \
     AND (r.reporter_phone_ciphertext IS NOT NULL OR r.reporter_name IS NOT NULL)"
}
