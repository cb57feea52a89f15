//! What a guard sees of a request of actix-web.

use actix_web::HttpRequest;
use actix_web::http::header::HeaderMap;
use actix_web::http::uri::PathAndQuery;
use http::Extensions;

use crate::guard::HandOn;
use crate::inline::ViewRequest;
use crate::request::{Fields, RequestView};

impl Fields for HeaderMap {
    fn each<'f>(&'f self, name: &str, visit: &mut dyn FnMut(&'f [u8])) {
        for value in self.get_all(name) {
            visit(value.as_bytes());
        }
    }
}

/// Its extensions stay out of sight, since actix-web lends them for moments only: but for the peer's address, see
/// [`RequestView::extension`].
impl ViewRequest for HttpRequest {
    fn view(&self) -> RequestView<'_> {
        let target = self
            .uri()
            .path_and_query()
            .map_or("/", PathAndQuery::as_str);
        let view = RequestView::new(self.method().as_str(), target, self.headers());
        match &self.head().peer_addr {
            Some(peer) => view.with_peer(peer),
            None => view,
        }
    }
}

/// What middleware wants verifiers to see, it puts into an [`http::Extensions`] among the extensions of the request: those
/// of actix-web cannot be lent to verifiers.
pub(super) fn shown_extensions(request: &HttpRequest) -> Option<Extensions> {
    use actix_web::HttpMessage as _;
    request.extensions().get().cloned()
}

impl HandOn for actix_web::dev::Extensions {
    fn put<T: Clone + Send + Sync + 'static>(&mut self, value: T) {
        self.insert(value);
    }

    fn take_away<T: Send + Sync + 'static>(&mut self) {
        self.remove::<T>();
    }
}
