package api_test

import (
	"bytes"
	stdjson "encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"diaoxiao/api"
)

// FuzzReadCase compares the reading with json v2, which is strict by default: what is accepted here must be accepted
// there with the same values, what is refused there must be refused here, and the values alone decide the digest.
func FuzzReadCase(f *testing.F) {
	for _, v := range vectors(f) {
		f.Add(v.Body)
	}
	f.Add([]byte(goodCase().set("x", `{"y":["\u0000"]}`).String()))
	f.Add([]byte(goodCase().set("x", `[["a\u0000b"],{"caseid":1}]`).String()))
	f.Add([]byte(goodCase().set("penaltylist", list(goodItem().String(), goodItem().reversed().String())).String()))
	f.Add([]byte("\ufeff" + escaped(goodCase()).String() + "\n"))
	f.Add([]byte(goodCase().set("penalty", "\"é𠀀\u2028\"").set("penaltylist", ` [ null , {} , [ ] , 1e5 ] `).String()))
	f.Fuzz(func(t *testing.T, body []byte) {
		var items []api.Entity
		d, err := api.ReadCase(bytes.NewReader(body), 0, func(i int, e api.Entity) { items = append(items, e) })
		if err != nil {
			t.Fatalf("a reader that never fails: %v", err)
		}
		var c api.Case
		refused := json.Unmarshal(bytes.TrimPrefix(body, []byte("\ufeff")), &c)
		if len(d.Problems) > 0 {
			holdProblems(t, d.Problems)
			return
		}
		if refused != nil {
			t.Fatalf("json v2 refuses it: %v", refused)
		}
		d.Case.PenaltyList = items
		if diff := cmp.Diff(c, d.Case); diff != "" || d.Items != len(c.PenaltyList) {
			t.Fatalf("%d items (-json v2 +ReadCase)\n%s", d.Items, diff)
		}
		again, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		if e, _ := api.ReadCase(bytes.NewReader(again), 0, nil); e.Digest != d.Digest || d.Digest != documented(c) {
			t.Errorf("another digest: %v", e.Problems)
		}
	})
}

// holdProblems holds what every refusal must be: codes of the catalogue, text that can be answered.
func holdProblems(t *testing.T, ps []api.Problem) {
	for _, p := range ps {
		if p.Code == api.Internal || p.Code.Info().Code != p.Code || !utf8.ValidString(p.Field+p.Detail) ||
			len(p.Field+p.Detail) > 1000 {
			t.Errorf("%+v", p)
		}
	}
}

func FuzzReadLogin(f *testing.F) {
	f.Add([]byte(login().String()))
	f.Add([]byte(login().set("x", `[{"a":"\u0000"}]`).reversed().String()))
	f.Add([]byte(`{"appKey":"　","appSecret":1,"account":"\ud83d\ude00"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		got, ps, err := api.ReadLogin(bytes.NewReader(body))
		if err != nil {
			t.Fatalf("a reader that never fails: %v", err)
		}
		if holdProblems(t, ps); len(ps) > 0 {
			return
		}
		var want struct {
			AppKey    string `json:"appKey"`
			AppSecret string `json:"appSecret"`
			Account   string `json:"account"`
		}
		if err := json.Unmarshal(bytes.TrimPrefix(body, []byte("\ufeff")), &want); err != nil {
			t.Fatalf("json v2 refuses it: %v", err)
		}
		if got != api.LoginRequest(want) {
			t.Errorf("%q, json v2 reads %q", got, want)
		}
	})
}

// answered is what any JSON reader gets from an answer in the dialect all.
type answered struct {
	AckCode  string `json:"ackCode"`
	Token    string `json:"access_token"`
	AcceptID string `json:"acceptid"`
	CaseID   string `json:"caseid"`
	State    string `json:"state"`
	Errors   []struct{ Message, Field string }
}

// FuzzAppend: whatever an answer says arrives.
func FuzzAppend(f *testing.F) {
	f.Add("token", "202405200000000017", "案〔2024〕1号", "已受理", "penaltylist[0].legal", "第1条")
	f.Add("\"\\\b\x00\x7f", "\u2028\ufeff", "𠀀\U0010ffff", "</script>", "\n\r\t", "é\ufffd")
	f.Fuzz(func(t *testing.T, token, acceptID, caseID, state, field, detail string) {
		a := api.Answer{
			Call:     api.Query,
			Token:    token,
			AcceptID: acceptID,
			Status:   &api.CaseStatus{CaseID: caseID, State: state},
			Problems: []api.Problem{{Code: api.WrongType, Field: field, Detail: detail}},
		}
		text := api.All.Append(nil, a)
		if i := bytes.IndexFunc(text, func(r rune) bool { return r < ' ' || r > '~' }); i >= 0 {
			t.Fatalf("%q is not ASCII", text[i:])
		}
		var got answered
		if err := stdjson.Unmarshal(text, &got); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		want := answered{AckCode: "FAILURE", Token: token, AcceptID: acceptID, CaseID: caseID, State: state,
			Errors: []struct{ Message, Field string }{{a.Problems[0].Message(), field}}}
		if diff := cmp.Diff(want.valid(), got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		for _, d := range api.Dialects() {
			if !stdjson.Valid(d.Append(nil, a)) {
				t.Errorf("%s: not JSON", d)
			}
		}
	})
}

// valid is what is left of texts that are not UTF-8.
func (a answered) valid() answered {
	a.Errors = slices.Clone(a.Errors)
	for _, s := range []*string{&a.Token, &a.AcceptID, &a.CaseID, &a.State, &a.Errors[0].Message, &a.Errors[0].Field} {
		*s = strings.Map(func(r rune) rune { return r }, *s)
	}
	return a
}
