#!/usr/bin/env bash
# Packs the package, installs the tarball in an empty folder and runs it there as a user would.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

npm pack --silent --pack-destination "$folder" >/dev/null
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund ./karst-*.tgz
npx karst --version
findings=$(npx karst scan "$root/samples" -o ndjson -q | wc -l)
echo "findings on samples/: $findings"
[ "$findings" -gt 0 ]
node --input-type=module -e "
  import { parseSearch } from 'karst/spl'
  if (typeof parseSearch !== 'function') throw new Error('karst/spl does not export parseSearch')
"
echo 'the package works'
