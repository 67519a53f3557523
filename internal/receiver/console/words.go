package console

import (
	"strings"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
)

// dialectWords says of each way of answering whom it is for.
var dialectWords = map[api.Dialect]string{
	api.All:      "各种写法同时给出（默认，适合绝大多数程序）",
	api.Table:    "只用规范的表中的写法：ackCode、access_token、acceptid",
	api.Example:  "只用规范的示例中的写法：ackCode、accessToken、accpetid",
	api.Overview: "登录用 ack_code、access_token，其余同表（规范 2.4）",
}

// rowsText is rows as people read them, "" where there are none.
func rowsText(ns intake.RowNumbers) string {
	if ns == "" {
		return ""
	}
	return "清单第" + strings.ReplaceAll(string(ns), ",", "、") + "条"
}

// codeInfos are the catalogue's entries of codes with commas between them.
func codeInfos(codes string) (infos []api.CodeInfo) {
	for code := range strings.SplitSeq(codes, ",") {
		if code != "" {
			infos = append(infos, codeInfo(code))
		}
	}
	return infos
}

// codeInfo is the catalogue's entry of a code; of one that is not in it, that it is not.
func codeInfo(code string) api.CodeInfo {
	i := api.Code(code).Info()
	if string(i.Code) != code {
		return api.CodeInfo{Code: api.Code(code), Message: "未登记的错误码", Advice: "可能由其他版本的程序写入，请联系系统管理员。"}
	}
	return i
}

// outcome is how a receive call ended, in words.
func outcome(o intake.Outcome) string {
	switch o {
	case intake.Accepted:
		return "受理"
	case intake.Repeated:
		return "重复报送，答复原受理号"
	case intake.Refused:
		return "拒绝"
	}
	return string(o)
}
