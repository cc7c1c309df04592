//! The one executor there is: taizhang's schema behind the envelope.

use std::io;
use std::sync::Arc;

use async_graphql::{Request, Response};
use chrono::SecondsFormat;
use uuid::Uuid;

use super::auth::{self, AuthOrigin, AuthRefusal, AuthWish};
use super::executor::{AuthError, Executor, FileError, Incoming, Kept, NotReady, Outgoing, Principal};
use super::info::RequestInfo;
use super::oauth::{self, OAuthRefusal, OAuthWish, WellKnown};
use super::public::{PublicPage, PublicWish};
use crate::authz::Actor;
use crate::error::Fault;
use crate::graphql::asked::asked;
use crate::graphql::{Schema, context::RequestContext, schema, user_error::localise};
use crate::id::{GlobalId, Kind};
use crate::secrets::TokenVerifier;
use crate::service::audit::Asked;
use crate::service::publishing::{PublicAnswer, PublicAsk};
use crate::service::{Caller, Service};

/// A principal: the actor, loaded for this request.
#[derive(Clone, Debug)]
pub struct Signed(Arc<Actor>);

impl Principal for Signed {
    fn key(&self) -> Uuid {
        self.0.user_id
    }

    fn actor_id(&self) -> String {
        GlobalId::new(Kind::User, self.0.user_id).to_string()
    }
}

/// The schema with the verbs behind it and the verifier before it.
pub struct Api {
    schema: Schema,
    service: Service,
    verifier: TokenVerifier,
}

impl Api {
    /// Puts it together.
    pub fn new(service: Service, verifier: TokenVerifier) -> Self {
        Self { schema: schema(), service, verifier }
    }

    /// The verbs.
    pub fn service(&self) -> &Service {
        &self.service
    }
}

impl Executor for Api {
    type Principal = Signed;

    fn session(&self, bearer: Option<&str>) -> Result<Option<Uuid>, AuthError> {
        let token = bearer.ok_or(AuthError::Missing)?;
        Ok(Some(self.service.session_of(&self.verifier, token)?))
    }

    async fn authenticate(&self, bearer: Option<&str>, _info: &RequestInfo) -> Result<Signed, AuthError> {
        let token = bearer.ok_or(AuthError::Missing)?;
        Ok(Signed(Arc::new(self.service.authenticate(&self.verifier, token).await?)))
    }

    async fn admit(&self, bearer: Option<&str>, _info: &RequestInfo) -> Result<(Signed, Option<AuthError>), AuthError> {
        let token = bearer.ok_or(AuthError::Missing)?;
        let present = self.service.present(&self.verifier, token).await?;
        Ok((Signed(Arc::new(present.actor)), present.confined.map(AuthError::from)))
    }

    async fn auth(
        &self,
        wish: AuthWish,
        bearer: Option<String>,
        origin: AuthOrigin,
    ) -> Result<serde_json::Value, AuthRefusal> {
        auth::run(&self.service, &self.verifier, wish, bearer, origin).await
    }

    async fn oauth(&self, wish: OAuthWish, origin: AuthOrigin) -> Result<Option<serde_json::Value>, OAuthRefusal> {
        oauth::run(&self.service, &self.verifier, wish, origin).await
    }

    fn well_known(&self, what: WellKnown) -> String {
        match what {
            WellKnown::Server => oauth::metadata(&self.service.authenticator().tokens().rules().issuer),
            WellKnown::Keys => oauth::keys(&self.verifier),
        }
    }

    async fn execute(&self, principal: Signed, info: Arc<RequestInfo>, mut request: Request) -> Response {
        let caller = Caller { asked: asked(&mut request), ..caller(principal, &info) };
        let context = RequestContext::new(self.service.clone(), caller, info.lang);
        let waves = context.waves.clone();
        let mut response = waves.drive(self.schema.execute(request.data(context))).await;
        for error in &mut response.errors {
            localise(error, info.lang);
        }
        response
    }

    async fn keep(&self, principal: Signed, info: Arc<RequestInfo>, file: Incoming) -> Result<Kept, FileError> {
        let caller = caller(principal, &info);
        let kept = self.service.file_upload(&caller, &file.name, file.bytes).await.map_err(|fault| failed(&fault))?;
        let row = kept.map_err(FileError::Refused)?;
        Ok(Kept {
            id: GlobalId::new(Kind::File, row.id).to_string(),
            name: row.name.clone(),
            media_type: row.media_type.as_str().to_owned(),
            size: row.size,
            sha256: row.sha256.clone(),
            expires_at: row.expires_at.map(|at| at.to_rfc3339_opts(SecondsFormat::Millis, true)),
        })
    }

    async fn fetch(&self, principal: Signed, info: Arc<RequestInfo>, id: &str) -> Result<Outgoing, FileError> {
        let caller = caller(principal, &info);
        let file = match file_key(id) {
            Some(key) => self.service.file_download(&caller, key).await.map_err(|fault| failed(&fault))?,
            None => None,
        };
        let file = file.ok_or(FileError::Absent)?;
        let (name, media_type, size) = (file.row().name.clone(), file.row().media_type.as_str(), file.row().size);
        let content = futures_util::stream::try_unfold(file, |mut file| async move {
            match file.next().await {
                Ok(chunk) => Ok(chunk.map(|chunk| (chunk, file))),
                Err(fault) => {
                    failed(&fault);
                    Err(io::Error::other("the file can't be read to its end"))
                }
            }
        });
        Ok(Outgoing { name, media_type: media_type.to_owned(), size, content: Box::pin(content) })
    }

    async fn follow(&self, id: &str, token: &str) -> Result<Signed, AuthError> {
        let key = file_key(id).ok_or(AuthError::Refused)?;
        Ok(Signed(Arc::new(self.service.file_link_actor(key, token).await?)))
    }

    async fn published(&self, wish: PublicWish) -> Result<PublicPage, FileError> {
        let answered = match &wish {
            PublicWish::List { year, kind, first, after } => {
                let ask =
                    PublicAsk { year: year.clone(), kind: kind.clone(), first: first.clone(), after: after.clone() };
                self.service.public_list(&ask).await
            }
            PublicWish::One(id) => self.service.public_one(id).await,
            PublicWish::Figure(id, name) => self.service.public_figure(id, name).await,
        };
        match answered.map_err(|fault| failed(&fault))? {
            PublicAnswer::Here(media_type, body, known_by) => Ok(PublicPage::Here { media_type, body, known_by }),
            PublicAnswer::Gone(body) => Ok(PublicPage::Gone { body }),
            PublicAnswer::Bad(parameter) => Ok(PublicPage::Bad { parameter }),
            PublicAnswer::Absent => Err(FileError::Absent),
        }
    }

    fn sdl(&self) -> String {
        self.schema.sdl()
    }

    async fn ready(&self) -> Result<(), NotReady> {
        self.service.store().ping().await.map_err(|_| NotReady("the database does not answer"))
    }
}

fn file_key(id: &str) -> Option<Uuid> {
    id.parse::<GlobalId>().ok().filter(|id| id.kind == Kind::File).map(|id| id.uuid)
}

fn failed(fault: &Fault) -> FileError {
    tracing::error!(error = ?fault, "a file could not be kept or read");
    if fault.may_pass() { FileError::Unavailable } else { FileError::Internal }
}

/// Who asks, in which request, from where.
fn caller(principal: Signed, info: &RequestInfo) -> Caller {
    let (request_id, address) = (info.request_id.clone(), info.address_text());
    Caller { actor: principal.0, request_id, address, asked: Asked::default() }
}
