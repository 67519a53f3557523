package sandbox_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"sync"
	"testing"

	"diaoxiao/api"
	"diaoxiao/sandbox"
)

// struck sends cases, attempts of each, in an order, and returns which attempts failed: "seed/attempt".
func struck(t *testing.T, s *sandbox.Server, order []int, attempts int) map[string]bool {
	t.Helper()
	c := newSender(t, s, sandbox.Account)
	c.login()
	failed := make(map[string]bool)
	for _, seed := range order {
		for n := range attempts {
			r := c.send(caseBody(uint64(seed), 1))
			failed[fmt.Sprintf("%d/%d", seed, n+1)] = !r.says(200, "acceptid")
		}
	}
	return failed
}

// Anything that is left to chance is the same for the same seed in whatever order the cases come, and another for
// another seed.
func TestChanceIsReproducible(t *testing.T) {
	run := func(seed uint64, order []int) map[string]bool {
		s := open(t, sandbox.Config{Seed: seed})
		if _, err := s.AddRule(sandbox.Rule{Fault: "internal", Probability: 0.5}); err != nil {
			t.Fatal(err)
		}
		return struck(t, s, order, 3)
	}
	order := []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	shuffled := append([]int(nil), order...)
	rand.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	a, b, c := run(11, order), run(11, shuffled), run(12, order)
	if fmt.Sprint(a) != fmt.Sprint(b) {
		t.Errorf("the same seed:\n%v\n%v", a, b)
	}
	if fmt.Sprint(a) == fmt.Sprint(c) {
		t.Errorf("seeds 11 and 12: %v", a)
	}
	n := 0
	for _, failed := range a {
		if failed {
			n++
		}
	}
	if n < 5 || n > 25 {
		t.Errorf("%d of 30 failed", n)
	}
}

func TestRules(t *testing.T) {
	for _, test := range []struct {
		rule string
		want string // attempts that fail, of three of cases 1 and 2
	}{
		{`{"fault":"internal"}`, "1/1 2/1"},
		{`{"fault":"内部错误","times":2}`, "1/1 1/2 2/1 2/2"},
		{`{"fault":"internal","next":4}`, "1/1 1/2 1/3 2/1"},
		{`{"fault":"internal","atCase":2}`, "2/1"},
		{`{"fault":"internal","atCase":2,"times":3}`, "2/1 2/2 2/3"},
		{`{"fault":"internal","account":"别人"}`, ""},
		{`{"fault":"internal","caseid":"呼市监处罚〔2026〕2号"}`, "2/1"},
		{`{"fault":"internal","call":"queryCaseinfo"}`, ""},
		{`{"fault":"internal","probability":1}`, "1/1 1/2 1/3 2/1 2/2 2/3"},
	} {
		s := open(t, sandbox.Config{})
		if status, text := post(t, s, "POST", "rules", test.rule); status != 201 {
			t.Fatal(test.rule, status, text)
		}
		failed := struck(t, s, []int{1, 2}, 3)
		var got []string
		for _, key := range strings.Fields("1/1 1/2 1/3 2/1 2/2 2/3") {
			if failed[key] {
				got = append(got, key)
			}
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s: %q, want %q", test.rule, got, test.want)
		}
		var rules []sandbox.Rule
		if err := json.Unmarshal([]byte(get(t, s, "rules")), &rules); err != nil || len(rules) != 1 ||
			rules[0].Struck != len(got) || rules[0].ID != 1 {
			t.Errorf("%+v, %v", rules, err)
		}
	}
}

