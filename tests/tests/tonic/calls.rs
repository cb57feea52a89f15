//! Methods in all shapes that users write them.

use std::sync::Arc;

use auth_core::tonic::cause;
use auth_core::{
    AuthState, Authenticated, Bearer, Cause, RequestView, Verified, Verifier, ViewRequest as _,
    check, requires_auth,
};
use auth_grpc::Text;
use auth_grpc::orders_client::OrdersClient;
use auth_grpc::orders_server::{Orders, OrdersServer};
use auth_tests::app::{App, Claims, Pace, User};
use auth_tests::tokens;
use http::HeaderMap;
use tonic::service::{LayerExt as _, Routes};
use tonic::transport::Channel;
use tonic::{Code, Request, Response, Status, Streaming};

use crate::orders::{Api, Behind, Kind, Scoped, Texts, bearer, client, serve, with};

fn text(text: &str) -> Response<Text> {
    Response::new(Text::from(text))
}

/// One attribute for all methods, but for one that is open.
struct Block(Arc<App>);

#[tonic::async_trait]
#[requires_auth(Api, request = request, state = self.0, identity = user: Claims)]
impl Orders for Block {
    type GivesStream = Texts;
    type TalksStream = Texts;

    async fn unary(&self, request: Request<Text>) -> Result<Response<Text>, Status> {
        Ok(text(&format!("{} {}", user.sub, request.get_ref().text)))
    }

    async fn gives(&self, request: Request<Text>) -> Result<Response<Texts>, Status> {
        drop(request);
        Err(Status::not_found(user.sub.clone()))
    }

    #[public(reason = "the number of orders is no secret")]
    async fn takes(&self, _request: Request<Streaming<Text>>) -> Result<Response<Text>, Status> {
        Ok(text("open"))
    }

    async fn talks(&self, request: Request<Streaming<Text>>) -> Result<Response<Texts>, Status> {
        drop(request);
        Err(Status::not_found(user.sub.clone()))
    }
}

/// The same, in the other order.
struct Above(Arc<App>);

#[requires_auth(Api, request = request, state = self.0, identity = user: Claims)]
#[tonic::async_trait]
impl Orders for Above {
    type GivesStream = Texts;
    type TalksStream = Texts;

    async fn unary(&self, request: Request<Text>) -> Result<Response<Text>, Status> {
        Ok(text(&format!("{} {}", user.sub, request.get_ref().text)))
    }

    async fn gives(&self, request: Request<Text>) -> Result<Response<Texts>, Status> {
        drop(request);
        Err(Status::not_found(user.sub.clone()))
    }

    #[public(reason = "the number of orders is no secret")]
    async fn takes(&self, _request: Request<Streaming<Text>>) -> Result<Response<Text>, Status> {
        Ok(text("open"))
    }

    async fn talks(&self, request: Request<Streaming<Text>>) -> Result<Response<Texts>, Status> {
        drop(request);
        Err(Status::not_found(user.sub.clone()))
    }
}

#[tokio::test]
async fn one_attribute_on_the_block_guards_its_methods_v12() {
    let app = App::new(Pace::Awaiting);
    one_attribute(Routes::new(OrdersServer::new(Block(Arc::clone(&app))))).await;
    one_attribute(Routes::new(OrdersServer::new(Above(app)))).await;
}

async fn one_attribute(routes: Routes) {
    let mut client = client(serve(routes).await).await;
    let (nobody, ada) = (HeaderMap::new(), bearer(tokens::good()));
    for kind in Kind::ALL {
        let (refused, admitted) = (
            kind.call(&mut client, &nobody).await,
            kind.call(&mut client, &ada).await,
        );
        if kind == Kind::Takes {
            assert_eq!(
                (refused.unwrap(), admitted.unwrap()),
                ("open".into(), "open".into())
            );
            continue;
        }
        assert_eq!(
            refused.unwrap_err().code(),
            Code::Unauthenticated,
            "{kind:?}"
        );
        match admitted {
            Ok(text) => assert_eq!(text, "ada hi"),
            Err(status) => assert_eq!((status.code(), status.message()), (Code::NotFound, "ada")),
        }
    }
}

/// A method each for what the attribute can say beside a scheme.
struct Mixed(Arc<App>);

