#!/bin/sh
# verify.sh POLICY: verifies the unpacked package that it is in with sha256sum, coreutils, sed, grep and openssl 3 alone.
# POLICY names the keys of the evidence log; get it, and this script, from a source that you trust: whoever alters the
# package can alter what is in it. Exit codes: 0 all that it checks holds, 1 it can't run, 2 no policy, 3 something does
# not hold.
LC_ALL=C
export LC_ALL
unset CDPATH
case ${1:-} in
"")
	echo "用法：sh verify.sh 信任策略文件（须从可靠的途径取得，不能以案卷中的 policy.txt 为准）" >&2
	exit 2
	;;
/*) policy=$1 ;;
*) policy=$PWD/$1 ;;
esac
cd "$(dirname "$0")" || exit 1
for tool in sha256sum base64 basenc od openssl sed grep; do
	command -v $tool >/dev/null || { echo "没有 $tool，不能验证" >&2; exit 1; }
done
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
tr -d '\r' <"$policy" | sed 's/#.*//' >"$tmp/policy" && [ -s "$tmp/policy" ] || { echo "信任策略 $policy 读不了" >&2; exit 1; }
bad=0
holds() { echo "成立    $1"; }
tells() { echo "未验证  $1"; }
fails() { echo "不成立  $1"; bad=3; }
# check TEXT IS WANT: both there, and the same.
check() { if [ -n "$2" ] && [ "$2" = "$3" ]; then holds "$1"; else fails "$1"; fi; }
bin() { tr -d ' \n' | tr a-f A-F | basenc --base16 -d 2>/dev/null; }
sha() { sha256sum | cut -c1-64; }
sm3() { openssl dgst -sm3 -r | cut -c1-64; }
hexof() { od -An -v -tx1 | tr -d ' \n'; }
number() { case $1 in "" | *[!0-9]* | ???????????????????*) return 1 ;; esac; }
has() { case " $2 " in *" $1 "*) ;; *) return 1 ;; esac; }

# The files: those that every package has, and no other one.
known() {
	case $1 in
	receipt.txt | facts.json | firms.jsonl | audit.jsonl | policy.txt | cover.html | verify.sh | SM3SUMS | SHA256SUMS) ;;
	body | firm | stamps.json | succession-[1-9].txt | succession-[1-9][0-9].txt) ;;
	*) return 1 ;;
	esac
}
for f in receipt.txt facts.json firms.jsonl audit.jsonl policy.txt cover.html verify.sh SM3SUMS SHA256SUMS; do
	[ -f "$f" ] || fails "案卷中缺少文件 $f"
done
for f in * .[!.]* ..?*; do
	[ -e "$f" ] || [ -L "$f" ] || continue
	known "$f" || fails "文件 $f 不是案卷包的文件，请移走或查明来源"
	[ -f "$f" ] && [ ! -L "$f" ] || fails "$f 不是普通的文件"
done

# list LIST SUITE BUT: each file as the list has it, and each file in the list but those of BUT.
list() {
	listed=
	[ -s "$1" ] || fails "散列清单 $1 没有内容"
	[ -f "$1" ] || return
	while IFS= read -r line || [ -n "$line" ]; do
		name=${line#*  }
		if ! known "$name" || has "$name" "$3" || has "$name" "$listed"; then
			fails "散列清单 $1 中有不应有的行：$line"
			continue
		fi
		listed="$listed $name"
		if [ -f "$name" ]; then
			check "文件 $name 与 $1 相符" "$($2 <"$name")" "${line%%  *}"
		else
			fails "散列清单 $1 中有文件 $name，而案卷中没有"
		fi
	done <"$1"
	for f in * .[!.]* ..?*; do
		[ -f "$f" ] || continue
		has "$f" "$listed $3" || fails "文件 $f 不在散列清单 $1 中"
	done
}
list SHA256SUMS sha "SHA256SUMS"
list SM3SUMS sm3 "SM3SUMS SHA256SUMS"

# The parts of the receipt: what is proved, its place, the checkpoint and its signatures.
[ "$(sed -n '1p;2s/ .*//p;3s/ .*//p' receipt.txt | tr '\n' ' ')" = "c2sp.org/tlog-proof@v1 extra index " ] ||
	fails "receipt.txt 不是受理回执"
sed -n '2s/^extra //p' receipt.txt | base64 -d >"$tmp/extra" 2>/dev/null || fails "receipt.txt 的 extra 行读不了"
index=$(sed -n '3s/^index //p' receipt.txt)
sed '1,3d;/^$/,$d' receipt.txt | while read -r h; do echo "$h" | base64 -d | hexof; echo; done >"$tmp/path.sha"
sed '1,/^$/d' receipt.txt >"$tmp/note"
sed '/^$/,$d' "$tmp/note" >"$tmp/text"
sed '1,/^$/d' "$tmp/note" >"$tmp/signatures"

# The keys of the policy: one a line, with the word log or witness and its title.
while read -r word a b rest; do
	case $word in
	"" | group | quorum) ;;
	log) echo "log 存证日志 $a" ;;
	witness) echo "witness $a $b" ;;
	*) echo "? $word" ;;
	esac
