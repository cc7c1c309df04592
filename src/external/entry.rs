//! One entry of the file of providers, field by field; every mistake is told with the field's name.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::ProvidersError;

/// Longest text of a field, characters.
const LONGEST: usize = 2048;

/// The fields of one provider that are not taken yet.
pub(super) struct Entry<'a> {
    file: &'a Path,
    provider: String,
    fields: Map<String, Value>,
}

impl<'a> Entry<'a> {
    /// The fields of the `number`th provider of `file`.
    pub(super) fn new(file: &'a Path, number: usize, value: Value) -> Result<Self, ProvidersError> {
        let provider = number.to_string();
        match value {
            Value::Object(fields) => Ok(Self { file, provider, fields }),
            _ => {
                let what = "is not an object; write {\"id\":…,\"name\":…,\"kind\":…,…}";
                Err(ProvidersError(format!("{}: provider {provider} {what}", file.display())))
            }
        }
    }

    /// From here on mistakes are told with the provider's id instead of its number.
    pub(super) fn named(&mut self, id: &str) {
        id.clone_into(&mut self.provider);
    }

    /// A mistake in a field: what is wrong, and what to do.
    pub(super) fn wrong(&self, field: &str, what: &str, todo: &str) -> ProvidersError {
        let file = self.file.display();
        ProvidersError(format!("{file}: provider {}, field {field}: {what}; {todo}", self.provider))
    }

    /// A text that has to be there.
    pub(super) fn text(&mut self, field: &str) -> Result<String, ProvidersError> {
        match self.optional(field)? {
            Some(text) => Ok(text),
            None => Err(self.wrong(field, "it is missing", "write it")),
        }
    }

    /// A text that may be there.
    pub(super) fn optional(&mut self, field: &str) -> Result<Option<String>, ProvidersError> {
        match self.fields.remove(field) {
            None => Ok(None),
            Some(Value::String(text)) => self.checked(field, text).map(Some),
            Some(_) => Err(self.wrong(field, "it is not a text", "write it in quotation marks")),
        }
    }

    /// A text, or a whole number as which some write it.
    pub(super) fn text_or_number(&mut self, field: &str) -> Result<String, ProvidersError> {
        match self.fields.get(field).and_then(Value::as_u64) {
            Some(number) => {
                self.fields.remove(field);
                Ok(number.to_string())
            }
            None => self.text(field),
        }
    }

    /// A list of texts that has to be there.
    pub(super) fn texts(&mut self, field: &str) -> Result<Vec<String>, ProvidersError> {
        let list = |entry: &Self| entry.wrong(field, "it is not a list of texts", "write [\"…\",…]");
        let Some(value) = self.fields.remove(field) else {
            return Err(self.wrong(field, "it is missing", "write [\"…\",…]"));
        };
        let Value::Array(values) = value else { return Err(list(self)) };
        let texts = values.into_iter().map(|value| match value {
            Value::String(text) => self.checked(field, text),
            _ => Err(list(self)),
        });
        texts.collect()
    }

    /// Yes or no; no when it is not there.
    pub(super) fn flag(&mut self, field: &str) -> Result<bool, ProvidersError> {
        match self.fields.remove(field) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(flag),
            Some(_) => Err(self.wrong(field, "it is neither true nor false", "write true or false")),
        }
    }

    /// A file; its name is seen from where the file of providers is.
    pub(super) fn path(&mut self, field: &str) -> Result<Option<PathBuf>, ProvidersError> {
        let folder = self.file.parent().map(Path::to_owned).unwrap_or_default();
        Ok(self.optional(field)?.map(|name| folder.join(name)))
    }

    /// Nothing may be left: a field that is not known is a mistake that would go unseen.
    pub(super) fn done(self) -> Result<(), ProvidersError> {
        match self.fields.keys().next() {
            None => Ok(()),
            Some(field) => Err(self.wrong(field, "providers of this kind have no such field", "leave it out")),
        }
    }

    fn checked(&self, field: &str, text: String) -> Result<String, ProvidersError> {
        if text.is_empty() {
            return Err(self.wrong(field, "it is empty", "write something or leave it out"));
        }
        if text.chars().count() > LONGEST {
            return Err(self.wrong(field, "it is longer than 2048 characters", "write less"));
        }
        if text.trim() != text || text.chars().any(char::is_control) {
            return Err(self.wrong(
                field,
                "it begins or ends with a blank or holds control characters",
                "write it without them",
            ));
        }
        Ok(text)
    }
}
