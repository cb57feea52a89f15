#!/usr/bin/env python3
"""Runs the attacks against Apache and lighttpd on this machine and prints the table of the crate's documentation.

    peers.py ours.json

The file is what `attacks.py --json` wrote about our own server. The packages are apache2, lighttpd and faketime. Every
server listens on the loopback interface only.
"""

import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time

import login

HERE = pathlib.Path(__file__).parent
REALM, USER, PASSWORD = "http-auth@example.org", "Mufasa", "Circle of Life"


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def started(config, command, scratch, algorithm, **values):
    """A running server and its port."""
    scratch = pathlib.Path(tempfile.mkdtemp(dir=scratch))
    scratch.chmod(0o755)
    for folder in "root", "root/other", "root/both":
        (scratch / folder).mkdir()
        (scratch / folder / "index.html").write_text("admitted\n")
    (scratch / "htdigest").write_text(
        "".join(
            f"{USER}:{realm}:{login.hashed(algorithm, f'{USER}:{realm}:{PASSWORD}'.encode())}\n"
            for realm in (REALM, "elsewhere")
        )
    )
    port = free_port()
    values = {"scratch": scratch, "port": port, "realm": REALM, "user": "www-data" if os.getuid() == 0 else "", **values}
    text = re.sub(r"\{(\w+)\}", lambda found: str(values[found[1]]), (HERE / config).read_text())
    (scratch / config).write_text(text)
    process = subprocess.Popen([*command, "-f", str(scratch / config)], stdout=subprocess.DEVNULL, start_new_session=True)
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return process, port
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.05)
    sys.exit(f"{command[-1]} did not start: {config}")


def stop(*servers):
    # With all that it started: faketime waits for a child.
    for process, _ in servers:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def attacked(port, algorithm, scratch, *more):
    """The answers by row."""
    result = pathlib.Path(scratch) / f"{port}.json"
    options = ["--port", port, "--realm", REALM, "--user", USER, "--password", PASSWORD, "--algorithm", algorithm]
    options += ["--path", "/index.html", "--other-realm-path", "/other/index.html", "--json", result, *more]
    subprocess.run([sys.executable, HERE / "attacks.py", *map(str, options)], check=True, stdout=subprocess.DEVNULL)
    return json.loads(result.read_text())


def apache(scratch):
    short_lived = free_port()
    command = ["apache2", "-X", "-d", str(scratch)]
    first = started("apache.conf", command, scratch, "MD5", short_lived=short_lived)
    second = started("apache.conf", command, scratch, "MD5", short_lived=free_port())
    try:
        more = ["--other-server", f"127.0.0.1:{second[1]}", "--short-lived", f"127.0.0.1:{short_lived}"]
        return attacked(first[1], "MD5", scratch, *more, "--lifetime", 2)
    finally:
        stop(first, second)


def lighttpd(scratch):
    command = ["lighttpd", "-D"]
    first = started("lighttpd.conf", command, scratch, "SHA-256")
    second = started("lighttpd.conf", command, scratch, "SHA-256")
    # Nonces live for ten minutes, fixed; so this one lives an hour later.
    later = started("lighttpd.conf", ["faketime", "-f", "+1h", *command], scratch, "SHA-256")
    try:
        more = ["--other-server", f"127.0.0.1:{second[1]}", "--short-lived", f"127.0.0.1:{later[1]}"]
        more += ["--other-algorithm-path", "/both/index.html", "--lifetime", 0]
        return attacked(first[1], "SHA-256", scratch, *more)
    finally:
        stop(first, second, later)


def version(*command):
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return re.search(r"\d+\.\d+\.\d+", text)[0]


HEADER = """\
Each request is a right one but for what its row says, and its digest is right for what is sent, so that only the rule in
question can refuse it. After each, the same request without the fault is admitted. In bold: admitted although it must not
be. `stale`: the 401 says `stale=true`, so that clients ask again without asking their user. –: does not apply.

<!-- Measured and written by a script: CONTRIBUTING.md tells which. -->

| request | this crate | Apache {} `mod_auth_digest` | lighttpd {} `mod_auth` |
| --- | --- | --- | --- |"""

FOOTER = """
Apache was set up for MD5, which is all it knows, lighttpd for SHA-256, both with `qop="auth"`, which is all they know.
Neither counts, so that whoever overhears a request can send it again until its nonce ends. lighttpd's nonces carry no
secret, so that they can be made up; with its `nonce_secret` set, this release refuses every nonce, its own too. Apache's
secret is a new one at each start, and what it says of a foreign nonce, `stale=true`, makes clients ask for ever where two
instances share the requests."""


def main():
    ours = json.loads(pathlib.Path(sys.argv[1]).read_text())
    with tempfile.TemporaryDirectory() as scratch:
        os.chmod(scratch, 0o755)
        columns = [ours, apache(scratch), lighttpd(scratch)]
    print(HEADER.format(version("apache2", "-v"), version("lighttpd", "-v")))
    section = None
    for rows in zip(*columns, strict=True):
        if rows[0]["section"] != section:
            section = rows[0]["section"]
            print(f"| **{section}** | | | |")
        print(f"| {rows[0]['row']} | {' | '.join(map(answer, rows))} |")
    print(FOOTER)


def answer(row):
    text = row["answered"] or "–"
    wrong = text == "200" and row["expected"] != "200"
    neighbour = row["neighbour"]
    return (f"**{text}**" if wrong else text) + (f" (then {neighbour})" if neighbour not in ("200", "") else "")


if __name__ == "__main__":
    main()
