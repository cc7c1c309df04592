//! What a principal asks again after each hidden change: some forty questions in six requests.

use serde_json::{Value, json};
use taizhang::id::Kind;

use crate::support::World;

/// The idempotency key of what is refused; others may have used it before.
pub const KEY: &str = "changes-no-byte";

const PAGE: &str = "totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }";

/// The requests, with their variables.
pub fn all(world: &World) -> Vec<(String, Value)> {
    let unit = world.id(Kind::Unit, "resp2");
    let (p2, s1) = (world.id(Kind::ReportingPeriod, "p2"), world.id(Kind::Section, "s1"));
    let t4 = world.id(Kind::Task, "t4");
    let directory = format!(
        "{{ viewer {{ name unit {{ name }} grants {{ role unit {{ name }} }} user {{ name }}
            files(first: 50) {{ {PAGE} nodes {{ id name purpose mediaType size sha256 createdAt expiresAt downloadUrl }} }} }}
        units(first: 50) {{ {PAGE} nodes {{ id name shortName aliases code kind active version updatedAt parent {{ id }} successor {{ id }} history(first: 2) {{ {PAGE} nodes {{ oldName newName }} }}
            contacts(first: 3) {{ {PAGE} nodes {{ id name lockedUntil lastSignInAt totpRemoval {{ status requestedAt lapsesAt decidedAt requestedBy {{ id }} viewerCan {{ approve {{ allowed code }} refuse {{ allowed }} }} }} }} }} viewerCan {{ edit {{ allowed reason }} }} }} }}
        search: units(filter: {{ search: \"lead\" }}, orderBy: {{ field: NAME }}, last: 5) {{ {PAGE} nodes {{ name }} }}
        unitGroups {{ {PAGE} nodes {{ name aliases version members {{ {PAGE} nodes {{ addedAt unit {{ name }} }} }} }} }}
        b: unitGroups(filter: {{ member: \"{unit}\" }}) {{ {PAGE} }} }}"
    );
    let lists = format!(
        "{{ taskLists(first: 20) {{ {PAGE} edges {{ cursor node {{ id title year documentNumber status version updatedAt
            issuedAt closedAt issuer {{ name }} sections {{ {PAGE} nodes {{ id title version updatedAt }} }}
            reportingPeriods(first: 4) {{ {PAGE} nodes {{ id label status version updatedAt
                rollUp {{ expected received accepted returned missing receiptRate completions {{ completion count }} }}
                frozenRollUp {{ expected }} closeGate {{ missingCount unitOutOfUseCount canClose {{ allowed reason }} outstanding(first: 2) {{ {PAGE} }} }}
                freezes(first: 4) {{ {PAGE} nodes {{ id number rollUp {{ expected }} }} }}
                reopenings(first: 5) {{ {PAGE} nodes {{ id reason until isRunning unit {{ name }} }} }}
                extensionRequests(first: 9) {{ {PAGE} nodes {{ id reason status decisionReason viewerCan {{ decide {{ allowed }} }} }} }} }} }}
            urgeRules(first: 3) {{ {PAGE} nodes {{ id version offsetWorkingDays active ranOn }} }}
            periodSchedules(first: 3) {{ {PAGE} nodes {{ id label version next {{ opensOn dueOn }} }} }}
            viewerCan {{ edit {{ allowed reason }} issue {{ allowed }} close {{ allowed code }} openPeriod {{ allowed }} }}
        }} }} }}
        q: taskLists(first: 5) {{ nodes {{ importQuestions {{ {PAGE} nodes {{ id text printed status answer version task {{ number }} }} }} }} }}
        b: taskLists(orderBy: {{ field: TITLE, direction: DESC }}, first: 2) {{ {PAGE} nodes {{ title }} }}
        c: taskLists(filter: {{ title: {{ contains: \"c改\" }} }}) {{ {PAGE} }}
        r: taskLists(first: 10) {{ nodes {{ acknowledgement {{ units acknowledged pending declined }}
            amendments(first: 4) {{ {PAGE} nodes {{ id number reason documentNumber byUnit {{ name }} changes(first: 4) {{ {PAGE} nodes {{ id kind
                before {{ number title }} after {{ number title name }} redline {{ field }} unit {{ name }} task {{ number }} }} }} }} }} }} }}
        d: taskLists(orderBy: {{ field: UPDATED_AT }}, last: 2, filter: {{ not: {{ status: {{ eq: DRAFT }} }} }}) {{ {PAGE} }} }}"
    );
    let tasks = format!(
        "{{ tasks(first: 30) {{ {PAGE} nodes {{ id number title requirement version updatedAt isOverdue dueOn viewerRoles reportingLead {{ id name }}
            section {{ id title }} deadlines {{ {PAGE} nodes {{ text dueOn }} }}
            assignments {{ {PAGE} nodes {{ id name role scopeNote version unit {{ name }} response {{ id kind reason decision version }} addedSince {{ name }} latestReport {{ id narrative }} }} }} }} }}
        b: tasks(filter: {{ mine: true }}, orderBy: {{ field: UPDATED_AT }}) {{ {PAGE} }}
        c: tasks(filter: {{ overdue: true }}) {{ {PAGE} }}
        o: tasks(filter: {{ unitOutOfUse: true }}) {{ {PAGE} nodes {{ number }} }}
        d: tasks(filter: {{ missingReportIn: \"{p2}\" }}) {{ {PAGE} }}
        e: tasks(filter: {{ unit: \"{unit}\", role: LEAD }}) {{ {PAGE} }}
        f: tasks(filter: {{ withinSection: \"{s1}\", incentive: true }}) {{ {PAGE} }}
        g: tasks(filter: {{ text: \"t1改\" }}) {{ {PAGE} }}
        h: tasks(filter: {{ dueWithinDays: 30 }}, offset: 1) {{ {PAGE} }}
        i: tasks(filter: {{ not: {{ role: SUPPORT }} }}, last: 3) {{ {PAGE} nodes {{ number }} }} }}"
    );
    let reports = format!(
        "{{ progressReports(first: 60) {{ {PAGE} nodes {{ id narrative status completion percent doneCount reporterName reporterPhone
            revision returnCount submittedAt decidedAt version updatedAt
            revisions(first: 3) {{ {PAGE} nodes {{ narrative doneCount submittedBy {{ name }} }} }}
            acceptedRevision correcting signingSince filledOn unchanged
            signatures(first: 3) {{ {PAGE} nodes {{ decision reason user {{ name }} }} }}
            evidence(first: 3) {{ {PAGE} nodes {{ id title url file {{ id name }} }} }}
            parts(first: 3) {{ {PAGE} nodes {{ narrative doneCount movedOn unit {{ name }} source {{ id }} }} }}
            reviews(first: 3) {{ {PAGE} nodes {{ reason reviewerUnit {{ name }} }} }}
            viewerCan {{ accept {{ allowed code }} submit {{ allowed }} }} }} }}
        b: progressReports(filter: {{ status: {{ eq: RETURNED }} }}) {{ {PAGE} }}
        c: progressReports(filter: {{ unit: {{ eq: \"{unit}\" }} }}, orderBy: {{ field: UPDATED_AT }}) {{ {PAGE} }}
        d: progressReports(filter: {{ submittedAt: {{ isNull: false }}, completion: {{ eq: COMPLETED }} }}) {{ {PAGE} }}
        e: reportObligations(first: 100) {{ {PAGE} nodes {{ id createdAt dueOn lateFrom expectedCount report {{ id status }}
            extensionRequests(first: 2) {{ {PAGE} nodes {{ reason }} }} viewerCan {{ save {{ allowed code }} }} }} }}
        f: reportObligations(filter: {{ missingReport: true }}) {{ {PAGE} }}
        g: reportObligations(filter: {{ task: {{ eq: \"{t4}\" }} }}) {{ {PAGE} }} }}"
    );
    const COUNTS: &str = crate::status::COUNTS;
    let status = format!(
        "{{ a: reportingStatus(first: 50) {{ {PAGE} totals {{ {COUNTS} }} nodes {{ unit {{ name }} counts {{ {COUNTS} }} }} }}
        b: reportingStatus(groupBy: SECTION, period: \"{p2}\") {{ {PAGE} nodes {{ section {{ title }} counts {{ {COUNTS} }} }} }}
        c: reportingStatus(groupBy: LEAD, asOf: \"2026-06-30\") {{ {PAGE} totals {{ {COUNTS} }} nodes {{ unit {{ name }} counts {{ {COUNTS} }} }} }}
        d: reportingStatus(groupBy: GROUP) {{ nodes {{ unitGroup {{ name }} counts {{ {COUNTS} }} }} }}
        e: reportingStatus(groupBy: LIST, asOf: \"2026-06-30\") {{ nodes {{ taskList {{ title }} counts {{ {COUNTS} }} }} }}
        f: missingReports(first: 100) {{ {PAGE} nodes {{ id unit {{ name }} due {{ on state daysOverdue workingDaysOverdue }} }} }}
        g: missingReports(filter: {{ overdue: true }}, orderBy: {{ field: DUE_ON, direction: DESC }}) {{ {PAGE} }} }}"
    );
    let work = format!(
        "{{ viewer {{ work {{ counts {{ toReport returned overdue toSign toReview }} toReport {{ {PAGE} nodes {{ id report {{ version }} }} }}
            returned {{ {PAGE} nodes {{ id }} }} overdue {{ {PAGE} }} toSign {{ {PAGE} nodes {{ id version }} }} toReview {{ {PAGE} nodes {{ id version }} }} }} }}
        reportingMatrix(period: \"{p2}\", first: 50) {{ {PAGE} units {{ name }} nodes {{ task {{ number }}
            cells {{ unitId obligation {{ id }} report {{ id version narrative }} due {{ state }} }} }} }} }}"
    );
    let notices = format!(
        "{{ viewer {{ unreadCount notifications(first: 50) {{ {PAGE} nodes {{ id kind text createdAt readAt unit {{ name }}
            taskList {{ title }} period {{ label }} report {{ id status }} urgeNotice {{ documentNumber }} }} }}
            unread: notifications(unreadOnly: true) {{ {PAGE} }} }}
        urgeNotices(first: 20) {{ {PAGE} nodes {{ id documentNumber grade text daysOverdue reply readAt version unit {{ name }}
            taskList {{ title }} period {{ label }} items {{ {PAGE} nodes {{ obligation {{ id }} }} }} }} }}
        b: urgeNotices(filter: {{ read: false }}) {{ {PAGE} }} }}"
    );
    let (upper, issued) = (world.id(Kind::TaskList, "upper"), world.id(Kind::TaskList, "issued"));
    let look_back = format!(
        "{{ lookBacks(first: 10) {{ {PAGE} nodes {{ id title status version createdBy {{ name }} viewerCan {{ finish {{ allowed }} }}
            items(first: 12) {{ {PAGE} nodes {{ id finding text version foundBy {{ name }} unit {{ name }}
                evidence(first: 4) {{ {PAGE} nodes {{ title file {{ name }} }} }} rectifications(first: 3) {{ {PAGE} }} }} }} }} }}
        rectifications(first: 20) {{ {PAGE} nodes {{ id problem measure status isOverdue daysLeft version recheckText
            steps(first: 5) {{ {PAGE} nodes {{ status text user {{ name }} }} }} evidence(first: 4) {{ {PAGE} nodes {{ title }} }} }} }}
        a: rectifications(filter: {{ overdue: true }}) {{ {PAGE} }}
        b: rectifications(filter: {{ unit: {{ eq: \"{unit}\" }} }}) {{ {PAGE} }}
        upper: lineageCoverage(id: \"{upper}\") {{ expectedCount coveredCount uncovered {{ {PAGE} nodes {{ id }} }} unitsWithoutList {{ {PAGE} nodes {{ name }} }} }}
        issued: lineageCoverage(id: \"{issued}\") {{ expectedCount coveredCount }} }}"
    );
    let lineage = format!(
        "{{ tasks(first: 40) {{ nodes {{ id origins(first: 3) {{ {PAGE} nodes {{ id kind reason origin {{ number }} }} }}
            derived(first: 3) {{ {PAGE} nodes {{ id kind reason task {{ number }} }} }} }} }} }}"
    );
    let by_id = "query($draft: ID!, $t4: ID!, $s2: ID!, $p2: ID!, $b: ID!, $ids: [ID!]!) {
        taskList(id: $draft) { id title version } task(id: $t4) { id title assignments { totalCount } }
        node(id: $s2) { id ... on Section { title tasks { totalCount } } }
        reportingPeriod(id: $p2) { id label reportObligations { totalCount } rollUp { expected } }
        unit(id: $b) { id name contacts { totalCount } }
        nodes(ids: $ids) { __typename id ... on ProgressReport { narrative reviews { totalCount } } ... on User { name } ... on File { name downloadUrl }
            ... on ExportJob { status progress problem finishedAt file { name } taskList { title } unit { name } } } }";
    let mut ids: Vec<String> =
        ["@office", "@lead1", "@foreign-office"].iter().map(|name| world.id(Kind::User, name)).collect();
    let every_fourth = world.rows.progress_report.iter().step_by(4).take(20);
    ids.extend(
        world.rows.file.iter().rev().take(60).map(|f| taizhang::id::GlobalId::new(Kind::File, f.id).to_string()),
    );
    ids.extend(
        world.rows.export_job.iter().map(|job| taizhang::id::GlobalId::new(Kind::ExportJob, job.id).to_string()),
    );
    ids.extend(every_fourth.map(|r| taizhang::id::GlobalId::new(Kind::ProgressReport, r.id).to_string()));
    let by_id_variables = json!({
        "draft": world.id(Kind::TaskList, "draft"), "t4": t4, "s2": world.id(Kind::Section, "s2"), "p2": p2,
        "b": world.id(Kind::Unit, "b"), "ids": ids,
    });
    let refused = format!(
        "mutation($id: ID!, $input: TaskListUpdateInput!) {{ taskListUpdate(id: $id, input: $input, idempotencyKey: \"{KEY}\") {{
        taskList {{ id title version }} userErrors {{ code message field }} }} }}"
    );
    // The title is empty: even whoever may change the list does not.
    let refused_variables =
        json!({ "id": world.id(Kind::TaskList, "draft"), "input": { "expectedVersion": 999, "title": "" } });
    let publishing = format!(
        "{{ publications(first: 50) {{ {PAGE} nodes {{ id kind title status round checksum openFindingCount leftOutCount version updatedAt
            taskList {{ title }} preparedBy {{ name }} replaces {{ id }} replacedBy {{ id }} publicPath withdrawalReason
            findings(first: 9) {{ {PAGE} nodes {{ id excerpt pointer released releaseReason releasedBy {{ name }} }} }}
            open: findings(open: true, first: 2) {{ {PAGE} }}
            steps(first: 9) {{ {PAGE} nodes {{ id act decision reason user {{ name }} unit {{ name }} }} }}
            viewerCan {{ redact {{ allowed code }} review {{ allowed reason }} publish {{ allowed }} withdraw {{ allowed }} }} }} }}
        b: publications(filter: {{ title: {{ contains: \"改\" }} }}, orderBy: {{ field: UPDATED_AT }}) {{ {PAGE} }}
        c: publications(filter: {{ status: {{ eq: PUBLISHED }}, kind: {{ ne: PROGRESS }} }}) {{ {PAGE} }}
        d: publicationDocument(id: \"{}\") {{ content checksum figures {{ name }} }}
        e: publicationDocument(id: \"{}\") {{ content }} }}",
        world.id(Kind::Publication, "list anew"),
        world.id(Kind::Publication, "county's draft"),
    );
    let rights = format!(
        "{{ roleGrants(first: 60) {{ {PAGE} nodes {{ id role scopes lists validUntil inForce createdAt endedAt endReason version
            user {{ name realm }} unit {{ name }} endedBy {{ name }} request {{ id reason }} viewerCan {{ revoke {{ allowed code reason }} }} }} }}
        b: roleGrants(filter: {{ inForce: true, role: {{ ne: REPORTER }} }}) {{ {PAGE} }}
        roleGrantRequests(first: 20) {{ {PAGE} nodes {{ id role scopes lists validUntil reason status decisionReason lapsesAt version
            user {{ name }} unit {{ name }} requestedBy {{ name }} decidedBy {{ name }}
            viewerCan {{ approve {{ allowed code }} withdraw {{ allowed }} }} }} }}
        d: roleGrantRequests(filter: {{ status: [PENDING, LAPSED], unit: {{ eq: \"{unit}\" }} }}) {{ {PAGE} }} }}"
    );
    let plain = [directory, lists, tasks, reports, status, work, notices, look_back, lineage, publishing, rights]
        .into_iter()
        .map(|query| (query, json!({})));
    plain.chain([(by_id.to_owned(), by_id_variables), (refused, refused_variables)]).collect()
}
