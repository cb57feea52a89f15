#!/usr/bin/env python3
"""A table of attacks on Digest, and what a server answers to each.

    attacks.py --port 8080 --path / --realm http-auth@example.org --user Mufasa --password 'Circle of Life'

Unless a row says otherwise, the digest is right for what is sent, so that only the rule in question can refuse it. Each
attack is followed by its neighbour, the same request without the fault, with the same nonce and the same nc: it must be
admitted. With `--expected`, fails if an answer is not the one our own server is to give. Standard library only; sends
about two hundred requests.
"""

import argparse
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Callable

import login
import wire

ROWS = []
ADMITTED = "Not attacks"


@dataclass(frozen=True)
class Row:
    section: str
    name: str
    # What our own server is to answer.
    expected: str
    # The option without which the row does not apply.
    needs: str
    # Returns the answer, or the answer and another neighbour.
    attack: Callable


def section(title):
    """The rows from here on are about this."""
    section.title = title


def row(name, expected, needs=""):
    """Registers an attack."""

    def register(attack):
        ROWS.append(Row(section.title, name, expected, needs, attack))
        return attack

    return register


def changed(name, expected, needs="", **changes):
    """An attack that is a right request with these changes."""
    row(name, expected, needs)(lambda server, right: server.send(right.but(**changes)))


def written(name, expected, **texts):
    """An attack that is a right request in which these parameters are written so."""
    changed(name, expected, written=texts)


class Unsuitable(Exception):
    """The server does not have what the row is about."""


class Server:
    def __init__(self, options):
        self.options = options
        self.address = (options.host, options.port)

    def challenge(self, path, algorithm=None, address=None):
        """A challenge for this algorithm, with a fresh nonce."""
        method = "POST" if path == self.options.content_path else "GET"
        head = f"{method} {path} HTTP/1.1\r\nHost: {self.options.host}\r\nConnection: close\r\n"
        head += "Content-Length: 0\r\n\r\n" if method == "POST" else "\r\n"
        answer = wire.exchange(address or self.address, head.encode())
        for challenge in login.challenges(answer) if answer else []:
            if challenge.get("algorithm", "MD5").upper() == (algorithm or self.options.algorithm).upper():
                return challenge
        raise Unsuitable(f"{path}: no challenge for {algorithm or self.options.algorithm}")

    def right(self, path, **changes):
        """A request that must be admitted."""
        challenge = self.challenge(path)
        return login.Login(
            user=self.options.user,
            password=self.options.password,
            realm=challenge["realm"],
            nonce=challenge["nonce"],
            opaque=challenge.get("opaque"),
            target=path,
            algorithm=self.options.algorithm,
        ).but(**changes)

    def send(self, request, address=None):
        return request.send(address or self.address)

    def with_content(self, **changes):
        if not self.options.content_path:
            raise Unsuitable("offers no auth-int")
        content = {"method": "POST", "qop": "auth-int", "body": b'{"note":"one"}'}
        json = (("Content-Type", "application/json"),)
        return self.right(self.options.content_path, **{**content, "fields": json, **changes})


def told(answer):
    """`401`, `401 stale`, `200`; `closed` if the server answered nothing."""
    if answer is None:
        return "closed"
    stale = any(c.get("stale", "").lower() == "true" for c in login.challenges(answer))
    return f"{answer.status} stale" if stale else str(answer.status)


section("How often a nonce was used")


@row("the whole request again", "401 stale")
def replay(server, right):
    server.send(right)
    return server.send(right), right.but(nc="00000002")


@row("the whole request eight times at once, all but one of them", "401 stale")
def at_once(server, right):
    with ThreadPoolExecutor(8) as pool:
        answers = sorted(pool.map(server.send, 8 * [right]), key=lambda answer: answer.status)
    if answers[0].status != 200:
        raise AssertionError("none of them was admitted")
    return answers[1], right.but(nc="00000002")


@row("`nc` used before, after higher ones", "401 stale")
def lower(server, right):
    for nc in "00000001", "00000002", "00000003":
        server.send(right.but(nc=nc))
    return server.send(right.but(nc="00000002", cnonce="another")), right.but(nc="00000004")


@row("`nc` far below the highest", "401 stale")
def far_below(server, right):
    server.send(right.but(nc="00010000"))
    return server.send(right), right.but(nc="00010001")


changed("`nc` of zero", "400", nc="00000000")
changed("`nc` that is not hexadecimal", "400", nc="zzzzzzzz")
changed("`nc` of one digit", "400", nc="1")
changed("`nc` of nine digits", "400", nc="000000001")
changed("`nc` with a sign", "400", nc="+0000001")
written("`nc` absent", "400", nc=None)
written("`nc` absent, `cnonce` absent", "400", nc=None, cnonce=None)
written("`cnonce` absent", "400", cnonce=None)

