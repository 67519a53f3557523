#!/bin/bash
# needs.sh COMMAND... — see that each command is there; on Debian install its package where it is not, and say so. Without
# the right to install anything it says what is missing and fails.
set -euo pipefail

PATH=$PATH:/usr/sbin:/sbin # mkfs and its like stand there for ordinary users

declare -A package=(
	[curl]=curl
	[gcc]="gcc libc6-dev" # the race detector links with it
	[strace]=strace
	[xfs_io]=xfsprogs [mkfs.xfs]=xfsprogs
	[mkfs.ext4]=e2fsprogs
	[mount]=mount [umount]=mount
	[haproxy]=haproxy # started by tests, on ports of their own
	[ip]=iproute2 [iptables]=iptables
	[postgres]=postgresql # its servers are started by tests, see internal/pgtest
	[patroni]=patroni [patronictl]=patroni [etcd]=etcd-server [etcdctl]=etcd-client
	[javac]=default-jdk-headless [java]=default-jre-headless [python3]=python3-minimal [node]=nodejs [npm]=npm # run the samples, see interop
	[bouncycastle]="libbcprov-java libbcutil-java libbcpkix-java" # for Java; verifies SM2 and makes time-stamps, see interop
	[pdftoppm]=poppler-utils [zbarimg]=zbar-tools # read the codes of a printed receipt
	[openpyxl]=python3-openpyxl # a module of Debian's Python; writes and reads workbooks, see internal/sender/sheet
	[softhsm2-util]=softhsm2 [pkcs11-tool]=opensc # a token that signs checkpoints, see internal/evidence/seal
	[ssh-agent]=openssh-client [ssh-add]=openssh-client [ssh-keygen]=openssh-client # has the key of the witness
	[chromium]="chromium fonts-wqy-microhei" # the console is walked through in it, in Chinese
	[mcs]="mono-mcs libmono-system-net-http4.0-cil libmono-system-runtime-serialization4.0-cil" [mono]=mono-runtime [cert-sync]=ca-certificates-mono
	[unshare]=util-linux [setpriv]=util-linux
)

# there COMMAND — PostgreSQL's programs stand in a folder for each version, outside of PATH; openpyxl and
# bouncycastle are no programs.
there() {
	case $1 in
	openpyxl) /usr/bin/python3 -c 'import openpyxl' ;;
	bouncycastle) test -e /usr/share/java/bcprov.jar -a -e /usr/share/java/bcutil.jar -a -e /usr/share/java/bcpkix.jar ;;
	*) command -v "$1" || compgen -G "/usr/lib/postgresql/*/bin/$1" ;;
	esac
} &>/dev/null

missing=() packages=()
for name in "$@"; do
	if ! there "$name"; then
		missing+=("$name")
		# shellcheck disable=SC2206 # several packages for one command
		packages+=(${package[$name]:-$name})
	fi
done
((${#missing[@]})) || exit 0

mapfile -t packages < <(printf '%s\n' "${packages[@]}" | sort -u)
say="missing: ${missing[*]}"
root=()
if [ "$(id -u)" != 0 ]; then
	root=(sudo -n)
	if ! sudo -n true 2>/dev/null; then
		[ -t 0 ] && command -v sudo >/dev/null && root=(sudo) || root=()
	fi
	if ((${#root[@]} == 0)); then
		echo "$say; install as root: apt-get install -y ${packages[*]}" >&2
		exit 1
	fi
fi
if ! command -v apt-get >/dev/null; then
	echo "$say; on Debian they are in: ${packages[*]}" >&2
	exit 1
fi

echo "$say; installing: ${packages[*]}" >&2
apt() { "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get "$@"; }
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then # no package that comes in starts its service
	trap '"${root[@]}" rm -f $policy' EXIT
	"${root[@]}" install -m 755 /dev/stdin $policy <<<$'#!/bin/sh\nexit 101'
fi
apt update -qq >&2
if [[ " ${packages[*]} " == *" postgresql "* ]]; then # the programs, but no server of the machine
	"${root[@]}" mkdir -p /etc/postgresql-common/createcluster.d
	"${root[@]}" tee /etc/postgresql-common/createcluster.d/diaoxiao.conf >/dev/null <<<"create_main_cluster = false"
fi
apt install -y -qq --no-install-recommends "${packages[@]}" >&2
if [[ " ${packages[*]} " == *" etcd-server "* ]]; then # nor does it with the machine; Patroni's waits for a configuration
	"${root[@]}" systemctl disable etcd.service >&2
fi
for name in "${missing[@]}"; do
	there "$name" || { echo "$name is still missing" >&2; exit 1; }
done
