#!/usr/bin/env python3
"""Requests a second over loopback, guarded and not, beside other libraries; wrk is the client.

    ./throughput.py [--rounds 20] [--seconds 1] [--algorithm RS256] [--only TEXT]

Each server is a process of its own on one processor, the client one on another. In each round all routes of a group take
turns, so each has a pair with the unguarded route of its own server. As root it installs wrk with apt-get, if there is none.
"""

import argparse
import os
import pathlib
import re
import shutil
import statistics
import subprocess

BENCHES = pathlib.Path(__file__).resolve().parent
CONNECTIONS = 32

# Each line is compared with the first one of its server, the open route. A server tells two tokens: the opaque one, and a JWT.
OPAQUE, JWT = 1, 2
GROUPS = {
    "axum, opaque token": (OPAQUE, [
        ("unguarded", "axum", "/open"),
        ("unguarded again", "axum", "/open"),
        ("guarded", "axum", "/auth"),
        ("by hand", "axum", "/hand"),
    ]),
    "actix-web, opaque token": (OPAQUE, [
        ("unguarded", "actix", "/open"),
        ("unguarded again", "actix", "/open"),
        ("guarded, routed by actix-web", "actix", "/bare"),
        ("guarded, in a `GuardedScope`", "actix", "/auth"),
        ("by hand", "actix", "/hand"),
    ]),
    "axum, JWT": (JWT, [
        ("unguarded", "axum", "/open"),
        ("guarded", "axum", "/jwt"),
        ("guarded, seen before", "axum", "/jwt_seen"),
        ("by hand, jsonwebtoken", "axum", "/jwt_hand"),
        ("unguarded, axum 0.7", "jwt-authorizer", "/open"),
        ("jwt-authorizer, axum 0.7", "jwt-authorizer", "/jwt"),
    ]),
    "actix-web, JWT": (JWT, [
        ("unguarded", "actix", "/open"),
        ("guarded, routed by actix-web", "actix", "/jwt_bare"),
        ("guarded, in a `GuardedScope`", "actix", "/jwt"),
        ("the same, seen before", "actix", "/jwt_seen"),
        ("actix-web-httpauth, jsonwebtoken", "actix", "/httpauth"),
    ]),
}


def install_wrk():
    if shutil.which("wrk"):
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise SystemExit("this needs wrk: install it, or run this as root where there is apt-get")
    subprocess.run(["apt-get", "install", "--yes", "--quiet", "wrk"], check=True)


def on(processor):
    """Where there is one processor only, both share it."""
    usable = sorted(os.sched_getaffinity(0))
    return lambda: os.sched_setaffinity(0, {usable[processor % len(usable)]})


class Server:
    def __init__(self, program, name, algorithm):
        self.process = subprocess.Popen(
            [program, "--serve", name, algorithm],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, preexec_fn=on(0),
        )
        self.told = self.process.stdout.readline().split()

    def processor_seconds(self):
        """Of all its threads, in the kernel too."""
        tasks = pathlib.Path(f"/proc/{self.process.pid}/task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9

    def asked(self, path, token, seconds):
        """Requests a second; microseconds of the server's processor for each."""
        before = self.processor_seconds()
        ran = subprocess.run(
            ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-H", f"Authorization: Bearer {self.told[token]}",
             f"http://{self.told[0]}{path}"],
            capture_output=True, text=True, check=True, preexec_fn=on(1),
        ).stdout
        used = self.processor_seconds() - before
        if re.search("Non-2xx|Socket errors", ran):
            raise SystemExit(f"{path}: {ran}")
        requests = int(re.search(r"(\d+) requests in", ran).group(1))
        return float(re.search(r"Requests/sec: *([\d.]+)", ran).group(1)), used / requests * 1e6

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def server_program():
    built = subprocess.run(
        ["cargo", "bench", "--locked", "--no-run", "--bench", "server"],
        cwd=BENCHES, capture_output=True, text=True, check=True,
    )
    return BENCHES / re.search(r"Executable .*\((.*)\)", built.stderr).group(1)


def measure(program, token, lines, arguments):
    names = {name for _, name, _ in lines}
    servers = {name: Server(program, name, arguments.algorithm) for name in names}
    found = [[] for _ in lines]
    try:
        for _, name, path in lines:
            servers[name].asked(path, token, arguments.seconds)
        for turn in range(arguments.rounds):
            # Forwards and backwards, and each time beginning with another one.
            order = [(turn // 2 + step) % len(lines) for step in range(len(lines))]
            for at in order if turn % 2 == 0 else reversed(order):
                _, name, path = lines[at]
                found[at].append(servers[name].asked(path, token, arguments.seconds))
    finally:
        for server in servers.values():
            server.end()
    return found


def show(lines, found):
    print("| | requests/s | % of unguarded | quartiles | server's µs each | % of unguarded |")
    print("| --- | ---: | ---: | :---: | ---: | ---: |")
    first = {}
    for at, (label, name, _) in enumerate(lines):
        beside = found[first.setdefault(name, at)]
        speed, each = (
            [100 * own[which] / other[which] for own, other in zip(found[at], beside)] for which in (0, 1)
        )
        low, middle, high = statistics.quantiles(speed, n=4, method="inclusive")
        rate, micros = (statistics.median(sample[which] for sample in found[at]) for which in (0, 1))
        print(
            f"| {label} | {rate:,.0f} | {middle:.1f} | {low:.1f} to {high:.1f} "
            f"| {micros:.2f} | {statistics.median(each):.1f} |"
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seconds", type=int, default=1)
    parser.add_argument("--algorithm", default="RS256")
    parser.add_argument("--only", metavar="TEXT", default="")
    arguments = parser.parse_args()
    install_wrk()
    program = server_program()
    for group, (token, lines) in GROUPS.items():
        if arguments.only in group:
            with_algorithm = f" ({arguments.algorithm})" if token == JWT else ""
            print(f"\n### {group}{with_algorithm}, {arguments.rounds} rounds of {arguments.seconds} s\n", flush=True)
            show(lines, measure(program, token, lines, arguments))


if __name__ == "__main__":
    main()