done <"$tmp/policy" >"$tmp/keys"
! grep -q '^?' "$tmp/keys" || fails "信任策略中有不认识的行：$(sed -n 's/^? //p' "$tmp/keys" | tr '\n' ' ')"

# verified KEY SIGNATURE: says which kind of signature it is, and fails unless it verifies. 2: openssl 3 can't tell.
verified() {
	case $(head -c 13 "$1" | hexof) in
	01*)
		kind=Ed25519
		{ echo 302a300506032b6570032100 | bin; tail -c +2 "$1"; } >"$tmp/der"
		cp "$tmp/text" "$tmp/message"
		cp "$2" "$tmp/raw"
		;;
	04*)
		kind=Ed25519
		{ echo 302a300506032b6570032100 | bin; tail -c +2 "$1"; } >"$tmp/der"
		at=$(head -c 8 "$2" | hexof)
		{ printf 'cosignature/v1\ntime %d\n' "0x$at"; cat "$tmp/text"; } >"$tmp/message"
		tail -c +9 "$2" >"$tmp/raw"
		;;
	ff534d322d776974682d534d33)
		kind=SM2
		{ echo 3059301306072a8648ce3d020106082a811ccf5501822d034200 | bin; tail -c 65 "$1"; } >"$tmp/der"
		cp "$tmp/text" "$tmp/message"
		cp "$2" "$tmp/raw"
		;;
	06*)
		kind=ML-DSA-44
		return 2
		;;
	*)
		kind=不认识的算法
		return 2
		;;
	esac
	openssl pkey -pubin -inform DER -in "$tmp/der" -out "$tmp/pem" 2>/dev/null || return 1
	if [ $kind = SM2 ]; then
		openssl pkeyutl -verify -pubin -inkey "$tmp/pem" -rawin -digest sm3 -in "$tmp/message" -sigfile "$tmp/raw" \
			-pkeyopt distid:1234567812345678 >"$tmp/out" 2>&1
	else
		openssl pkeyutl -verify -pubin -inkey "$tmp/pem" -rawin -in "$tmp/message" -sigfile "$tmp/raw" >"$tmp/out" 2>&1
	fi
	grep -q 'Verified Successfully' "$tmp/out"
}

# The signatures, each by itself: one that does not verify is not made good by another one.
signed=0 by= good=
while read -r dash name sig; do
	if [ "$dash" != — ] || ! echo "$sig" | base64 -d >"$tmp/sig" 2>/dev/null; then
		fails "检查点的签名行不合格式：$name"
		continue
	fi
	id=$(head -c 4 "$tmp/sig" | hexof)
	tail -c +5 "$tmp/sig" >"$tmp/sig.raw"
	word= title=
	while read -r w t vkey; do
		rest=${vkey#*+}
		if [ "${vkey%%+*}" = "$name" ] && [ "${rest%%+*}" = "$id" ]; then
			word=$w title=$t
			echo "${rest#*+}" | base64 -d >"$tmp/key" 2>/dev/null
		fi
	done <"$tmp/keys"
	if [ -z "$word" ]; then
		tells "检查点的签名（$name $id）：密钥不在信任策略中"
		continue
	fi
	verified "$tmp/key" "$tmp/sig.raw"
	case $? in
	0)
		holds "检查点的签名（$kind，$title）"
		good="$good $name+$id"
		if [ $word = log ]; then signed=1; else by="$by $title"; fi
		;;
	2)
		tells "检查点的签名（$kind，$title）：本脚本不能验证，请用 diaoxiao verify"
		good="$good $name+$id"
		;;
	*) fails "检查点的签名（$kind，$title）" ;;
	esac
