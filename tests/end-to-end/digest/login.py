"""Digest as a client computes it (RFC 7616 section 3.4), from the standard library and from nothing of ours."""

import hashlib
import re
import secrets
from dataclasses import dataclass, field, replace
from typing import Optional

import wire

HASHES = {"MD5": "md5", "SHA-256": "sha256", "SHA-512-256": "sha512_256"}
PARAMETER = re.compile(r'([A-Za-z*]+)\s*=\s*(?:"((?:\\.|[^"\\])*)"|([^\s,"]*))')


def base(algorithm):
    """The algorithm without `-sess`."""
    return algorithm[:-5] if algorithm.lower().endswith("-sess") else algorithm


def hashed(algorithm, octets):
    # Of an unknown name the digest does not matter; it is refused anyway.
    return hashlib.new(HASHES.get(base(algorithm), "sha256"), octets).hexdigest()


def parameters(text):
    """The parameters of one challenge or of one credentials, quotes removed; of a double the last."""
    found = {}
    for name, quoted, token in PARAMETER.findall(text):
        found[name.lower()] = re.sub(r"\\(.)", r"\1", quoted) if quoted else token
    return found


def challenges(response):
    """The Digest challenges of a response, one per field line."""
    lines = (value.decode("latin-1") for value in response.all(b"WWW-Authenticate"))
    return [parameters(line[7:]) for line in lines if line.lower().startswith("digest ")]


@dataclass(frozen=True)
class Login:
    """A request with Digest credentials. Whatever is changed, the digest is computed to fit it, unless `signed` says
    with what else it is computed; `written` replaces parameters as they are written (None: left out), and `extra` is
    appended."""

    user: str
    password: str
    realm: str
    nonce: str
    target: str
    algorithm: str = "SHA-256"
    method: str = "GET"
    body: bytes = b""
    uri: Optional[str] = None
    qop: str = "auth"
    nc: str = "00000001"
    cnonce: str = field(default_factory=lambda: secrets.token_hex(8))
    opaque: Optional[str] = None
    signed: dict = field(default_factory=dict)
    written: dict = field(default_factory=dict)
    extra: tuple = ()
    fields: tuple = ()
    scheme: str = "Digest"
    chunked: bool = False

    def but(self, **changes):
        return replace(self, **changes)

    def response(self):
        """The digest of section 3.4.1; with `qop=""` that of RFC 2069."""
        of = replace(self, signed={}, **self.signed)
        h = lambda *parts: hashed(of.algorithm, b":".join(p if isinstance(p, bytes) else p.encode() for p in parts))
        a1 = h(of.user, of.realm, of.password)
        if of.algorithm.lower().endswith("-sess"):
            a1 = h(a1, of.nonce, of.cnonce)
        a2 = [of.method, of.uri or of.target]
        if of.qop == "auth-int":
            a2.append(h(of.body))
        middle = [of.nonce, of.nc, of.cnonce, of.qop] if of.qop else [of.nonce]
        return h(a1, *middle, h(*a2))

    def credentials(self):
        """The value of the `Authorization` field."""
        quote = lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
        written = {
            "username": quote(self.user),
            "realm": quote(self.realm),
            "nonce": quote(self.nonce),
            "uri": quote(self.uri or self.target),
            "algorithm": self.algorithm,
            "response": quote(self.response()),
            "qop": self.qop,
            "nc": self.nc,
            "cnonce": quote(self.cnonce),
            "opaque": None if self.opaque is None else quote(self.opaque),
            **self.written,
        }
        texts = [f"{name}={value}" for name, value in written.items() if value is not None]
        return (self.scheme + " " + ", ".join([*texts, *self.extra])).encode()

    def request(self, host):
        """The octets of the request."""
        fields = [("Host", host), ("Connection", "close"), *self.fields]
        body = self.body
        if self.chunked:
            fields.append(("Transfer-Encoding", "chunked"))
            body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
        elif body or self.method == "POST":
            fields.append(("Content-Length", str(len(body))))
        if len(body) > 65536:
            fields.append(("Expect", "100-continue"))
        lines = [f"{self.method} {self.target} HTTP/1.1".encode(), b"Authorization: " + self.credentials()]
        lines += [f"{name}: {value}".encode() for name, value in fields]
        return b"\r\n".join(lines) + b"\r\n\r\n", body

    def send(self, address):
        return wire.exchange(address, *self.request("%s:%s" % address))
