//! What is sent.

use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderName, HeaderValue, Request};
use serde_json::Value;

use super::Draft;

/// Stands in tokens and requests where somebody could repeat it (V28).
pub const MARK: &str = "Zq7uMark7qZ";

/// A request. It goes to `/orders` unless told otherwise.
#[derive(Clone)]
pub struct Sent {
    target: String,
    fields: Vec<(&'static str, String)>,
    content: String,
}

impl Sent {
    pub fn nothing() -> Self {
        Self {
            target: "/orders".to_owned(),
            fields: Vec::new(),
            content: String::new(),
        }
    }

    pub fn bearer(token: &str) -> Self {
        Self::nothing().field("authorization", format!("Bearer {token}"))
    }

    pub fn to(mut self, target: impl Into<String>) -> Self {
        self.target = target.into();
        self
    }

    pub fn field(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.fields.push((name, value.into()));
        self
    }

    pub fn content(mut self, content: String) -> Self {
        self.content = content;
        self
    }

    /// The same for the handler that takes tokens of several issuers.
    pub fn at_several(&self) -> Option<Self> {
        (self.target == "/orders").then(|| self.clone().to("/several"))
    }

    pub fn request(&self) -> Request<Body> {
        let body = Body::from(self.content.clone());
        let mut request = Request::post(&self.target).body(body).unwrap();
        for (name, value) in &self.fields {
            let name = HeaderName::from_static(name);
            request
                .headers_mut()
                .append(name, HeaderValue::try_from(value).unwrap());
        }
        request
    }

    /// What only the client knows: all that is in its tokens, as it stands there and decoded, and the mark.
    pub fn secrets(&self) -> Vec<String> {
        let values = self.fields.iter().map(|(_, value)| value);
        let segments = values.flat_map(|value| value.split([' ', ',', ';', '=', '.']));
        let mut secrets = vec![MARK.to_owned()];
        for segment in segments.filter(|segment| segment.len() > 20) {
            secrets.push(segment.to_owned());
            let octets = URL_SAFE_NO_PAD.decode(segment).unwrap_or_default();
            if let Ok(value) = serde_json::from_slice::<Value>(&octets) {
                texts(&value, &mut secrets);
            }
        }
        secrets
    }

    /// What the handler tells of the caller whose token this is.
    pub fn caller(&self) -> String {
        let mut fields = self.fields.iter();
        let (_, value) = fields.find(|(name, _)| *name == "authorization").unwrap();
        let payload = value.split('.').nth(1).unwrap();
        let claims: Value =
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
        let told = ["iss", "sub", "jti"].map(|name| claims[name].as_str().unwrap_or("-"));
        told.join(" ")
    }
}

/// The texts within, but for short ones, which may well be words of ours.
fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) if text.len() > 7 => found.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| texts(value, found)),
        Value::Object(members) => members.values().for_each(|value| texts(value, found)),
        _ => {}
    }
}

impl From<Draft> for Sent {
    fn from(draft: Draft) -> Self {
        Self::bearer(&draft.token())
    }
}

impl From<String> for Sent {
    fn from(token: String) -> Self {
        Self::bearer(&token)
    }
}

impl Draft {
    pub fn to(self, target: &str) -> Sent {
        Sent::from(self).to(target)
    }
}
