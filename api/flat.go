package api

import "io"

// LoginRequest is the request of login (clause 3.1.1). Its members are secrets or lead to them: never log it.
type LoginRequest struct{ AppKey, AppSecret, Account string }

// QueryRequest is the request of queryCaseinfo (S22): one of the two is given.
type QueryRequest struct {
	AcceptID, CaseID string
	ReturnDetails    bool // tell why a case was returned also where the answer is for strict readers
	FirmCounts       bool // tell the firms by state also where the answer is for strict readers
}

// AskReturnDetails and AskFirmCounts are the values of returnDetails and firmCounts that ask for them.
const (
	AskReturnDetails = "1"
	AskFirmCounts    = "1"
)

// ReadLogin reads a login body. Every missing parameter is a problem, in document order (S2–S5); unknown members such
// as password and org_code are ignored (C6). The error is that of r alone.
func ReadLogin(r io.Reader) (LoginRequest, []Problem, error) {
	t, ps, err := readTexts(r, []member{
		{"appKey", InvalidAppKey, 200}, {"appSecret", MissingAppSecret, 500}, {"account", InvalidLogin, 200},
	})
	return LoginRequest{t[0], t[1], t[2]}, ps, err
}

// ReadQuery reads a queryCaseinfo body. A body without acceptid and caseid is one problem, NoSuchCase. The error is
// that of r alone.
func ReadQuery(r io.Reader) (QueryRequest, []Problem, error) {
	t, ps, err := readTexts(r, []member{{"acceptid", "", 200}, {"caseid", "", 200}, {"returnDetails", "", 200},
		{"firmCounts", "", 200}})
	if err == nil && len(ps) == 0 && t[0] == "" && t[1] == "" {
		ps = []Problem{{Code: NoSuchCase, Field: "acceptid", Detail: "acceptid 与 caseid 须填写一项"}}
	}
	return QueryRequest{t[0], t[1], t[2] == AskReturnDetails, t[3] == AskFirmCounts}, ps, err
}

// ReceiptRequest is the request of receiptCaseinfo (S26).
type ReceiptRequest struct{ AcceptID string }

// ReadReceipt reads a receiptCaseinfo body. A body without acceptid is one problem, NoSuchCase. The error is that of r
// alone.
func ReadReceipt(r io.Reader) (ReceiptRequest, []Problem, error) {
	t, ps, err := readTexts(r, []member{{"acceptid", "", 200}})
	if err == nil && len(ps) == 0 && t[0] == "" {
		ps = []Problem{{Code: NoSuchCase, Field: "acceptid", Detail: "acceptid 须填写"}}
	}
	return ReceiptRequest{t[0]}, ps, err
}

// readTexts reads one flat object. A member whose empty code is "" may be missing.
func readTexts(r io.Reader, members []member) ([]string, []Problem, error) {
	d := newDecoder(r)
	defer d.release()
	texts, problems, seen := make([]string, len(members)), make([]*Problem, len(members)), make([]bool, len(members))
	ok := d.open() && d.object(func(name []byte) bool {
		for i, m := range members {
			if string(name) == m.name {
				text, p, ok := d.text(m, m.name)
				texts[i], problems[i], seen[i] = string(text), p, true
				return ok
			}
		}
		return d.skip()
	}) && d.end()
	if d.failed != nil {
		return texts, nil, d.failed
	}
	if !ok {
		return texts, []Problem{*d.broken}, nil
	}
	var ps []Problem
	for i, m := range members {
		if !seen[i] {
			problems[i] = &Problem{Code: m.empty, Field: m.name}
		}
		if p := problems[i]; p != nil && p.Code != "" {
			ps = append(ps, *p)
		}
	}
	return texts, ps, nil
}
