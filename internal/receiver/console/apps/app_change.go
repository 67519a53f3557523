package apps

import (
	"errors"

	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

func addAccount(q *page.Request) (page.Answer, error) {
	return editApp(q, "account", func(key string) error {
		return q.Desk.AddAccount(q.Context(), q.Who, key, q.Field("account"))
	})
}

func setAccount(q *page.Request) (page.Answer, error) {
	return editApp(q, "accountset", func(key string) error {
		return q.Desk.SetAccountDisabled(q.Context(), q.Who, key, q.FormValue("account"), q.Field("to") == "disabled")
	})
}

func setApp(q *page.Request) (page.Answer, error) {
	return editApp(q, "appset", func(key string) error {
		return q.Desk.SetAppDisabled(q.Context(), q.Who, key, q.Field("to") == "disabled")
	})
}

// changeApp changes name, contact and phone.
func changeApp(q *page.Request) (page.Answer, error) {
	return editApp(q, "appchanged", func(key string) error {
		err := q.Desk.ChangeApp(q.Context(), q.Who, key, q.Field("name"), q.Field("contact"), q.Field("phone"))
		if errors.Is(err, intake.ErrExists) {
			err = intake.Invalid("已有名为“%s”的应用", q.Field("name"))
		}
		return err
	})
}

// editApp changes the app of the path.
func editApp(q *page.Request, notice string, change func(key string) error) (page.Answer, error) {
	a, err := appOf(q)
	if err == nil {
		err = change(a.Key)
	}
	switch {
	case errors.Is(err, intake.ErrExists):
		return showApp(q, intake.Invalid("该应用已有账号“%s”", q.Field("account")))
	case errors.Is(err, intake.ErrInvalid):
		return showApp(q, err)
	case err != nil:
		return nil, err
	}
	return page.Done(appPath(q), notice), nil
}
