#!/usr/bin/env python3
"""What real clients make of challenges that our example does not send: prints a table, and fails for nothing.

    habits.py [part of a client's name]

The server here says whatever it is told to, and judges the answer by itself. Firefox takes part if it is there.
"""

import http.server
import os
import pathlib
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
import urllib.parse

import clients
from login import Login, parameters

USER, PASSWORD = clients.PLAIN
REALM = "http-auth@example.org"
QUOTED = r"the \"old\" \\ archive"


def digest(rest, realm=REALM):
    return f'Digest realm="{realm}", {rest}, nonce="%s"'


def offer(*algorithms, qop="auth"):
    return [digest(f'qop="{qop}", algorithm={algorithm}') for algorithm in algorithms]


# Each: what is offered, one text per field line, `%s` for a nonce; how often a nonce holds; and the requests.
GET = [("GET", "/", None)]
POST = [("POST", "/notes", clients.NOTE)]
ASKED = {
    "SHA-512-256 only": (offer("SHA-512-256"), 99, GET),
    "SHA-512-256, then SHA-256": (offer("SHA-512-256", "SHA-256"), 99, GET),
    "SHA-256, then SHA-512-256": (offer("SHA-256", "SHA-512-256"), 99, GET),
    "SHA-256, then MD5": (offer("SHA-256", "MD5"), 99, GET),
    "MD5, then SHA-256": (offer("MD5", "SHA-256"), 99, GET),
    "SHA-256-sess only": (offer("SHA-256-sess"), 99, 3 * GET),
    "userhash=true": ([digest('qop="auth", algorithm=SHA-256, userhash=true')], 99, GET),
    "auth-int alone, GET": (offer("SHA-256", qop="auth-int"), 99, GET),
    "auth-int alone, POST": (offer("SHA-256", qop="auth-int"), 99, POST),
    "auth, auth-int, GET": (offer("SHA-256", qop="auth, auth-int"), 99, GET),
    "auth, auth-int, POST": (offer("SHA-256", qop="auth, auth-int"), 99, POST),
    "no qop (RFC 2069)": ([digest("algorithm=SHA-256")], 99, GET),
    "quotes and a backslash in the realm": ([digest('qop="auth", algorithm=SHA-256', QUOTED)], 99, GET),
    "Bearer on the line before": (['Bearer realm="API"', *offer("SHA-256")], 99, GET),
    "Bearer on the line behind": ([*offer("SHA-256"), 'Bearer realm="API"'], 99, GET),
    "Bearer on the line behind MD5": ([*offer("MD5"), 'Bearer realm="API"'], 99, GET),
    "ApiKey on the line before MD5": (['ApiKey realm="API"', *offer("MD5")], 99, GET),
    "ApiKey on the line behind MD5": ([*offer("MD5"), 'ApiKey realm="API"'], 99, GET),
    "Bearer before it on one line": (['Bearer realm="API", ' + offer("SHA-256")[0]], 99, GET),
    "SHA-256 and MD5 on one line": ([", ".join(offer("SHA-256", "MD5"))], 99, GET),
    "nonce good for two requests, of three": (offer("SHA-256"), 2, 3 * GET),
    "nonce good for no request": (offer("SHA-256"), 0, GET),
}


class Server(http.server.ThreadingHTTPServer):
    """Answers as `asked` says; `said` is what it saw."""

    daemon_threads = True
    request_queue_size = 64

    def begin(self, lines, uses):
        self.lines, self.uses, self.used, self.said = lines, uses, {}, []


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/favicon.ico":
            return self.finish_with(404, [])
        text = self.headers.get("Authorization", "")
        if not text.lower().startswith("digest "):
            self.server.said.append("–" if not text else text.split()[0])
            return self.refuse("")
        sent = parameters(text[7:])
        nonce = sent.get("nonce", "")
        used = self.server.used[nonce] = self.server.used.get(nonce, 0) + 1
        right = self.judge(sent, body)
        stale = right and used > self.server.uses
        self.server.said.append(self.told(text, sent, right) + (" stale" if stale else ""))
        if right and not stale:
            return self.finish_with(200, [])
        self.refuse(", stale=true" if stale else "")

    do_GET = do_POST = do_HEAD = answer

    def judge(self, sent, body):
        """Whether realm and `uri` are right, and the digest is, for the whole content."""
        realm = r'the "old" \ archive' if "old" in self.server.lines[0] else REALM
        request = Login(
            user=USER,
            password=PASSWORD,
            realm=realm,
            nonce=sent.get("nonce", ""),
            target=sent.get("uri", ""),
            algorithm=sent.get("algorithm", "MD5"),
            method=self.command,
            body=body,
            qop=sent.get("qop", ""),
            nc=sent.get("nc", ""),
            cnonce=sent.get("cnonce", ""),
        )
        same = sent.get("uri") == self.path and sent.get("realm") == realm
        return same and sent.get("response") == request.response()

    def told(self, text, sent, right):
        words = [sent.get("algorithm", "no algorithm"), sent.get("qop", "no qop")]
        if sent.get("userhash", "").lower() == "true":
            words.append("userhash")
        return " ".join(words) + ("" if right else " WRONG")

    def refuse(self, more):
        # Whoever asks for ever is told so.
        if len(self.server.said) > 12:
            return self.finish_with(403, [])
        self.finish_with(401, [line.replace("%s", secrets.token_hex(8)) + more for line in self.server.lines])

    def finish_with(self, status, challenges):
        self.send_response(status)
        for challenge in challenges:
            self.send_header("WWW-Authenticate", challenge)
        content = b"<!doctype html><p>ok" if status == 200 else b""
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
# It would ask other things of other servers.
QUIET = "network.captive-portal-service.enabled", "network.connectivity-service.enabled", "app.update.enabled"


def firefox(base, login, wanted):
    user, password = (urllib.parse.quote(text, safe="") for text in login)
    with tempfile.TemporaryDirectory() as profile:
        pathlib.Path(profile, "user.js").write_text("".join(f'user_pref("{name}", false);' for name in QUIET))
        picture = pathlib.Path(profile, "page.png")
        command = [FIREFOX, "--headless", "--no-remote", "--profile", profile, "--screenshot", str(picture)]
        command.append(base.replace("//", f"//{user}:{password}@") + wanted[0][1])
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        # It asks nobody for the password, and waits.
        subprocess.run(command, env={**os.environ, "HOME": profile}, timeout=20, **quiet)
        return [(200 if picture.exists() else 0, b"")]


def main():
    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_address[1]}"
    versions = list(clients.versions())
    programs = [clients.curl, *clients.SESSIONS, clients.chromium, *clients.MD5_ONLY]
    if FIREFOX:
        versions.append(clients.run([FIREFOX, "--version"]).stdout.strip())
        programs.append(firefox)
    print(", ".join(versions))
    only = sys.argv[1] if sys.argv[1:] else ""
    for name, (lines, uses, wanted) in ASKED.items():
        print(f"\n{name}")
        for client in programs:
            if only not in client.__name__:
                continue
            asked = wanted if client in clients.SESSIONS else wanted[:1]
            if client not in clients.SCRIPTS and asked[0][0] != "GET":
                continue
            server.begin(lines, uses)
            try:
                outcome = " ".join(str(status) for status, _ in client(base, clients.PLAIN, asked))
            except Exception as problem:
                outcome = f"{type(problem).__name__}: {problem}".split("\n")[0][:60]
            print(f"  {client.__name__:16} {outcome:20} {', '.join(server.said)}")


if __name__ == "__main__":
    main()
