#!/usr/bin/env bash
# Takes the viewer of the reference page anew from its npm package, into this folder or another.
set -euo pipefail
target=${1:-$(cd "$(dirname "$0")" && pwd)}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$work" && npm pack --silent rapidoc@9.3.8 >/dev/null && tar xzf rapidoc-9.3.8.tgz)
cp "$work/package/dist/rapidoc-min.js" "$target/rapidoc.js"
cat "$work/package/LICENSE.txt" <(echo) "$work/package/dist/rapidoc-min.js.LICENSE.txt" > "$target/rapidoc.LICENSE.txt"
