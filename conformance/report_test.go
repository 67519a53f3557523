package conformance_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/conformance"
)

// sampleReport is a report of a real run in which one thing fails.
func sampleReport(t *testing.T) (conformance.Report, conformance.Target) {
	t.Helper()
	another(t)
	d := desk(t)
	target := admit(t, d, door(t, d, defects()["error entries lack name"].around).URL, api.All)
	return try(t, target, conformance.Options{Tool: "test", Checks: []string{"3", "C3", "S4", "S8", "S16-03"}}), target
}

// A report is whole, whatever form it was written in, and whatever is altered in it is found out.
func TestVerify(t *testing.T) {
	r, _ := sampleReport(t)
	var page bytes.Buffer
	if err := r.WritePage(&page); err != nil {
		t.Fatal(err)
	}
	data, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string][]byte{"page": page.Bytes(), "JSON": data} {
		if got, err := conformance.Verify(file, "test"); err != nil || !reflect.DeepEqual(got.Counts, r.Counts) ||
			got.Verdict() != r.Verdict() {
			t.Errorf("%s: %v", name, err)
		}
	}
	for old, new := range map[string]string{
		"未通过":             "通过",
		"MUST":            "SHOULD",
		r.Digest:          strings.Repeat("0", 64),
		r.URL:             "https://x",
		"HTTP 200":        "HTTP 201",
		`"strict": false`: `"strict": true`,
	} {
		if _, err := conformance.Verify(
			bytes.Replace(data, []byte(old), []byte(new), 1),
			"test",
		); !errors.Is(err, conformance.ErrAltered) {
			t.Errorf("JSON, %q for %q: %v", new, old, err)
		}
	}
	for old, new := range map[string]string{
		"未通过":        "通过",
		"<h1>":       "<h1>甲：",
		"</body>":    " </body>",
		r.Digest[:8]: "00000000",
	} {
		altered := bytes.Replace(page.Bytes(), []byte(old), []byte(new), 1)
		if _, err := conformance.Verify(altered, "test"); !errors.Is(err, conformance.ErrAltered) {
			t.Errorf("page, %q for %q: %v", new, old, err)
		}
		if _, err := conformance.Verify(altered, "another version"); !errors.Is(err, conformance.ErrOtherTool) {
			t.Errorf("page, %q for %q, by another version: %v", new, old, err)
		}
	}
	for _, other := range []string{"", "{}", "<html></html>", "[1]", string(data) + "{}"} {
		if _, err := conformance.Verify([]byte(other), "test"); !errors.Is(err, conformance.ErrNotReport) {
			t.Errorf("%.20q: %v", other, err)
		}
	}
}

// The digest covers every result and everything else that the report says.
func TestDigestCoversEverything(t *testing.T) {
	r, _ := sampleReport(t)
	if r.Digest != r.Sum() {
		t.Fatalf("digest %s, sum %s", r.Digest, r.Sum())
	}
	differs := func(what string, change func(*conformance.Report)) {
		t.Helper()
		c := r
		c.Results = append([]conformance.Result(nil), r.Results...)
		if change(&c); c.Sum() == r.Digest {
			t.Errorf("the digest does not cover %s", what)
		}
	}
	for i := range r.Results {
		differs(r.Results[i].ID+" outcome", func(c *conformance.Report) { c.Results[i].Outcome = "x" })
		differs(r.Results[i].ID+" reason", func(c *conformance.Report) { c.Results[i].Reason += "x" })
		differs(r.Results[i].ID+" steps", func(c *conformance.Report) {
			c.Results[i].Steps = append(append([]conformance.Step(nil), c.Results[i].Steps...), conformance.Step{})
		})
	}
	differs("the URL", func(c *conformance.Report) { c.URL += "x" })
	differs("the time", func(c *conformance.Report) { c.Ended = c.Ended.Add(time.Second) })
	differs("the tool", func(c *conformance.Report) { c.Tool += "x" })
}

