package console

import (
	"errors"
	"net/url"
	"time"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/staff"
)

// operatorPages are the list of operators and what is done with each.
func operatorPages() group {
	return group{Routes: []route{
		sectionPage("/operators", "操作员", intake.ManageOperators, operatorsPage),
		postDeed("/operators", intake.ManageOperators, createOperator),
		getPage("/operators/link", intake.ManageOperators, invitationPage),
		getPage("/operators/new", intake.ManageOperators, newOperatorPage),
		postDeed("/operators/reset", intake.ManageOperators, resetOperator),
		postDeed("/operators/standing", intake.ManageOperators, setOperator),
		getPage("/operators/edit", intake.ManageOperators, operatorPage),
		postDeed("/operators/person", intake.ManageOperators, changePerson),
		postDeed("/operators/role", intake.ManageOperators, askRole),
		postDeed("/operators/identity", intake.ManageOperators, registerIdentity),
	}}
}

// operatorRow is one operator of the list.
type operatorRow struct {
	intake.Operator
	Standing string
	Days     int  // since the password was set
	Expired  bool // the password is past its time
	Self     bool
}

func operatorsPage(q *request) (answer, error) { return showOperators(q, nil) }

func showOperators(q *request, problem error) (answer, error) {
	os, err := q.Staff.Operators(q.Context(), q.who)
	if err != nil {
		return nil, err
	}
	ps, err := q.Staff.Policies(q.Context())
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
	return page{Name: "operators", Wide: true, Title: "操作员", Data: rows, Problem: problem}, nil
}

// newOperator is the form for a new operator.
type newOperator struct {
	Name, Person, Phone string
	Role                string // its identifier is never shown again
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

// createOperator leads to the page that shows the one-time link once.
func createOperator(q *request) (answer, error) {
	f := newOperator{q.field("name"), q.field("person"), q.field("phone"), q.field("role"), roleChoices()}
	token, err := q.Staff.CreateOperator(q.Context(), q.who, staff.OperatorSpec{Name: f.Name, Person: f.Person, Phone: f.Phone, Role: intake.Role(f.Role),
		Identifier: q.field("identifier")})
	switch {
	case errors.Is(err, intake.ErrExists):
		err = intake.Invalid("用户名%q已经有人使用", f.Name)
		fallthrough
	case errors.Is(err, intake.ErrInvalid):
		return page{Name: "newoperator", Title: "新建操作员", Data: f, Problem: err}, nil
	case err != nil:
		return nil, err
	}
	return handLink(q, handedLink{Name: f.Name, Person: f.Person, Token: token})
}

func resetOperator(q *request) (answer, error) {
	token, err := q.Staff.ResetOperator(q.Context(), q.who, q.field("name"))
	if errors.Is(err, intake.ErrInvalid) {
		return showOperators(q, err)
	}
	if err != nil {
		return nil, err
	}
	return handLink(q, handedLink{Name: q.field("name"), Token: token, Reset: true})
}

// invitation is shown this once.
type invitation struct {
	Name, Person string
	Link         string
	Until        time.Time
	Reset        bool
	Approver     string // who approves; "": nobody need
	Renewal      bool   // the reset itself is approved before the link opens
}

// handedLink is what the page of a one-time link is handed.
type handedLink struct {
	Name, Person, Token string
	Reset               bool
	Until               time.Time
}

func linkPath(name string) string { return "/operators/link?name=" + url.QueryEscape(name) }

func handLink(q *request, l handedLink) (answer, error) {
	l.Until = q.Clock().Add(staff.InvitationLife)
	return q.hand(linkPath(l.Name), l)
}

// invitationPage shows a one-time link, once.
func invitationPage(q *request) (answer, error) {
	var l handedLink
	if !q.take(linkPath(q.field("name")), &l) {
		return q.shownBefore(shownOnce{What: "一次性链接", Next: "/operators", NextTitle: "回到操作员列表",
			How: "请在操作员列表中重置，即得到新的链接，原链接随之作废。"}), nil
	}
	scheme := "http"
	if q.secure(q.Request) {
		scheme = "https"
	}
	link := scheme + "://" + q.Host + q.link("/setup#"+l.Token)
	d := invitation{Name: l.Name, Person: l.Person, Link: link, Until: l.Until, Reset: l.Reset}
	os, err := q.Staff.Operators(q.Context(), q.who)
	for _, o := range os {
		if o.Name == l.Name && o.Waits.Kind != "" {
			d.Approver, d.Renewal = o.Approver(), o.Waits.Kind == intake.ChangeRenew
		}
	}
	return page{Name: "invitation", Title: "一次性链接", Data: d}, err
}

func setOperator(q *request) (answer, error) {
	err := q.Staff.SetOperatorDisabled(q.Context(), q.who, q.field("name"), q.field("to") == "disabled")
	if errors.Is(err, intake.ErrInvalid) {
		return showOperators(q, err)
	}
	if err != nil {
		return nil, err
	}
	return done("/operators", "saved"), nil
}
