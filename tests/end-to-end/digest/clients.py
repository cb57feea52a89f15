#!/usr/bin/env python3
"""Real clients against the server of examples/digest: that they get in, with one nonce for a whole session, that each
answer proves that the server knows the password as well, and that those that know only MD5 get in only where it is offered.

    clients.py http://127.0.0.1:8080
"""

import argparse
import asyncio
import contextlib
import io
import json
import shutil
import subprocess
import sys
import tempfile
import traceback
import urllib.error
import urllib.parse
import urllib.request

import aiohttp
import httpx
import pycurl
import requests
from requests.auth import HTTPDigestAuth

from login import Login, parameters
from recorder import Recorder

PLAIN = ("Mufasa", "Circle of Life")
# The user and the password of RFC 7616 section 3.9.2.
NON_ASCII = ("Jäsøn Doe", "Secret, or not?")
QUERY = "/search?q=%22a%20b%22&q=%C3%A4+b/%2F"
NOTE = {"note": 'with "quotes", a comma, and ä' + 2000 * "."}
SESSION = 20
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "chromium")


# One function per client: the statuses and bodies of these requests, made in one session of that client. A request is
# a method, a path and, with POST, something to send as JSON.


def curl(base, login, wanted, *flags):
    ((method, path, content),) = wanted
    command = ["curl", "-sS", "--max-time", "20", *(flags or ["--digest"]), "-u", ":".join(login)]
    command += ["-w", "\n%{http_code}\n"]
    if method == "HEAD":
        command += ["--head"]
    if content is not None:
        command += ["-H", "Content-Type: application/json", "--data-binary", json.dumps(content)]
    text = run([*command, base + path]).stdout.rstrip("\n").split("\n")
    if method == "HEAD":
        return [(int(text[-1]), b"")]
    return [(int(text[-1]), "\n".join(text[:-1]).encode())]


def curl_anyauth(base, login, wanted):
    return curl(base, login, wanted, "--anyauth")


def libcurl(base, login, wanted):
    # The program forgets what it knows after each request; the library keeps it for as long as the handle lives.
    with contextlib.closing(pycurl.Curl()) as session:
        session.setopt(pycurl.HTTPAUTH, pycurl.HTTPAUTH_DIGEST)
        session.setopt(pycurl.USERNAME, login[0].encode())
        session.setopt(pycurl.PASSWORD, login[1].encode())
        session.setopt(pycurl.TIMEOUT, 20)
        answers = []
        for method, path, content in wanted:
            body = io.BytesIO()
            session.setopt(pycurl.URL, base + path)
            session.setopt(pycurl.WRITEDATA, body)
            session.setopt(pycurl.HTTPGET, 1)
            if method == "HEAD":
                session.setopt(pycurl.NOBODY, 1)
            if content is not None:
                session.setopt(pycurl.POSTFIELDS, json.dumps(content).encode())
                session.setopt(pycurl.HTTPHEADER, ["Content-Type: application/json"])
            session.perform()
            answers.append((session.getinfo(pycurl.RESPONSE_CODE), body.getvalue()))
        return answers


def python_requests(base, login, wanted):
    with requests.Session() as session:
        session.auth = HTTPDigestAuth(*login)
        answers = [session.request(m, base + path, json=content, timeout=20) for m, path, content in wanted]
        return [(answer.status_code, answer.content) for answer in answers]


def python_httpx(base, login, wanted):
    with httpx.Client(auth=httpx.DigestAuth(*login), timeout=20) as session:
        answers = [session.request(m, base + path, json=content) for m, path, content in wanted]
        return [(answer.status_code, answer.content) for answer in answers]


def python_aiohttp(base, login, wanted):
    async def all():
        digest = aiohttp.DigestAuthMiddleware(*login)
        timeout = aiohttp.ClientTimeout(total=20)
        async with aiohttp.ClientSession(middlewares=(digest,), timeout=timeout) as session:
            answers = []
            for method, path, content in wanted:
                async with session.request(method, base + path, json=content) as answer:
                    answers.append((answer.status, await answer.read()))
            return answers

    return asyncio.run(all())


def python_urllib(base, login, wanted):
    passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
    passwords.add_password(None, base, *login)
    session = urllib.request.build_opener(urllib.request.HTTPDigestAuthHandler(passwords))
    answers = []
    for method, path, _ in wanted:
        try:
            with session.open(urllib.request.Request(base + path, method=method), timeout=20) as answer:
                answers.append((answer.status, answer.read()))
        except urllib.error.HTTPError as refused:
            answers.append((refused.code, b""))
        except ValueError:
            # It gives up at an algorithm that it does not know.
            answers.append((401, b""))
    return answers


