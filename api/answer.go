package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// ErrNotAnswer marks what is no answer of the interface, such as a page of a proxy or an answer that was cut: it tells
// nothing of what became of the request.
var ErrNotAnswer = errors.New("不是本接口的应答")

// ReadAnswer reads the answer to call c in whichever spelling it comes (C1–C3), skipping members that it does not know.
// An answer that leaves open whether the call succeeded is ErrNotAnswer: without ackCode, with contradicting spellings,
// or a success without what the call answers (token, acceptid).
func ReadAnswer(b []byte, c Call) (Answer, error) {
	var m members
	if err := json.Unmarshal(bytes.TrimPrefix(b, bom), &m); err != nil || m == nil {
		return Answer{}, fmt.Errorf("%w：不是JSON对象", ErrNotAnswer)
	}
	a := Answer{Call: c}
	ack, err := m.text("ackCode", "ack_code")
	if err == nil {
		a.Problems, err = m.problems(ack)
	}
	if err == nil && len(a.Problems) == 0 {
		err = m.success(&a)
	}
	if err != nil {
		return Answer{}, fmt.Errorf("%w：%w", ErrNotAnswer, err)
	}
	return a, nil
}

// members is a JSON object by the exact names of its members.
type members map[string]json.RawMessage

// text is the one value of several spellings; "" where none is there. A number is taken as it is written.
func (m members) text(names ...string) (text string, err error) {
	for _, name := range names {
		raw := m[name]
		if len(raw) == 0 || string(raw) == "null" {
			continue
		}
		s := string(raw)
		switch raw[0] {
		case '"':
			if err := json.Unmarshal(raw, &s); err != nil {
				return "", err
			}
		case '{', '[', 't', 'f':
			return "", fmt.Errorf("%s不是字符串", name)
		}
		if text != "" && s != "" && s != text {
			return "", fmt.Errorf("%s前后不一", strings.Join(names, "、"))
		}
		if s != "" {
			text = s
		}
	}
	return text, nil
}

// problems reads errors, which must fit ack: an answer that says both proves nothing.
func (m members) problems(ack string) (ps []Problem, err error) {
	var entries []members
	if raw, ok := m["errors"]; ok {
		if err := json.Unmarshal(raw, &entries); err != nil {
			return nil, errors.New("errors不是对象的数组")
		}
	}
	for _, e := range entries {
		p, err := e.problem()
		if err != nil {
			return nil, err
		}
		ps = append(ps, p)
	}
	switch {
	case ack == "SUCCESS" && len(ps) > 0:
		return nil, errors.New("ackCode为SUCCESS而errors不空")
	case ack == "FAILURE" && len(ps) == 0:
		return []Problem{{Detail: "应答为FAILURE，没有说明原因"}}, nil
	case ack != "SUCCESS" && ack != "FAILURE":
		return nil, fmt.Errorf("ackCode为%q", brief(ack))
	}
	return ps, nil
}

// problem reads an entry of errors; its message becomes a Detail that gives it back.
func (m members) problem() (Problem, error) {
	code, err := m.text("errorCode")
	message, err2 := m.text("message")
	field, err3 := m.text("field")
	p := Problem{Code: Code(code), Field: field, Detail: message}
	if known, ok := codeIndex[p.Code]; ok {
		if rest, ours := strings.CutPrefix(message, known.Message); ours {
			p.Detail = strings.TrimPrefix(rest, "：")
		}
	}
	return p, errors.Join(err, err2, err3)
}

// success reads what the call answers.
func (m members) success(a *Answer) (err error) {
	switch a.Call {
	case Login:
		a.Token, err = m.need("access_token", "accessToken")
	case Receive:
		a.AcceptID, err = m.need("acceptid", "accpetid")
	case Query:
		if a.AcceptID, err = m.need("acceptid", "accpetid"); err == nil {
			a.Status, err = m.status()
		}
	case List:
		return m.page(a)
	case Receipt:
		if a.AcceptID, err = m.need("acceptid", "accpetid"); err == nil {
			a.Receipt, err = m.need("receipt")
		}
	}
	return err
}

func (m members) need(names ...string) (string, error) {
	s, err := m.text(names...)
	if err == nil && s == "" {
		err = fmt.Errorf("没有%s", names[0])
	}
	return s, err
}

func (m members) status() (s *CaseStatus, err error) {
	s = new(CaseStatus)
	for name, to := range map[string]*string{"caseid": &s.CaseID, "state": &s.State, "receivedAt": &s.ReceivedAt} {
		t, e := m.text(name)
		*to, err = t, errors.Join(err, e)
	}
	for name, to := range map[string]*int{"items": &s.Items, "findings": &s.Findings} {
		if raw, ok := m[name]; ok && json.Unmarshal(raw, to) != nil {
			err = errors.Join(err, fmt.Errorf("%s不是整数", name))
		}
	}
	counts, e := m.firmCounts()
	s.Firms, err = counts, errors.Join(err, e)
	if s.State == StateReturned {
		r, e := m.returned()
		s.Return, err = r, errors.Join(err, e)
	}
	return s, err
}

// page reads what listCaseinfo answers (S24).
func (m members) page(a *Answer) error {
	var entries []members
	if err := json.Unmarshal(m["cases"], &entries); err != nil || entries == nil {
		return errors.New("没有cases")
	}
	for _, e := range entries {
		c, err := e.entry()
		if err != nil {
			return err
		}
		a.Cases = append(a.Cases, c)
	}
	next, err := m.text("next")
	a.Next = next
	return err
}

func (m members) entry() (c CaseEntry, err error) {
	s, err := m.status()
	if err != nil {
		return c, err
	}
	c.CaseStatus = *s
	c.AcceptID, err = m.need("acceptid")
	for name, to := range map[string]*string{"account": &c.Account, "digest": &c.Digest, "sha256": &c.SHA256} {
		t, e := m.text(name)
		*to, err = t, errors.Join(err, e)
	}
	return c, err
}
