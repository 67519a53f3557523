package api_test

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"diaoxiao/api"
)

// readBack is what the server makes of a body.
func readBack(t interface{ Fatal(...any) }, body []byte) (api.Case, api.Decoded) {
	var list []api.Entity
	d, err := api.ReadCase(bytes.NewReader(body), 0, func(_ int, e api.Entity) { list = append(list, e) })
	if err != nil {
		t.Fatal(err)
	}
	d.Case.PenaltyList = list
	return d.Case, d
}

// Whatever a case says, the server reads exactly that, and the same case is the same bytes.
func TestWriteCaseIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.Map(
			rapid.StringOfN(rapid.Rune().Filter(func(r rune) bool { return r != 0 }), 0, 20, -1),
			func(s string) string { return "x" + s },
		)
		entity := rapid.Custom(func(t *rapid.T) api.Entity {
			return api.Entity{
				PripID:  text.Draw(t, "pripid"),
				UniscID: text.Draw(t, "uniscid"),
				Legal:   text.Draw(t, "legal"),
				EntType: text.Draw(t, "enttype"),
			}
		})
		want := api.Case{
			CaseID:           text.Draw(t, "caseid"),
			CaseName:         text.Draw(t, "casename"),
			CaseIntroduction: text.Draw(t, "introduction"),
			Illegality:       text.Draw(t, "illegality"),
			Penalty:          text.Draw(t, "penalty"),
			PenaltyDate:      "2024-05-20",
			PenaltyOrg:       text.Draw(t, "org"),
			PenaltyList:      rapid.SliceOfN(entity, 1, 5).Draw(t, "list"),
		}
		var one, two bytes.Buffer
		if err := errors.Join(
			api.WriteCase(&one, want, nil),
			api.WriteCase(&two, want, each(want.PenaltyList)),
		); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(one.Bytes(), two.Bytes()) {
			t.Fatal("the same case, other bytes")
		}
		got, d := readBack(t, one.Bytes())
		if diff := cmp.Diff(want, got); diff != "" || len(d.Problems) > 0 || d.Items != len(want.PenaltyList) {
			t.Fatalf("%v\n%s", d.Problems, diff)
		}
	})
}

func each(list []api.Entity) iter.Seq2[api.Entity, error] {
	return func(yield func(api.Entity, error) bool) {
		for _, e := range list {
			if !yield(e, nil) {
				return
			}
		}
	}
}

// An empty list and empty texts are written as they are: what to make of them is the server's to say.
func TestWriteCaseOfNothing(t *testing.T) {
	var b bytes.Buffer
	if err := api.WriteCase(&b, api.Case{}, nil); err != nil {
		t.Fatal(err)
	}
	if _, d := readBack(t, b.Bytes()); api.CodeList(d.Problems) != "14000,14001,14002,14003,14004,14005,14006,14007" {
		t.Errorf("%v", d.Problems)
	}
}

// Nothing is patched: a value that cannot be sent unchanged is an error that names it, and so is a list that breaks
// off.
func TestWriteCaseErrors(t *testing.T) {
	broken := errors.New("row 2 is unreadable")
	for want, list := range map[string]iter.Seq2[api.Entity, error]{
		"penaltylist[1]: legal": each([]api.Entity{{Legal: "a"}, {Legal: "\xc9\xf1"}}),
		broken.Error(): func(yield func(api.Entity, error) bool) {
			_ = yield(api.Entity{}, nil) &&
				yield(api.Entity{}, broken)
		},
	} {
		if err := api.WriteCase(io.Discard, api.Case{}, list); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v, want %s…", err, want)
		}
	}
	if err := api.WriteCase(io.Discard, api.Case{CaseID: "\xff"}, nil); err == nil ||
		!strings.HasPrefix(err.Error(), "caseid") {
		t.Errorf("%v", err)
	}
	full := errors.New("disk full")
	if err := api.WriteCase(failing{full}, api.Case{}, nil); !errors.Is(err, full) {
		t.Errorf("%v", err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func BenchmarkWriteCase(b *testing.B) {
	e := api.Entity{PripID: "150203000022016020258191", UniscID: "91150203MA0N00024Y", Legal: "乌云其木格", EntType: "1130"}
	list := func(yield func(api.Entity, error) bool) {
		for range 100_000 {
			if !yield(e, nil) {
				return
			}
		}
	}
	for b.Loop() {
		if err := api.WriteCase(io.Discard, api.Case{CaseID: "1"}, list); err != nil {
			b.Fatal(err)
		}
	}
}
