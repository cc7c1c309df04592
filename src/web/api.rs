//! The one executor there is: taizhang's schema behind the envelope.

use std::sync::Arc;

use async_graphql::{Request, Response};
use uuid::Uuid;

use super::executor::{AuthError, Executor, NotReady, Principal};
use super::info::RequestInfo;
use crate::authz::Actor;
use crate::graphql::{Schema, context::RequestContext, schema};
use crate::id::{GlobalId, Kind};
use crate::secrets::TokenVerifier;
use crate::service::identity::SignInError;
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

    async fn authenticate(&self, bearer: Option<&str>, _info: &RequestInfo) -> Result<Signed, AuthError> {
        let token = bearer.ok_or(AuthError::Missing)?;
        match self.service.authenticate(&self.verifier, token).await {
            Ok(actor) => Ok(Signed(Arc::new(actor))),
            Err(SignInError::Refused) => Err(AuthError::Refused),
            Err(SignInError::Unavailable) => Err(AuthError::Unavailable),
        }
    }

    async fn execute(&self, principal: Signed, info: Arc<RequestInfo>, request: Request) -> Response {
        let caller = Caller { actor: principal.0, request_id: info.request_id.clone() };
        let context = RequestContext::new(self.service.clone(), caller, info.lang);
        let waves = context.waves.clone();
        waves.drive(self.schema.execute(request.data(context))).await
    }

    fn sdl(&self) -> String {
        self.schema.sdl()
    }

    async fn ready(&self) -> Result<(), NotReady> {
        self.service.store().ping().await.map_err(|_| NotReady("the database does not answer"))
    }
}
