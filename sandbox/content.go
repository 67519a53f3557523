package sandbox

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"mime"
	"regexp"
	"slices"
	"strings"

	"diaoxiao/api"
	"diaoxiao/internal/charset"
)

// read finds in the head of a request who asks and about what. It is for the record and for the choice of a fault; the
// receiver reads for itself.
func (v *request) read() {
	v.x.Session, v.x.AppKey, v.x.Account = v.session.no, v.session.appKey, v.session.account
	switch v.x.Call {
	case api.Login:
		v.readLogin()
	case api.Receive:
		v.readCase()
	case api.Query:
		in, _, _ := api.ReadQuery(v.text())
		v.x.CaseID, v.x.AcceptID = in.CaseID, in.AcceptID
	case api.Receipt:
		in, _, _ := api.ReadReceipt(v.text())
		v.x.AcceptID = in.AcceptID
	}
	if v.x.Call != api.Login {
		v.x.Body = excerpt(v.head)
	}
}

// readLogin names only what is known: in place of an account there may stand a secret.
func (v *request) readLogin() {
	in, _, _ := api.ReadLogin(v.text())
	if slices.ContainsFunc(v.s.Apps, func(a App) bool { return a.AppKey == in.AppKey }) {
		v.x.AppKey = in.AppKey
	}
	if slices.Contains(v.s.Accounts, in.Account) {
		v.x.Account = in.Account
	}
	v.x.Body = fmt.Sprintf(`{"appKey":%q,"appSecret":%q,"account":%q}`, v.x.AppKey, masked(in.AppSecret), v.x.Account)
}

var caseIDIn = regexp.MustCompile(`"caseid"\s*:\s*"([^"\\]*)"`)

// readCase finds the caseid and, where the head is the whole body, what the values are.
func (v *request) readCase() {
	if !v.whole {
		if m := caseIDIn.FindSubmatch(v.head); m != nil {
			v.x.CaseID = string(m[1])
		}
		return
	}
	list := sha256.New()
	d, err := api.ReadCase(v.text(), 0, func(_ int, e api.Entity) { fmt.Fprintf(list, "%q\n", e) })
	if err != nil || d.Case.CaseID == "" {
		return
	}
	v.x.CaseID, v.x.Values = d.Case.CaseID, hex.EncodeToString(d.Digest[:])
	d.Case.CaseID = ""
	fmt.Fprintf(list, "%q\n", d.Case)
	v.x.Content = hex.EncodeToString(list.Sum(nil))
}

// text is the head in UTF-8, as far as its charset is known.
func (v *request) text() io.Reader {
	_, params, _ := mime.ParseMediaType(v.r.Header.Get("Content-Type"))
	c, err := charset.Parse(params["charset"])
	if err != nil {
		c = charset.UTF8
	}
	return c.Reader(bytes.NewReader(v.head))
}

// subject is what the attempts of a request are counted by: the case, or what comes nearest.
func (v *request) subject() string {
	switch {
	case v.x.Call == api.Login:
		return v.x.AppKey + "/" + v.x.Account
	case v.x.Call == api.Logout:
		return "session " + itoa(v.x.Session)
	case v.x.CaseID != "":
		return v.x.AppKey + "/" + v.x.CaseID
	}
	sum := sha256.Sum256(v.head)
	return v.x.AppKey + " " + hex.EncodeToString(sum[:])
}

// codesOf lists the distinct codes of an answer in their order.
func codesOf(a api.Answer) (codes []string) {
	if list := api.CodeList(a.Problems); list != "" {
		codes = strings.Split(list, ",")
	}
	return codes
}
