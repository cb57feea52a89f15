//! What a guard sees of a request of poem.

use poem::Request;
use poem::http::Uri;
use poem::http::uri::PathAndQuery;
use poem::web::RemoteAddr;

use crate::inline::ViewRequest;
use crate::request::RequestView;

/// Under `poem::get` the method of a `HEAD` request reads `GET`: poem has changed it by then, and keeps no other one.
impl ViewRequest for Request {
    fn view(&self) -> RequestView<'_> {
        let target = sent_uri(self).path_and_query();
        let target = target.map_or("/", PathAndQuery::as_str);
        let view = RequestView::new(self.method().as_str(), target, self.headers())
            .with_extensions(self.extensions());
        match self.remote_addr().as_socket_addr() {
            Some(peer) => view.with_peer(peer),
            None => view,
        }
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
