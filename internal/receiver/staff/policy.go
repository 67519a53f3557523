package staff

import (
	"context"
	"time"

	"diaoxiao/internal/receiver/intake"
)

// Policies returns the policies in force, by kind.
func (d *Staff) Policies(ctx context.Context) (ps intake.Policies, err error) {
	err = d.desk.Store().View(ctx, func(tx intake.Tx) error {
		ps, err = intake.PoliciesIn(tx)
		return err
	})
	return ps, err
}

// SetPolicies changes policies. ErrInvalid: it names a policy whose value is out of its bounds, or nothing would
// change; then nothing is changed. Safe to repeat.
func (d *Staff) SetPolicies(ctx context.Context, by intake.By, to intake.Policies) error {
	for _, p := range (intake.Policies{}).List() {
		if v, ok := to[p.Kind]; ok && (v < p.Least || v > p.Most) {
			return intake.Invalid("%s应在%d至%d%s之间，不能是%d", p.Title, p.Least, p.Most, p.Unit, v)
		}
	}
	return d.desk.Act(ctx, by, intake.ManagePolicies, func(tx intake.Tx, _ time.Time) (intake.AuditEntry, error) {
		changes, err := setPolicies(tx, to)
		if err == nil && changes == "" {
			err = intake.Invalid("没有改动")
		}
		return intake.AuditEntry{Action: intake.ActionPolicySet, Detail: changes}, err
	})
}

// setPolicies stores the values that differ, and returns the changes as the audit holds them.
func setPolicies(tx intake.Tx, to intake.Policies) (changes string, err error) {
	now, err := intake.PoliciesIn(tx)
	for _, p := range (intake.Policies{}).List() {
		v, ok := to[p.Kind]
		if err != nil || !ok || v == now[p.Kind] {
			continue
		}
		changes += intake.SayPolicy(p, now[p.Kind], v)
		err = tx.SetPolicy(p.Kind, v)
	}
	return changes, err
}