section("Weaker forms")
changed("`qop` absent, digest of RFC 2069", "400", qop="", written={"qop": None, "nc": None, "cnonce": None})
changed("`qop` absent, `nc` and `cnonce` sent", "400", qop="", written={"qop": None})
changed("`qop` not offered: `auth-int`", "400", qop="auth-int")
changed("`qop` unknown", "400", qop="auth-conf")
written("`qop` with two values", "400", qop='"auth,auth-int"')


def downgraded(server, request):
    if server.options.algorithm == "MD5":
        raise Unsuitable("without algorithm it is MD5, which this server offers")
    return server.send(request)


# Without a name it is MD5.
row("algorithm absent, digest of the one offered", "401")(
    lambda server, right: downgraded(server, right.but(written={"algorithm": None}))
)
row("algorithm absent, digest of MD5", "401")(
    lambda server, right: downgraded(server, right.but(written={"algorithm": None}, signed={"algorithm": "MD5"}))
)
row("`algorithm=MD5`, not offered", "401")(lambda server, right: downgraded(server, right.but(algorithm="MD5")))
changed("algorithm unknown", "401", algorithm="SHA-999")
row("`-sess` form of the algorithm, not offered", "401")(
    lambda server, right: server.send(right.but(algorithm=right.algorithm + "-sess"))
)

section("What the digest is for")
row("`uri` of another resource, digest right for it", "400")(
    lambda server, right: server.send(right.but(uri="/elsewhere"))
)
row("`uri` with another query", "400")(lambda server, right: server.send(right.but(uri=right.target + "?admin=1")))
row("`uri` with a query that the request lacks, digest of the request", "400")(
    lambda server, right: server.send(right.but(written={"uri": f'"{right.target}?admin=1"'}))
)
row("query that the `uri` lacks", "400")(
    lambda server, right: server.send(right.but(target=right.target + "?admin=1", uri=right.target))
)
written("`uri` absent", "400", uri=None)
written("`uri` empty", "400", uri='""')
changed("method changed", "401", signed={"method": "POST"})
changed("realm of another, digest right for it", "401", realm="elsewhere")
written("realm of another, digest of this one", "401", realm='"elsewhere"')
written("realm absent", "400", realm=None)

section("The nonce")


@row("nonce of another realm", "401", "other_realm_path")
def other_realm(server, right):
    return server.send(right.but(nonce=server.challenge(server.options.other_realm_path)["nonce"]))


@row("nonce of another server", "401", "other_server")
def other_server(server, right):
    host, port = server.options.other_server.rsplit(":", 1)
    return server.send(right.but(nonce=server.challenge(right.target, address=(host, int(port)))["nonce"]))


@row("nonce of another algorithm", "401", "other_algorithm_path")
def other_algorithm(server, right):
    challenge = server.challenge(server.options.other_algorithm_path, server.options.other_algorithm)
    return server.send(right.but(nonce=challenge["nonce"]))


def altered(nonce, at):
    return nonce[:at] + ("A" if nonce[at] != "A" else "B") + nonce[at:][1:]


