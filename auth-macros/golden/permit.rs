#[requires_auth(Api, permit = owner == user.name)]
async fn files(
    user: Authenticated<Claims>,
    Path(owner): Path<String>,
) -> Result<Json<Files>, Gone> {
    Ok(Json(files_of(&owner)?))
}

#[requires_auth(Api, permit = shared_with(&user, &file).await)]
async fn file(user: Authenticated<Claims>, Path(file): Path<u64>) -> impl IntoResponse {
    read(file).await
}