def wget(base, login, wanted):
    answers = []
    for _, path, _ in wanted:
        command = ["wget", "-q", "-O", "-", "-t", "1", "--timeout", "20", f"--user={login[0]}", f"--password={login[1]}"]
        done = run([*command, base + path], check=False)
        answers.append((200 if done.returncode == 0 else 401 if done.returncode == 6 else 0, done.stdout.encode()))
    return answers


def chromium(base, login, wanted):
    method, path, _ = wanted[0]
    if method != "GET":
        raise NotImplementedError
    user, password = (urllib.parse.quote(text, safe="") for text in login)
    with tempfile.TemporaryDirectory() as profile:
        command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
        command += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
        command += [f"--user-data-dir={profile}", "--virtual-time-budget=20000", "--dump-dom"]
        address = base.replace("//", f"//{user}:{password}@") + path
        text = run([*command, address], timeout=90).stdout
    # It does not tell the status; an empty page is one that could not be shown.
    return [(200 if text.strip() else 0, text.encode())]


def run(command, check=True, timeout=60):
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, stdin=subprocess.DEVNULL)
    if check and done.returncode:
        raise AssertionError(f"{command[0]} ended with {done.returncode}: {done.stderr[-500:]}")
    return done


SESSIONS = [libcurl, python_requests, python_httpx, python_aiohttp]
SCRIPTS = [curl, curl_anyauth, *SESSIONS]
CAPABLE = [*SCRIPTS, chromium]
MD5_ONLY = [wget, python_urllib]


def cases():
    """Each case: its name, what does it, and what checks the answers and what was exchanged."""
    get = lambda path: [("GET", path, None)]
    for client in CAPABLE:
        yield client, "GET", PLAIN, get("/"), admitted
        yield client, "GET with a query", PLAIN, get(QUERY), admitted
        yield client, "GET in a nested router", PLAIN, get("/api/me"), admitted
        yield client, "GET where MD5 is offered too", PLAIN, get("/legacy"), admitted
        yield client, "GET where Basic is offered too", PLAIN, get("/either"), admitted
        yield client, "GET with a wrong password", (PLAIN[0], "wrong"), get("/"), refused
        yield client, "GET, user not in ASCII", NON_ASCII, get("/"), NAMES.get(client, admitted)
    for client in SCRIPTS:
        yield client, "HEAD", PLAIN, [("HEAD", "/", None)], admitted
        check = echoed_under_auth_int if client is python_aiohttp else echoed
        yield client, "POST", PLAIN, [("POST", "/notes", NOTE)], check
    for client in SESSIONS:
        yield client, f"{SESSION} requests in one session", PLAIN, SESSION * get("/"), one_nonce
        yield client, "several resources in one session", PLAIN, get("/") + get("/api/me") + get(QUERY), one_nonce
    yield chromium, f"{SESSION} requests of one page, half of them at once", PLAIN, get("/?page"), one_nonce_in_any_order
    for client in MD5_ONLY:
        yield client, "SHA-256 only", PLAIN, get("/"), refused
    yield wget, "MD5 as the second choice", PLAIN, get("/legacy"), with_md5
    # It looks at the first challenge only.
    yield python_urllib, "MD5 as the second choice", PLAIN, get("/legacy"), refused


PAGE = f"""<!doctype html><title>-</title><script>(async () => {{
const status = async (path) => (await fetch(location.origin + path)).status;
const said = [];
for (let n = 0; n < {SESSION // 2}; n++) said.push(await status("/"));
said.push(...await Promise.all(Array.from({{length: {SESSION // 2}}}, () => status("/api/me"))));
const sent = JSON.stringify({json.dumps(NOTE)});
const note = await fetch(location.origin + "/notes", {{method: "POST", body: sent, headers: {{"Content-Type": "application/json"}}}});
said.push(JSON.stringify(await note.json()) === sent ? note.status : "other");
document.title = "said " + said.join(" ");
}})()</script>"""


def admitted(answers, exchanges, wanted):
    assert all(status == 200 for status, _ in answers), answers
    assert [e.status for e in exchanges if not noise(e)] == [401, 200], statuses(exchanges)


def echoed(answers, exchanges, wanted):
    admitted(answers, exchanges, wanted)
    assert json.loads(answers[0][1]) == wanted[0][2], answers
    assert json.loads(exchanges[-1].body) == wanted[0][2]