// A rule that is wrong is refused with a word about it, and changes nothing.
func TestWrongRules(t *testing.T) {
	s := open(t, sandbox.Config{})
	for rule, want := range map[string]string{
		`{`:                                     "不是有效的 JSON",
		`{"fault":"busy","nxet":1}`:             "nxet",
		`{"fault":"nope"}`:                      "可用：应答丢失、",
		`{"fault":"busy","call":"nope"}`:        `没有名为 \"nope\" 的接口`,
		`{"fault":"busy","next":-1}`:            "不能为负数",
		`{"fault":"busy","probability":1.5}`:    "0 与 1 之间",
		`{"fault":"slow-read","seconds":1e300}`: "0 与 600 之间",
	} {
		if status, text := post(t, s, "POST", "rules", rule); status != 400 || !strings.Contains(text, want) {
			t.Errorf("%s: %d %s", rule, status, text)
		}
	}
	if status, text := post(t, s, "DELETE", "rules/7", ""); status != 404 || !strings.Contains(text, "没有编号为 7 的规则") {
		t.Error(status, text)
	}
	if text := get(t, s, "rules"); strings.TrimSpace(text) != "[]" {
		t.Error(text)
	}
}

func TestRulesAreTakenBack(t *testing.T) {
	s := open(t, sandbox.Config{})
	for range 2 {
		s.AddRule(sandbox.Rule{Fault: "internal", Probability: 1})
	}
	post(t, s, "DELETE", "rules/1", "")
	if text := get(t, s, "rules"); strings.Contains(text, `"id": 1,`) || !strings.Contains(text, `"id": 2,`) {
		t.Error(text)
	}
	post(t, s, "DELETE", "rules", "")
	newSender(t, s, sandbox.Account).login()
	if failed := struck(t, s, []int{1}, 1); failed["1/1"] {
		t.Error("still struck")
	}
}

// Pages of other sites cannot change anything.
func TestCrossOrigin(t *testing.T) {
	s := open(t, sandbox.Config{})
	c := newSender(t, s, sandbox.Account)
	req := newRequest(t, s.ControlURL+"reset")
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	r, err := c.http.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if r.Body.Close(); r.StatusCode != 403 {
		t.Error(r.Status)
	}
}

func TestFaultsByHeader(t *testing.T) {
	s := open(t, sandbox.Config{})
	c := newSender(t, s, "应答丢失")
	c.login()
	for header, want := range map[string]string{
		"internal;times=2":           "500 500 200",
		"internal; seconds=0.1":      "500 200 200",
		url.PathEscape("内部错误"):       "500 200 200",
		"busy;seconds=1;call=logout": "200 200 200",
		"nope":                       "400 400 400",
		"busy;times=x":               "400 400 400",
		"busy;tmies=2":               "400 400 400",
		"%zz":                        "400 400 400",
		"internal;times=1;times=3;call=queryCaseinfo": "200 200 200",
	} {
		c.header = header
		var got []string
		for range 3 {
			got = append(got, fmt.Sprint(c.send(caseBody(1, 2)).status))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %s, want %s", header, got, want)
		}
	}
}

// Other calls can be struck too, and many clients at once.
func TestFaultsOfOtherCalls(t *testing.T) {
	s := open(t, sandbox.Config{})
	c := newSender(t, s, sandbox.Account)
	c.login()
	c.accept(caseBody(1, 2))
	for _, f := range []string{
		"reply-lost", "empty", "busy", "proxy-502", "redirect", "reset-before", "wrong-type", "slow-answer",
	} {
		for _, call := range []api.Call{api.Query, api.List, api.Logout} {
			c.login()
			c.header = f + ";seconds=0.01;call=" + string(call)
			c.call(call, `{}`)
			c.header = ""
		}
	}
	if v := s.Verdict(); v.Exchanges < 24 {
		t.Errorf("%+v", v)
	}
}

func TestManyAtOnce(t *testing.T) {
	s := open(t, sandbox.Config{})
	s.AddRule(sandbox.Rule{Fault: "reply-lost", Probability: 0.5})
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			c := newSender(t, s, sandbox.Account)
			c.login()
			for n := range 10 {
				for range 20 {
					if c.send(caseBody(uint64(100*i+n), 1)).ok() {
						break
					}
				}
			}
		})
	}
	all.Wait()
	for _, sc := range s.Verdict().Scenarios {
		if sc.ID == "reply-lost" && sc.Judgement != sandbox.Passed {
			t.Errorf("%+v", sc)
		}
	}
}
