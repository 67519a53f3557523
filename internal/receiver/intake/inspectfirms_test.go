package intake_test

import (
	"slices"
	"strings"
	"testing"

	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
	"diaoxiao/internal/rules"
)

// brokenFirms are changes behind the back of the program, each with the fault that the check has to find. Case 1 has
// ten firms: 1 to 4 are released by proposal 1, a proposal to withhold 7 waits, and 8 was compared.
var brokenFirms = map[string]struct{ change, fault string }{
	"tally altered": {"UPDATE firm_tally SET held = held - 1, ready = ready + 1 WHERE case_no = 1",
		"1 按状态统计的户数与各户的情况不符"},
	"tally missing":     {"DELETE FROM firm_tally WHERE case_no = 1", "1 缺少按状态统计的户数"},
	"tally of no case":  {"INSERT INTO firm_tally SELECT 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0", ""},
	"span overlaps":     {"INSERT INTO firm_span VALUES (1, 2, 3, 1, '', 1)", "1 对清单第3至4条的决定与其他决定重叠，或不在清单之内"},
	"span outside":      {"INSERT INTO firm_span VALUES (1, 9, 10, 1, '', 1)", "1 对清单第10至11条的决定与其他决定重叠，或不在清单之内"},
	"span widened":      {"UPDATE firm_span SET to_pos = 5 WHERE case_no = 1", "1 对清单第1至6条的决定不在所依据的申请之内"},
	"span made":         {"INSERT INTO firm_span VALUES (1, 6, 6, 1, '', 0)", "1 对清单第7至7条的决定没有申请"},
	"span turned":       {"UPDATE firm_span SET decision = 2 WHERE case_no = 1", "1 对清单第1至4条的决定与所依据的申请的种类不符"},
	"proposal missing":  {"DELETE FROM proposal WHERE proposal_no = 1", "1 对清单第1至4条的决定所依据的申请不存在"},
	"not confirmed":     {"UPDATE proposal SET answer = 0 WHERE proposal_no = 1", "1 对清单第1至4条的决定所依据的申请未经同意"},
	"of another case":   {"UPDATE proposal SET case_no = 2 WHERE proposal_no = 1", "1 对清单第1至4条的决定所依据的申请属于其他案件"},
	"waits though back": {"INSERT INTO case_return VALUES (1, 1, 'console:a', '重报', '')", "1 案件已退回，而仍有申请等待复核"},
	"check outside":     {"UPDATE firm_check SET pos = 10 WHERE case_no = 1", ""},
	"basis of nothing":  {"INSERT INTO firm_basis VALUES (1, 5, 7)", ""},
	"not on the worklist": {"DELETE FROM docket WHERE kind = 3 AND case_no = 1",
		"1 待办事项（待复核）与案件的办理情况不符"},
}

func TestInspectFirms(t *testing.T) {
	for name, c := range brokenFirms {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t)
			newRegister(t, o.store, "2026-03-18", firmsOf(entities(0, 8)...)...)
			sender := o.admit(t, "甲")
			id := o.send(t, sender, caseOf("1", entities(0, 10)...)).AcceptID
			o.send(t, sender, caseOf("2", entities(20, 22)...))
			o.verify(t)
			must(t, o.confirm(t, reviewer, o.propose(t, clerk, casework.Draft{AcceptID: id, Kind: release.Release,
				Rows: "1-4"})))
			o.propose(t, clerk, casework.Draft{AcceptID: id, Kind: release.Withhold, Rows: "7", Reason: "不公示"})
			must(t, o.store.Update(t.Context(), func(tx intake.Tx) error {
				if err := tx.PutFirmChecks([]intake.FirmCheck{{CaseNo: 1, Pos: 7, Outcome: release.Agrees, By: clerk,
					At: opening}}); err != nil {
					return err
				}
				return intake.UpdateWorklist(tx, 1, 1, false)
			}))
			holdClean(t, o)
			o.tamper(t, c.change)
			faults, _ := o.inspect(t)
			if len(faults) == 0 || c.fault != "" && !slices.Contains(faults, c.fault) {
				t.Errorf("%s", strings.Join(faults, "\n"))
			}
		})
	}
}

// Cases that an older program verified have no tallies: they are counted whenever they are shown, and once by the
// verifier, and until then their missing counts are no fault.
func TestFirmsOfOlderCases(t *testing.T) {
	o := openOffice(t)
	sender := o.admit(t, "甲")
	newRegister(t, o.store, "2026-03-18", firmsOf(entities(0, 8)...)...)
	open := o.send(t, sender, caseOf("1", entities(0, 10)...)).AcceptID
	published := o.send(t, sender, caseOf("2", entities(8, 12)...)).AcceptID
	asked := o.send(t, sender, caseOf("3", entities(0, 2)...)).AcceptID
	o.verify(t)
	must(t, o.PublishAll(t.Context(), clerk, published, "2026-03-18"))
	must(t, o.AskReturn(t.Context(), clerk, asked, "重报", ""))
	counts := func() (all []release.Counts) {
		for _, id := range []string{open, published, asked} {
			all = append(all, o.caseFile(t, id).Firms)
		}
		return all
	}
	want := counts()
	if w := want[0]; w.Ready != 6 || w.Held != 4 || want[1].Published != 4 {
		t.Errorf("%+v", want)
	}
	o.tamper(t, "UPDATE firm_tally SET clear = -1, ready = 0, held = 0, released = 0, published = 0, flagged = 0",
		"DELETE FROM docket WHERE kind > 5")
	if got := counts(); !slices.Equal(got, want) {
		t.Errorf("counted when shown: %+v, want %+v", got, want)
	}
	holdClean(t, o)
	o.verify(t)
	if got := counts(); !slices.Equal(got, want) {
		t.Errorf("counted by the verifier: %+v, want %+v", got, want)
	}
	if left := o.query(t, "SELECT case_no FROM firm_tally WHERE clear < 0"); len(left) > 0 {
		t.Errorf("not counted: %v", left)
	}
	hold(t, "to be released", o.onWorklist(t, intake.StateToRelease), []string{open})
	holdClean(t, o)
}

// The verifier writes the rows that a case shares with an earlier one before it counts the firms of the earlier one
// anew. A check at that moment, or after a process that died there, finds no fault; and nothing is left when the
// verifier went on.
func TestInspectWithinVerification(t *testing.T) {
	o := openOffice(t)
	sender := o.admit(t, "甲")
	o.send(t, sender, caseOf("1", entities(0, 3)...))
	o.verify(t)
	o.send(t, sender, caseOf("2", entity(1)))
	must(t, o.store.Update(t.Context(), func(tx intake.Tx) error {
		return tx.PutCounterparts([]intake.Counterpart{{CaseNo: 2, Pos: 0, Rule: rules.OtherCaseByCreditCode,
			OtherNo: 1, OtherPos: 1}})
	}))
	holdClean(t, o)
	o.verify(t)
	holdClean(t, o)
	o.tamper(t, "UPDATE firm_tally SET flagged = 0 WHERE case_no = 1")
	if faults, _ := o.inspect(t); len(faults) != 1 {
		t.Errorf("faults of an altered tally: %s", strings.Join(faults, "\n"))
	}
}