def echoed_under_auth_int(answers, exchanges, wanted):
    echoed(answers, exchanges, wanted)
    assert exchanges[-1].digest["qop"] == "auth-int", statuses(exchanges)


def refused(answers, exchanges, wanted):
    assert exchanges, "nothing was asked"
    assert all(e.status in (400, 401) for e in exchanges), statuses(exchanges)


# What becomes of a user name that is not ASCII where it is not written in UTF-8:
NAMES = {
    # in ISO 8859-1; the digest is of UTF-8.
    python_requests: refused,
    # an exception, whatever the server says.
    python_httpx: None,
}


def one_nonce(answers, exchanges, wanted):
    assert [status for status, _ in answers] == len(wanted) * [200], answers
    assert [e.status for e in exchanges] == [401] + len(wanted) * [200], statuses(exchanges)
    used = [(e.digest["nonce"], int(e.digest["nc"], 16)) for e in exchanges[1:]]
    assert len({nonce for nonce, _ in used}) == 1, used
    assert [nc for _, nc in used] == list(range(1, len(wanted) + 1)), used


def one_nonce_in_any_order(answers, exchanges, wanted):
    assert ("said" + (SESSION + 1) * " 200").encode() in answers[0][1], (answers[0][1][:200], statuses(exchanges))
    assert [e.status for e in exchanges].count(401) == 1, statuses(exchanges)
    used = [(e.digest["nonce"], int(e.digest["nc"], 16)) for e in exchanges[1:]]
    assert len({nonce for nonce, _ in used}) == 1, used
    assert sorted(nc for _, nc in used) == list(range(1, len(used) + 1)), used


def with_md5(answers, exchanges, wanted):
    admitted(answers, exchanges, wanted)
    assert exchanges[-1].digest.get("algorithm", "MD5").upper() == "MD5", statuses(exchanges)


def proves_itself(exchange, user):
    """That `Authentication-Info` fits the request, and has the digest that only who knows the password can compute."""
    sent, info = exchange.digest, parameters(exchange.info)
    answer = Login(
        *user,
        realm=sent["realm"],
        nonce=sent["nonce"],
        target=sent["uri"],
        algorithm=sent.get("algorithm", "MD5"),
        method="",
        body=exchange.content,
        qop=sent["qop"],
        nc=sent["nc"],
        cnonce=sent["cnonce"],
    )
    right = {"rspauth": answer.response(), **{name: sent[name] for name in ("qop", "nc", "cnonce")}}
    assert info == right, (exchange.target, info, right)


def noise(exchange):
    """What a browser asks for by itself."""
    return exchange.target == "/favicon.ico"


def statuses(exchanges):
    return [(e.method, e.target, e.status, e.authorization) for e in exchanges]


def versions():
    first_line = lambda *command: run(command).stdout.split("\n", 1)[0]
    yield first_line("curl", "--version").split(" (")[0]
    yield pycurl.version.split(" ")[1].replace("/", " ")
    yield first_line("wget", "--version").split(" built")[0]
    yield first_line(CHROMIUM, "--version").strip()
    for library in requests, httpx, aiohttp:
        yield f"{library.__name__} {library.__version__}"
    yield f"urllib of Python {sys.version.split()[0]}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("base", help="http://HOST:PORT of the server")
    parser.add_argument("--only", default="", help="only the cases of clients whose name has this in it")
    parser.add_argument("--talk", action="store_true", help="prints what was exchanged")
    options = parser.parse_args()

    print(", ".join(versions()))
    upstream = urllib.parse.urlsplit(options.base)
    recorder = Recorder((upstream.hostname, upstream.port), pages={"/?page": PAGE})
    base = f"http://127.0.0.1:{recorder.port}"
    failed = passed = 0
    for client, name, user, wanted, check in cases():
        if options.only not in client.__name__ or check is None:
            continue
        mark = len(recorder.exchanges)
        try:
            answers, exchanges = client(base, user, wanted), recorder.since(mark)
            check(answers, exchanges, wanted)
            for exchange in exchanges:
                if exchange.status == 200:
                    proves_itself(exchange, user)
            print(f"ok   {client.__name__}: {name}")
            passed += 1
        except Exception:
            print(f"FAIL {client.__name__}: {name}")
            traceback.print_exc(file=sys.stdout)
            failed += 1
        if options.talk:
            for e in recorder.since(mark):
                print(f"       {e.method} {e.target} {e.authorization} {len(e.body)} octets -> {e.status} {e.challenges} {e.info}")
    print(f"\n{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
