#!/usr/bin/env bash
# Digest with real clients: installs them, builds examples/digest and starts it on free ports, then runs clients.py and
# attacks.py against it, within a minute.
#
#   tests/end-to-end/digest/run.sh         the tests
#   tests/end-to-end/digest/run.sh table   writes the table of attacks in the crate's documentation anew: runs the attacks
#                                          against Apache and lighttpd as well
#   tests/end-to-end/digest/run.sh habits  prints what the clients make of challenges that the example does not send
#
# Needs curl, wget, Chromium and Python 3.11 or later with venv; the table needs apache2, lighttpd and faketime as well. As
# root with apt-get it installs what is missing; the Python packages come from PyPI, into the target directory.
set -euo pipefail
cd "$(dirname "$0")/../../.."
here=tests/end-to-end/digest
target=${CARGO_TARGET_DIR:-target}
cache=$target/end-to-end/digest
table=auth-core/src/digest-attacks.md
mkdir -p "$cache"
# Nothing is written beside the sources.
export PYTHONDONTWRITEBYTECODE=1

case ${1-} in
"" | table | habits) ;;
*)
  echo "usage: $0 [table | habits]" >&2
  exit 2
  ;;
esac

# The packages, as Debian calls them, whose programs are not there.
PATH=$PATH:/usr/sbin
has() { command -v "$1" >/dev/null; }
missing() {
  has curl || echo curl
  has wget || echo wget
  has chromium || has chromium-browser || has google-chrome || echo chromium
  has python3 || echo python3
  # Debian's python3 comes without it.
  has python3 && python3 -c 'import ensurepip, venv' 2>/dev/null || echo python3-venv
  [[ ${1-} == table ]] || return 0
  has apache2 || echo apache2
  has lighttpd || echo lighttpd
  has faketime || echo faketime
}
mapfile -t packages < <(missing "$@")
if ((${#packages[@]})); then
  if [[ $(id -u) != 0 ]] || ! has apt-get; then
    echo "these tests need programs that are not here: install ${packages[*]} (the names are those of Debian's packages), then run this again" >&2
    exit 1
  fi
  if ! { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "${packages[@]}"; } >"$cache/apt.log" 2>&1; then
    cat "$cache/apt.log" >&2
    echo "apt-get could not install ${packages[*]}" >&2
    exit 1
  fi
fi
if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  echo "these tests need Python 3.11 or later, and $(command -v python3) is $(python3 --version): put a later one first in PATH" >&2
  exit 1
fi

python=$cache/venv/bin/python
if ! cmp -s "$here/requirements.txt" "$cache/venv/installed"; then
  rm -rf "$cache/venv"
  python3 -m venv "$cache/venv"
  "$python" -m pip install -q --disable-pip-version-check --only-binary :all: --require-hashes -r "$here/requirements.txt"
  cp "$here/requirements.txt" "$cache/venv/installed"
fi

[[ ${1-} != habits ]] || exec "$python" "$here/habits.py"

cargo build -p digest-example --bin digest-example --locked

scratch=$(mktemp -d "$cache/run.XXXXXX")
started=()
stop() {
  ((!${#started[@]})) || kill "${started[@]}" 2>/dev/null || true
  rm -rf "$scratch"
}
trap stop EXIT

# Starts the example with these variables, and sets `server` to its HOST:PORT.
serve() {
  local line log=$scratch/server.${#started[@]}
  exec 3< <(exec env PORT=0 RUST_BACKTRACE=1 "$@" "$target/debug/digest-example" </dev/null 2>"$log")
  started+=($!)
  while read -r -t 60 -u 3 line; do
    [[ $line == "listening on http://"* ]] || continue
    server=${line##*//}
    return
  done
  echo "the server did not start:" >&2
  cat "$log" >&2
  exit 1
}

head -c 32 /dev/urandom >"$scratch/secret"
serve NONCE_SECRET_FILE="$scratch/secret"
first=$server
serve
other_secret=$server
# The shortest that it takes.
serve NONCE_LIFETIME=30
short_lived=$server

attacks() {
  exec "$python" "$here/attacks.py" --expected --port "${first##*:}" \
    --realm http-auth@example.org --user Mufasa --password 'Circle of Life' \
    --content-path /notes --body-limit 1048576 --other-realm-path /other --other-algorithm-path /legacy \
    --other-server "$other_secret" --short-lived "$short_lived" --lifetime 30 "$@"
}

if [[ ${1-} == table ]]; then
  (attacks --json "$scratch/ours.json")
  "$python" "$here/peers.py" "$scratch/ours.json" >"$scratch/table.md"
  cp "$scratch/table.md" "$table"
  exit
fi

# It mostly waits for a nonce to expire, and the clients take as long.
attacks --table "$table" >"$scratch/attacks" 2>&1 &
started+=($!)
failed=0
"$python" "$here/clients.py" "http://$first" || failed=1
wait "${started[-1]}" || failed=1
cat "$scratch/attacks"
if grep -h panicked "$scratch"/server.*; then
  failed=1
fi
exit $failed
