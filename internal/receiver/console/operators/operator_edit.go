package operators

import (
	"errors"

	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/staff"
)

// operatorData is the page on which one operator is changed.
type operatorData struct {
	intake.Operator
	Roles []roleChoice // all but the present one
}

func operatorPage(q *page.Request) (page.Answer, error) { return showOperator(q, nil) }

func showOperator(q *page.Request, problem error) (page.Answer, error) {
	os, err := q.Staff.Operators(q.Context(), q.Who)
	if err != nil {
		return nil, err
	}
	for _, o := range os {
		if o.Name != q.Field("name") {
			continue
		}
		d := operatorData{Operator: o}
		for _, r := range roleChoices() {
			if r.Value != string(o.Role) {
				d.Roles = append(d.Roles, r)
			}
		}
		return page.View{Template: "operator_edit", Title: "操作员 " + o.Name, Data: d, Problem: problem}, nil
	}
	return nil, intake.ErrNotFound
}

func changePerson(q *page.Request) (page.Answer, error) {
	return operatorChanged(q, "person", q.Staff.ChangePerson(q.Context(), q.Who, q.Field("name"),
		staff.Particulars{Person: q.Field("person"), Phone: q.Field("phone"), Unit: q.Field("unit")}))
}

func askRole(q *page.Request) (page.Answer, error) {
	return operatorChanged(q, "askedrole", q.Staff.AskRole(q.Context(), q.Who, q.Field("name"),
		intake.Role(q.Field("role"))))
}

func registerIdentity(q *page.Request) (page.Answer, error) {
	return operatorChanged(q, "identity", q.Staff.RegisterIdentity(q.Context(), q.Who, q.Field("name"),
		q.Field("identifier")))
}

// operatorChanged goes back to the operators, or shows again what could not be taken.
func operatorChanged(q *page.Request, notice string, err error) (page.Answer, error) {
	switch {
	case errors.Is(err, intake.ErrInvalid), errors.Is(err, intake.ErrExists):
		return showOperator(q, err)
	case err != nil:
		return nil, err
	}
	return page.Done("/operators", notice), nil
}
