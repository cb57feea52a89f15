#!/usr/bin/env python3
"""Instructions for one request, counted by valgrind: the same on a busy machine.

    ./instructions.py [GROUP/VARIANT ...]

GROUP "server" is one request over a socket, the server's process alone and without the kernel.
Each variant runs twice, with few and with many repeats; the difference is the requests alone. The
processor that valgrind shows to a program may lack instructions of the real one (SHA, say).
"""

import pathlib
import re
import subprocess
import sys

BENCHES = pathlib.Path(__file__).resolve().parent
FEW, MANY = 500, 2500
USUAL = [
    f"{group}/{variant}"
    for group in ("opaque token", "API key", "HS256")
    for variant in ("unguarded", "guarded", "by hand")
] + [f"refused by a route/{cause}" for cause in ("missing", "expired", "insufficient scope")] + [
    f"server/{route}"
    for route in ("axum/open", "axum/auth", "axum/hand", "actix/open", "actix/bare", "actix/auth", "actix/hand")
]


def binary(bench):
    built = subprocess.run(
        ["cargo", "bench", "--locked", "--no-run", "--bench", bench],
        cwd=BENCHES, capture_output=True, text=True, check=True,
    )
    return BENCHES / re.search(r"Executable .*\((.*)\)", built.stderr).group(1)


def instructions(program, variant, repeats):
    ran = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
         program, "--repeat", str(repeats), variant],
        capture_output=True, text=True, check=True,
    )
    return int(re.search(r"Collected : (\d+)", ran.stderr).group(1))


def main():
    requests, server = binary("requests"), binary("server")
    print("| | instructions |\n| --- | ---: |")
    for variant in sys.argv[1:] or USUAL:
        program, name = requests, variant
        if variant.startswith("server/"):
            program, name = server, variant.removeprefix("server/")
        few, many = (instructions(program, name, repeats) for repeats in (FEW, MANY))
        print(f"| {variant} | {(many - few) / (MANY - FEW):.0f} |", flush=True)


if __name__ == "__main__":
    main()
