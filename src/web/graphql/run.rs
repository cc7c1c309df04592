//! The steps of one request, in the order that costs least when one refuses.

use std::sync::Arc;

use async_graphql::{
    Request as GraphQlRequest, Variables,
    parser::{
        self, parse_query,
        types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType},
    },
};
use axum::{extract::Request, http::Method, response::Response};
use tokio::time::{Instant, timeout_at};

use super::{
    confined,
    extract::{self, Parameters},
    form, is_served,
    negotiate::{self, BodyKind, Media},
    respond,
};
use crate::graphql::upload::RefusedUpload;
use crate::web::{
    App, cost,
    executor::{Executor, FileError, Principal},
    finish::finish,
    guard,
    info::{RequestInfo, bearer},
    record::{Record, sane_name},
    refusal::Refusal,
};

pub(super) async fn steps<E: Executor>(
    app: &App<E>,
    request: Request,
    media: Option<Media>,
    info: &Arc<RequestInfo>,
    record: &mut Record,
) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    if !is_served(&parts.method) {
        return Err(Refusal::Method);
    }
    let limits = &app.limits;
    let arrival = Instant::now() + limits.request_deadline;
    let session = app.executor.session(bearer(&parts.headers))?;
    let arriving = app.lanes.arriving(session, arrival).await?;
    let admitting = timeout_at(arrival, app.executor.admit(bearer(&parts.headers), info));
    let (principal, confined) = admitting.await.map_err(|_| Refusal::Deadline)??;
    drop(arriving);
    record.actor = principal.actor_id();
    let place = app.lanes.of_one(principal.key())?;
    let media = media.ok_or(Refusal::NotAcceptable)?;

    let (mut parameters, form) = if parts.method == Method::POST {
        match negotiate::readable(&parts.headers)? {
            BodyKind::Json => (extract::body(&parts.headers, body, limits).await?, None),
            BodyKind::Form(boundary) => {
                let (parameters, form) = form::begin(&parts.headers, body, boundary, limits, &app.uploads).await?;
                (parameters, Some(form))
            }
        }
    } else {
        (extract::address(&parts.uri, limits)?, None)
    };
    let mut deadline = Instant::now() + limits.request_deadline;

    guard::check(&parameters.query, limits)?;
    let document = parse_query(&parameters.query).map_err(in_the_parsers_words)?;
    if let Some(what) = confined
        && !confined::is_about_oneself(&document)
    {
        return Err(what.into());
    }
    let (name, operation) = choose(&document, parameters.operation_name.as_deref())?;
    record.operation = match operation.ty {
        OperationType::Query => "query",
        OperationType::Mutation => "mutation",
        OperationType::Subscription => "subscription",
    };
    record.operation_name = name.map(sane_name).unwrap_or_default();
    let mutates = match operation.ty {
        OperationType::Query => false,
        _ if parts.method == Method::GET => return Err(Refusal::NotAQueryOverGet),
        OperationType::Mutation => true,
        OperationType::Subscription => return Err(Refusal::Subscription),
    };
    variables_are_given(operation, &parameters.variables)?;
    let usage = cost::measure(&document, operation, &parameters.variables, &app.cost_schema, limits)?;
    record.cost = usage.cost;

    // The file is taken off the wire only for an operation that is going to be executed.
    let file = match form {
        Some(_) if !mutates => return Err(Refusal::FormWithoutMutation),
        Some(form) => {
            let file = form.file(limits).await?;
            deadline = Instant::now() + limits.request_deadline;
            Some(file)
        }
        None => None,
    };

    let permit = app.lanes.running(deadline).await?;
    let executor = app.executor.clone();
    let info_of_running = info.clone();
    let running = async move {
        let _places = (place, permit);
        let mut refused = None;
        if let Some(file) = file {
            let kept = executor.keep(principal.clone(), info_of_running.clone(), file.incoming).await;
            match kept {
                Ok(kept) => form::put(&mut parameters.variables, &file.path, kept.id),
                Err(FileError::Refused(errors)) => refused = Some(RefusedUpload(errors)),
                Err(FileError::Unavailable) => return Err(Refusal::Overloaded),
                Err(FileError::Absent | FileError::Internal) => return Err(Refusal::Internal),
            }
        }
        let mut request = to_request(parameters, document);
        if let Some(refused) = refused {
            request = request.data(refused);
        }
        Ok(executor.execute(principal, info_of_running, request).await)
    };
    let response = if mutates {
        finish(limits, deadline, running).await??
    } else {
        timeout_at(deadline, running).await.map_err(|_| Refusal::Deadline)??
    };
    let cost = respond::cost_extension(usage.cost, limits.cost_signed_in);
    Ok(respond::executed(response, media, info, cost))
}

fn to_request(parameters: Parameters, document: ExecutableDocument) -> GraphQlRequest {
    let mut request = GraphQlRequest::new(parameters.query).variables(parameters.variables);
    request.operation_name = parameters.operation_name;
    for (name, value) in parameters.extensions {
        if let Ok(value) = async_graphql::Value::from_json(value) {
            request.extensions.insert(name, value);
        }
    }
    request.set_parsed_query(document);
    request
}

fn choose<'a>(
    document: &'a ExecutableDocument,
    wanted: Option<&str>,
) -> Result<(Option<&'a str>, &'a OperationDefinition), Refusal> {
    match (&document.operations, wanted) {
        (DocumentOperations::Single(operation), None) => Ok((None, &operation.node)),
        (DocumentOperations::Single(_), Some(_)) => Err(Refusal::UnknownOperation),
        (DocumentOperations::Multiple(operations), Some(wanted)) => operations
            .get_key_value(wanted)
            .map(|(name, operation)| (Some(name.as_str()), &operation.node))
            .ok_or(Refusal::UnknownOperation),
        (DocumentOperations::Multiple(operations), None) => {
            let mut all = operations.iter();
            match (all.next(), all.next()) {
                (Some((name, operation)), None) => Ok((Some(name.as_str()), &operation.node)),
                _ => Err(Refusal::WhichOperation),
            }
        }
    }
}

/// async-graphql looks at a variable only where it is used; the specification wants all of them coerced.
fn variables_are_given(operation: &OperationDefinition, variables: &Variables) -> Result<(), Refusal> {
    for definition in &operation.variable_definitions {
        let definition = &definition.node;
        let given = variables.get(&definition.name.node);
        let absent = match given {
            Some(value) => *value == async_graphql::Value::Null,
            None => definition.default_value.is_none(),
        };
        if absent && !definition.var_type.node.nullable {
            return Err(Refusal::VariableMissing(definition.name.node.to_string()));
        }
    }
    Ok(())
}

fn in_the_parsers_words(error: parser::Error) -> Refusal {
    let position = error.positions().next().map(|at| (at.line, at.column));
    Refusal::Parser(error.to_string(), position)
}
