// Package operators is the list of operators, and what a system administrator does with each.
package operators

import (
	"embed"

	"errors"
	"slices"
	"strings"

	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

//go:embed *.html
var templates embed.FS

// notices are what is said after a form was taken.
var notices = map[string]string{
	"askedrole": "改角色的申请已提出，等待第二人批准；批准以后才生效。",
	"person":    "操作员信息已保存。",
	"identity":  "身份标识已登记；更换的，等待批准以后生效。",
	"disabled":  "账号已停用，在线会话已结束。",
	"enabled":   "启用已提出；须批准的，批准以后才能登录。",
}

// Pages are the list of operators and what is done with each.
func Pages() page.Group {
	return page.Group{Templates: templates, Notices: notices, Routes: []page.Route{
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

// operatorsData is the list, with what is looked for.
type operatorsData struct {
	page.Fields
	Rows []operatorRow
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
	os = slices.DeleteFunc(os, func(o intake.Operator) bool { return !matches(o, q.Field("q")) })
	rows := make([]operatorRow, len(os))
	for i, o := range os {
		rows[i] = operatorRow{Operator: o, Standing: o.Standing(q.Clock()), Mark: standingMark(o.Standing(q.Clock())),
			Self: o.ID == q.Who.Operator.ID}
		if !o.PasswordSet.IsZero() {
			rows[i].Days = int(q.Clock().Sub(o.PasswordSet).Hours() / 24)
			rows[i].Expired = ps[intake.PasswordDays] > 0 &&
				q.Clock().After(o.PasswordSet.AddDate(0, 0, int(ps[intake.PasswordDays])))
		}
	}
	d := operatorsData{page.Fields(q.Selection()), rows}
	return page.View{Template: "operator_list", Wide: true, Title: "操作员", Data: d, Problem: problem}, nil
}

// matches reports whether an operator has a text in the user name, the name, the phone, the unit or the role.
func matches(o intake.Operator, text string) bool {
	return strings.Contains(strings.Join([]string{o.Name, o.Person, o.Phone, o.Unit, o.Role.String()}, "\n"), text)
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

func setOperator(q *page.Request) (page.Answer, error) {
	err := q.Staff.SetOperatorDisabled(q.Context(), q.Who, q.Field("name"), q.Field("to") == "disabled")
	if errors.Is(err, intake.ErrInvalid) {
		return showOperators(q, err)
	}
	if err != nil {
		return nil, err
	}
	if q.Field("to") == "disabled" {
		return page.Done("/operators", "disabled"), nil
	}
	return page.Done("/operators", "enabled"), nil
}
