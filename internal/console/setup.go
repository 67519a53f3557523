package console

import (
	"encoding/base32"
	"errors"
	"html/template"
	"strconv"
	"strings"

	"rsc.io/qr"

	"diaoxiao/internal/credential"
	"diaoxiao/internal/intake"
)

// setupData is the form that a one-time link leads to.
type setupData struct {
	Token        string
	First        bool // the first administrator, who names himself
	Name, Person string
	Role         string
	Least        int64 // length of a password
	Secret       string
	Typed        string // the secret in groups
	QR           template.HTML
}

// issuer is what a device shows beside the code.
const issuer = "吊销管理台"

func setupPage(q *request) (answer, error) {
	in, err := q.Desk.Invited(q.Context(), q.PathValue("token"))
	if err != nil {
		return nil, err
	}
	secret, err := q.Desk.NewTOTP()
	if err != nil {
		return nil, err
	}
	return q.setupForm(in, secret, nil)
}

func (q *request) setupForm(in intake.Invitation, secret []byte, problem error) (answer, error) {
	ps, err := q.Desk.Policies(q.Context())
	if err != nil {
		return nil, err
	}
	d := setupData{Token: q.PathValue("token"), First: in.OperatorID == 0, Name: in.Operator.Name, Person: in.Operator.Person,
		Role: in.Operator.Role.String(), Least: ps[intake.PasswordLength], Typed: credential.Base32(secret), Secret: b32.EncodeToString(secret)}
	if d.First {
		d.Name, d.Person, d.Role = q.field("name"), q.field("person"), intake.SystemAdmin.String()
	}
	name := d.Name
	if name == "" {
		name = "admin"
	}
	if d.QR, err = qrCode(credential.URI(issuer, name, secret)); err != nil {
		return nil, err
	}
	return page{Name: "setup", Title: "设置密码和动态口令", Data: d, Problem: problem, Bare: true}, nil
}

var b32 = base32.StdEncoding.WithPadding(base32.NoPadding)

// setup sets what the link is for and signs in.
func setup(q *request) (answer, error) {
	in, err := q.Desk.Invited(q.Context(), q.PathValue("token"))
	if err != nil {
		return nil, err
	}
	secret, err := b32.DecodeString(q.field("secret"))
	if err != nil || len(secret) > 64 {
		return nil, intake.ErrNoInvitation
	}
	token := ""
	if q.FormValue("password") != q.FormValue("again") {
		err = errNotAgain
	} else {
		token, err = q.Desk.Enrol(q.Context(), intake.Enrolment{Token: q.PathValue("token"), Name: q.field("name"), Person: q.field("person"),
			Password: q.FormValue("password"), TOTP: secret, Code: q.field("code"), Source: q.source(), Agent: q.UserAgent()})
	}
	if errors.Is(err, intake.ErrInvalid) || errors.Is(err, intake.ErrExists) {
		return q.setupForm(in, secret, err)
	}
	if err != nil {
		return nil, err
	}
	q.remember(token)
	return redirect("/"), nil
}

// qrCode draws a text as SVG, which the page's policy allows where an image from elsewhere would not be.
func qrCode(text string) (template.HTML, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	const border = 4
	side := strconv.Itoa(code.Size + 2*border)
	b.WriteString(`<svg class="qr" viewBox="0 0 ` + side + ` ` + side + `" role="img" aria-label="动态口令二维码" shape-rendering="crispEdges"><rect width="` + side + `" height="` + side + `" fill="#fff"/><path fill="#000" d="`)
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) {
				b.WriteString("M" + strconv.Itoa(x+border) + " " + strconv.Itoa(y+border) + "h1v1h-1z")
			}
		}
	}
	b.WriteString(`"/></svg>`)
	return template.HTML(b.String()), nil
}
