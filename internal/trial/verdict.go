package trial

import (
	"context"
	"fmt"
	"strings"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/cli"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
	"diaoxiao/sandbox"
)

// verification waits for the verifier and shows its findings.
func (d *demonstration) verification(ctx context.Context) error {
	d.heading("6 核验", "受理以后在后台逐条核验，只提示，不拒绝（同 diaoxiao case show）")
	c, err := d.verified(ctx)
	if err != nil {
		return err
	}
	raised, err := casework.New(d.service.Desk).Findings(ctx, intake.System, c.No)
	if err != nil {
		return err
	}
	list := sandbox.Batch(demoSeed, demoEntities).PenaltyList
	if err := d.say("\n%s，受理后 %s 完成：%s", c.State(), c.Verified.Sub(c.Received), countFindings(raised)); err != nil {
		return err
	}
	for _, f := range raised {
		if err := d.say("\n%s", cli.ViewFinding(f).Text(entityOf(list, f.Pos))); err != nil {
			return err
		}
	}
	return missingFindings(raised)
}

// verified waits for the verification, half a minute at most.
func (d *demonstration) verified(ctx context.Context) (casework.CaseFile, error) {
	for end := time.Now().Add(30 * time.Second); ; {
		c, err := casework.New(d.service.Desk).CaseFile(ctx, intake.System, d.acceptID)
		if err != nil || !c.Verified.IsZero() {
			return c, err
		}
		if time.Now().After(end) {
			return c, unexpected("30 秒内应核验完毕")
		}
		if err := cli.Sleep(ctx, 20*time.Millisecond); err != nil {
			return c, err
		}
	}
}

func countFindings(fs []rules.Finding) string {
	counts := make(map[rules.Severity]int)
	for _, f := range fs {
		r, _ := rules.ByNo(f.Rule)
		counts[r.Severity]++
	}
	words := make([]string, 0, 3)
	for _, s := range []rules.Severity{rules.Severe, rules.Warning, rules.Notice} {
		words = append(words, fmt.Sprintf("%s %d 条", s, counts[s]))
	}
	return strings.Join(words, "，")
}

// entityOf names the entity of a row. Its personal ID numbers are made up; they are masked as real ones must be.
func entityOf(list []api.Entity, pos int) string {
	if pos < 0 || pos >= len(list) {
		return ""
	}
	e := list[pos]
	return fmt.Sprintf("信用代码 %s，法定代表人 %s", maskPersonID(e.UniscID), maskPersonID(e.Legal))
}

func maskPersonID(s string) string {
	if !rules.ValidPersonID(s) {
		return s
	}
	return s[:3] + strings.Repeat("*", len(s)-5) + s[len(s)-2:]
}

// missingFindings is an error for a row that is known to be bad and has no finding.
func missingFindings(fs []rules.Finding) error {
	found := make(map[[2]int]bool)
	for _, f := range fs {
		found[[2]int{f.Pos, f.Rule}] = true
	}
	for pos, rule := range sandbox.BadRows(demoEntities) {
		if !found[[2]int{pos, rule}] {
			return unexpected("清单第 %d 条应有规则 %d 的提示，实际没有", pos+1, rule)
		}
	}
	return nil
}
