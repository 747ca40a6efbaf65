#!/usr/bin/env bash
# Runs the shared conformance suites against this tree. Prints the scores; fails when one falls below its floor.
# usage: tools/shared-conformance.sh SHARED
set -euo pipefail
shared=$(cd "$1" && pwd)
cd "$(dirname "$0")/.."
[ -f dist/cli/main.js ] || npm run --silent build
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

python3 -c 'import yaml' 2>/dev/null || { apt-get update -qq && apt-get install -y -qq python3-yaml; }

echo '-- SPL'
python3 "$shared/conformance/spl/run.py" "$shared/conformance/spl/cases" --cmd "node dist/cli/main.js conform" >"$out/spl.txt" || true
sed -n '/^failing:/,$p' "$out/spl.txt"
tail -n 1 "$out/spl.txt"
passed=$(tail -n 1 "$out/spl.txt" | cut -d' ' -f1)
[ "$passed" -ge "${KARST_SPL_FLOOR:-591}" ]

echo '-- EVTX'
node dist/cli/main.js events --decoded "$shared/corpus/evtx" -o ndjson >"$out/evtx.ndjson"
python3 "$shared/conformance/evtx/compare.py" "$out/evtx.ndjson" --json "$out/evtx.json" >"$out/evtx.txt"
head -n 4 "$out/evtx.txt"
node -e '
  const { golden_records, matched, lost, tolerant } = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"))
  if (matched !== golden_records || lost.length > 0 || tolerant < 0.99999) process.exit(1)
' "$out/evtx.json"

echo '-- fields'
node dist/cli/main.js search '*' "$shared/conformance/fields/examples.hec.ndjson" -o ndjson >"$out/fields.ndjson"
python3 "$shared/conformance/fields/score.py" "$out/fields.ndjson" | tee "$out/fields.txt"
awk '/^usable:/ { sub("%", "", $4); score = $4 } END { exit score >= 98 ? 0 : 1 }' "$out/fields.txt"
