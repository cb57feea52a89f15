#[doc(hidden)]
#[non_exhaustive]
enum __public_health {}
#[automatically_derived]
impl ::auth_core::private::PublicDecision for __public_health {
    const NAME: &'static ::core::primitive::str = ::core::concat!(
        ::core::module_path!(), "::", "health"
    );
    const REASON: ::core::option::Option<&'static ::core::primitive::str> = ::core::option::Option::Some(
        "load balancer probe",
    );
}
async fn health(_: ::auth_core::private::Public<__public_health>) -> &'static str {
    "ok"
}
