package console

import (
	"errors"
	"strconv"

	"diaoxiao/internal/receiver/intake"
)

// policyPages are the security policies.
func policyPages() group {
	return group{Routes: []route{
		sectionPage("/policies", "安全策略", intake.ManagePolicies, policiesPage),
		postDeed("/policies", intake.ManagePolicies, setPolicies),
	}}
}

// policyRow is one policy as the form shows it.
type policyRow struct {
	intake.Policy
	Shown string // what the field holds
}

// Name is that of its field.
func (p policyRow) Name() string { return "policy-" + strconv.Itoa(int(p.Kind)) }

func policiesPage(q *request) (answer, error) { return showPolicies(q, nil) }

// showPolicies shows the form; after a problem with what was typed.
func showPolicies(q *request, problem error) (answer, error) {
	ps, err := q.Staff.Policies(q.Context())
	if err != nil {
		return nil, err
	}
	var rows []policyRow
	for _, p := range ps.List() {
		row := policyRow{p, strconv.FormatInt(p.Value, 10)}
		if problem != nil {
			row.Shown = q.field(row.Name())
		}
		rows = append(rows, row)
	}
	return page{Name: "policies", Title: "安全策略", Data: rows, Problem: problem}, nil
}

func setPolicies(q *request) (answer, error) {
	to := make(intake.Policies)
	for _, p := range (intake.Policies{}).List() {
		v, err := strconv.ParseInt(q.field(policyRow{Policy: p}.Name()), 10, 64)
		if err != nil {
			return showPolicies(q, intake.Invalid("%s须为%d至%d的整数", p.Title, p.Least, p.Most))
		}
		to[p.Kind] = v
	}
	err := q.Staff.SetPolicies(q.Context(), q.who, to)
	if errors.Is(err, intake.ErrInvalid) {
		return showPolicies(q, err)
	}
	if err != nil {
		return nil, err
	}
	return done("/policies", "saved"), nil
}
