#!/bin/sh
# verify.sh [POLICY]: verifies this package with sha256sum, coreutils and openssl 3 alone. POLICY names the keys of the
# evidence log; get it from a source that you trust, not from this package. Exit codes: 0 all holds, 3 something does not.
cd "$(dirname "$0")" || exit 1
policy=${1:-policy.txt}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
bad=0
holds() { echo "成立    $1"; }
fails() { echo "不成立  $1"; bad=3; }
check() { if [ "$2" = "$3" ]; then holds "$1"; else fails "$1"; fi; }
bin() { tr -d ' \n' | tr a-f A-F | basenc --base16 -d; }
sha() { sha256sum | cut -c1-64; }
sm3() { openssl dgst -sm3 -r | cut -c1-64; }
hexof() { od -An -v -tx1 | tr -d ' \n'; }

# The files.
while read -r sum name; do
	check "文件 $name 的 SHA-256" "$(sha <"$name")" "$sum"
done <SHA256SUMS
while read -r sum name; do
	check "文件 $name 的 SM3" "$(sm3 <"$name")" "$sum"
done <SM3SUMS

# The signatures of the checkpoint.
sed '1,/^$/d' receipt.txt >"$tmp/note"
sed '/^$/,$d' "$tmp/note" >"$tmp/text"
signed=0
while read -r word vkey; do
	[ "$word" = log ] || continue
	name=${vkey%%+*} rest=${vkey#*+}
	id=${rest%%+*} key=${rest#*+}
	echo "$key" | base64 -d >"$tmp/key"
	grep "^— $name " "$tmp/note" | while read -r _ _ sig; do
		echo "$sig" | base64 -d >"$tmp/sig"
		[ "$(head -c 4 "$tmp/sig" | hexof)" = "$id" ] && tail -c +5 "$tmp/sig" >"$tmp/sig.$id"
	done
	[ -s "$tmp/sig.$id" ] || continue
	if [ "$(head -c 1 "$tmp/key" | hexof)" = 01 ]; then
		{ echo 302a300506032b6570032100 | bin; tail -c +2 "$tmp/key"; } | openssl pkey -pubin -inform DER -out "$tmp/pem"
		set -- Ed25519
		openssl pkeyutl -verify -pubin -inkey "$tmp/pem" -rawin -in "$tmp/text" -sigfile "$tmp/sig.$id" >"$tmp/out" 2>&1
	elif [ "$(head -c 1 "$tmp/key" | hexof)" = ff ]; then
		{ echo 3059301306072a8648ce3d020106082a811ccf5501822d034200 | bin; tail -c 65 "$tmp/key"; } |
			openssl pkey -pubin -inform DER -out "$tmp/pem"
		set -- SM2
		openssl pkeyutl -verify -pubin -inkey "$tmp/pem" -rawin -digest sm3 -in "$tmp/text" -sigfile "$tmp/sig.$id" \
			-pkeyopt distid:1234567812345678 >"$tmp/out" 2>&1
	else
		continue
	fi
	if grep -q 'Verified Successfully' "$tmp/out"; then
		holds "检查点的签名（$1）"
		signed=1
	else
		fails "检查点的签名（$1）"
	fi
done <"$policy"
[ $signed = 1 ] || fails "检查点没有信任策略 $policy 中的密钥的签名"

# What is proved: the leaf, in both trees.
sed -n 's/^extra //p' receipt.txt | base64 -d >"$tmp/extra"
sed 's/^{"leaf":"\(\([^"\\]\|\\.\)*\)".*/\1/; s/\\\(.\)/\1/g' "$tmp/extra" | tr -d '\n' >"$tmp/leaf"
index=$(sed -n 's/^index //p' receipt.txt)
size=$(sed -n 2p "$tmp/text")
member() { sed 's/.*'"$1"':"\([^"]*\)".*/\1/' "$2"; }

# climb FUNCTION HASH INDEX SIZE < PATH: the root to which a leaf leads, hashes in hexadecimal digits (RFC 9162, 2.1.3.2).
climb() {
	r=$2 fn=$3 sn=$(($4 - 1))
	while read -r p; do
		if [ $((fn % 2)) = 1 ] || [ "$fn" = "$sn" ]; then
			r=$(echo "01$p$r" | bin | $1)
			while [ $((fn % 2)) = 0 ] && [ "$fn" != 0 ]; do
				fn=$((fn / 2)) sn=$((sn / 2))
			done
		else
			r=$(echo "01$r$p" | bin | $1)
		fi
		fn=$((fn / 2)) sn=$((sn / 2))
	done
	[ "$sn" = 0 ] && echo "$r"
}
leafhash() { { echo 00 | bin; cat; } | $1; }
lines() { tr -d '"' | tr ',' '\n' | sed '$a\' | grep .; }

sed -n '/^index /,/^$/p' receipt.txt | sed '1d;$d' | while read -r h; do echo "$h" | base64 -d | hexof; echo; done >"$tmp/path.sha"
sed 's/.*"sm3":\[\([^]]*\)\]}$/\1/' "$tmp/extra" | lines >"$tmp/path.sm3"
check "所证明的内容在存证日志中（SHA-256）" "$(climb sha "$(leafhash sha <"$tmp/leaf")" "$index" "$size" <"$tmp/path.sha")" \
	"$(sed -n 3p "$tmp/text" | base64 -d | hexof)"
check "所证明的内容在存证日志中（SM3）" "$(climb sm3 "$(leafhash sm3 <"$tmp/leaf")" "$index" "$size" <"$tmp/path.sm3")" \
	"$(sed -n '4s/^sm3 //p' "$tmp/text" | base64 -d | hexof)"

# The body as sent.
commitment() { sed 's/.*"body":{"sha256":"\([^"]*\)","sm3":"\([^"]*\)"}.*/\'"$1"'/' "$tmp/leaf"; }
if [ -f body ]; then
	salt=$(member '"casesalt"' "$tmp/extra")
	check "报文与回执相符（SHA-256）" "$(echo "$salt$(sha <body)" | bin | sha)" "$(commitment 1)"
	check "报文与回执相符（SM3）" "$(echo "$salt$(sm3 <body)" | bin | sm3)" "$(commitment 2)"
fi

# The firm, where the package is of one.
if [ -f firm ]; then
	no=$(cat firm)
	items=$(sed 's/.*"items":\([0-9]*\).*/\1/' "$tmp/leaf")
	shown='s/.*"no":'$no',"row":\({.*}\),"sha256":\[\([^]]*\)\],"sm3":\[\([^]]*\)\]}\].*/'
	sed "$shown"'\1/' "$tmp/extra" | tr -d '\n' >"$tmp/row"
	root() { sed 's/.*"rows":{"sha256":"\([^"]*\)","sm3":"\([^"]*\)"}.*/\'"$1"'/' "$tmp/leaf"; }
	sed "$shown"'\2/' "$tmp/extra" | lines >"$tmp/row.sha"
	sed "$shown"'\3/' "$tmp/extra" | lines >"$tmp/row.sm3"
	check "清单第 $no 户与受理时相符（SHA-256）" \
		"$(climb sha "$(leafhash sha <"$tmp/row")" $((no - 1)) $((items + 1)) <"$tmp/row.sha")" "$(root 1)"
	check "清单第 $no 户与受理时相符（SM3）" \
		"$(climb sm3 "$(leafhash sm3 <"$tmp/row")" $((no - 1)) $((items + 1)) <"$tmp/row.sm3")" "$(root 2)"
	echo "该户：$(cat "$tmp/row")"
fi
echo "受理：$(cat "$tmp/leaf")"
if [ $bad = 0 ]; then echo "以上全部成立。信任策略 $policy 须来自可靠的途径。"; else echo "有不成立的，见上。"; fi
exit $bad
