#!/bin/bash
# 批量吊销接口的报送示例。只需要 bash 和 curl。
#
#     submit.sh URL appKey account secretFile case.json
#
# case.json 是整件案件，UTF-8，逐字节照原样报送。环境变量：DIAOXIAO_CA 私有 CA 证书（PEM），
# DIAOXIAO_ATTEMPTS 最多尝试次数（默认 8）。标准输出只有业务受理号。退出码：0 已受理；
# 1 没有送达；2 用法或文件有误；3 被拒绝；4 结果未知，须以相同内容再报。

set -uo pipefail
if [ $# -ne 5 ]; then
	sed -n '2,/^$/s/^# \{0,1\}//p' "$0" >&2
	exit 2
fi
export LC_ALL=C # 按字节处理，与系统的编码无关
umask 077
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
base=${1%/}/security
attempts=${DIAOXIAO_ATTEMPTS:-8}
cp -- "$5" "$dir/case" || exit 2 # 先存一份：重试必须逐字节相同，而文件可能中途被改
secret=$(<"$4") && [ -n "$secret" ] || { echo "密钥文件 $4 读不出或是空的" >&2; exit 2; }

# quote TEXT — 写成 JSON 字符串；curl 的配置文件也用同样的写法。
quote() { printf '"%s"' "$(printf '%s' "$1" | sed 's/[\\"]/\\&/g' | tr -d '\r\n')"; }

printf '{"appKey":%s,"appSecret":%s,"account":%s}' "$(quote "$2")" "$(quote "$secret")" "$(quote "$3")" >"$dir/login"
printf '{}' >"$dir/logout"

# call NAME BODYFILE [TOKEN] — 发一次请求。URL 中有令牌，所以经标准输入交给 curl，不上命令行；不读 ~/.curlrc，不跟随重定向。
call() {
	: >"$dir/answer" >"$dir/headers"
	status=$(curl --disable --config - 2>"$dir/error" <<-CONFIG
		url = $(quote "$base/$1${3:+?access_token=$3}")
		request = POST
		upload-file = "$2"
		header = "Content-Type: application/json; charset=utf-8"
		header = "Expect:"
		proto = "=https,http"
		http1.1
		tlsv1.2
		${DIAOXIAO_CA:+cacert = $(quote "$DIAOXIAO_CA")}
		max-redirs = 0
		connect-timeout = 10
		speed-time = 120
		speed-limit = 1
		silent
		show-error
		dump-header = "$dir/headers"
		output = "$dir/answer"
		write-out = "%{http_code}"
	CONFIG
	)
	failed=$?
	judge
}

# strings NAMES — 应答中这些成员的字符串值，一行一个。引号在字符串里总有反斜杠，不会认错。
strings() { grep -Eo "\"($1)\" *: *\"([^\"\\\\]|\\\\.)*\"" "$dir/answer" | sed 's/^"[^"]*" *: *"//; s/"$//'; }

# judge — 给刚才的请求定性，写入 verdict：ok；refused 被拒绝；again 没有到达；lost 可能已到达，结果不明；fatal 不必再试。
judge() {
	wait=$(sed -n 's/^[Rr]etry-[Aa]fter: *\([0-9]\{1,6\}\).*/\1/p' "$dir/headers" | tail -1)
	codes=" $(strings errorCode | tr '\n' ' ')"
	reason="HTTP $status"
	case $failed in
	0) ;;
	5 | 6 | 7 | 35) verdict=again reason=$(head -1 "$dir/error"); return ;;
	51 | 58 | 60 | 77 | 83) verdict=fatal reason="不信任服务器的证书（$(head -1 "$dir/error")）；用 DIAOXIAO_CA 指定接收方的 CA 证书"; return ;;
	*) verdict=lost reason="没有收到应答（$(head -1 "$dir/error")）"; return ;;
	esac
	if [[ $(strings 'ackCode|ack_code' | head -1) == SUCCESS && $(<"$dir/answer") == *\} ]]; then
		verdict=ok
	elif [[ $codes == " " || $(<"$dir/answer") != *\} ]]; then
		verdict=lost reason="HTTP $status，不是接口的应答（检查地址，以及沿途的代理）"
	elif [[ $codes == *" 19008 "* ]]; then
		verdict=again reason="HTTP $status，19008 请求过于频繁"
	elif ((status >= 500)) || [[ $codes == *" 19009 "* ]]; then
		verdict=lost reason="HTTP $status，$(echo $codes) 系统繁忙或出错"
	else
		verdict=refused reason="被拒绝：$(echo $codes)"
	fi
}

# pause N — 等待 Retry-After 的秒数，再加一段随机的时间，免得许多报送端同时回来。
pause() {
	if ((${wait:-0} > 300)); then # 要求等得更久的，这一次就到此为止
		n=$attempts
		return
	fi
	(($1 < attempts)) || return 0
	local most=$((500 << ($1 < 7 ? $1 - 1 : 6))) ms
	((most > 30000)) && most=30000
	((ms = ${wait:-0} * 1000 + (RANDOM * 32768 + RANDOM) % most))
	echo "第 $1 次：$reason；$((ms / 1000)).$((ms % 1000 / 100)) 秒后以相同内容重试" >&2
	sleep "$((ms / 1000)).$(printf %03d $((ms % 1000)))"
}

