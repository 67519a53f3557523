package cases

import (
	"fmt"
	"strconv"
	"strings"

	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

// deeds are what is said after a form of the case's page was taken, in the bar of deeds, where it is seen wherever the
// page is.
var deeds = map[string]string{
	"noted":         "备注已添加。",
	"checked":       "已登记核对无误。",
	"reopened":      "已撤销核对。",
	"unpublished":   "公示已撤销。",
	"askedrelease":  "已申请放行，等待复核员决定。",
	"askedwithhold": "已申请不予公示，等待复核员决定。",
	"askedreturn":   "已申请退回，等待复核员决定。",
	"askedpublish":  "已申请存疑公示，等待复核员决定。",
	"askedrecall":   "已申请撤回放行，等待复核员决定。",
	"compared":      "核对结果已登记。",
	"claimed":       "案件已认领。",
	"unclaimed":     "已取消认领。",
	"daycorrected":  "公示日期已更正。",
	"revealed":      "本案清单中的姓名在您的这次登录中暂时显示，查看目的已记入审计。",
}

// doneText is what is said after a deed, by its key in the address; "": nothing.
func doneText(key string, r intake.CaseRow) string {
	if key == "published" && r.Work.Published != "" {
		return "已登记公示，公示日期" + r.Work.Published + "。"
	}
	if rest, ok := strings.CutPrefix(key, "compared."); ok {
		return leftText(rest, r)
	}
	return deeds[key]
}

// leftText says which of the chosen firms got no outcome: their number, and the first of their rows.
func leftText(rest string, r intake.CaseRow) string {
	count, text, _ := strings.Cut(rest, ".")
	n, err := strconv.Atoi(count)
	rows, badRows := intake.ParseRowSet(text, r.Items)
	if err != nil || badRows != nil || n < rows.Count() || n > r.Items {
		return deeds["compared"]
	}
	more := ""
	if n > rows.Count() {
		more = "等"
	}
	return fmt.Sprintf("核对结果已登记。另有%d户没有登记：%s%s，有严重提示或者他人登记了不一致、待查，请逐户核对。", n,
		page.RowsText(rows), more)
}
