package cases

import "diaoxiao/internal/receiver/intake"

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
	return deeds[key]
}
