#!/usr/bin/env python3
"""What an annotated handler adds to the build, beside a plain one and a hand-written extractor.

    ./compile-time.py [--handlers 300] [--rounds 7] [--only TEXT]
    ./compile-time.py --growth [--rounds 3] [--only TEXT]
    ./compile-time.py --instructions [--handlers 60] [--only TEXT]

Builds one small crate again and again (debug profile, not incremental, dependencies built before), each
kind of handler in turn, and prints medians. A kind with feature `registry` is compared with the same kind without
it. Then the same for auth-macros itself beside syn. With --only it takes kinds whose name contains this, and those that
they are compared with.

With --growth it builds 100, 300 and 1,000 handlers, and prints milliseconds of the processor for each.

With --instructions it counts what the compiler executes, under valgrind: slow, and the same on a busy
machine.
"""

import argparse
import json
import os
import pathlib
import re
import resource
import statistics
import subprocess
import time

BENCHES = pathlib.Path(__file__).resolve().parent
PROJECT = BENCHES / "target" / "compile-time"

MANIFEST = """\
[package]
name = "handlers"
edition = "2024"

[workspace]

[dependencies]
auth-core = {{ path = "{core}", features = [{features}] }}
axum = "0.8"

[profile.dev]
incremental = false
"""

HEAD = """\
#![allow(dead_code)]
use std::sync::Arc;
use auth_core::{AuthState, Authenticated, Bearer, FnVerifier, auth_policy, requires_auth};
use axum::{Router, extract::FromRequestParts, http::{Method, StatusCode, request::Parts}};

#[derive(Clone)]
pub struct Claims(String);

#[derive(AuthState)]
pub struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, Claims>,
}

#[auth_policy(scheme = "Bearer", realm = "API")]
pub struct Api;

pub struct ByHand(Claims);

impl FromRequestParts<Arc<App>> for ByHand {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, StatusCode> {
        parts
            .headers
            .get("authorization")
            .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "))
            .map(|token| Self(Claims(token.to_owned())))
            .ok_or(StatusCode::UNAUTHORIZED)
    }
}
"""

OWN = '#[requires_auth(scheme = "Bearer", realm = "API", scope = "s{i}:read")]\n'
NAMED = "#[requires_auth(Api)]\n"
NARROWED = '#[requires_auth(Api, scope = "s{i}:read")]\n'
PERMIT = "#[requires_auth(Api, permit = user.0.len() == {i})]\n"
IDENTITY = "async fn h{i}(user: Authenticated<Claims>) -> String {{ user.0.clone() }}\n"
TWO = "async fn h{i}(user: Authenticated<Claims>, _: Method) -> String {{ user.0.clone() }}\n"

KINDS = {
    "plain": "async fn h{i}() -> String {{ String::new() }}\n",
    "hand-written extractor": "async fn h{i}(user: ByHand) -> String {{ user.0.0.clone() }}\n",
    "shared named policy": NAMED + IDENTITY,
    "policy of its own": OWN + IDENTITY,
    "narrowed policy": NARROWED + IDENTITY,
    "shared named policy and permit": PERMIT + IDENTITY,
    "in a protected module": "pub " + IDENTITY,
    "shared named policy, GuardedRouter": NAMED + IDENTITY,
    "policy of its own, GuardedRouter": OWN + IDENTITY,
    "shared named policy, feature `registry`": NAMED + IDENTITY,
    "policy of its own, feature `registry`": OWN + IDENTITY,
    "plain, two arguments": "async fn h{i}(_: Method, _: Method) -> String {{ String::new() }}\n",
    "hand-written extractor, two arguments": "async fn h{i}(user: ByHand, _: Method) -> String {{ user.0.0.clone() }}\n",
    "shared named policy, two arguments": NAMED + TWO,
    "policy of its own, two arguments": OWN + TWO,
}


REGISTRY = ", feature `registry`"
GROWTH = ["plain", "hand-written extractor", "shared named policy", "policy of its own"]


def beside(kind):
    """What a kind is compared with. What a feature adds is told beside the same kind without it."""
    if REGISTRY in kind:
        return kind.removesuffix(REGISTRY)
    return "plain, two arguments" if "two" in kind else "plain"


def chosen(kinds, only):
    wanted = {kind for kind in kinds if only in kind}
    for _ in range(2):
        wanted |= set(map(beside, wanted))
    return [kind for kind in kinds if kind in wanted]


def write(kind, count):
    """The crate with so many handlers."""
    features = ["axum", "registry"] if REGISTRY in kind else ["axum"]
    listed = ", ".join(f'"{feature}"' for feature in features)
    core = BENCHES.parent / "auth-core"
    (PROJECT / "Cargo.toml").write_text(MANIFEST.format(core=core, features=listed))
    (PROJECT / "src" / "lib.rs").write_text(source(kind, count))


def source(kind, count):
    handlers = "".join(KINDS[kind].format(i=i) for i in range(count))
    path = ""
    if "module" in kind:
        path = "protected::"
        handlers = f"#[requires_auth(Api)]\npub mod protected {{\nuse super::*;\n{handlers}}}\n"
    routes = "".join(
        f'    router = router.route("/{i}", get({path}h{i}));\n' for i in range(count)
    )
    guarded = "GuardedRouter" in kind
    get = "auth_core::axum::get" if guarded else "axum::routing::get"
    router = "auth_core::axum::GuardedRouter" if guarded else "Router"
    return (
        f"{HEAD}\n{handlers}\n"
        f"pub fn app(state: Arc<App>) -> Router {{\n    use {get};\n"
        f"    let mut router = {router}::new();\n{routes}"
        f"    router.with_state(state){'.into_router()' if guarded else ''}\n}}\n"
    )


