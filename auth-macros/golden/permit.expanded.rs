type __requires_auth_files = Api;
const _: () = ::auth_core::private::option_agrees::<__requires_auth_files>(false);
::auth_core::private::linked!(__requires_auth_files, Authenticated < Claims >);
#[allow(unused_braces)]
async fn files(
    ::auth_core::private::Guard {
        identity: user,
        answering: __requires_auth_answering,
        ..
    }: ::auth_core::private::Guard<
        __requires_auth_files,
        Authenticated<Claims>,
        ::auth_core::private::Answering,
    >,
    Path(owner): Path<String>,
) -> ::auth_core::private::Permitted<Result<Json<Files>, Gone>> {
    let __requires_auth_permitted: ::core::primitive::bool = owner == user.name;
    if !__requires_auth_permitted {
        return ::auth_core::private::not_permitted(__requires_auth_answering);
    }
    ::auth_core::private::permitted(
        async move {
            if let ::core::option::Option::Some(__returned) = ::core::option::Option::None::<
                Result<Json<Files>, Gone>,
            > {
                return __returned;
            }
            { Ok(Json(files_of(&owner)?)) }
        }
            .await,
    )
}
type __requires_auth_file = Api;
const _: () = ::auth_core::private::option_agrees::<__requires_auth_file>(false);
::auth_core::private::linked!(__requires_auth_file, Authenticated < Claims >);
#[allow(unused_braces)]
async fn file(
    ::auth_core::private::Guard {
        identity: user,
        answering: __requires_auth_answering,
        ..
    }: ::auth_core::private::Guard<
        __requires_auth_file,
        Authenticated<Claims>,
        ::auth_core::private::Answering,
    >,
    Path(file): Path<u64>,
) -> ::auth_core::private::Permitted<impl IntoResponse> {
    let __requires_auth_permitted: ::core::primitive::bool = shared_with(&user, &file)
        .await;
    if !__requires_auth_permitted {
        return ::auth_core::private::not_permitted(__requires_auth_answering);
    }
    ::auth_core::private::permitted(
        async move {
            if let ::core::option::Option::Some(__returned) = ::core::option::Option::None::<
                _,
            > {
                return __returned;
            }
            { read(file).await }
        }
            .await,
    )
}
