"""A proxy in front of the server that writes down what a client and the server said to each other."""

import socket
import threading
from dataclasses import dataclass, field

import login
import wire


@dataclass
class Exchange:
    """One request and its answer."""

    method: str
    target: str
    authorization: list
    body: bytes
    status: int
    challenges: list
    info: str
    # The body of the answer.
    content: bytes

    @property
    def digest(self):
        """The Digest credentials, quotes removed; empty without any."""
        text = self.authorization[0] if self.authorization else ""
        return login.parameters(text[7:]) if text.lower().startswith("digest ") else {}


@dataclass
class Recorder:
    """Listens on a free port of the loopback interface and passes everything on as it is."""

    upstream: tuple
    exchanges: list = field(default_factory=list)
    # By target: a page that takes the place of the body of an answer 200.
    pages: dict = field(default_factory=dict)

    def __post_init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        self.lock = threading.Lock()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        while True:
            client, _ = self.listener.accept()
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        with client, socket.create_connection(self.upstream) as server:
            for connection in client, server:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            requests, answers = wire.Reader(client), wire.Reader(server)
            try:
                while self._pass_on(client, server, requests, answers):
                    pass
            except (wire.Closed, OSError):
                pass

    def _pass_on(self, client, server, requests, answers):
        request = requests.head()
        if request.all(b"Expect"):
            client.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            request.fields = [pair for pair in request.fields if pair[0].lower() != b"expect"]
        request.body = requests.request_body(request)
        method, target, _ = request.start.split(b" ", 2)
        body = request.body
        if b"chunked" in request.first(b"Transfer-Encoding").lower():
            body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body) if body else b"0\r\n\r\n"
        server.sendall(request.head() + body)
        answer = answers.response(method)
        self._note(request, method.decode(), target.decode("latin-1"), answer)
        page = self.pages.get(target.decode("latin-1"))
        if page and answer.status == 200:
            answer.body = page.encode()
            drop = (b"content-length", b"content-type", b"transfer-encoding")
            answer.fields = [pair for pair in answer.fields if pair[0].lower() not in drop]
            answer.fields += [(b"Content-Type", b"text/html"), (b"Content-Length", b"%d" % len(answer.body))]
        elif b"chunked" in answer.first(b"Transfer-Encoding").lower():
            answer.body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(answer.body), answer.body) if answer.body else b"0\r\n\r\n"
        client.sendall(answer.head() + answer.body)
        return b"close" not in (request.first(b"Connection") + answer.first(b"Connection")).lower()

    def _note(self, request, method, target, answer):
        text = lambda message, name: [value.decode("utf-8", "backslashreplace") for value in message.all(name)]
        info = text(answer, b"Authentication-Info")
        with self.lock:
            self.exchanges.append(
                Exchange(
                    method,
                    target,
                    text(request, b"Authorization"),
                    request.body,
                    answer.status,
                    text(answer, b"WWW-Authenticate"),
                    info[0] if info else "",
                    answer.body,
                )
            )

    def since(self, mark):
        """What was exchanged after this many exchanges."""
        with self.lock:
            return self.exchanges[mark:]