def cargo(*arguments, **variables):
    environment = os.environ | variables
    environment["CARGO_TARGET_DIR"] = str(PROJECT / "target")
    done = subprocess.run(
        ["cargo", *arguments], cwd=PROJECT, env=environment, capture_output=True, text=True
    )
    if done.returncode != 0:
        raise SystemExit(done.stderr)


def build():
    """Wall-clock and processor seconds."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    cargo("build", "--offline", "--quiet")
    wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def samples(count, rounds, kinds):
    found = {kind: [] for kind in kinds}
    for _ in range(rounds):
        for kind in kinds:
            write(kind, count)
            found[kind].append(build())
    return found


def above(found, kind, count):
    """Milliseconds for each handler: wall-clock and processor."""
    pairs = list(zip(found[kind], found[beside(kind)]))
    return [
        statistics.median(own[i] - other[i] for own, other in pairs) * 1000 / count
        for i in range(2)
    ]


def handlers(count, rounds, kinds):
    found = samples(count, rounds, kinds)
    print(f"\n{count} handlers, medians of {rounds} interleaved rounds\n")
    print("| handlers | build, s | processor, s | above plain, ms each | processor, ms each |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for kind in kinds:
        more = above(found, kind, count)
        wall, cpu = (statistics.median(sample[i] for sample in found[kind]) for i in range(2))
        print(f"| {kind} | {wall:.2f} | {cpu:.2f} | {more[0]:+.1f} | {more[1]:+.1f} |")


def growth(rounds, kinds):
    sizes = [100, 300, 1000]
    found = {count: samples(count, rounds, kinds) for count in sizes}
    print(f"\nprocessor, ms for each handler above plain (of plain: all), medians of {rounds} rounds\n")
    print("| handlers | " + " | ".join(f"{count:,}" for count in sizes) + " |")
    print("| --- |" + " ---: |" * len(sizes))
    for kind in kinds:
        cells = []
        for count in sizes:
            if kind == beside(kind):
                whole = statistics.median(sample[1] for sample in found[count][kind])
                cells.append(f"{whole * 1000 / count:.1f}")
            else:
                cells.append(f"{above(found[count], kind, count)[1]:+.1f}")
        print(f"| {kind} | " + " | ".join(cells) + " |")


def instructions(count, kinds):
    """Only the crate itself runs under valgrind: cargo wraps members of the workspace alone."""
    wrapper, log = PROJECT / "counted", PROJECT / "counted.log"
    wrapper.write_text(
        f'#!/bin/sh\nexec valgrind --tool=callgrind --callgrind-out-file=/dev/null --log-file={log} "$@"\n'
    )
    wrapper.chmod(0o755)
    found = {}
    print(f"\n{count} handlers\n\n| handlers | instructions, millions | above plain, millions each |")
    print("| --- | ---: | ---: |")
    for kind in kinds:
        write(kind, count)
        cargo("build", "--offline", "--quiet", RUSTC_WORKSPACE_WRAPPER=str(wrapper))
        found[kind] = int(re.search(r"Collected : (\d+)", log.read_text()).group(1)) / 1e6
        more = found[kind] - found[beside(kind)]
        print(f"| {kind} | {found[kind]:.0f} | {more / count:+.1f} |", flush=True)


def macros(rounds):
    """The units' own times, as cargo tells them, one after the other."""
    lock = (PROJECT / "Cargo.lock").read_text()
    syn = max(re.findall(r'name = "syn"\nversion = "(\d+)', lock), key=int)
    found = {"syn": [], "auth-macros": []}
    for _ in range(rounds):
        cargo("clean", "--offline", "-p", f"syn@{syn}", "-p", "auth-macros")
        cargo("build", "--offline", "--quiet", "-j1", "--timings", "-p", "auth-macros")
        page = (PROJECT / "target" / "cargo-timings" / "cargo-timing.html").read_text()
        units = json.loads(re.search(r"UNIT_DATA = (\[.*?\]);", page, re.DOTALL).group(1))
        for unit in units:
            if unit["name"] in found and unit["mode"] == "todo":
                found[unit["name"]].append(unit["duration"])
    print(f"\ncompile unit, medians of {rounds} rounds\n\n| unit | s |\n| --- | ---: |")
    for name, samples in found.items():
        print(f"| {name} | {statistics.median(samples):.2f} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--handlers", type=int)
    parser.add_argument("--instructions", action="store_true")
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--only", metavar="TEXT", default="")
    arguments = parser.parse_args()
    (PROJECT / "src").mkdir(parents=True, exist_ok=True)
    kinds = chosen(KINDS, arguments.only)
    for kind in [f"policy of its own{REGISTRY}", "policy of its own"]:
        write(kind, 1)
        cargo("build")
    if arguments.instructions:
        return instructions(arguments.handlers or 60, kinds)
    if arguments.growth:
        return growth(arguments.rounds or 3, chosen(GROWTH, arguments.only))
    rounds = arguments.rounds or 7
    handlers(arguments.handlers or 300, rounds, kinds)
    if not arguments.only:
        macros(rounds)


if __name__ == "__main__":
    main()
