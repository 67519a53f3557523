package operators

import (
	"errors"

	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/staff"
)

// newOperator is the form for a new operator.
type newOperator struct {
	Name, Person, Phone, Unit string
	Role                      string // its identifier is never shown again
	Roles                     []roleChoice
}

// roleChoice is one role to choose.
type roleChoice struct{ Value, Title, About string }

func roleChoices() (cs []roleChoice) {
	for _, r := range intake.Roles() {
		cs = append(cs, roleChoice{string(r), r.String(), r.About()})
	}
	return cs
}

func newOperatorPage(q *page.Request) (page.Answer, error) {
	return page.View{Template: "operator_new", Title: "新建操作员", Data: newOperator{Roles: roleChoices()}}, nil
}

// createOperator leads to the page that shows the one-time link once.
func createOperator(q *page.Request) (page.Answer, error) {
	f := newOperator{q.Field("name"), q.Field("person"), q.Field("phone"), q.Field("unit"), q.Field("role"),
		roleChoices()}
	token, err := q.Staff.CreateOperator(q.Context(), q.Who,
		staff.OperatorSpec{Name: f.Name, Person: f.Person, Phone: f.Phone, Unit: f.Unit, Role: intake.Role(f.Role),
			Identifier: q.Field("identifier")})
	switch {
	case errors.Is(err, intake.ErrExists):
		err = intake.Invalid("用户名%s已经有人使用", intake.Quote(f.Name))
		fallthrough
	case errors.Is(err, intake.ErrInvalid):
		return page.View{Template: "operator_new", Title: "新建操作员", Data: f, Problem: err}, nil
	case err != nil:
		return nil, err
	}
	return handLink(q, handedLink{Name: f.Name, Person: f.Person, Token: token})
}
