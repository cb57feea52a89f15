//! What the service answered, and what that must look like.

use reqwest::header::{HeaderMap, RETRY_AFTER, WWW_AUTHENTICATE};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub challenges: Vec<String>,
    pub retry_after: Option<u64>,
    pub body: String,
}

impl Answer {
    pub async fn to(request: reqwest::RequestBuilder) -> Self {
        let answer = request.send().await.unwrap();
        let fields: &HeaderMap = answer.headers();
        let challenges = fields.get_all(WWW_AUTHENTICATE).iter();
        let retry_after = fields.get(RETRY_AFTER).map(|value| value.to_str().unwrap());
        Self {
            status: answer.status().as_u16(),
            challenges: challenges
                .map(|value| value.to_str().unwrap().to_owned())
                .collect(),
            retry_after: retry_after.map(|seconds| seconds.parse().unwrap()),
            body: answer.text().await.unwrap(),
        }
    }

    #[track_caller]
    pub fn is_admitted(&self) {
        assert_eq!(self.status, 200, "{self:?}");
    }

    /// 401, with this in the body and a challenge that says so.
    #[track_caller]
    pub fn is_refused(&self, error: &str) {
        assert_eq!(self.status, 401, "{self:?}");
        let body: serde_json::Value = serde_json::from_str(&self.body).unwrap();
        assert_eq!(body["error"], error);
        let told = if error == "insufficient_user_authentication" {
            error
        } else {
            "invalid_token"
        };
        let told = format!("error=\"{told}\"");
        assert!(
            self.challenges.iter().any(|line| line.contains(&told)),
            "{self:?}"
        );
    }

    /// 503 without a challenge. Yields after how many seconds to try again.
    #[track_caller]
    pub fn is_not_judged(&self) -> u64 {
        assert_eq!(self.status, 503, "{self:?}");
        assert!(self.challenges.is_empty(), "{self:?}");
        self.retry_after.expect("Retry-After")
    }
}