# decode TEXT — 还原 JSON 字符串中的转义，写入 text。
decode() {
	local rest=$1 c b
	text=
	while [[ $rest == *\\* ]]; do
		text+=${rest%%\\*} rest=${rest#*\\}
		if [[ $rest != u* ]]; then
			text+=${rest:0:1} rest=${rest:1}
			continue
		fi
		((c = 16#${rest:1:4})) || true
		rest=${rest:5}
		if ((c >= 0xd800 && c < 0xdc00)) && [[ $rest == \\u* ]]; then
			((c = 0x10000 + ((c & 0x3ff) << 10) + (16#${rest:2:4} & 0x3ff)))
			rest=${rest:6}
		fi
		if ((c < 0x80)); then
			printf -v b '\\x%x' "$c"
		elif ((c < 0x800)); then
			printf -v b '\\x%x' $((c >> 6 | 0xc0)) $((c & 0x3f | 0x80))
		elif ((c < 0x10000)); then
			printf -v b '\\x%x' $((c >> 12 | 0xe0)) $((c >> 6 & 0x3f | 0x80)) $((c & 0x3f | 0x80))
		else
			printf -v b '\\x%x' $((c >> 18 | 0xf0)) $((c >> 12 & 0x3f | 0x80)) $((c >> 6 & 0x3f | 0x80)) $((c & 0x3f | 0x80))
		fi
		printf -v b "$b"
		text+=$b
	done
	text+=$rest
}

advice() {
	case $1 in
	1200[234]) echo "检查 appKey、account 和密钥文件；都没有错的，联系接收方管理员" ;;
	13000) echo "令牌失效；本程序已重新登录仍不通过，检查本机与接收方之间的代理" ;;
	19005) echo "该案件编号已受理过另一内容；要更正的，请接收方退回原案件后重报，或改用新的案件编号" ;;
	19006 | 19012) echo "拆成几件，用不同的案件编号分别报送" ;;
	14* | 1900[1234]) echo "按说明改正后重新报送；整件都没有受理" ;;
	*) echo "见错误代码表 docs/codes.md；不能解决的，联系接收方" ;;
	esac
}

# refused — 列出应答中的各条错误，退出码 3。
refused() {
	local line code
	echo "被拒绝，案件没有受理：" >&2
	grep -Eo '"(errorCode|message)" *: *"([^"\\]|\\.)*"' "$dir/answer" | while read -r line; do
		decode "$(sed 's/^"[^"]*" *: *"//; s/"$//' <<<"$line")"
		case $line in
		'"errorCode"'*) code=$text ;;
		*) printf '%s %s\n      → %s\n' "$code" "$text" "$(advice "$code")" >&2 ;;
		esac
	done
	exit 3
}

unsent() { echo "没有送达：$reason"$'\n'"案件没有受理，排除原因后再报。" >&2; exit 1; }

unknown() {
	echo "结果未知：$reason"$'\n'"不能当作已受理，也不能当作失败。稍后以完全相同的内容再运行一次：已受理的会得到原来的受理号。" >&2
	exit 4
}

# login — 取得令牌；不成的，前面若有一次结果不明，现在仍然不明。
login() {
	local n
	for ((n = 1; n <= attempts; n++)); do
		call login "$dir/login"
		token=$(strings 'access_token|accessToken' | head -1)
		case $verdict in
		ok) [[ $token =~ ^[A-Za-z0-9._~-]+$ ]] && return; reason="登录的应答中没有令牌" ;;
		refused) [ "$lost" ] && unknown; refused ;;
		fatal) break ;;
		esac
		reason="登录：$reason"
		pause "$n"
	done
	[ "$lost" ] && unknown
	unsent
}

lost= token=
for ((n = 1; n <= attempts; n++)); do
	[ "$token" ] || login
	call receiveCaseinfo "$dir/case" "$token"
	case $verdict in
	ok)
		acceptid=$(strings 'acceptid|accpetid' | head -1)
		if [ "$acceptid" ]; then
			echo "$acceptid"
			call logout "$dir/logout" "$token" # 不成功也无妨：会话自会到期
			exit 0
		fi
		lost=1 reason="应答中没有受理号"
		;;
	refused)
		if [[ $codes == *" 13000 "* ]]; then
			token= reason="令牌失效，重新登录"
		elif [ "$lost" ] && grep -qvE '^(14...|1900[2345]|19012)$' < <(strings errorCode); then
			unknown # 只有由内容决定的拒绝才说明案件没有受理
		else
			refused
		fi
		;;
	lost) lost=1 ;;
	fatal) break ;;
	esac
	pause "$n"
done
[ "$lost" ] && unknown
[ "$verdict" = refused ] && refused
unsent
