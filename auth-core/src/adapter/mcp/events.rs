//! The ids in a stream of events (WHATWG HTML §9.2), bound to the caller that the stream is for.

use core::mem::take;

use bytes::Bytes;

use super::sessions::Mark;

/// Rewrites the lines `id: <id>` of a stream to `id: <id>.<mac>`, wherever its pieces begin and end. All else stays as it is.
pub(super) struct EventIds {
    mark: Mark,
    place: Place,
    /// What is held back: the beginning of a line that may be that of an id.
    held: Vec<u8>,
}

#[derive(Clone, Copy)]
enum Place {
    /// In a line, all of which is held back.
    Begun,
    /// In the rest of a line that is no id.
    Beyond,
}

const ID: &[u8] = b"id:";

impl EventIds {
    pub(super) fn new(mark: Mark) -> Self {
        Self {
            mark,
            place: Place::Begun,
            held: Vec::new(),
        }
    }

    /// The next piece of the stream. What never ends, a client ignores too.
    pub(super) fn bind(&mut self, mut piece: &[u8]) -> Bytes {
        let mut bound = Vec::with_capacity(piece.len());
        while let Some(octet) = piece.first() {
            let ends = matches!(octet, b'\n' | b'\r');
            match self.place {
                Place::Beyond => {
                    let end = piece.iter().position(|it| matches!(it, b'\n' | b'\r'));
                    let (rest, next) = piece.split_at(end.unwrap_or(piece.len()));
                    bound.extend_from_slice(rest);
                    piece = next;
                    if end.is_some() {
                        self.place = Place::Begun;
                    }
                    continue;
                }
                Place::Begun if ends => {
                    self.end_line(&mut bound);
                    bound.push(*octet);
                }
                Place::Begun => {
                    self.held.push(*octet);
                    if !ID.starts_with(&self.held) && !self.held.starts_with(ID) {
                        bound.append(&mut self.held);
                        self.place = Place::Beyond;
                    }
                }
            }
            piece = piece.get(1..).unwrap_or_default();
        }
        bound.into()
    }

    /// A line that is all held back has ended.
    fn end_line(&mut self, bound: &mut Vec<u8>) {
        let line = take(&mut self.held);
        let id = line.strip_prefix(ID);
        let id = id.map(|id| id.strip_prefix(b" ").unwrap_or(id));
        match id.filter(|id| !id.is_empty()) {
            Some(id) => {
                bound.extend_from_slice(b"id: ");
                bound.extend_from_slice(&self.mark.bound(id));
            }
            None => bound.extend_from_slice(&line),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::adapter::mcp::sessions::Sessions;
    use crate::secret::Secret;

    fn ids() -> EventIds {
        let sessions = Sessions {
            key: Secret::new(vec![1; 32]),
            owner: Box::new(|caller: &&str| (*caller).to_owned()),
        };
        let mut fields = http::HeaderMap::new();
        let events = "text/event-stream; charset=utf-8".parse().unwrap();
        fields.insert(http::header::CONTENT_TYPE, events);
        EventIds::new(sessions.binds_events(&mut fields, &"ada").unwrap())
    }

    fn bound(stream: &str, len: usize) -> String {
        let mut ids = ids();
        let pieces = stream.as_bytes().chunks(len);
        let pieces: Vec<u8> = pieces.flat_map(|piece| ids.bind(piece)).collect();
        String::from_utf8(pieces).unwrap()
    }

    #[test]
    fn only_ids_are_bound_however_the_stream_is_cut() {
        let id = |id: &str| String::from_utf8(ids().mark.bound(id.as_bytes())).unwrap();
        let (one, two) = (id("1"), id(" 2.x"));
        let stream = "retry: 3\nid: 1\ndata: id: 1\n\n:id:\nidx:1\nid\nid:\nid: \r\nid:  2.x\r\ni: 1\rid:1\r\rdata: {}\n\nx";
        let expected = format!(
            "retry: 3\nid: {one}\ndata: id: 1\n\n:id:\nidx:1\nid\nid:\nid: \r\nid: {two}\r\ni: 1\rid: {one}\r\rdata: {{}}\n\nx"
        );
        for len in 1..=stream.len() {
            assert_eq!(bound(stream, len), expected, "{len}");
        }
    }
}
