package console

import (
	"errors"
	"fmt"
	"time"

	"diaoxiao/internal/intake"
)

// operatorRow is one operator of the list.
type operatorRow struct {
	intake.Operator
	Standing string
	Days     int  // since the password was set
	Expired  bool // the password is past its time
	Self     bool
}

func operatorsPage(q *request) (answer, error) { return q.operators(nil) }

func (q *request) operators(problem error) (answer, error) {
	os, err := q.Desk.Operators(q.Context(), q.who)
	if err != nil {
		return nil, err
	}
	ps, err := q.Desk.Policies(q.Context())
	if err != nil {
		return nil, err
	}
	rows := make([]operatorRow, len(os))
	for i, o := range os {
		rows[i] = operatorRow{Operator: o, Standing: o.Standing(q.Clock()), Self: o.ID == q.who.Operator.ID}
		if !o.PasswordSet.IsZero() {
			rows[i].Days = int(q.Clock().Sub(o.PasswordSet).Hours() / 24)
			rows[i].Expired = ps[intake.PasswordDays] > 0 && q.Clock().After(o.PasswordSet.AddDate(0, 0, int(ps[intake.PasswordDays])))
		}
	}
	return page{Name: "operators", Title: "操作员", Data: rows, Problem: problem}, nil
}

// newOperator is the form for a new operator.
type newOperator struct {
	Name, Person, Phone string
	Role                string
	Roles               []roleChoice
}

// roleChoice is one role to choose.
type roleChoice struct{ Value, Title, About string }

func roleChoices() (cs []roleChoice) {
	for _, r := range intake.Roles() {
		cs = append(cs, roleChoice{string(r), r.String(), r.About()})
	}
	return cs
}

func newOperatorPage(q *request) (answer, error) {
	return page{Name: "newoperator", Title: "新建操作员", Data: newOperator{Roles: roleChoices()}}, nil
}

// createOperator shows the one-time link in its own answer, and nowhere else.
func createOperator(q *request) (answer, error) {
	f := newOperator{q.field("name"), q.field("person"), q.field("phone"), q.field("role"), roleChoices()}
	token, err := q.Desk.CreateOperator(q.Context(), q.who, intake.OperatorSpec{Name: f.Name, Person: f.Person, Phone: f.Phone, Role: intake.Role(f.Role)})
	switch {
	case errors.Is(err, intake.ErrExists):
		err = fmt.Errorf("%w：用户名%q已经有人使用", intake.ErrInvalid, f.Name)
		fallthrough
	case errors.Is(err, intake.ErrInvalid):
		return page{Name: "newoperator", Title: "新建操作员", Data: f, Problem: err}, nil
	case err != nil:
		return nil, err
	}
	return q.invitation(f.Name, f.Person, token, false), nil
}

func resetOperator(q *request) (answer, error) {
	token, err := q.Desk.ResetOperator(q.Context(), q.who, q.field("name"))
	if err != nil {
		return nil, err
	}
	return q.invitation(q.field("name"), "", token, true), nil
}

// invitation is shown this once.
type invitation struct {
	Name, Person string
	Link         string
	Until        time.Time
	Reset        bool
}

func (q *request) invitation(name, person, token string, reset bool) answer {
	scheme := "http"
	if q.secure(q.Request) {
		scheme = "https"
	}
	link := scheme + "://" + q.Host + q.link("/setup/"+token)
	return page{Name: "invitation", Title: "一次性链接", Data: invitation{name, person, link, q.Clock().Add(intake.InvitationLife), reset}}
}

func setOperator(q *request) (answer, error) {
	err := q.Desk.SetOperatorDisabled(q.Context(), q.who, q.field("name"), q.field("to") == "disabled")
	if errors.Is(err, intake.ErrInvalid) {
		return q.operators(err)
	}
	if err != nil {
		return nil, err
	}
	return done("/operators", "saved"), nil
}
