//! Which media types come in and go out.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::web::{info::weighted, refusal::Refusal};

/// The media type of an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Media {
    /// `application/graphql-response+json`: the status tells what happened.
    GraphQl,
    /// `application/json`: the status tells that a GraphQL server answered.
    #[default]
    Json,
}

impl Media {
    pub const fn header(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::GraphQl => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        })
    }

    const fn essence(self) -> &'static str {
        match self {
            Self::GraphQl => "application/graphql-response+json",
            Self::Json => "application/json",
        }
    }

    /// What `Accept` prefers; nothing when it excludes both. Wildcards and silence mean JSON.
    pub fn acceptable(headers: &HeaderMap) -> Option<Self> {
        if !headers.contains_key(header::ACCEPT) {
            return Some(Self::Json);
        }
        let (graphql, named) = Self::GraphQl.weight(headers);
        let (json, _) = Self::Json.weight(headers);
        if graphql > json || (graphql == json && graphql > 0.0 && named) {
            Some(Self::GraphQl)
        } else {
            (json > 0.0).then_some(Self::Json)
        }
    }

    /// The weight of the most specific range that fits, and whether that range names the type itself.
    fn weight(self, headers: &HeaderMap) -> (f32, bool) {
        let mut best = (0, 0.0);
        for value in headers.get_all(header::ACCEPT) {
            for range in value.to_str().unwrap_or_default().split(',') {
                let (name, weight) = weighted(range);
                let specific = match name {
                    "*/*" => 1,
                    n if n.eq_ignore_ascii_case("application/*") => 2,
                    n if n.eq_ignore_ascii_case(self.essence()) && charset_is_utf8(range) => 3,
                    _ => continue,
                };
                if specific > best.0 || (specific == best.0 && weight > best.1) {
                    best = (specific, weight);
                }
            }
        }
        (best.1, best.0 == 3)
    }
}

/// What a body is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::web) enum BodyKind {
    /// The parameters as JSON.
    Json,
    /// The parameters and a file, between these boundaries.
    Form(String),
}

/// `application/json` in UTF-8, or a multipart form, not compressed, is read and nothing else.
pub(in crate::web) fn readable(headers: &HeaderMap) -> Result<BodyKind, Refusal> {
    let mut values = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err(Refusal::MediaType);
    };
    let text = value.to_str().map_err(|_| Refusal::MediaType)?;
    let essence = text.split(';').next().unwrap_or_default().trim();
    let plain = headers.get(header::CONTENT_ENCODING).is_none_or(|encoding| encoding == "identity");
    if essence.eq_ignore_ascii_case(Media::Json.essence()) && charset_is_utf8(text) && plain {
        Ok(BodyKind::Json)
    } else if plain && essence.eq_ignore_ascii_case("multipart/form-data") {
        multer::parse_boundary(text).map(BodyKind::Form).map_err(|_| Refusal::MediaType)
    } else {
        Err(Refusal::MediaType)
    }
}

fn charset_is_utf8(media_type: &str) -> bool {
    media_type.split(';').skip(1).filter_map(|parameter| parameter.split_once('=')).all(|(name, value)| {
        let value = value.trim().trim_matches('"');
        !name.trim().eq_ignore_ascii_case("charset") || value.eq_ignore_ascii_case("utf-8")
    })
}
