// Package policies is the page of the security policies.
package policies

import (
	"embed"

	"errors"
	"strconv"

	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

//go:embed *.html
var templates embed.FS

// Pages are the security policies.
func Pages() page.Group {
	notices := map[string]string{"policies": "安全策略已保存，立即生效。"}
	return page.Group{Templates: templates, Notices: notices, Routes: []page.Route{
		page.Section("/policies", "安全策略", intake.ManagePolicies, policiesPage),
		page.Post("/policies", intake.ManagePolicies, setPolicies),
	}}
}

// policyRow is one policy as the form shows it.
type policyRow struct {
	intake.Policy
	Shown string // what the field holds
}

// YesNo reports whether the policy is on or off.
func (p policyRow) YesNo() bool { return p.Kind == intake.SingleVisit }

// Name is that of its field.
func (p policyRow) Name() string { return "policy-" + strconv.Itoa(int(p.Kind)) }

func policiesPage(q *page.Request) (page.Answer, error) { return showPolicies(q, nil) }

// showPolicies shows the form; after a problem with what was typed.
func showPolicies(q *page.Request, problem error) (page.Answer, error) {
	ps, err := q.Staff.Policies(q.Context())
	if err != nil {
		return nil, err
	}
	var rows []policyRow
	for _, p := range ps.List() {
		row := policyRow{p, strconv.FormatInt(p.Value, 10)}
		if problem != nil {
			row.Shown = q.Field(row.Name())
		}
		rows = append(rows, row)
	}
	return page.View{Template: "policy_edit", Title: "安全策略", Data: rows, Problem: problem}, nil
}

func setPolicies(q *page.Request) (page.Answer, error) {
	to := make(intake.Policies)
	for _, p := range (intake.Policies{}).List() {
		v, err := strconv.ParseInt(q.Field(policyRow{Policy: p}.Name()), 10, 64)
		if err != nil {
			return showPolicies(q, intake.Invalid("%s须为%d至%d的整数", p.Title, p.Least, p.Most))
		}
		to[p.Kind] = v
	}
	err := q.Staff.SetPolicies(q.Context(), q.Who, to)
	if errors.Is(err, intake.ErrInvalid) {
		return showPolicies(q, err)
	}
	if err != nil {
		return nil, err
	}
	return page.Done("/policies", "policies"), nil
}