done <"$tmp/signatures"
while read -r word title vkey; do
	rest=${vkey#*+}
	has "${vkey%%+*}+${rest%%+*}" "$good" || tells "信任策略中的密钥 ${vkey%%+*} ${rest%%+*}（$title）没有有效的签名"
done <"$tmp/keys"
[ $signed = 1 ] || fails "检查点没有信任策略 $policy 中的密钥的签名。策略是更换密钥以前的，请用 diaoxiao verify"

# The witnesses that the policy asks for: a group is there when as many of its members are there as it says.
while read -r word name most members; do
	case $word in
	group)
		n=0 all=0
		for m in $members; do
			all=$((all + 1))
			has "$m" "$by" && n=$((n + 1))
		done
		case $most in any) most=1 ;; all) most=$all ;; esac
		number "$most" && [ "$n" -ge "$most" ] && by="$by $name"
		;;
	quorum)
		[ "$name" = none ] || has "$name" "$by" || fails "检查点缺少信任策略要求的见证方签名（quorum $name）"
		;;
	esac
done <"$tmp/policy"

# What is proved: the leaf, in both trees.
sed 's/^{"leaf":"\(\([^"\\]\|\\.\)*\)".*/\1/; s/\\\(.\)/\1/g' "$tmp/extra" | tr -d '\n' >"$tmp/leaf"
size=$(sed -n 2p "$tmp/text")
items=$(sed -n 's/.*"items":\([0-9]*\).*/\1/p' "$tmp/leaf")
for n in "$index" "$size" "$items"; do
	number "$n" || { fails "receipt.txt 不是受理回执"; exit $bad; }
done

# climb FUNCTION HASH INDEX SIZE < PATH: the root to which a leaf leads, hashes in hexadecimal digits (RFC 9162, 2.1.3.2).
climb() {
	r=$2 fn=$3 sn=$(($4 - 1))
	[ "$fn" -le "$sn" ] || return
	while read -r p; do
		[ "$sn" != 0 ] || return
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

sed 's/.*"sm3":\[\([^]]*\)\]}$/\1/' "$tmp/extra" | lines >"$tmp/path.sm3"
check "所证明的内容在存证日志中（SHA-256）" "$(climb sha "$(leafhash sha <"$tmp/leaf")" "$index" "$size" <"$tmp/path.sha")" \
	"$(sed -n 3p "$tmp/text" | base64 -d | hexof)"
check "所证明的内容在存证日志中（SM3）" "$(climb sm3 "$(leafhash sm3 <"$tmp/leaf")" "$index" "$size" <"$tmp/path.sm3")" \
	"$(sed -n '4s/^sm3 //p' "$tmp/text" | base64 -d | hexof)"
grep -q '"kind":"case"' "$tmp/leaf" || fails "所证明的内容不是一次受理"

# token FILE NAME: the value of a member of one line of JSON, as it is written there.
token() { sed -n 's/.*"'"$2"'":\("\([^"\\]\|\\.\)*"\|[0-9][0-9]*\).*/\1/p' "$1"; }
text() { token "$1" "$2" | tr -d '"'; }

# row NO PLACE: writes row NO to $tmp/row.NO, once it is proved to be of the case. Row 0 are the texts of the case.
row() {
	pattern='s/.*"no":'$1',"row":\({\([^"{}]\|"\([^"\\]\|\\.\)*"\)*}\),"sha256":\[\([^]]*\)\],"sm3":\[\([^]]*\)\]}.*/'
	sed -n "$pattern"'\1/p' "$tmp/extra" | tr -d '\n' >"$tmp/row.$1"
	sed -n "$pattern"'\4/p' "$tmp/extra" | lines >"$tmp/row.sha"
	sed -n "$pattern"'\5/p' "$tmp/extra" | lines >"$tmp/row.sm3"
	root='s/.*"rows":{"sha256":"\([^"]*\)","sm3":"\([^"]*\)"}.*/'
	check "$3与受理时相符（SHA-256）" \
		"$(climb sha "$(leafhash sha <"$tmp/row.$1")" "$2" $((items + 1)) <"$tmp/row.sha")" \
		"$(sed -n "$root"'\1/p' "$tmp/leaf")"
	check "$3与受理时相符（SM3）" \
		"$(climb sm3 "$(leafhash sm3 <"$tmp/row.$1")" "$2" $((items + 1)) <"$tmp/row.sm3")" \
		"$(sed -n "$root"'\2/p' "$tmp/leaf")"
	[ "$(token "$tmp/row.$1" row)" = "$1" ] || fails "$3的序号与受理时不符"
}
row 0 "$items" "案件的各项文字"

# The body as sent, or the firm where the package is of one.
commitment() { sed -n 's/.*"body":{"sha256":"\([^"]*\)","sm3":"\([^"]*\)"}.*/\'"$1"'/p' "$tmp/leaf"; }
no=
if grep -q '"casesalt":"' "$tmp/extra"; then
	[ ! -e firm ] || fails "全案的案卷包中不应有文件 firm"
	if [ -f body ]; then
		salt=$(text "$tmp/extra" casesalt)
		check "报文与回执相符（SHA-256）" "$(echo "$salt$(sha <body)" | bin | sha)" "$(commitment 1)"
		check "报文与回执相符（SM3）" "$(echo "$salt$(sm3 <body)" | bin | sm3)" "$(commitment 2)"
	else
		fails "案卷中缺少文件 body"
	fi
	[ "$(grep -c '' firms.jsonl)" = "$items" ] || fails "firms.jsonl 不是 $items 户"
else
	[ ! -e body ] || fails "一户的案卷包中不应有文件 body"
	[ -f firm ] || fails "案卷中缺少文件 firm"
	no=$(cat firm 2>/dev/null)
	if number "$no" && [ "$no" -ge 1 ]; then
		row "$no" $((no - 1)) "清单第 $no 户"
		is=$(cat firms.jsonl 2>/dev/null)
		want='{"row":'$no
		for name in pripid uniscid legal enttype; do
			want=$want',"'$name'":'$(token "$tmp/row.$no" $name)
		done
		case $is in
		"$want",* | "$want}") is=$(printf '%s\n' "$is" | grep -c '') ;;
		*) is=0 ;;
		esac
		check "firms.jsonl 中该户的报送值与回执相符" "$is" 1
	else
		fails "文件 firm 不是清单中的序号"
	fi
