//! What a guard sees of a request.

use poem::Request;
use poem::http::Uri;
use poem::web::RemoteAddr;

use crate::inline::ViewRequest;
use crate::request::RequestView;

impl ViewRequest for Request {
    fn view(&self) -> RequestView<'_> {
        view(self)
    }
}

/// Under `poem::get` the method of a `HEAD` request reads `GET`: poem has changed it by then, and keeps no other one.
pub(super) fn view(request: &Request) -> RequestView<'_> {
    let target = sent_uri(request).path_and_query();
    let target = target.map_or("/", |target| target.as_str());
    let view = RequestView::new(request.method().as_str(), target, request.headers())
        .with_extensions(request.extensions());
    match request.remote_addr().as_socket_addr() {
        Some(peer) => view.with_peer(peer),
        None => view,
    }
}

/// The target as the client sent it, whatever nested routes have left of it.
pub(super) fn sent_uri(request: &Request) -> &Uri {
    let original = request.original_uri();
    // Poem knows none of requests that were made by hand, as tests do: those come from nowhere.
    let made_by_hand =
        original == &Uri::default() && request.remote_addr() == &RemoteAddr::default();
    if made_by_hand {
        request.uri()
    } else {
        original
    }
}
