#!/usr/bin/env bash
# examples/mcp with a real client, and tokens of a real identity provider: installs both, starts the example on a free port,
# and runs clients.test.mjs against it.
#
# Needs what ../run.sh needs, which starts the provider and runs this again within it.
set -euo pipefail
cd "$(dirname "$0")/../../.."
here=tests/end-to-end/mcp
target=${CARGO_TARGET_DIR:-target}

if [[ -z ${E2E_ISSUER-} ]]; then
  exec tests/end-to-end/run.sh "$here/run.sh"
fi

installed=$here/node_modules/.lock-that-was-installed
if ! cmp -s "$here/package-lock.json" "$installed"; then
  npm ci --prefix "$here" --ignore-scripts --no-audit --no-fund --loglevel=error
  cp "$here/package-lock.json" "$installed"
fi
cargo build -p mcp-example --locked

mkdir -p "$target/end-to-end"
log=$(mktemp "$target/end-to-end/mcp.XXXXXX")
exec 3< <(PORT=0 ISSUER=$E2E_ISSUER RUST_BACKTRACE=1 exec "$target/debug/mcp-example" </dev/null 2>"$log")
example=$!
stop() {
  kill "$example" 2>/dev/null || true
  rm -f "$log"
}
trap stop EXIT

while read -r -t 60 -u 3 line; do
  [[ $line == "listening on http://"* ]] || continue
  export MCP_SERVER=${line#listening on }/mcp
  break
done
if [[ -z ${MCP_SERVER-} ]]; then
  echo "the server did not start:" >&2
  cat "$log" >&2
  exit 1
fi

failed=0
node --test --test-reporter=spec "$here/clients.test.mjs" || failed=1
if grep -h panicked "$log"; then
  failed=1
fi
exit $failed
