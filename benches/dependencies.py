#!/usr/bin/env python3
"""How many packages each framework's feature of auth-core brings along.

    ./dependencies.py

Packages are counted for the platform that this runs on, with what is needed to build them and without what only tests need.
"""

import pathlib
import re
import subprocess

CORE = pathlib.Path(__file__).resolve().parent.parent / "auth-core"
# By feature: the packages of the framework itself, as far as the feature names them.
FEATURES = {
    "": [],
    "registry": [],
    "axum": ["axum", "axum-core"],
    "tower": ["tower-layer", "tower-service"],
    "tonic": ["tonic"],
    "actix": ["actix-web"],
    "poem": ["poem"],
    "salvo": ["salvo_core"],
    "salvo-oapi": ["salvo_core", "salvo-oapi"],
    "mcp": ["tower-layer", "tower-service"],
}


def tree(feature):
    """The packages in lines, each with its depth."""
    ran = subprocess.run(
        ["cargo", "tree", "--locked", "--no-default-features", "--features", feature,
         "--edges", "normal,build", "--prefix", "depth", "--no-dedupe", "--format", " {p}"],
        cwd=CORE, capture_output=True, text=True, check=True,
    )
    for line in ran.stdout.splitlines():
        depth, name, version = line.split()[:3]
        yield int(depth), name, version


def packages(feature):
    """All of them, and those that the framework has by itself."""
    every, frameworks, within = set(), set(), None
    for depth, name, version in tree(feature):
        if within is not None and depth <= within:
            within = None
        if within is None and depth == 1 and name in FEATURES[feature]:
            within = depth
        if depth > 0:
            every.add((name, version))
            if within is not None:
                frameworks.add((name, version))
    return every, frameworks


def main():
    known = re.search(r"(?s)\[features\](.*?)\n\[", (CORE / "Cargo.toml").read_text()).group(1)
    none, _ = packages("")
    print("| feature | packages | above none | of these not the framework's own |")
    print("| --- | ---: | ---: | --- |")
    for feature in FEATURES:
        if feature and not re.search(rf"(?m)^{feature} =", known):
            continue
        every, frameworks = packages(feature)
        ours = sorted(name for name, _ in every - none - frameworks)
        listed = f"{len(ours)}: {', '.join(ours)}" if ours else "0"
        print(f"| {f'`{feature}`' if feature else 'none'} | {len(every)} | {len(every - none)} | {listed} |")


if __name__ == "__main__":
    main()
