package page

import (
	"strings"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
)

// dialectTitles says of each way of answering which senders it is for.
var dialectTitles = map[api.Dialect]string{
	api.All:      "兼容全部格式（默认，适合绝大多数程序）",
	api.Table:    "只用规范的表中的写法：ackCode、access_token、acceptid",
	api.Example:  "只用规范的示例中的写法：ackCode、accessToken、accpetid",
	api.Overview: "登录用 ack_code、access_token，其余同表（规范 2.4）",
}

// DialectTitle says which senders a way of answering is for, "" of one that is not known.
func DialectTitle(d api.Dialect) string { return dialectTitles[d] }

// RowsText is rows as people read them, "" where there are none.
func RowsText(ns intake.RowNumbers) string {
	if ns == "" {
		return ""
	}
	return "清单第" + strings.ReplaceAll(string(ns), ",", "、") + "条"
}

// CodeInfos are the catalogue's entries of codes with commas between them.
func CodeInfos(codes string) (infos []api.CodeInfo) {
	for code := range strings.SplitSeq(codes, ",") {
		if code != "" {
			infos = append(infos, CodeInfo(code))
		}
	}
	return infos
}

// CodeInfo is the catalogue's entry of a code; of one that is not in it, that it is not.
func CodeInfo(code string) api.CodeInfo {
	i := api.Code(code).Info()
	if string(i.Code) != code {
		return api.CodeInfo{Code: api.Code(code), Message: "未登记的错误码", Advice: "可能由其他版本的程序写入，请联系系统管理员。"}
	}
	return i
}
