package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"diaoxiao/api"
)

func returnedAnswer(rows int) api.Answer {
	r := &api.CaseReturn{At: "2024-05-21T09:00:00+08:00", Reason: "第2条\"有误\"\n请更正\U0001F600", RowCount: rows}
	for i := range rows {
		r.Rows = append(r.Rows, api.ReturnedRow{Position: i + 1, PripID: fmt.Sprint("p", i), UniscID: "信"})
	}
	return api.Answer{
		Call:     api.Query,
		AcceptID: "202405200000000017",
		Status:   &api.CaseStatus{CaseID: "1", State: api.StateReturned, Return: r},
	}
}

// S22: why a case was returned is read as it was written, in every dialect, and is bounded.
func TestReturnedIsRead(t *testing.T) {
	for _, d := range api.Dialects() {
		for _, n := range []int{0, 1, api.MaxReturnedRows, api.MaxReturnedRows + 1} {
			want := returnedAnswer(n)
			text := d.Append(nil, want)
			got, err := api.ReadAnswer(text, api.Query)
			if err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			want.Status.Return.Rows = want.Status.Return.Rows[:min(n, api.MaxReturnedRows)]
			if diff := cmp.Diff(want.Status.Return, got.Status.Return); diff != "" {
				t.Errorf("%s, %d rows (-want +got)\n%s", d, n, diff)
			}
		}
	}
	row := api.ReturnedRow{Position: 3}
	want := returnedAnswer(0)
	want.Status.Return.Rows = append(want.Status.Return.Rows, row)
	if text := string(api.All.Append(nil, want)); !strings.Contains(text, `"returnRows":[{"position":3}]`) {
		t.Errorf("%s", text)
	}
}

// A receiver need not have the members; one that has them wrong has not answered.
func TestReturnedIsReadStrictly(t *testing.T) {
	const head = `{"ackCode":"SUCCESS","errors":[],"acceptid":"1","state":"已退回"`
	for rest, good := range map[string]bool{
		"":                    true,
		`,"returnReason":"由"`: true,
		`,"returnReason":"由","returnRows":[],"returnRowCount":0,"returnMore":{}`: true,
		`,"returnReason":["由"]`:                             false,
		`,"returnReason":"由","returnRows":"3"`:              false,
		`,"returnReason":"由","returnRows":[{}]`:             false,
		`,"returnReason":"由","returnRows":[{"position":0}]`: false,
		`,"returnReason":"由","returnRowCount":"x"`:          false,
	} {
		a, err := api.ReadAnswer([]byte(head+rest+"}"), api.Query)
		if (err == nil) != good {
			t.Errorf("%s: %v", rest, err)
		}
		if err == nil && (a.Status.Return != nil) != (rest != "") {
			t.Errorf("%s: %+v", rest, a.Status.Return)
		}
	}
}
