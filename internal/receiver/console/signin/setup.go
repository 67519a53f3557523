package signin

import (
	"encoding/base32"
	"errors"
	"html/template"
	"strings"

	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/credential"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/staff"
)

// setupData is the form that a one-time link leads to.
type setupData struct {
	Token        string
	First        bool // the first administrator, whose name is asked for
	Name, Person string
	Role         string
	Least        int64 // length of a password
	Secret       string
	Typed        string // the secret in groups
	QR           template.HTML
}

// issuer is what a device shows beside the code.
const issuer = page.Product

// setupCode is the page that a one-time link leads to. The code is behind the # of the link, which no browser
// sends: a script puts it into the form, or a person does.
type setupCode struct {
	Old bool // the link has the code in its path, as earlier versions wrote it
}

func setupCodePage(*page.Request) (page.Answer, error) {
	return page.View{Template: "setup_code", Title: "使用一次性链接", Data: setupCode{}, Bare: true}, nil
}

// oldSetupLink answers a link with its code in the path, where proxies have logged it.
func oldSetupLink(q *page.Request) (page.Answer, error) {
	if q.PathValue("token") == "open" { // loaded again by hand
		return page.Redirect("/setup"), nil
	}
	return page.View{Template: "setup_code", Title: "使用一次性链接", Data: setupCode{Old: true},
		Problem: staff.ErrNoInvitation, Bare: true}, nil
}

// invitationCode is what was given as the code of a one-time link, which may be the whole link.
func invitationCode(q *page.Request) string {
	s := q.Field("token")
	if _, behind, ok := strings.Cut(s, "#"); ok {
		s = behind
	}
	return strings.TrimSpace(s)
}

// setupPage shows the form that a code is for.
func setupPage(q *page.Request) (page.Answer, error) {
	in, err := q.Staff.Invited(q.Context(), invitationCode(q))
	if errors.Is(err, staff.ErrNoInvitation) {
		return page.View{Template: "setup_code", Title: "使用一次性链接", Data: setupCode{}, Problem: err, Bare: true}, nil
	}
	if err != nil {
		return nil, err
	}
	secret, err := q.Staff.NewTOTP()
	if err != nil {
		return nil, err
	}
	return setupForm(q, in, secret, nil)
}

func setupForm(q *page.Request, in intake.Invitation, secret []byte, problem error) (page.Answer, error) {
	ps, err := q.Staff.Policies(q.Context())
	if err != nil {
		return nil, err
	}
	d := setupData{Token: invitationCode(q), First: in.OperatorID == 0, Name: in.Operator.Name,
		Person: in.Operator.Person,
		Role:   in.Operator.Role.String(), Least: ps[intake.PasswordLength], Typed: credential.Base32(secret),
		Secret: b32.EncodeToString(secret)}
	if d.First {
		d.Name, d.Person, d.Role = q.Field("name"), q.Field("person"), intake.SystemAdmin.String()
	}
	name := d.Name
	if name == "" {
		name = "admin"
	}
	if d.QR, err = page.DrawCode(credential.URI(issuer, name, secret), "动态口令二维码"); err != nil {
		return nil, err
	}
	return page.View{Template: "setup", Title: "设置密码和动态口令", Data: d, Problem: problem, Bare: true}, nil
}

var b32 = base32.StdEncoding.WithPadding(base32.NoPadding)

// setup sets what the link is for and signs in.
func (g *gate) setup(q *page.Request) (page.Answer, error) {
	in, err := q.Staff.Invited(q.Context(), invitationCode(q))
	if err != nil {
		return nil, err
	}
	secret, err := b32.DecodeString(q.Field("secret"))
	if err != nil || len(secret) > 64 {
		return nil, staff.ErrNoInvitation
	}
	token, err := g.enrol(q, secret)
	if _, wait := errors.AsType[page.WaitError](err); wait || errors.Is(err, intake.ErrInvalid) ||
		errors.Is(err, intake.ErrExists) {
		return setupForm(q, in, secret, err)
	}
	if err != nil {
		return nil, err
	}
	if token == "" {
		return page.View{Template: "setup_waiting", Title: "已设置，等待批准", Data: in.Operator, Bare: true}, nil
	}
	q.Remember(token)
	rememberDevice(q, token)
	return page.Redirect("/"), nil
}

// enrol does what the form asks for and returns the token of the session.
func (g *gate) enrol(q *page.Request, secret []byte) (token string, err error) {
	if q.FormValue("password") != q.FormValue("again") {
		return "", errNotAgain
	}
	t, err := g.hashingSlot(q)
	if err != nil {
		return "", err
	}
	defer t.leave()
	return q.Staff.Enrol(q.Context(), staff.Enrolment{Token: invitationCode(q), Name: q.Field("name"),
		Person: q.Field("person"), Identifier: q.Field("identifier"),
		Password: q.FormValue("password"), TOTP: secret, Code: q.Field("code"), Source: q.Source(),
		Agent: q.UserAgent()})
}
