//! Who one can be to a thing, as the policy tells people apart.

use crate::authz::Subject;

/// Somebody.
pub(super) struct Person {
    pub zh: &'static str,
    pub en: &'static str,
    pub subject: Subject,
    /// Whom he is like, but for one thing; he is shown only where that makes a difference.
    pub like: Option<usize>,
}

const NOBODY: Subject = Subject {
    office: false,
    system_admin: false,
    security_admin: false,
    reporter: false,
    submitted_it: false,
    approver: false,
    signed_it: false,
    reporting_lead: false,
    writes: false,
    prepared_it: false,
    decided_it: false,
    asked_for_it: false,
    reported_it: false,
    is_it: false,
    of_another_power: false,
    narrowed: false,
};
const OFFICE: Subject = Subject { office: true, writes: true, ..NOBODY };
const REPORTER: Subject = Subject { reporter: true, writes: true, ..NOBODY };
const APPROVER: Subject = Subject { approver: true, ..REPORTER };
const SYSTEM: Subject = Subject { system_admin: true, ..NOBODY };
const SECURITY: Subject = Subject { security_admin: true, ..NOBODY };

const fn base(zh: &'static str, en: &'static str, subject: Subject) -> Person {
    Person { zh, en, subject, like: None }
}

const fn like(nth: usize, zh: &'static str, en: &'static str, subject: Subject) -> Person {
    Person { zh, en, subject, like: Some(nth) }
}

/// Everybody, those first whom others are like.
#[rustfmt::skip]
pub(super) const PEOPLE: &[Person] = &[
    base("政务公开办", "the office", OFFICE),
    base("单位填报人、可写的服务账号", "a reporter of the unit, or its service account that writes", REPORTER),
    base("单位审签人", "an approver of the unit", APPROVER),
    base("系统管理员", "a system administrator", SYSTEM),
    base("安全管理员", "a security administrator", SECURITY),
    base("其他人（审计管理员、督查、其他单位等）", "everybody else: audit administrators, inspectors, other units", NOBODY),
    like(0, "政务公开办，提交了该报告的本人", "the office, where he handed the report in himself", Subject { submitted_it: true, ..OFFICE }),
    like(0, "政务公开办，签发了该报告的本人", "the office, where he signed the report himself", Subject { signed_it: true, ..OFFICE }),
    like(0, "政务公开办，申请人或异议人本人", "the office, where he asked for it himself", Subject { asked_for_it: true, ..OFFICE }),
    like(0, "政务公开办，编制或修改了该稿的本人", "the office, where he prepared or redacted it himself", Subject { prepared_it: true, ..OFFICE }),
    like(0, "政务公开办，本轮已作过决定的本人", "the office, where he has decided in this round", Subject { decided_it: true, ..OFFICE }),
    like(0, "政务公开办，报告整改完成的本人", "the office, where he reported it as done himself", Subject { reported_it: true, ..OFFICE }),
    like(1, "牵头汇总单位填报人", "a reporter of the lead that reports for all", Subject { reporting_lead: true, ..REPORTER }),
    like(2, "审签人，提交了该报告的本人", "an approver, where he handed the report in himself", Subject { submitted_it: true, ..APPROVER }),
    like(3, "系统管理员，对本人的账号", "a system administrator, about himself", Subject { is_it: true, ..SYSTEM }),
    like(3, "系统管理员，对安全、审计管理员的账号", "a system administrator, about a security or audit administrator", Subject { of_another_power: true, ..SYSTEM }),
    like(3, "系统管理员，申请人本人", "a system administrator, where he asked for it himself", Subject { asked_for_it: true, ..SYSTEM }),
    like(4, "安全管理员，申请人本人", "a security administrator, where he asked for it himself", Subject { asked_for_it: true, ..SECURITY }),
    like(5, "服务账号，用密钥取得的令牌", "a service account, by a token that it got with its secret", Subject { narrowed: true, ..NOBODY }),
    like(5, "其他人，对本人的账号", "everybody else, about himself", Subject { is_it: true, ..NOBODY }),
    like(4, "安全管理员，对安全、审计管理员的账号", "a security administrator, about a security or audit administrator", Subject { of_another_power: true, ..SECURITY }),
    like(4, "安全管理员，被授权人本人", "a security administrator, about a right of his own", Subject { is_it: true, ..SECURITY }),
];
