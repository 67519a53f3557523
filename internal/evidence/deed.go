package evidence

import "cmp"

// deedNames are the steps on a case as people read them, by the word that leaves and the store have for them.
var deedNames = map[string]string{
	"note":              "备注",
	"check":             "核对无误",
	"reopen":            "撤销核对",
	"publish":           "公示",
	"unpublish":         "撤销公示",
	"ask":               "申请退回",
	"withdraw":          "撤回退回申请",
	"refuse":            "不同意退回",
	"return":            "退回",
	"ask publish":       "申请不经核对登记公示",
	"withdraw publish":  "撤回公示申请",
	"refuse publish":    "不同意公示",
	"agree publish":     "同意公示",
	"firm agrees":       "逐户核对一致",
	"firm differs":      "逐户核对不一致",
	"firm unclear":      "逐户核对待查",
	"firm uncheck":      "撤销逐户核对",
	"correct day":       "更正公示日期",
	"ask release":       "申请放行",
	"withdraw release":  "撤回放行申请",
	"refuse release":    "不同意放行",
	"release":           "放行",
	"ask withhold":      "申请不予公示",
	"withdraw withhold": "撤回不予公示申请",
	"refuse withhold":   "不同意不予公示",
	"withhold":          "不予公示",
	"ask doubtful":      "申请存疑公示",
	"withdraw doubtful": "撤回存疑公示申请",
	"refuse doubtful":   "不同意存疑公示",
	"doubtful":          "存疑公示",
	"ask recall":        "申请撤回放行",
	"withdraw recall":   "撤回对撤回放行的申请",
	"refuse recall":     "不同意撤回放行",
	"recall":            "撤回放行",
}

// DeedName is the name of a step on a case that people read: of an EventLeaf's Deed. Of a word that this version does
// not know it is the word.
func DeedName(deed string) string { return cmp.Or(deedNames[deed], deed) }
