#!/usr/bin/env bash
# The examples that print `curl` lines, called by curl itself: starts each on a free port and runs every line as it stands, in
# a shell. calls.py says what has to come back.
#
# Needs curl and Python 3.11 or later. As root with apt-get it installs curl, if that is missing.
set -euo pipefail
cd "$(dirname "$0")/../../.."
# Nothing is written beside the sources.
export PYTHONDONTWRITEBYTECODE=1

if ! command -v curl >/dev/null; then
  if [[ $(id -u) != 0 ]] || ! command -v apt-get >/dev/null; then
    echo "these tests need curl: install it, then run this again" >&2
    exit 1
  fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends curl >/dev/null
fi

cargo build --locked -p quickstart -p actix-example -p poem-example -p plain-http
python3 tests/end-to-end/curl/calls.py "${CARGO_TARGET_DIR:-target}/debug"
