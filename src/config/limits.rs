//! Bounds on everything a client can make the server do.

use std::time::Duration;

/// The limits in force; the start values are those of [`Limits::default`].
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    /// Body of a GraphQL request, bytes.
    pub body_bytes: usize,
    /// Document, characters.
    pub document_chars: usize,
    /// Document, lexical tokens.
    pub document_tokens: usize,
    /// Nesting of brackets of any kind, in the document and in JSON variables.
    pub bracket_depth: usize,
    /// Nesting of selection sets, fragments expanded.
    pub selection_depth: usize,
    /// Fields after expanding fragments.
    pub expanded_fields: u64,
    /// Cost of an operation of a signed-in principal.
    pub cost_signed_in: u64,
    /// Cost of an operation of a principal that is not signed in.
    pub cost_anonymous: u64,
    /// Aliases in a document.
    pub aliases: usize,
    /// Root fields of an operation.
    pub root_fields: usize,
    /// Directives in a document.
    pub directives: usize,
    /// Fragment definitions in a document.
    pub fragments: usize,
    /// Items on a page when nothing is asked.
    pub page_default: u64,
    /// Items on a page at most.
    pub page_max: u64,
    /// Items of a bulk mutation at most.
    pub bulk_items: usize,
    /// Office file to be read, bytes.
    pub file_bytes: usize,
    /// Package of an office file, unpacked bytes.
    pub file_unpacked: u64,
    /// Parts of a package of an office file.
    pub file_entries: usize,
    /// Cells of an office file.
    pub file_cells: usize,
    /// Memory of the process that reads an office file, bytes.
    pub file_memory: u64,
    /// Processor time of that process, seconds.
    pub file_cpu_seconds: u64,
    /// Deadline of a request.
    pub request_deadline: Duration,
    /// Time after which a change is given up that goes on behind its answer.
    pub change_deadline: Duration,
    /// Deadline of one SQL statement.
    pub statement_timeout: Duration,
    /// Wait for a database connection.
    pub acquire_timeout: Duration,
    /// Wait, at the start, for a database that is not ready.
    pub start_wait: Duration,
    /// Requests running at once for one principal.
    pub running_per_principal: usize,
    /// Requests running at once, whole instance.
    pub running: usize,
    /// Requests to sign in running at once, in a lane of their own.
    pub running_sign_in: usize,
    /// Requests waiting for a place, whole instance.
    pub waiting: usize,
    /// Life of an access token.
    pub access_token: Duration,
    /// Leeway between clocks when a token is checked.
    pub clock_leeway: Duration,
    /// Time to receive the header of a request.
    pub header_timeout: Duration,
    /// Time to receive the body of a request.
    pub body_timeout: Duration,
    /// A file that is uploaded, bytes.
    pub upload_bytes: usize,
    /// Time to receive an upload.
    pub upload_timeout: Duration,
    /// Bytes of uploads held in memory at once, whole instance.
    pub upload_memory: usize,
    /// Uploads one user keeps.
    pub uploads_per_user: u64,
    /// Bytes of the uploads one user keeps.
    pub upload_bytes_per_user: u64,
    /// Life of an upload.
    pub upload_life: Duration,
    /// Life of a link to a file.
    pub file_link: Duration,
    /// Time between two rounds that remove expired files.
    pub file_sweep: Duration,
    /// Time a connection may be idle.
    pub idle_timeout: Duration,
    /// Bytes a second that a client takes of its answer; one that is slower is cut off after the idle time.
    pub least_rate: u32,
    /// Connections open at once.
    pub connections: usize,
    /// Connections of one address at once; trusted proxies have no such limit.
    pub connections_per_address: usize,
    /// Header of a request, bytes.
    pub header_bytes: usize,
    /// Time between "not ready" and the end of accepting, for a balancer to notice.
    pub lame_duck: Duration,
    /// Time to drain after SIGTERM.
    pub drain: Duration,
    /// Days after the issue of a list by which units with units below them should have one of their own.
    pub own_list_days: u64,
    /// Body of a request to sign in, bytes.
    pub auth_bytes: usize,
    /// Time after which a session that is not used ends.
    pub session_idle: Duration,
    /// Time after which a session ends in any case.
    pub session_life: Duration,
    /// Sessions of one user at once; the one unused for the longest ends when there is one more.
    pub sessions_per_user: u64,
    /// Refreshes of one session.
    pub session_refreshes: u64,
    /// Attempts to sign in from one address at once.
    pub sign_in_burst: u32,
    /// Time after which an address has one attempt more.
    pub sign_in_refill: Duration,
    /// Time before which nobody is told that he is not signed in.
    pub sign_in_refusal: Duration,
    /// Addresses whose attempts are remembered.
    pub sign_in_addresses: usize,
    /// Memory of one password, KiB.
    pub password_memory: u32,
    /// Passes over that memory.
    pub password_passes: u32,
    /// Lanes of that memory.
    pub password_lanes: u32,
    /// Passwords at work at once.
    pub passwords_at_once: usize,
    /// Passwords that wait.
    pub passwords_waiting: usize,
    /// Life of an invitation or reset.
    pub one_time_code: Duration,
    /// Sessions of one service account at once.
    pub sessions_per_machine: u64,
    /// Tokens of one service account at once.
    pub client_burst: u32,
    /// Time after which a service account has one token more.
    pub client_refill: Duration,
    /// Time between the publication of a signing key and its first signature.
    pub key_lead: Duration,
    /// Time between two looks at the key folder and the table of keys.
    pub key_poll: Duration,
    /// Life of a request for a grant that nobody decided.
    pub grant_request: Duration,
    /// Days for which ended sessions and codes are kept.
    pub kept_session_days: u64,
    /// Days for which the results of requests with an idempotency key are kept.
    pub kept_idempotency_days: u64,
    /// Days for which delivered messages are kept.
    pub kept_message_days: u64,
    /// Days for which notices to people are kept.
    pub kept_notification_days: u64,
    /// Days for which names and numbers of reporters are kept after an archived list was closed.
    pub kept_contact_days: u64,
    /// Days for which passwords and one-time passwords of disabled users are kept.
    pub kept_credential_days: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 64 * 1024,
            document_chars: 10_000,
            document_tokens: 2_000,
            bracket_depth: 64,
            selection_depth: 15,
            expanded_fields: 1_000,
            cost_signed_in: 50_000,
            cost_anonymous: 200,
            aliases: 15,
            root_fields: 10,
            directives: 20,
            fragments: 50,
            page_default: 20,
            page_max: 200,
            bulk_items: 100,
            file_bytes: 20 * 1024 * 1024,
            file_unpacked: 200 * 1024 * 1024,
            file_entries: 5_000,
            file_cells: 200_000,
            file_memory: 512 * 1024 * 1024,
            file_cpu_seconds: 20,
            request_deadline: Duration::from_secs(10),
            change_deadline: Duration::from_secs(60),
            statement_timeout: Duration::from_secs(3),
            acquire_timeout: Duration::from_secs(1),
            start_wait: Duration::from_secs(30),
            running_per_principal: 20,
            running: 32,
            running_sign_in: 16,
            waiting: 100,
            access_token: Duration::from_secs(15 * 60),
            clock_leeway: Duration::from_secs(30),
            header_timeout: Duration::from_secs(5),
            body_timeout: Duration::from_secs(30),
            upload_bytes: 20 * 1024 * 1024,
            upload_timeout: Duration::from_secs(120),
            upload_memory: 128 * 1024 * 1024,
            uploads_per_user: 50,
            upload_bytes_per_user: 200 * 1024 * 1024,
            upload_life: Duration::from_secs(24 * 3600),
            file_link: Duration::from_secs(60),
            file_sweep: Duration::from_secs(10 * 60),
            idle_timeout: Duration::from_secs(60),
            least_rate: 1_024,
            connections: 1_024,
            connections_per_address: 256,
            header_bytes: 32 * 1024,
            lame_duck: Duration::from_millis(500),
            drain: Duration::from_secs(8),
            own_list_days: 30,
            auth_bytes: 8 * 1024,
            session_idle: Duration::from_secs(30 * 60),
            session_life: Duration::from_secs(12 * 3600),
            sessions_per_user: 20,
            session_refreshes: 500,
            sign_in_burst: 60,
            sign_in_refill: Duration::from_secs(1),
            sign_in_refusal: Duration::from_millis(250),
            sign_in_addresses: 10_000,
            password_memory: 19 * 1024,
            password_passes: 2,
            password_lanes: 1,
            passwords_at_once: 2,
            passwords_waiting: 16,
            one_time_code: Duration::from_secs(24 * 3600),
            sessions_per_machine: 100,
            client_burst: 30,
            client_refill: Duration::from_secs(10),
            key_lead: Duration::from_secs(3600),
            key_poll: Duration::from_secs(10),
            grant_request: Duration::from_secs(14 * 24 * 3600),
            kept_session_days: 30,
            kept_idempotency_days: 30,
            kept_message_days: 30,
            kept_notification_days: 400,
            kept_contact_days: 1_095,
            kept_credential_days: 180,
        }
    }
}
