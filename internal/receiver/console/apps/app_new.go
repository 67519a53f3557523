package apps

import (
	"cmp"
	"errors"
	"strings"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

// newApp is the form for a new app.
type newApp struct {
	Name, Contact, Phone, Accounts string
	Dialect                        api.Dialect
	Dialects                       []page.Choice
}

func dialects() (cs []page.Choice) {
	for _, d := range api.Dialects() {
		cs = append(cs, page.Choice{Value: string(d), Title: page.DialectTitle(d)})
	}
	return cs
}

func newAppPage(q *page.Request) (page.Answer, error) {
	return page.View{Template: "app_new", Title: "新建接入应用", Data: newApp{Dialect: api.All, Dialects: dialects()}}, nil
}

// createApp leads to the page that shows the credentials once: they are in no address and nowhere to be had again.
func createApp(q *page.Request) (page.Answer, error) {
	f := newApp{q.Field("name"), q.Field("contact"), q.Field("phone"), q.FormValue("accounts"),
		api.Dialect(q.Field("dialect")), dialects()}
	c, err := q.Desk.CreateApp(q.Context(), q.Who, intake.AppSpec{Name: f.Name, Contact: f.Contact, Phone: f.Phone,
		Dialect: cmp.Or(f.Dialect, api.All), Accounts: lines(f.Accounts)})
	switch {
	case errors.Is(err, intake.ErrExists):
		err = intake.Invalid("已有名为“%s”的应用，或者同一账号写了两次", f.Name)
		fallthrough
	case errors.Is(err, intake.ErrInvalid):
		return page.View{Template: "app_new", Title: "新建接入应用", Data: f, Problem: err}, nil
	case err != nil:
		return nil, err
	}
	return q.Hand("/apps/"+c.AppKey+"/secret", handedSecret{Secret: c.AppSecret})
}

// lines are the lines of a text that say something.
func lines(s string) (ls []string) {
	for l := range strings.Lines(s) {
		if l = strings.TrimSpace(l); l != "" {
			ls = append(ls, l)
		}
	}
	return ls
}
