package apps

import (
	"time"

	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

// credentials are shown this once.
type credentials struct {
	intake.Credentials
	Name    string
	Rotated bool
	Until   time.Time // until when the earlier secrets last; zero: they have ended
}

// handedSecret is what the page of a new secret is handed.
type handedSecret struct {
	Secret  string
	Rotated bool
	Until   time.Time
}

// secretPage shows a new secret, once.
func secretPage(q *page.Request) (page.Answer, error) {
	a, err := appOf(q)
	if err != nil {
		return nil, err
	}
	var s handedSecret
	if !q.Take(appPath(q)+"/secret", &s) {
		return q.ShownBefore(page.ShownOnce{What: "密钥", Next: appPath(q), NextTitle: "回到 " + a.Name,
			How: "请在应用页上更换密钥，即得到新的 appSecret；原密钥保留多久可以选择。"}), nil
	}
	d := credentials{Credentials: intake.Credentials{AppKey: a.Key, AppSecret: s.Secret}, Name: a.Name,
		Rotated: s.Rotated, Until: s.Until}
	for _, acc := range a.Accounts {
		d.Accounts = append(d.Accounts, acc.Name)
	}
	title := "应用已创建"
	if s.Rotated {
		title = "密钥已更换"
	}
	return page.View{Template: "secret_show", Title: title, Data: d}, nil
}
