// Package apps is the pages of apps (接入管理): their accounts, contacts and secrets.
package apps

import (
	"embed"

	"cmp"
	"errors"
	"strconv"
	"strings"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

//go:embed *.html
var templates embed.FS

// Pages are the pages of apps.
func Pages() page.Group {
	return page.Group{Templates: templates, Routes: []page.Route{
		page.Section("/apps", "接入管理", intake.ManageApps, appsPage),
		page.Post("/apps", intake.ManageApps, createApp),
		page.Get("/apps/new", intake.ManageApps, newAppPage),
		page.Get("/apps/{app}", intake.ManageApps, appPage),
		page.Post("/apps/{app}/accounts", intake.ManageApps, addAccount),
		page.Post("/apps/{app}/account", intake.ManageApps, setAccount),
		page.Get("/apps/{app}/secret", intake.ManageApps, secretPage),
		page.Post("/apps/{app}/secret", intake.ManageApps, rotateSecret),
		page.Post("/apps/{app}/contact", intake.ManageApps, changeApp),
		page.Post("/apps/{app}/standing", intake.ManageApps, setApp),
	}}
}

// appRow is one app of the list.
type appRow struct {
	intake.AppDetail
	Open     int // accounts that may sign in
	Secrets  []secretRow
	LastCall intake.Call
}

// secretRow is one secret of an app that is still good, or was.
type secretRow struct {
	intake.Secret
	Over bool
}

func appsPage(q *page.Request) (page.Answer, error) {
	apps, err := q.Desk.ManagedApps(q.Context(), q.Who)
	if err != nil {
		return nil, err
	}
	calls, err := q.Calls.LastCalls(q.Context(), q.Who)
	if err != nil {
		return nil, err
	}
	rows := make([]appRow, len(apps))
	for i, a := range apps {
		rows[i] = appRow{AppDetail: a, Secrets: secretsOf(q, a, false), LastCall: calls[a.ID]}
		for _, acc := range a.Accounts {
			if !acc.Disabled {
				rows[i].Open++
			}
		}
	}
	return page.View{Template: "app_list", Wide: true, Title: "接入管理", Data: rows}, nil
}

// secretsOf are those of an app, the newest first; all: those that are over, too.
func secretsOf(q *page.Request, a intake.AppDetail, all bool) (rows []secretRow) {
	for i := len(a.Secrets) - 1; i >= 0; i-- {
		s := a.Secrets[i]
		over := !s.Expires.IsZero() && !q.Clock().Before(s.Expires)
		if all || !over {
			rows = append(rows, secretRow{s, over})
		}
	}
	return rows
}

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
	f := newApp{q.Field("name"), q.Field("contact"), q.Field("phone"), q.FormValue("accounts"), api.Dialect(q.Field("dialect")), dialects()}
	c, err := q.Desk.CreateApp(q.Context(), q.Who, intake.AppSpec{Name: f.Name, Contact: f.Contact, Phone: f.Phone,
		Dialect: cmp.Or(f.Dialect, api.All), Accounts: lines(f.Accounts)})
	switch {
	case errors.Is(err, intake.ErrExists):
		err = intake.Invalid("已有名为%q的应用，或者同一账户写了两次", f.Name)
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

// credentials are shown this once.
type credentials struct {
	intake.Credentials
	Name    string
	Rotated bool
	Until   time.Time // until when the earlier secrets last; zero: they have ended
}

// appData is the page of one app.
type appData struct {
	intake.AppDetail
	Secrets  []secretRow
	Words    string // of its dialect
	LastCall intake.Call
	Overlaps []page.Choice
}

// overlaps are how long the secrets before a new one may last, in days, the proposed one first.
var overlaps = []page.Choice{
	{Value: "7", Title: "7天（建议）"}, {Value: "30", Title: "30天"}, {Value: "1", Title: "1天"},
	{Value: "0", Title: "不保留：原密钥立即失效"},
}

func appPage(q *page.Request) (page.Answer, error) { return showApp(q, nil) }

func showApp(q *page.Request, problem error) (page.Answer, error) {
	a, err := q.Desk.ManagedApp(q.Context(), q.Who, q.PathValue("app"))
	if err != nil {
		return nil, err
	}
	calls, err := q.Calls.LastCalls(q.Context(), q.Who)
	return page.View{Template: "app_show", Title: a.Name, Data: appData{a, secretsOf(q, a, true), page.DialectTitle(a.Dialect), calls[a.ID], overlaps}, Problem: problem}, err
}

func appPath(q *page.Request) string { return "/apps/" + q.PathValue("app") }

func addAccount(q *page.Request) (page.Answer, error) {
	return editApp(q, "account", func(key string) error { return q.Desk.AddAccount(q.Context(), q.Who, key, q.Field("account")) })
}

func setAccount(q *page.Request) (page.Answer, error) {
	return editApp(q, "saved", func(key string) error {
		return q.Desk.SetAccountDisabled(q.Context(), q.Who, key, q.FormValue("account"), q.Field("to") == "disabled")
	})
}

func setApp(q *page.Request) (page.Answer, error) {
	return editApp(q, "saved", func(key string) error {
		return q.Desk.SetAppDisabled(q.Context(), q.Who, key, q.Field("to") == "disabled")
	})
}

// changeApp changes name, contact and phone.
func changeApp(q *page.Request) (page.Answer, error) {
	return editApp(q, "saved", func(key string) error {
		err := q.Desk.ChangeApp(q.Context(), q.Who, key, q.Field("name"), q.Field("contact"), q.Field("phone"))
		if errors.Is(err, intake.ErrExists) {
			err = intake.Invalid("已有名为%q的应用", q.Field("name"))
		}
		return err
	})
}

// editApp changes the app of the path. The desk takes names, too; a page means the key and nothing else.
func editApp(q *page.Request, notice string, change func(key string) error) (page.Answer, error) {
	a, err := q.Desk.ManagedApp(q.Context(), q.Who, q.PathValue("app"))
	if err == nil {
		err = change(a.Key)
	}
	switch {
	case errors.Is(err, intake.ErrExists):
		return showApp(q, intake.Invalid("这个应用已有账户%q", q.Field("account")))
	case errors.Is(err, intake.ErrInvalid):
		return showApp(q, err)
	case err != nil:
		return nil, err
	}
	return page.Done(appPath(q), notice), nil
}

func rotateSecret(q *page.Request) (page.Answer, error) {
	days, err := strconv.Atoi(q.Field("overlap"))
	if err != nil || !offered(q.Field("overlap")) {
		return showApp(q, intake.Invalid("请选择原密钥保留多久"))
	}
	a, err := q.Desk.ManagedApp(q.Context(), q.Who, q.PathValue("app"))
	if err != nil {
		return nil, err
	}
	overlap := time.Duration(days) * 24 * time.Hour
	c, err := q.Desk.RotateSecret(q.Context(), q.Who, a.Key, overlap)
	if err != nil {
		return nil, err
	}
	shown := handedSecret{Secret: c.AppSecret, Rotated: true}
	if days > 0 {
		shown.Until = q.Clock().Add(overlap)
	}
	return q.Hand(appPath(q)+"/secret", shown)
}

// handedSecret is what the page of a new secret is handed.
type handedSecret struct {
	Secret  string
	Rotated bool
	Until   time.Time
}

// secretPage shows a new secret, once.
func secretPage(q *page.Request) (page.Answer, error) {
	a, err := q.Desk.ManagedApp(q.Context(), q.Who, q.PathValue("app"))
	if err != nil {
		return nil, err
	}
	var s handedSecret
	if !q.Take(appPath(q)+"/secret", &s) {
		return q.ShownBefore(page.ShownOnce{What: "密钥", Next: appPath(q), NextTitle: "回到 " + a.Name,
			How: "请在应用页上更换密钥，即得到新的 appSecret；原密钥保留多久可以选择。"}), nil
	}
	d := credentials{Credentials: intake.Credentials{AppKey: a.Key, AppSecret: s.Secret}, Name: a.Name, Rotated: s.Rotated, Until: s.Until}
	for _, acc := range a.Accounts {
		d.Accounts = append(d.Accounts, acc.Name)
	}
	title := "应用已建立"
	if s.Rotated {
		title = "密钥已更换"
	}
	return page.View{Template: "secret_show", Title: title, Data: d}, nil
}

func offered(value string) bool {
	for _, c := range overlaps {
		if c.Value == value {
			return true
		}
	}
	return false
}