fi

# The facts: those that this script finds in the leaf and in row 0.
fact() { # INDENT NAME: its value, where it is there once
	sed -n 's/^'"$1"'"'"$2"'": \(.*[^,]\),\{0,1\}$/\1/p' facts.json 2>/dev/null
}
wrong=
same() { [ -n "$2" ] && [ "$2" = "$3" ] || wrong="$wrong $1"; }
for name in acceptid caseid app account revision items bytes; do
	same $name "$(fact '  ' $name)" "$(token "$tmp/leaf" $name)"
done
for name in acceptid app account revision items bytes received texts; do
	[ "$(grep -c '"'$name'":' facts.json)" = 1 ] || wrong="$wrong $name"
done
for name in caseid casename caseintroduction illegality penalty penaltydate penaltyorg; do
	same texts.$name "$(fact '    ' $name)" "$(token "$tmp/row.0" $name)"
done
ms=$(token "$tmp/leaf" received)
number "$ms" || ms=0
at=$(date -u -d "@$((ms / 1000 + 28800))" +%Y-%m-%dT%H:%M:%S)
same received "$(fact '  ' received)" "$(printf '"%s.%03d+08:00"' "$at" $((ms % 1000)))"
if [ -n "$no" ]; then
	same firm "$(fact '  ' firm)" "$no"
	[ -z "$(fact '  ' sha256)" ] || wrong="$wrong sha256"
else
	[ -z "$(fact '  ' firm)" ] || wrong="$wrong firm"
	[ ! -f body ] || same sha256 "$(fact '  ' sha256)" "\"$(sha <body)\""
fi
if [ -z "$wrong" ]; then holds "facts.json 的案件基本事实和文字与回执相符"; else fails "facts.json 与回执不符：$wrong"; fi

[ -z "$no" ] || echo "该户：$(cat "$tmp/row.$no")"
echo "受理：$(cat "$tmp/leaf")"
tells "facts.json 中的办理经过、申请和复核：请用 diaoxiao verify 案卷.zip 核对"
[ -n "$no" ] || tells "firms.jsonl 中各户的报送值：请用 diaoxiao verify 案卷.zip 核对"
tells "封面、审计记录、报送经过，firms.jsonl 中的比对结论、主体库登记、核验提示和状态：出自数据库，不由回执证明"
case $policy in
"$PWD"/*) tells "所给的信任策略在本案卷的目录中：只说明案卷前后一致，不说明出自谁" ;;
esac
if [ $bad = 0 ]; then echo "以上各项，除注明未验证的，全部成立。信任策略 $policy 须来自可靠的途径。"; else echo "有不成立的，见上。"; fi
exit $bad
