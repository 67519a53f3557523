// Package apps is the pages of apps (接入管理): their accounts, contacts and secrets.
package apps

import (
	"embed"

	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

//go:embed *.html
var templates embed.FS

// notices are what is said after a form was taken.
var notices = map[string]string{
	"account":    "接入账号已添加。",
	"accountset": "接入账号的状态已修改，立即生效。",
	"appset":     "应用的状态已修改，立即生效。",
	"appchanged": "应用的名称、联系人和电话已保存。",
}

// Pages are the pages of apps.
func Pages() page.Group {
	return page.Group{Templates: templates, Notices: notices, Routes: []page.Route{
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
	apps, err := q.Desk.Apps(q.Context(), q.Who)
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
