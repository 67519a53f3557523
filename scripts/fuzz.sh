#!/bin/bash
# fuzz.sh TIME — run every fuzz target for TIME each. An input that fails is kept below testdata/fuzz, to be committed with
# the cure.
set -euo pipefail
cd "$(dirname "$0")/.."
time=${1:?usage: fuzz.sh 10s}

fuzz() { # PACKAGE TARGET
	local out
	for try in 1 2; do
		if out=$(go test -run '^$' -fuzz "^$2\$" -fuzztime "$time" "$1" 2>&1); then
			echo "ok  	$1 $2	$(grep '^fuzz: elapsed' <<<"$out" | tail -1 | sed 's/^fuzz: //')"
			return
		fi
		# Go can take the end of the time itself for a failure; no input is to blame then.
		if ((try == 2)) || ! grep -q 'context deadline exceeded' <<<"$out" || grep -q 'Failing input written' <<<"$out"; then
			echo "$out"
			return 1
		fi
	done
}

n=0
for package in $(grep -rl --include='*_test.go' '^func Fuzz' . | xargs -rn1 dirname | sort -u); do
	for target in $(go test -list '^Fuzz' "$package" | grep '^Fuzz'); do
		fuzz "$package" "$target"
		n=$((n + 1))
	done
done
echo "$n fuzz targets, $time each"
((n > 0))
