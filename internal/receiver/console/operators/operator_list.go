// Package operators is the list of operators, and what a system administrator does with each.
package operators

import (
	"embed"

	"errors"
	"net/url"
	"time"

	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/staff"
)

//go:embed *.html
var templates embed.FS

// Pages are the list of operators and what is done with each.
func Pages() page.Group {
	return page.Group{Templates: templates, Routes: []page.Route{
		page.Section("/operators", "操作员", intake.ManageOperators, operatorsPage),
		page.Post("/operators", intake.ManageOperators, createOperator),
		page.Get("/operators/link", intake.ManageOperators, invitationPage),
		page.Get("/operators/new", intake.ManageOperators, newOperatorPage),
		page.Post("/operators/reset", intake.ManageOperators, resetOperator),
		page.Post("/operators/standing", intake.ManageOperators, setOperator),
		page.Get("/operators/edit", intake.ManageOperators, operatorPage),
		page.Post("/operators/person", intake.ManageOperators, changePerson),
		page.Post("/operators/role", intake.ManageOperators, askRole),
		page.Post("/operators/identity", intake.ManageOperators, registerIdentity),
	}}
}

// operatorRow is one operator of the list.
type operatorRow struct {
	intake.Operator
	Standing string
	Mark     string // how the standing is marked
	Days     int    // since the password was set
	Expired  bool   // the password is past its time
	Self     bool
}

func operatorsPage(q *page.Request) (page.Answer, error) { return showOperators(q, nil) }

func showOperators(q *page.Request, problem error) (page.Answer, error) {
	os, err := q.Staff.Operators(q.Context(), q.Who)
	if err != nil {
		return nil, err
	}
	ps, err := q.Staff.Policies(q.Context())
	if err != nil {
		return nil, err
	}
	rows := make([]operatorRow, len(os))
	for i, o := range os {
		rows[i] = operatorRow{Operator: o, Standing: o.Standing(q.Clock()), Mark: standingMark(o.Standing(q.Clock())), Self: o.ID == q.Who.Operator.ID}
		if !o.PasswordSet.IsZero() {
			rows[i].Days = int(q.Clock().Sub(o.PasswordSet).Hours() / 24)
			rows[i].Expired = ps[intake.PasswordDays] > 0 && q.Clock().After(o.PasswordSet.AddDate(0, 0, int(ps[intake.PasswordDays])))
		}
	}
	return page.View{Template: "operator_list", Wide: true, Title: "操作员", Data: rows, Problem: problem}, nil
}

// standingMark is how a standing is marked.
func standingMark(standing string) string {
	switch standing {
	case "正常":
		return "good"
	case "已停用":
		return "off"
	}
	return "warning"
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

func newOperatorPage(q *page.Request) (page.Answer, error) {
	return page.View{Template: "operator_new", Title: "新建操作员", Data: newOperator{Roles: roleChoices()}}, nil
}

// createOperator leads to the page that shows the one-time link once.
func createOperator(q *page.Request) (page.Answer, error) {
	f := newOperator{q.Field("name"), q.Field("person"), q.Field("phone"), q.Field("role"), roleChoices()}
	token, err := q.Staff.CreateOperator(q.Context(), q.Who, staff.OperatorSpec{Name: f.Name, Person: f.Person, Phone: f.Phone, Role: intake.Role(f.Role),
		Identifier: q.Field("identifier")})
	switch {
	case errors.Is(err, intake.ErrExists):
		err = intake.Invalid("用户名%q已经有人使用", f.Name)
		fallthrough
	case errors.Is(err, intake.ErrInvalid):
		return page.View{Template: "operator_new", Title: "新建操作员", Data: f, Problem: err}, nil
	case err != nil:
		return nil, err
	}
	return handLink(q, handedLink{Name: f.Name, Person: f.Person, Token: token})
}

func resetOperator(q *page.Request) (page.Answer, error) {
	token, err := q.Staff.ResetOperator(q.Context(), q.Who, q.Field("name"))
	if errors.Is(err, intake.ErrInvalid) {
		return showOperators(q, err)
	}
	if err != nil {
		return nil, err
	}
	return handLink(q, handedLink{Name: q.Field("name"), Token: token, Reset: true})
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

func handLink(q *page.Request, l handedLink) (page.Answer, error) {
	l.Until = q.Clock().Add(staff.InvitationLife)
	return q.Hand(linkPath(l.Name), l)
}

// invitationPage shows a one-time link, once.
func invitationPage(q *page.Request) (page.Answer, error) {
	var l handedLink
	if !q.Take(linkPath(q.Field("name")), &l) {
		return q.ShownBefore(page.ShownOnce{What: "一次性链接", Next: "/operators", NextTitle: "回到操作员列表",
			How: "请在操作员列表中重置，即得到新的链接，原链接随之作废。"}), nil
	}
	scheme := "http"
	if q.Secure(q.Request) {
		scheme = "https"
	}
	link := scheme + "://" + q.Host + q.Link("/setup#"+l.Token)
	d := invitation{Name: l.Name, Person: l.Person, Link: link, Until: l.Until, Reset: l.Reset}
	os, err := q.Staff.Operators(q.Context(), q.Who)
	for _, o := range os {
		if o.Name == l.Name && o.Waits.Kind != "" {
			d.Approver, d.Renewal = o.Approver(), o.Waits.Kind == intake.ChangeRenew
		}
	}
	return page.View{Template: "invitation_show", Title: "一次性链接", Data: d}, err
}

func setOperator(q *page.Request) (page.Answer, error) {
	err := q.Staff.SetOperatorDisabled(q.Context(), q.Who, q.Field("name"), q.Field("to") == "disabled")
	if errors.Is(err, intake.ErrInvalid) {
		return showOperators(q, err)
	}
	if err != nil {
		return nil, err
	}
	return page.Done("/operators", "saved"), nil
}
