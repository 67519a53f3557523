#!/bin/bash
# test.sh — run all tests, then the durability suite at its short length.
# test.sh durability short|long — run the durability suite alone.
# test.sh durability patroni — run its test of a cluster that Patroni manages, which the others leave out.
#
# The counts of all that ran are added up in .cache/tests and told in the last line. TESTFLAGS go to every go test.
set -euo pipefail
cd "$(dirname "$0")/.."

mkdir -p .cache
counts=$PWD/.cache/tests
rm -f "$counts"
read -ra flags <<<"${TESTFLAGS:-}"
export PATH=$PATH:/usr/sbin:/sbin
go build -o .cache/testsum ./scripts/testsum

# Three scenarios run side by side, however many processors there are: they wait more than they compute.
# durability LENGTH TIMEOUT [FLAG...] mounts file systems, so it runs as root; what root builds then goes to a cache of its own.
durability() {
	scripts/needs.sh strace xfs_io mkfs.xfs mkfs.ext4 mount umount postgres haproxy ip iptables
	local run=(env "DURABILITY=$1")
	if [ "$(id -u)" != 0 ]; then
		echo "the durability suite mounts file systems: running it with sudo" >&2
		run=(sudo env "PATH=$PATH" "GOMODCACHE=$(go env GOMODCACHE)" "GOCACHE=$PWD/.cache/root" "GOFLAGS=$(go env GOFLAGS) -buildvcs=false" "DURABILITY=$1")
	fi
	"${run[@]}" .cache/testsum -counts "$counts" -- -v -count=1 -parallel 3 -timeout "$2" "${@:3}" "${flags[@]}" ./durability
}

if [ "${1:-}" = durability ]; then
	case $2 in
	short) durability short 20m ;;
	long) durability long 180m ;;
	patroni)
		scripts/needs.sh patroni etcd unshare setpriv
		durability patroni 10m -run '^TestPatroni$'
		;;
	*) echo "durability: short, long or patroni" >&2; exit 2 ;;
	esac
	exit
fi

# What the demo prints is pasted into a shell; the samples are run; the console is used in a browser.
scripts/needs.sh curl openssl postgres javac java bouncycastle python3 openpyxl node mcs mono cert-sync chromium pdftoppm zbarimg softhsm2-util pkcs11-tool ssh-agent
scripts/npm.sh
mapfile -t packages < <(go list ./... | grep -v '/durability$')
status=0
.cache/testsum -counts "$counts" -- -timeout 25m "${flags[@]}" "${packages[@]}" || status=$?
durability short 20m || status=$? # also after a failure: it is the test of the first promise
exit "$status"
