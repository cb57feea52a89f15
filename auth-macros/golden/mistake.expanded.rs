::core::compile_error! {
    "unknown scheme `Baerer`: did you mean `Bearer`?"
}
async fn orders(
    ::auth_core::private::Guard {
        identity: user,
        ..
    }: ::auth_core::private::Guard<
        ::auth_core::private::Erroneous,
        Authenticated<Claims>,
    >,
) -> String {
    user.name.clone()
}
