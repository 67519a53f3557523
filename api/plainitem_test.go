package api_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"diaoxiao/api"
)

// readings are the ways in which a body can arrive. One byte after the other, each item is read as a plain one if it
// is.
var readings = map[string]func(io.Reader) io.Reader{
	"whole":     func(r io.Reader) io.Reader { return r },
	"bytewise":  iotest.OneByteReader,
	"halves":    iotest.HalfReader,
	"with EOF":  iotest.DataErrReader,
	"cut off":   func(r io.Reader) io.Reader { return io.LimitReader(r, 2000) },
	"cut early": func(r io.Reader) io.Reader { return iotest.OneByteReader(io.LimitReader(r, 700)) },
}

// holdPlain holds that a body is read the same with and without the short way for plain items: values, digest, and
// problems with their places.
func holdPlain(t *testing.T, name string, body []byte, limit int) {
	t.Helper()
	type result struct {
		api.Decoded
		Items []string
	}
	for how, arriving := range readings {
		var got, want result
		note := func(r *result) func(int, api.Entity) {
			return func(i int, e api.Entity) { r.Items = append(r.Items, fmt.Sprintf("%d %q", i, e)) }
		}
		var err, failed error
		got.Decoded, err = api.ReadCase(arriving(bytes.NewReader(body)), limit, note(&got))
		want.Decoded, failed = api.ReadCaseByToken(arriving(bytes.NewReader(body)), limit, note(&want))
		if diff := cmp.Diff(want, got); diff != "" || err != nil || failed != nil {
			t.Fatalf("%s, %s: %v %v (-by token +plain)\n%s\n%.3000s", name, how, err, failed, diff, body)
		}
	}
}

// Each oddity in the midst of plain items, and many of them, broken at random too.
func TestPlainItems(t *testing.T) {
	good := goodItem().String()
	odd := []string{good, goodItem().reversed().String(), strings.ReplaceAll(good, `":`, "\" :\n\t"), "null", "{}",
		"[]", "5", `"}"`, "", " ", `{"a":[{}]}`, withMember("x", `{"y":"}"}`), withMember("legal", `"a\"}b"`),
		withMember("legal", `" "`), withMember("legal", `"　"`), withMember("legal", `""`), withMember("legal", "5"),
		withMember("legal", `"`+strings.Repeat("长", 201)+`"`), withMember("legal", `"`+strings.Repeat("长", 200)+`"`),
		withMember("legal", "\"\xff\""), withMember("legal", "\"a\tb\""), withMember("legal", "\"\xed\xa0\x80\""),
		withMember("legal", "\"a\x00\""), withMember("legal", "\"\x7f\u2028\""), withMember("legal", "null"),
		strings.Replace(good, `"legal"`, `"pripid"`, 1), strings.Replace(good, `"legal"`, `"lega\u006c"`, 1),
		strings.Replace(good, `"legal"`, `"LEGAL"`, 1), strings.Replace(good, ",", ",,", 1),
		strings.TrimSuffix(good, "}") + ",}", strings.TrimSuffix(good, "}"), good + "}", good + " ,", good + "]",
		withMember("x", `"`+strings.Repeat("y", 70<<10)+`"`)}
	r := rand.New(rand.NewPCG(1, 2))
	body := func(items ...string) []byte {
		return []byte("\ufeff" + goodCase().set("penaltylist", list(items...)).set("x", "[1]").String())
	}
	for _, o := range odd {
		for _, items := range [][]string{{o}, {good, o}, {o, good}, {good, good, o, good, good}} {
			holdPlain(t, "one oddity", body(items...), 0)
			holdPlain(t, "past the limit", body(items...), 2)
		}
	}
	odd = odd[:len(odd)-1]
	for range 100 {
		var items []string
		for range 1 + r.IntN(60) {
			if items = append(items, good); r.IntN(20) == 0 {
				items = append(items, odd[r.IntN(len(odd))])
			}
		}
		b := body(items...)
		holdPlain(t, "many", b, r.IntN(60))
		b[r.IntN(len(b))] ^= 1 << r.IntN(8)
		holdPlain(t, "broken", b, 0)
	}
}

// withMember is a good item with another value, or one more, of a member.
func withMember(name, raw string) string { return goodItem().set(name, raw).String() }
