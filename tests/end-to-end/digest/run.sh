#!/usr/bin/env bash
# Digest with real clients: installs them, then runs clients.py and attacks.py against the server of examples/digest,
# which it builds and starts, or against the one whose base URL is given:
#
#   tests/end-to-end/digest/run.sh [http://127.0.0.1:8080]
#
# `run.sh peers` prints the table of README.md instead: the same attacks on Apache and on lighttpd.
set -euo pipefail
cd "$(dirname "$0")/../../.."
here=tests/end-to-end/digest
cache=target/end-to-end/digest
mkdir -p "$cache"

# Installs what of these, `program=package`, is not there.
install() {
  local packages=() pair
  for pair; do
    PATH=$PATH:/usr/sbin command -v "${pair%%=*}" >/dev/null || packages+=("${pair#*=}")
  done
  ((${#packages[@]})) || return 0
  if [[ $(id -u) != 0 ]] || ! command -v apt-get >/dev/null; then
    echo "these tests need ${packages[*]}: install them, then run this again" >&2
    exit 1
  fi
  apt-get update -qq
  if ! DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "${packages[@]}" >"$cache/apt.log" 2>&1; then
    cat "$cache/apt.log" >&2
    echo "apt-get could not install ${packages[*]}" >&2
    exit 1
  fi
}

if [[ ${1-} == peers ]]; then
  install python3=python3 apache2=apache2 lighttpd=lighttpd faketime=faketime
  PATH=$PATH:/usr/sbin exec python3 "$here/peers.py"
fi

install curl=curl wget=wget python3=python3
browser() { command -v chromium || command -v chromium-browser || command -v google-chrome; }
browser >/dev/null || install chromium=chromium

python=$cache/venv/bin/python
if ! cmp -s "$here/requirements.txt" "$cache/venv/installed"; then
  # Debian's python3 comes without it.
  python3 -c 'import ensurepip' 2>/dev/null || install ensurepip=python3-venv
  rm -rf "$cache/venv"
  python3 -m venv "$cache/venv"
  "$python" -m pip install -q --disable-pip-version-check --only-binary :all: --require-hashes -r "$here/requirements.txt"
  cp "$here/requirements.txt" "$cache/venv/installed"
fi

started=()
stop() { ((!${#started[@]})) || kill "${started[@]}" 2>/dev/null || true; }
trap stop EXIT

# Starts the example with these options and sets `base` to where it listens.
serve() {
  exec 3< <(exec "$binary" --listen 127.0.0.1:0 "$@" </dev/null 2>"$cache/server.log")
  started+=($!)
  local line
  while read -r -t 60 -u 3 line; do
    [[ $line == *"listening on "* ]] || continue
    base=${line##*listening on }
    return
  done
  echo "the server did not start:" >&2
  cat "$cache/server.log" >&2
  exit 1
}

base=${1-}
if [[ -z $base ]]; then
  # All packages and features, so that what the other tests have built is used.
  cargo build --workspace --all-features --locked
  binary=${CARGO_TARGET_DIR:-target}/debug/digest
  serve
fi

"$python" "$here/clients.py" "$base"
port=${base##*:}
python3 "$here/attacks.py" --port "${port%%/*}" --expected --realm http-auth@example.org --user Mufasa \
  --password 'Circle of Life' --content-path /notes --other-algorithm-path /legacy --body-limit 1048576
