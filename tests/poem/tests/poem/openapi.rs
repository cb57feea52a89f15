//! Methods of poem-openapi: the check inside of each, or a guard around all of them.

use std::sync::Arc;

use auth_core::poem::GuardedRoute;
use auth_core::{Authenticated, Cause, requires_auth};
use poem::web::Data;
use poem::{Endpoint as _, IntoResponse as _, Request, Response, Route};
use poem_openapi::payload::{Json, PlainText};
use poem_openapi::{Object, OpenApi, OpenApiService};

use crate::app::{self, Api, App, Claims, challenges, post_counted, request, text};

#[derive(Object)]
struct Order {
    id: u32,
}

/// Each method checks for itself.
struct Orders {
    app: Arc<App>,
}

#[OpenApi]
impl Orders {
    #[oai(path = "/orders", method = "get")]
    #[requires_auth(scheme = "Bearer", realm = "API", scope = "orders:read", request = request, state = self.app, identity = user: Claims)]
    async fn list(&self, request: &Request) -> poem::Result<PlainText<String>> {
        Ok(PlainText(format!("the orders of {}", user.sub)))
    }

    #[requires_auth(Api, request = request, state = self.app, identity = user: Claims)]
    #[oai(path = "/orders", method = "post")]
    async fn add(&self, request: &Request, order: Json<Order>) -> poem::Result<Json<Order>> {
        let id = order.id + u32::from(user.sub == "ada");
        Ok(Json(Order { id }))
    }

    #[oai(path = "/health", method = "get")]
    async fn health(&self) -> PlainText<&'static str> {
        PlainText("ok")
    }
}

/// A guard stands around all methods.
struct Guarded;

#[OpenApi]
impl Guarded {
    #[oai(path = "/orders", method = "post")]
    async fn add(
        &self,
        user: Data<&Authenticated<Claims>>,
        order: Json<Order>,
    ) -> PlainText<String> {
        PlainText(format!("{} orders {}", user.sub, order.id))
    }
}

/// A function that answers by itself.
#[requires_auth(Api, request = request, state = app, identity = user: Claims)]
async fn by_hand(app: &App, request: &Request) -> Response {
    user.sub.clone().into_response()
}

#[tokio::test]
async fn a_function_may_answer_with_a_response() {
    let app = App::new();
    let answer = by_hand(&app, &request("GET", "/", "Bearer good")).await;
    assert_eq!(text(answer).await, "ada");
    let answer = by_hand(&app, &request("GET", "/", "")).await;
    assert_eq!(answer.status(), 401);
    assert_eq!(challenges(answer.headers()).len(), 1);
}

#[tokio::test]
async fn methods_check_for_themselves() {
    let orders = Orders { app: App::new() };
    let service = OpenApiService::new(orders, "Orders", "1.0").server("/api");
    let spec = service.spec();
    assert!(
        spec.contains("/orders") && !spec.contains("Authenticated"),
        "{spec}"
    );
    let app = Route::new().nest("/api", service);
    let admitted = app::get(&app, "/api/orders", "Bearer good").await;
    assert_eq!(text(admitted).await, "the orders of ada");
    assert_eq!(app::get(&app, "/api/health", "").await.status(), 200);
    for (credentials, status) in [("", 401), ("Bearer bad", 401), ("Bearer narrow", 403)] {
        let refused = app::get(&app, "/api/orders", credentials).await;
        assert_eq!(refused.status(), status);
        assert_eq!(challenges(refused.headers()).len(), 1);
        assert!(refused.data::<Cause>().is_some());
    }
    for (credentials, content, status) in [
        ("Bearer good", r#"{"id": 7}"#, 200),
        ("", r#"{"id": 7}"#, 401),
        // The exception: what poem extracts, it extracts before the method checks.
        ("", "{not json", 400),
    ] {
        let mut asked = request("POST", "/api/orders", credentials);
        let json = "application/json".parse().unwrap();
        asked.headers_mut().insert("content-type", json);
        asked.set_body(content);
        assert_eq!(app.get_response(asked).await.status(), status, "{content}");
    }
}

/// V13: here nothing of a refused request is looked at.
#[tokio::test]
async fn v13_a_guard_around_a_service_comes_first() {
    let service = OpenApiService::new(Guarded, "Orders", "1.0").server("/api");
    let app = GuardedRoute::new(App::new())
        .nest_guarded_endpoint::<(Api, Authenticated<Claims>)>("/api", service);
    for (credentials, content, status) in [
        ("Bearer good", r#"{"id": 7}"#, 200),
        ("", "{not json", 401),
        ("Bearer good", "{not json", 400),
    ] {
        let json = "application/json";
        let (answer, polls) = post_counted(&app, "/api/orders", credentials, json, content).await;
        assert_eq!(answer.status(), status, "{content}");
        assert_eq!(polls == 0, status == 401);
    }
}
