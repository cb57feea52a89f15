type __requires_auth_orders = Api;
const _: () = ::auth_core::private::option_agrees::<__requires_auth_orders>(false);
::auth_core::private::linked!(__requires_auth_orders, Authenticated < Claims >);
#[handler]
#[allow(unused_braces)]
async fn orders(
    user: ::auth_core::private::Guard<__requires_auth_orders, Authenticated<Claims>>,
    page: QueryParam<u32>,
) -> Json<Vec<Order>> {
    #[allow(clippy::shadow_same, clippy::used_underscore_binding)]
    let ::auth_core::private::Guard { identity: mut user, .. } = user;
    { Json(user.orders(page)) }
}
type __requires_auth_pages = Api;
const _: () = ::auth_core::private::not_optional::<__requires_auth_pages>();
const _: () = {
    use ::auth_core::private::NotAnIdentity as _;
    ::auth_core::private::not_an_alias(
        ::auth_core::private::Argument::<QueryParam<u32>>::IS_IDENTITY,
    )
};
::auth_core::private::linked!(__requires_auth_pages, ::auth_core::private::Unseen);
#[salvo::endpoint]
#[allow(unused_braces)]
#[allow(unused_braces)]
async fn pages(
    __requires_auth_guard: ::auth_core::private::Guard<
        __requires_auth_pages,
        ::auth_core::private::Unseen,
        ::auth_core::private::Answering,
    >,
    page: QueryParam<u32>,
) -> ::auth_core::private::Permitted<Json<Vec<Order>>> {
    #[allow(clippy::shadow_same, clippy::used_underscore_binding)]
    let ::auth_core::private::Guard { answering: __requires_auth_answering, .. } = __requires_auth_guard;
    {
        let __requires_auth_permitted: ::core::primitive::bool = page < 7;
        if !__requires_auth_permitted {
            return ::auth_core::private::not_permitted(__requires_auth_answering);
        }
        ::auth_core::private::permitted(
            async move {
                if let ::core::option::Option::Some(__returned) = ::core::option::Option::None::<
                    Json<Vec<Order>>,
                > {
                    return __returned;
                }
                { Json(page) }
            }
                .await,
        )
    }
}
type __requires_auth_count = Api;
const _: () = ::auth_core::private::not_optional::<__requires_auth_count>();
::auth_core::private::linked!(__requires_auth_count, ::auth_core::private::Unseen);
#[handler]
async fn count(
    __requires_auth_guard: ::auth_core::private::Guard<__requires_auth_count>,
) -> u32 {
    3
}
#[doc(hidden)]
#[non_exhaustive]
enum __public_health {}
#[automatically_derived]
impl ::auth_core::private::PublicDecision for __public_health {
    const NAME: &'static ::core::primitive::str = ::core::concat!(
        ::core::module_path!(), "::", "health"
    );
    const REASON: ::core::option::Option<&'static ::core::primitive::str> = ::core::option::Option::Some(
        "probe",
    );
}
#[handler]
async fn health(
    __requires_auth_guard: ::auth_core::private::Public<__public_health>,
) -> &'static str {
    "ok"
}
