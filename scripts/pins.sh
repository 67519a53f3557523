#!/bin/bash
# pins.sh — what go.mod must hold to: it is tidy, the modules are those of go.sum (so is that of interop/foreign), and
# modernc.org/libc is exactly the version that modernc.org/sqlite asks for, because the two are translated together.
set -euo pipefail
cd "$(dirname "$0")/.."

go mod tidy -diff
go mod verify
(cd interop/foreign && go mod tidy -diff && go mod verify)
used=$(go list -m -f '{{.Version}}' modernc.org/libc)
wanted=$(go mod graph | sed -n "s,^modernc.org/sqlite@$(go list -m -f '{{.Version}}' modernc.org/sqlite) modernc.org/libc@,,p")
if [ "$used" != "$wanted" ]; then
	echo "modernc.org/libc is $used, but modernc.org/sqlite was made with $wanted" >&2
	exit 1
fi
echo "modernc.org/libc $used, as modernc.org/sqlite wants it"
