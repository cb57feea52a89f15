"""HTTP/1.1 octet by octet, so that nothing between a test and the server corrects what is sent."""

import socket


class Message:
    """One request or response: its first line, its field lines as they were, and its body."""

    def __init__(self, start, fields, body=b""):
        self.start, self.fields, self.body = start, fields, body

    def all(self, name):
        """The values of every field line of this name."""
        return [value for field, value in self.fields if field.lower() == name.lower()]

    def first(self, name, otherwise=b""):
        return next(iter(self.all(name)), otherwise)

    @property
    def status(self):
        return int(self.start.split(b" ", 2)[1])

    def head(self):
        lines = [self.start, *(name + b": " + value for name, value in self.fields)]
        return b"\r\n".join(lines) + b"\r\n\r\n"


class Closed(Exception):
    """The other side went away before a whole message."""


class Reader:
    """Reads messages from a connection."""

    def __init__(self, connection):
        self.connection, self.held = connection, b""

    def _more(self):
        try:
            octets = self.connection.recv(65536)
        except OSError as problem:
            raise Closed from problem
        if not octets:
            raise Closed
        self.held += octets

    def _until(self, end):
        while end not in self.held:
            self._more()
        taken, self.held = self.held.split(end, 1)
        return taken

    def _exactly(self, length):
        while len(self.held) < length:
            self._more()
        taken, self.held = self.held[:length], self.held[length:]
        return taken

    def _chunks(self):
        body = b""
        while length := int(self._until(b"\r\n").split(b";")[0], 16):
            body += self._exactly(length)
            self._exactly(2)
        while self._until(b"\r\n"):
            pass
        return body

    def _to_the_end(self):
        try:
            while True:
                self._more()
        except Closed:
            taken, self.held = self.held, b""
            return taken

    def head(self):
        """The first line and the fields; the body is still to come."""
        start, *lines = self._until(b"\r\n\r\n").split(b"\r\n")
        fields = [tuple(line.split(b":", 1)) for line in lines]
        return Message(start, [(name, value.strip(b" \t")) for name, value in fields])

    def request_body(self, head):
        if b"chunked" in head.first(b"Transfer-Encoding").lower():
            return self._chunks()
        return self._exactly(int(head.first(b"Content-Length", b"0")))

    def response(self, method):
        """The final response to a request of this method."""
        message = self.head()
        while message.status == 100:
            message = self.head()
        if method == b"HEAD" or message.status in (204, 304):
            pass
        elif b"chunked" in message.first(b"Transfer-Encoding").lower():
            message.body = self._chunks()
        elif message.all(b"Content-Length"):
            message.body = self._exactly(int(message.first(b"Content-Length")))
        else:
            message.body = self._to_the_end()
        return message


def exchange(address, head, body=b"", patience=10):
    """Sends one request on a connection of its own and returns the answer, or None if there was none.

    With `Expect: 100-continue` in the head, the body is sent only when the server asks for it: a server that refuses
    by the head alone can then be heard before the connection ends.
    """
    method = head.split(b" ", 1)[0]
    with socket.create_connection(address, timeout=patience) as connection:
        reader = Reader(connection)
        try:
            if b"expect: 100-continue" not in head.lower():
                _send(connection, head + body)
                return reader.response(method)
            _send(connection, head)
            interim = reader.head()
            if interim.status != 100:
                reader.held = interim.head() + reader.held
                return reader.response(method)
            _send(connection, body)
            return reader.response(method)
        except Closed:
            return None


def _send(connection, octets):
    # A server may refuse and close while it is still being talked to; its answer is read all the same.
    try:
        connection.sendall(octets)
    except OSError:
        pass
