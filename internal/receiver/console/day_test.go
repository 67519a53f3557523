package console_test

import (
	"testing"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
)

// day is a house with work of every kind, and everybody at work.
type day struct {
	*house
	clerk, reviewer, admin, security, auditor *worker

	flagged, noted, wrong, again, twin, misdated string // acceptids
	one                                          string
}

// flaggedAt is the number of the case of which thirty-five firms are compared.
const flaggedAt = "呼市监处罚〔2026〕38号"

func openDay(t *testing.T) *day {
	d := &day{house: openHouse(t)}
	d.admin = &worker{screen: d.browse()}
	c, right := flaggedCase(flaggedAt, 300, 35)
	d.importRegister("2026-11-20", right...)
	s := d.admit("呼伦贝尔市局执法办案平台")
	d.flagged = s.send(c)
	d.noted, d.wrong = s.send(aCase("备注1号", firms(6000, 2)...)), s.send(aCase("退回1号", firms(6100, 20)...))
	d.twin = s.send(aCase("重复1号", firms(6200, 3)...))
	d.admit("包头市局").send(aCase("重复2号", firms(6200, 1)...))
	d.misdated, d.one = s.send(aCase("更正1号", firms(6300, 1)...)), s.send(aCase("公示1号", firms(6400, 1)...))
	first := s.send(aCase("再报1号", firms(6500, 30)...))
	s.call(api.Receive, "?access_token="+s.token, `{"caseid":"呼伦市监处罚〔2026〕77号","penaltydate":"2026年3月5日"}`)
	d.recordCalls()
	d.verify()
	d.must(d.AskReturn(t.Context(), intake.Actor("console:a"), first, "第3条代码有误", "3"))
	d.must(d.ConfirmReturn(t.Context(), intake.Actor("console:b"), first))
	d.again = s.send(aCase("再报1号", append(firms(6500, 29), firms(6600, 1)...)...))
	d.verify()
	for _, id := range []string{d.misdated, d.one} {
		d.released(id)
	}
	d.must(d.Publish(t.Context(), intake.Actor("cli:root"), d.misdated, "2026-11-20"))
	return d
}

// staffed has the others sit down, after the first administrator.
func (d *day) staffed() {
	d.Helper()
	d.clerk, d.reviewer = d.worker(intake.Clerk, "wulan"), d.worker(intake.Reviewer, "bao")
	d.security, d.auditor = d.worker(intake.SecurityAdmin, "meng"), d.worker(intake.Auditor, "qi")
}

func (d *day) worker(r intake.Role, name string) *worker {
	d.Helper()
	return &worker{screen: d.sit(r, name)}
}