// No secret and no token is in a report, in any form.
func TestReportsHoldNoSecret(t *testing.T) {
	another(t)
	tokens := &tokens{}
	d := desk(t)
	target := admit(t, d, door(t, d, tokens.around).URL, api.All)
	r := try(t, target, conformance.Options{})
	var all bytes.Buffer
	if err := errors.Join(r.WriteJUnit(&all), r.WritePage(&all), json.NewEncoder(&all).Encode(r)); err != nil {
		t.Fatal(err)
	}
	secrets := append(tokens.seen, target.AppSecret, target.Stranger.AppSecret)
	if len(secrets) < 50 {
		t.Fatalf("only %d tokens seen", len(secrets))
	}
	for _, s := range secrets {
		if i := strings.Index(strings.ToLower(all.String()), s[:len(s)-1]); i >= 0 {
			t.Errorf("the reports hold a secret: …%s…", all.String()[max(0, i-100):i+40])
		}
	}
	if !strings.Contains(all.String(), "access_token=（已隐去）") {
		t.Error("nothing was masked")
	}
}

// The page needs nothing from elsewhere and runs no script.
func TestPageIsSelfContained(t *testing.T) {
	r, _ := sampleReport(t)
	var page strings.Builder
	if err := r.WritePage(&page); err != nil {
		t.Fatal(err)
	}
	if found := regexp.MustCompile(`(?i)(src|href|srcset|action)\s*=|url\(|@import|<link|<iframe|<script>|javascript:`).
		FindString(page.String()); found != "" {
		t.Errorf("the page has %q", found)
	}
	if n := strings.Count(page.String(), "<script"); n != 1 ||
		!strings.Contains(page.String(), `<script type="application/json"`) {
		t.Errorf("%d scripts", n)
	}
	for _, want := range []string{r.Digest, r.URL, r.Verdict(), "C3-01", "期望", "test"} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// JUnit: every check is a test case, what weighs is a failure.
func TestJUnit(t *testing.T) {
	r, _ := sampleReport(t)
	for _, strict := range []bool{false, true} {
		r.Strict = strict
		var b bytes.Buffer
		if err := r.WriteJUnit(&b); err != nil {
			t.Fatal(err)
		}
		var got struct {
			Suites []struct {
				Name     string `xml:"name,attr"`
				Tests    int    `xml:"tests,attr"`
				Failures int    `xml:"failures,attr"`
				Cases    []struct {
					Name    string    `xml:"name,attr"`
					Failure *struct{} `xml:"failure"`
				} `xml:"testcase"`
			} `xml:"testsuite"`
		}
		if err := xml.Unmarshal(b.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		cases, failures := 0, 0
		for _, s := range got.Suites {
			cases += len(s.Cases)
			for _, c := range s.Cases {
				if c.Failure != nil {
					failures++
				}
			}
			if s.Tests != len(s.Cases) || s.Name == "" {
				t.Errorf("suite %q: %d tests, %d cases", s.Name, s.Tests, len(s.Cases))
			}
		}
		want := 0
		for _, res := range r.Results {
			if r.Weighs(res) {
				want++
			}
		}
		if (want > 1) != strict {
			t.Errorf("strict %v: %d weigh", strict, want)
		}
		if cases != len(r.Results) || failures != want {
			t.Errorf(
				"strict %v: %d cases with %d failures, want %d with %d", strict, cases, failures, len(r.Results), want,
			)
		}
	}
}

// Anything that a fault of the target keeps from being tested is not certified, whatever else passed; what the tester
// left out is.
func TestNothingIsCertifiedThatTheTargetPrevented(t *testing.T) {
	plain := conformance.Check{ID: "S17-04", Requirement: conformance.Must}
	passed := conformance.Result{
		Check:   conformance.Check{ID: "S17-01", Requirement: conformance.Must},
		Outcome: conformance.Passed,
	}
	for cause, ok := range map[string]bool{"": true, "S17-03": false} {
		r := conformance.Report{Whole: true, Counts: map[conformance.Outcome]int{conformance.Passed: 1},
			Results: []conformance.Result{passed, {Check: plain, Outcome: conformance.NotTested, Cause: cause}}}
		if r.OK() != ok || strings.HasPrefix(r.Verdict(), "合格") != ok {
			t.Errorf("cause %q: %s", cause, r.Verdict())
		}
	}
}