row("nonce altered at its start", "401")(lambda server, right: server.send(right.but(nonce=altered(right.nonce, 0))))
row("nonce altered in its middle", "401")(
    lambda server, right: server.send(right.but(nonce=altered(right.nonce, len(right.nonce) // 2)))
)
row("nonce altered at its end", "401")(
    lambda server, right: server.send(right.but(nonce=altered(right.nonce, len(right.nonce) - 3)))
)
row("nonce truncated", "401")(lambda server, right: server.send(right.but(nonce=right.nonce[:-4])))
row("nonce with more after it", "401")(lambda server, right: server.send(right.but(nonce=right.nonce + "AAAA")))
changed("nonce made up", "401", nonce="0123456789abcdef")
changed("nonce empty", "400", nonce="")
written("nonce absent", "400", nonce=None)


# These two come last, when the wait is over: see `run`. Their nonce was good for a request while it lived.
def expired(server, right, nc):
    old = server.old
    return right.but(nonce=old["nonce"], opaque=old.get("opaque"), nc=nc)


@row("nonce expired", "401 stale", "short_lived")
def expired_right(server, right):
    return server.send(expired(server, right, "00000002"), server.behind), right


@row("nonce expired, digest wrong", "401", "short_lived")
def expired_wrong(server, right):
    wrong = expired(server, right, "00000003").but(signed={"password": "wrong"})
    return server.send(wrong, server.behind), right


section("Who it is, and the proof")
changed("password wrong", "401", signed={"password": "wrong"})
changed("user unknown", "401", user="Nobody")
changed("user name empty", "400", user="")
written("`username` absent", "400", username=None)
changed("`username` with `username*`", "400", extra=("username*=UTF-8''Mufasa",))
changed("`username*` cut off", "400", written={"username": None}, extra=("username*=UTF-8''Mufas%",))
changed("`username*` with NUL", "400", written={"username": None}, extra=("username*=UTF-8''Mufasa%00",))
row("password followed by NUL and more", "401")(
    lambda server, right: server.send(right.but(signed={"password": right.password + "\0more"}))
)
written("response absent", "400", response=None)
written("response empty", "400", response='""')
row("response cut short", "400")(
    lambda server, right: server.send(right.but(written={"response": f'"{right.response()[:-2]}"'}))
)
written("response that is not hexadecimal", "400", response='"' + 64 * "z" + '"')

section("What may be read in two ways, and what is too long")


def doubled(name):
    @row(f"`{name}` twice, the second one wrong", "400")
    def twice(server, right):
        return server.send(right.but(extra=(f'{name}="0badf00d"',)))

    @row(f"`{name}` twice, both right", "400")
    def alike(server, right):
        value = login.parameters(right.credentials().decode()[7:])[name]
        return server.send(right.but(extra=(f'{name.upper()}="{value}"',)))


for name in "username", "realm", "nonce", "uri", "response", "algorithm", "cnonce", "qop", "nc":
    doubled(name)

changed("two Authorization fields, the first one right", "400", fields=(("Authorization", "Digest username=x"),))
changed("parameter without a value", "400", extra=("auth-param",))
changed("quoted text without its end", "400", extra=('more="',))
changed("no comma between two parameters", "400", extra=('more="1" most="2"',))
written("NUL in `cnonce`", "400", cnonce='"\0"')
written("control in `cnonce`", "400", cnonce='"\x01"')
written("bare CR in `cnonce`", "400", cnonce='"a\rb"')
row("parameter of 17 KiB, unknown name", "400")(
    lambda server, right: server.send(right.but(extra=("more=" + 17 * 1024 * "m",)))
)
row("`cnonce` of 64 KiB", "400")(lambda server, right: server.send(right.but(cnonce=64 * 1024 * "c")))
row("`username` of 64 KiB", "400")(lambda server, right: server.send(right.but(user=64 * 1024 * "u")))
row("nonce of 64 KiB", "400")(lambda server, right: server.send(right.but(nonce=64 * 1024 * "n")))
row("ten thousand parameters", "400")(
    lambda server, right: server.send(right.but(extra=tuple(f"p{n}=1" for n in range(10_000))))
)

section("The content, under `auth-int`")


@row("body changed under `auth-int`", "401", "content_path")
def body_changed(server, right):
    right = server.with_content()
    return server.send(right.but(body=b'{"note":"two"}', signed={"body": right.body})), right


@row("`auth` claimed for a digest of `auth-int`", "401", "content_path")
def int_as_auth(server, right):
    right = server.with_content()
    return server.send(right.but(written={"qop": "auth"})), right


@row("body longer than the limit", "413", "body_limit")
def body_too_long(server, right):
    right = server.with_content()
    return server.send(right.but(body=json_of(server.options.body_limit + 1))), right


@row("body longer than the limit, in chunks", "413", "body_limit")
def chunks_too_long(server, right):
    right = server.with_content()
    return server.send(right.but(body=json_of(server.options.body_limit + 1), chunked=True)), right


def json_of(length):
    return b'{"note":"%s"}' % (b"x" * (length - 11))


# What real clients send, and what the grammar allows.
section(ADMITTED)
changed("`nc` with a gap", "200", nc="0000000a")


@row("`nc` overtaken by another connection", "200")
def overtaken(server, right):
    server.send(right.but(nc="00000003"))
    return server.send(right.but(nc="00000002")), right


written("algorithm, `qop` and `nc` quoted, as some clients do", "200", qop='"auth"', nc='"00000001"')
changed("scheme in lower case", "200", scheme="digest")
row("response in upper case", "200")(
    lambda server, right: server.send(right.but(written={"response": f'"{right.response().upper()}"'}))
)
row("request target with scheme and host, as to a forward proxy, `uri` without", "200")(
    lambda server, right: server.send(
        right.but(target=f"http://{server.options.host}:{server.options.port}{right.target}", uri=right.target)
    )
)
row("blanks around `=`", "200")(
    lambda server, right: server.send(right.but(written={"uri": None}, extra=(f'uri  =  "{right.target}"',)))
)
changed("empty list elements", "200", extra=("", ""))
changed("unknown parameter", "200", extra=("auth-param=x",))
row("`username*` alone", "200")(
    lambda server, right: server.send(
        right.but(written={"username": None}, extra=(f"username*=UTF-8''{right.user.replace(' ', '%20')}",))
    )
)


@row("`auth-int`, body whole", "200", "content_path")
def whole(server, right):
    right = server.with_content()
    answer = server.send(right)
    if answer is not None and answer.status == 200 and answer.body != right.body:
        raise AssertionError(f"the handler saw {answer.body!r}")
    return answer, right.but(nc="00000002")


@row("`auth-int`, body whole in chunks", "200", "content_path")
def whole_in_chunks(server, right):
    right = server.with_content(chunked=True)
    return server.send(right), right.but(nc="00000002")


@row("body of exactly the limit", "200", "body_limit")
def at_the_limit(server, right):
    right = server.with_content()
    return server.send(right.but(body=json_of(server.options.body_limit))), right.but(nc="00000002")


def run(server, row):
    """What was answered to this row, and what its neighbour was answered; empty if the row does not apply."""
    try:
        if row.needs and not getattr(server.options, row.needs):
            raise Unsuitable(row.needs)
        right = server.right(server.options.path)
        answer = row.attack(server, right)
        nc = "00000002" if row.section == ADMITTED else "00000001"
        answer, neighbour = answer if isinstance(answer, tuple) else (answer, right.but(nc=nc))
        return told(answer), told(server.send(neighbour))
    except Unsuitable:
        return "", ""


def all_rows(server):
    """Every row with its two answers, in their order. What needs an expired nonce is asked last."""
    options = server.options
    answers = {row: run(server, row) for row in ROWS if row.needs != "short_lived"}
    if options.short_lived:
        time.sleep(max(0, server.got_old + options.lifetime + 0.1 - time.monotonic()))
    answers |= {row: run(server, row) for row in ROWS if row.needs == "short_lived"}
    return [(row, *answers[row]) for row in ROWS]


def stale_rows(path, answered):
    """The rows of the table in this file that tell something else than was answered."""
    with open(path, encoding="utf-8") as file:
        cells = [[cell.strip() for cell in line.split("|")[1:3]] for line in file if line.startswith("| ")]
    written = {name: answer for name, answer in cells}
    return [row.name for row, answer, _ in answered if answer and written.get(row.name) != answer]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--path", default="/")
    parser.add_argument("--realm", help="fails unless the server names it")
    parser.add_argument("--user", required=True)
    parser.add_argument("--password", required=True)
    parser.add_argument("--algorithm", default="SHA-256")
    parser.add_argument("--content-path", help="takes POST, offers auth-int and gives the body back")
    parser.add_argument("--body-limit", type=int, help="octets of a body that are read for auth-int")
    parser.add_argument("--other-realm-path", help="a path with another realm")
    parser.add_argument("--other-server", help="HOST:PORT of a server with another secret, same realm and path")
    parser.add_argument("--other-algorithm-path", help="a path that offers --other-algorithm too, same realm")
    parser.add_argument("--other-algorithm", default="MD5")
    parser.add_argument("--short-lived", help="HOST:PORT of a server with the same path, where nonces expire soon")
    parser.add_argument("--lifetime", type=float, default=1, help="seconds until then")
    parser.add_argument("--expected", action="store_true", help="fails unless every answer is that of our own server")
    parser.add_argument("--json", help="writes the rows into this file")
    parser.add_argument("--table", help="fails unless this table has for our own server what was answered")
    options = parser.parse_args()

    server = Server(options)
    first = server.challenge(options.path)
    if options.realm and first["realm"] != options.realm:
        sys.exit(f"the realm is {first['realm']!r}")
    if options.short_lived:
        host, port = options.short_lived.rsplit(":", 1)
        server.behind = host, int(port)
        server.old, server.got_old = server.challenge(options.path, address=server.behind), time.monotonic()
        good = expired(server, server.right(options.path), "00000001")
        if told(server.send(good, server.behind)) != "200":
            sys.exit("the nonce that is to expire was not good before")

    wrong = right = 0
    answered = all_rows(server)
    for row, answer, neighbour in answered:
        if not answer:
            print(f"{'DIFF' if options.expected else '-   '} {row.name:68} does not apply")
            wrong += 1
            continue
        fits = answer == row.expected and neighbour == "200"
        right, wrong = right + fits, wrong + (not fits)
        print(f"{'ok  ' if fits else 'DIFF'} {row.name:68} {answer:10} neighbour {neighbour}")
    if options.json:
        rows = [
            {"section": row.section, "row": row.name, "expected": row.expected, "answered": answer, "neighbour": neighbour}
            for row, answer, neighbour in answered
        ]
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(rows, file, indent=1)
    stale = stale_rows(options.table, answered) if options.table else []
    for name in stale:
        print(f"DIFF {options.table} tells something else of: {name}")
    if options.expected:
        print(f"\n{right} passed, {wrong + len(stale)} failed")
        sys.exit(1 if wrong or stale else 0)


if __name__ == "__main__":
    main()
