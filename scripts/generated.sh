#!/bin/bash
# generated.sh — fail where a generated file is not what its generator writes today; the files are then up to date.
# generated.sh write — only write them.
#
set -euo pipefail
cd "$(dirname "$0")/.."

write() { go generate ./...; }

state() { git ls-files -co --exclude-standard -z | xargs -0 sha256sum 2>/dev/null | sort -k2; }

[ "${1:-}" = write ] && { write; exit; }
before=$(state)
write
if ! changed=$(diff <(echo "$before") <(state)); then
	echo "not up to date, now written anew:"
	sed -n 's/^> [0-9a-f]*  /  /p' <<<"$changed"
	exit 1
fi
