package intake

import (
	"context"
	"time"
)

// Policies returns the policies in force, by kind.
func (d *Staff) Policies(ctx context.Context) (ps Policies, err error) {
	err = d.desk.store.View(ctx, func(tx Tx) error {
		ps, err = policiesIn(tx)
		return err
	})
	return ps, err
}

// SetPolicies changes policies. ErrInvalid names one that is out of its bounds, and then nothing is changed. Safe to
// repeat.
func (d *Staff) SetPolicies(ctx context.Context, by By, to Policies) error {
	for _, p := range policyTable {
		if v, ok := to[p.Kind]; ok && (v < p.Least || v > p.Most) {
			return invalid("%s应在%d至%d%s之间，不能是%d", p.Title, p.Least, p.Most, p.Unit, v)
		}
	}
	return d.desk.act(ctx, by, ManagePolicies, func(tx Tx, _ time.Time) (AuditEntry, error) {
		changes, err := setPolicies(tx, to)
		if err == nil && changes == "" {
			err = invalid("没有改动")
		}
		return AuditEntry{Action: ActionPolicySet, Detail: changes}, err
	})
}

// setPolicies puts what differs and tells it.
func setPolicies(tx Tx, to Policies) (changes string, err error) {
	now, err := policiesIn(tx)
	for _, p := range policyTable {
		v, ok := to[p.Kind]
		if err != nil || !ok || v == now[p.Kind] {
			continue
		}
		changes += sayPolicy(p, now[p.Kind], v)
		err = tx.SetPolicy(p.Kind, v)
	}
	return changes, err
}
