package console

import (
	"errors"

	"diaoxiao/internal/receiver/intake"
)

// operatorData is the page on which one operator is changed.
type operatorData struct {
	intake.Operator
	Roles []roleChoice // those that he has not
}

func operatorPage(q *request) (answer, error) { return showOperator(q, nil) }

func showOperator(q *request, problem error) (answer, error) {
	os, err := q.Staff.Operators(q.Context(), q.who)
	if err != nil {
		return nil, err
	}
	for _, o := range os {
		if o.Name != q.field("name") {
			continue
		}
		d := operatorData{Operator: o}
		for _, r := range roleChoices() {
			if r.Value != string(o.Role) {
				d.Roles = append(d.Roles, r)
			}
		}
		return page{Name: "operator", Title: "操作员 " + o.Name, Data: d, Problem: problem}, nil
	}
	return nil, intake.ErrNotFound
}

func changePerson(q *request) (answer, error) {
	return operatorChanged(q, "saved", q.Staff.ChangePerson(q.Context(), q.who, q.field("name"), q.field("person"), q.field("phone")))
}

func askRole(q *request) (answer, error) {
	return operatorChanged(q, "askedrole", q.Staff.AskRole(q.Context(), q.who, q.field("name"), intake.Role(q.field("role"))))
}

func registerIdentity(q *request) (answer, error) {
	return operatorChanged(q, "saved", q.Staff.RegisterIdentity(q.Context(), q.who, q.field("name"), q.field("identifier")))
}

// operatorChanged goes back to the operators, or shows again what could not be taken.
func operatorChanged(q *request, notice string, err error) (answer, error) {
	switch {
	case errors.Is(err, intake.ErrInvalid), errors.Is(err, intake.ErrExists):
		return showOperator(q, err)
	case err != nil:
		return nil, err
	}
	return done("/operators", notice), nil
}
