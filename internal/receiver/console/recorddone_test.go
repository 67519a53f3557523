package console_test

import (
	"fmt"
	"testing"

	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
)

// The record and the exported list say firm by firm what persons found and decided, by whom and when.
func TestRecordOfOutcomes(t *testing.T) {
	h := openHouse(t)
	id := h.admit("甲").send(aCase("呼市监处罚〔2026〕1号", append(twoCodes(), manyEntities(1)...)...))
	h.verify()
	clerk := h.enter(intake.Clerk, "clerk")
	a, b := intake.Actor("cli:a login:1001"), intake.Actor("cli:b login:1002")
	h.must(h.store.Update(t.Context(), func(tx intake.Tx) error { // as the check of single firms leaves it
		return tx.PutFirmChecks([]intake.FirmCheck{
			{CaseNo: 1, Outcome: release.Unclear, Remark: "查登记档案", By: a, At: h.now()},
			{CaseNo: 1, Pos: 1, Outcome: release.Differs, Remark: "信用代码属另一户", By: a, At: h.now()}})
	}))
	made, err := h.Propose(t.Context(), a,
		casework.Draft{AcceptID: id, Kind: release.Withhold, Rows: "2", Reason: "填报错误"})
	h.must(err)
	f, err := h.ProposalFile(t.Context(), b, made.No)
	h.must(err)
	h.must(h.ConfirmProposal(t.Context(), b, made.No, f.Now))
	p := text(clerk.see("/cases/" + id + "/record?which=checked"))
	wants(t, p, "本记录逐户核对过的2户",
		"待查 此后有新的疑点，须重新核对 查登记档案 a（命令行） 2026-11-24 09:30:00",
		"不一致 此后有新的疑点，须重新核对 信用代码属另一户 a（命令行） 2026-11-24 09:30:00",
		"不予公示1户", "申请与复核", "不予公示 清单第2条，1户 a（命令行） 2026-11-24 09:30:00 填报错误 已同意 b（命令行）")
	lacks(t, p, "□")
	wants(t, text(clerk.see("/cases/"+id+"/record?which=all")), "□ 一致 □ 不一致 □ 待查")
	r := readTable(t, "exceljs", clerk.do("POST", "/cases/"+id+"/list", form("kind", "xlsx")))
	is(t, "outcomes", r.column(t, "核对结果")[:2], "[待查 不一致]")
	is(t, "remarks", r.column(t, "核对备注")[1], "信用代码属另一户")
	is(t, "persons", r.column(t, "核对人")[1], "a（命令行）")
	is(t, "states", fmt.Sprint(r.column(t, "办理状态")), "[暂缓 不予公示 暂缓]")
	lacks(t, fmt.Sprint(r.column(t, "暂缓原因")[2]), "<nil>")
}