#[tonic::async_trait]
impl Orders for Mixed {
    type GivesStream = Texts;
    type TalksStream = Texts;

    #[requires_auth(Api, request = request, state = self.0, permit = user.sub == request.get_ref().text, identity = user: Claims)]
    async fn unary(&self, request: Request<Text>) -> Result<Response<Text>, Status> {
        drop(request);
        Ok(text(&user.sub))
    }

    #[requires_auth(scheme = "Bearer", realm = "API", optional, request = request, state = self.0, identity = user: Claims)]
    async fn gives(&self, request: Request<Text>) -> Result<Response<Texts>, Status> {
        drop(request);
        let name = user.map_or_else(|| "nobody".to_owned(), |user| user.sub.clone());
        Ok(Response::new(Box::pin(tokio_stream::once(Ok(Text::from(
            &*name,
        ))))))
    }

    #[requires_auth(Api, scope = "orders:delete", request = request, state = self.0)]
    async fn takes(&self, request: Request<Streaming<Text>>) -> Result<Response<Text>, Status> {
        drop(request);
        Ok(text("deleted"))
    }

    async fn talks(&self, request: Request<Streaming<Text>>) -> Result<Response<Texts>, Status> {
        let user: Authenticated<User> =
            check!(Scoped, request = request, state = self.0, identity = Authenticated<User>)?;
        Err(Status::not_found(user.name.clone()))
    }
}

#[tokio::test]
async fn each_method_has_its_own_demands() {
    let routes = Routes::new(OrdersServer::new(Mixed(App::new(Pace::Awaiting))));
    let mut client = client(serve(routes).await).await;
    let (nobody, ada) = (HeaderMap::new(), bearer(tokens::good()));

    // `permit` sees the message.
    let mut unary = async |text: &str, fields| client.unary(with(Text::from(text), fields)).await;
    assert_eq!(unary("ada", &ada).await.unwrap().into_inner().text, "ada");
    let refused = unary("bob", &ada).await.unwrap_err();
    assert_eq!(
        (refused.code(), refused.message()),
        (Code::PermissionDenied, "Not allowed")
    );
    assert!(refused.metadata().get("www-authenticate").is_none());
    assert_eq!(
        unary("ada", &nobody).await.unwrap_err().code(),
        Code::Unauthenticated
    );

    assert_eq!(
        Kind::Gives.call(&mut client, &nobody).await.unwrap(),
        "nobody"
    );
    assert_eq!(Kind::Gives.call(&mut client, &ada).await.unwrap(), "ada");
    let refused = Kind::Gives.call(&mut client, &bearer("x")).await;
    assert_eq!(
        refused.unwrap_err().code(),
        Code::Unauthenticated,
        "never downgraded"
    );

    for (kind, scope) in [
        (Kind::Takes, "orders:delete"),
        (Kind::Talks, "orders:read orders:write"),
    ] {
        let refused = kind.call(&mut client, &ada).await.unwrap_err();
        let challenge =
            format!(r#"Bearer realm="API", scope="{scope}", error="insufficient_scope""#);
        assert_eq!(refused.code(), Code::PermissionDenied);
        assert_eq!(
            refused.metadata().get("www-authenticate").unwrap(),
            &*challenge
        );
        assert_eq!(
            kind.call(&mut client, &nobody).await.unwrap_err().code(),
            Code::Unauthenticated
        );
    }
}

/// A layer asks who it is, and a method for more.
#[tokio::test]
async fn a_layer_and_a_method_together() {
    let app = App::new(Pace::Awaiting);
    let guard = auth_core::tonic::GuardLayer::<Api, _, Authenticated<User>>::new(Arc::clone(&app));
    let routes = Routes::new(guard.named_layer(OrdersServer::new(Mixed(app))));
    let mut client = client(serve(routes).await).await;
    let refused = Kind::Gives.call(&mut client, &HeaderMap::new()).await;
    assert_eq!(
        refused.unwrap_err().code(),
        Code::Unauthenticated,
        "by the layer"
    );
    let refused = Kind::Takes.call(&mut client, &bearer(tokens::good())).await;
    assert_eq!(
        refused.unwrap_err().code(),
        Code::PermissionDenied,
        "by the method"
    );
}

/// Tells what it was shown.
struct Shown;

impl Verifier for Shown {
    type Scheme = Bearer;
    type Identity = String;

    async fn verify<'r>(
        &'r self,
        _: auth_core::BearerToken<'r>,
        request: &'r RequestView<'r>,
    ) -> Result<Verified<String>, Cause> {
        let extension = request.extension::<u8>();
        Ok(Verified::new(format!(
            "{} {} {extension:?}",
            request.method(),
            request.target()
        )))
    }
}

