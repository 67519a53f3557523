#!/bin/bash
# npm.sh — install into .cache/npm the tools of others that the tests in interop run: those of interop/npm/package-lock.json, by
# their checksums, without running any script of theirs. Does nothing where they already are.
set -euo pipefail
cd "$(dirname "$0")/.."

wanted=$(cat interop/npm/package.json interop/npm/package-lock.json | sha256sum)
installed=.cache/npm/installed
[ "$(cat $installed 2>/dev/null)" = "$wanted" ] && exit 0

scripts/needs.sh node npm
echo "installing the tools of interop/npm" >&2
rm -rf .cache/npm
mkdir -p .cache/npm
cp interop/npm/package.json interop/npm/package-lock.json .cache/npm/
(cd .cache/npm && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2)
echo "$wanted" >$installed
