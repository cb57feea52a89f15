#!/usr/bin/env bash
# The tests that need a real identity provider: installs it, starts it on free ports, runs the tests, stops it.
# With arguments, runs that command instead:
#
#   tests/end-to-end/run.sh bash -c 'curl "$E2E_ISSUER/jwks"'
#
# The tests find the provider by E2E_ISSUER, its control port by E2E_CONTROL, and the private key of its client
# `orders-api-jwt` by E2E_CLIENT_KEY, a PEM file.
set -euo pipefail
cd "$(dirname "$0")/../.."
provider=examples/oauth-resource-server/provider
cache=target/end-to-end
mkdir -p "$cache"

missing() {
  local tool
  for tool in node npm curl; do command -v "$tool" >/dev/null || return 0; done
  return 1
}
if missing; then
  if [[ $(id -u) != 0 ]] || ! command -v apt-get >/dev/null; then
    echo "these tests need Node.js 20.12 or later, npm and curl: install them, then run this again" >&2
    exit 1
  fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends nodejs npm curl ca-certificates >/dev/null
fi

node=node
new_enough() {
  "$1" -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 12) ? 0 : 1)'
}
# Distributions have older ones; npm has a newer one.
if ! new_enough "$node"; then
  arch=$(node -p process.arch)
  node=$PWD/$cache/node/node_modules/node-linux-$arch/bin/node
  [[ -x $node ]] ||
    npm install --prefix "$cache/node" --no-save --ignore-scripts --no-audit --no-fund --loglevel=error "node-linux-$arch@22.23.3"
fi

installed=$provider/node_modules/.lock-that-was-installed
if ! cmp -s "$provider/package-lock.json" "$installed"; then
  npm ci --prefix "$provider" --ignore-scripts --no-audit --no-fund --loglevel=error
  cp "$provider/package-lock.json" "$installed"
fi

scratch=$(mktemp -d "$PWD/$cache/run.XXXXXX")
started=()
stop() {
  kill "${started[@]}" 2>/dev/null || true
  rm -rf "$scratch"
}
trap stop EXIT
unset E2E_ISSUER E2E_CONTROL
export E2E_CLIENT_KEY=$scratch/orders-api-jwt.pem

exec 3< <(PORT=0 CONTROL_PORT=0 PROVIDER_CONTROL=1 CLIENT_KEY_FILE=$E2E_CLIENT_KEY \
  exec "$node" "$provider/provider.mjs" </dev/null 2>"$scratch/errors")
started+=($!)

# It prints `control <origin>`, then `issuer <origin>` once it serves; an early end of what it prints is its death.
while [[ ! -v E2E_ISSUER ]]; do
  if ! read -r -t 60 -u 3 name value; then
    echo "the provider did not start:" >&2
    cat "$scratch/errors" >&2
    exit 1
  fi
  case $name in
  control) export E2E_CONTROL=$value ;;
  issuer) export E2E_ISSUER=$value ;;
  esac
done

# In the background, so that a signal to this script does not wait for it.
run() {
  "$@" <&0 &
  started+=($!)
  wait $!
}

if (($#)); then
  run "$@"
else
  run "$node" --test --test-reporter=spec tests/end-to-end/provider.test.mjs
  # All packages, so that what the other tests have built is used.
  run cargo test --workspace --all-features --locked --test end_to_end -- --ignored
fi
