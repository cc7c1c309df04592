//! The codes of top-level errors.

/// The codes of top-level errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// Nobody is behind the request.
    Unauthenticated,
    /// The password is right, and a one-time password is needed.
    TotpRequired,
    /// The password has to be changed before anything else.
    PasswordChangeRequired,
    /// One-time passwords have to be set up before anything else.
    TotpEnrolmentRequired,
    /// Whoever it is may not do this.
    Forbidden,
    /// The request is wrong.
    BadRequest,
    /// The request asks for more than a limit allows.
    QueryTooComplex,
    /// Too many requests at once.
    RateLimited,
    /// The service cannot answer now.
    Unavailable,
    /// The service is at fault.
    Internal,
}

impl Code {
    /// The code as clients see it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::TotpRequired => "TOTP_REQUIRED",
            Self::PasswordChangeRequired => "PASSWORD_CHANGE_REQUIRED",
            Self::TotpEnrolmentRequired => "TOTP_ENROLMENT_REQUIRED",
            Self::Forbidden => "FORBIDDEN",
            Self::BadRequest => "BAD_REQUEST",
            Self::QueryTooComplex => "QUERY_TOO_COMPLEX",
            Self::RateLimited => "RATE_LIMITED",
            Self::Unavailable => "UNAVAILABLE",
            Self::Internal => "INTERNAL",
        }
    }
}