#[derive(AuthState)]
struct Shows {
    #[auth(Bearer)]
    shown: Shown,
}

#[tonic::async_trait]
impl Orders for Shows {
    type GivesStream = Texts;
    type TalksStream = Texts;

    #[requires_auth(Api, request = request, state = self, identity = shown: String)]
    async fn unary(&self, mut request: Request<Text>) -> Result<Response<Text>, Status> {
        request.get_mut().text.clear();
        Ok(text(&shown))
    }

    async fn gives(&self, _: Request<Text>) -> Result<Response<Texts>, Status> {
        Err(Status::unimplemented(""))
    }

    #[requires_auth(Api, request = request, state = self, identity = shown: String)]
    async fn takes(&self, request: Request<Streaming<Text>>) -> Result<Response<Text>, Status> {
        drop(request);
        Ok(text(&shown))
    }

    async fn talks(&self, _: Request<Streaming<Text>>) -> Result<Response<Texts>, Status> {
        Err(Status::unimplemented(""))
    }
}

// What signs a target signs this one.
#[tokio::test]
async fn verifiers_see_method_target_and_extensions() {
    let mut client: OrdersClient<Channel> =
        client(serve(Routes::new(OrdersServer::new(Shows { shown: Shown }))).await).await;
    for (kind, target) in [
        (Kind::Unary, "/auth.test.Orders/Unary"),
        (Kind::Takes, "/auth.test.Orders/Takes"),
    ] {
        let seen = kind.call(&mut client, &bearer("x")).await.unwrap();
        assert_eq!(seen, format!("POST {target} None"));
    }
    // Called in process, there is none.
    let mut request = with(Text::from(""), &bearer("x"));
    request.extensions_mut().insert(7_u8);
    let seen = Shows { shown: Shown }.unary(request).await.unwrap();
    assert_eq!(seen.into_inner().text, "POST / Some(7)");
}

#[tokio::test]
async fn a_view_has_all_metadata() {
    let mut request = Request::new(());
    request.metadata_mut().insert_bin(
        "trace-bin",
        tonic::metadata::MetadataValue::from_bytes(&[0, 1, 2]),
    );
    request
        .metadata_mut()
        .append("x-many", "a".parse().unwrap());
    request
        .metadata_mut()
        .append("x-many", "b".parse().unwrap());
    let view = request.view();
    assert_eq!(view.field("trace-bin"), Some(&b"AAEC"[..]), "as it is sent");
    assert_eq!(view.field("X-Many"), None, "which of the two?");
}

// A status prints its source: what only the log may know is not in there.
#[tokio::test]
async fn the_cause_is_for_logs_and_for_nobody_else() {
    let app = App::new(Pace::AtOnce);
    let refused = async |token: &str| {
        let request = with((), &bearer(token));
        let decision: Result<auth_core::Unseen, _> =
            check!(crate::orders::Fails, request = request, state = app);
        Status::from(decision.unwrap_err())
    };
    let status = refused("down").await;
    assert!(
        matches!(cause(&status), Some(Cause::Unavailable { detail, .. }) if detail.to_string().contains("10.0.0.1"))
    );
    for printed in [
        format!("{status}"),
        format!("{status:?}"),
        format!("{:#?}", std::error::Error::source(&status)),
    ] {
        assert!(!printed.contains("10.0.0.1"), "{printed}");
    }
    assert!(cause(&Status::unauthenticated("made by hand")).is_none());
}

// The methods without a layer find nobody, whatever the client sends.
#[tokio::test]
async fn headers_are_no_identity_v23() {
    let mut client = client(serve(Routes::new(OrdersServer::new(Behind::default()))).await).await;
    let answer = Kind::Unary.call(&mut client, &bearer(tokens::good())).await;
    assert_eq!(answer.unwrap(), "nobody: hi");
}
