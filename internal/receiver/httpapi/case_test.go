package httpapi_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/httpapi"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/receivertest"
)

// escapedTwin is the same case as body, in other bytes.
func escapedTwin(body string) string {
	var b strings.Builder
	for _, r := range body {
		if r > 0x7f && r < 0x10000 {
			fmt.Fprintf(&b, `\u%04x`, r)
			continue
		}
		b.WriteRune(r)
	}
	return " \n" + strings.ReplaceAll(b.String(), `":`, "\" :\t")
}

// S17: fifty at once are one case.
func TestS17Parallel(t *testing.T) {
	d := openDoor(t)
	s := d.sender(t, api.All)
	ids := make([]string, 50)
	var wg sync.WaitGroup
	for i := range ids {
		wg.Go(func() {
			body := bodyOf("同案")
			if i%2 == 1 {
				body = escapedTwin(body)
			}
			ids[i] = s.send(t, body).AcceptID
		})
	}
	wg.Wait()
	if slices.Sort(ids); len(slices.Compact(ids)) != 1 || ids[0] == "" || len(d.cases(t)) != 1 {
		t.Errorf("acceptids %v, %d cases", slices.Compact(ids), len(d.cases(t)))
	}
	outcomes := map[intake.Outcome]int{}
	for _, a := range d.attempts(t) {
		outcomes[a.Outcome]++
	}
	if diff := cmp.Diff(map[intake.Outcome]int{intake.Accepted: 1, intake.Repeated: 49}, outcomes); diff != "" {
		t.Errorf("attempts (-want +got)\n%s", diff)
	}
}

// S17: of different contents at once one is accepted, and the others are told which.
func TestS17ParallelConflict(t *testing.T) {
	d := openDoor(t)
	s := d.sender(t, api.All)
	answers := make([]answer, 20)
	var wg sync.WaitGroup
	for i := range answers {
		wg.Go(func() { answers[i] = s.send(t, with("同号", map[string]any{"penalty": fmt.Sprint("处罚", i)})) })
	}
	wg.Wait()
	accepted := d.cases(t)
	if len(accepted) != 1 {
		t.Fatalf("%d cases", len(accepted))
	}
	for _, a := range answers {
		if a.AcceptID != accepted[0].AcceptID &&
			(a.codes() != "19005" || !strings.Contains(a.Errors[0].Message, accepted[0].AcceptID)) {
			t.Errorf("%d %s", a.Status, a.Body)
		}
	}
}

// S17: the same values for ever the same acceptid, other values never.
func TestS17Repeat(t *testing.T) {
	d := openDoor(t)
	s := d.sender(t, api.All)
	body := wide("一案", 5)
	id := s.accept(t, body)
	d.wait(400 * 24 * time.Hour)
	s.login(t)
	for name, same := range map[string]string{
		"to the byte": body,
		"escaped":     escapedTwin(body),
		"BOM":         "\ufeff" + body,
		"with more":   strings.Replace(body, "{", `{"x":1,`, 1),
	} {
		if got := s.accept(t, same); got != id {
			t.Errorf("%s: %s, want %s", name, got, id)
		}
	}
	if got := s.accept(t, chunked(body)); got != id {
		t.Errorf("chunked: %s, want %s", got, id)
	}
	d.holdStored(t, id, []byte(body))
	for name, other := range map[string]string{
		"one value":           strings.Replace(body, "乌云", "巴图", 1),
		"one item less":       wide("一案", 4),
		"one item more":       wide("一案", 6),
		"a space":             strings.Replace(body, "乌云", "乌云 ", 1),
		"a decomposed letter": strings.Replace(body, "1130", "113\u0030\u0301", 1),
		"full width":          strings.Replace(body, "9115", "９115", 1),
	} {
		a := s.send(t, other)
		if a.Status != 200 || a.codes() != "19005" || !strings.Contains(a.Errors[0].Message, id) || a.AcceptID != "" ||
			a.Errors[0].Field != "caseid" {
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		}
	}
	if n := len(d.cases(t)); n != 1 {
		t.Errorf("%d cases", n)
	}
	d.holdStored(t, id, []byte(body))
}

// S17: a refused attempt does not count, and the caseid is the app's own and matches to the letter.
func TestS17Key(t *testing.T) {
	d := openDoor(t)
	s, other := d.sender(t, api.All), d.sender(t, api.All)
	s.refused(t, "first attempt", without("一案", "penalty"), 200, "14004")
	ids := []string{
		s.accept(t, bodyOf("一案")),
		other.accept(t, bodyOf("一案")),
		s.accept(t, bodyOf("一案 ")),
		s.accept(t, bodyOf("一案\u200b")),
		s.accept(t, bodyOf("é")),
		s.accept(t, bodyOf("e\u0301")),
		s.accept(t, bodyOf("a")),
		s.accept(t, bodyOf("A")),
		s.accept(t, bodyOf("Ａ")),
	}
	if slices.Sort(ids); len(slices.Compact(slices.Clone(ids))) != 9 {
		t.Errorf("acceptids %v", ids)
	}
	colleague := *s
	colleague.account = "李四"
	colleague.login(t)
	if got := colleague.accept(t, bodyOf("一案")); !slices.Contains(ids, got) {
		t.Error("another account of the app gets another acceptid")
	}
}

// S17: a returned case may be sent again, changed or not, and gets a new acceptid, linked to the first.
func TestS17Returned(t *testing.T) {
	d := openDoor(t)
	s := d.sender(t, api.All)
	first := s.accept(t, bodyOf("一案"))
	d.returnCase(t, first)
	if a := s.query(t, `{"caseid":"一案"}`); a.State != "已退回" || a.AcceptID != first {
		t.Errorf("%s", a.Body)
	}
	changed := with("一案", map[string]any{"penalty": "更正"})
	second := s.accept(t, changed)
	if again := s.accept(t, changed); again != second || second == first {
		t.Errorf("first %s, second %s, repeated %s", first, second, again)
	}
	if a := s.send(t, bodyOf("一案")); a.codes() != "19005" || !strings.Contains(a.Errors[0].Message, second) {
		t.Errorf("the returned content: %s", a.Body)
	}
	d.returnCase(t, second)
	third := s.accept(t, bodyOf("一案"))
	cs := d.cases(t)
	if len(cs) != 3 || cs[1].Supersedes != first || cs[2].Supersedes != second || cs[2].AcceptID != third ||
		cs[2].Revision != 2 {
		t.Errorf("%+v", cs)
	}
	d.holdStored(t, first, []byte(bodyOf("一案")))
	d.holdStored(t, second, []byte(changed))
	for id, state := range map[string]string{first: "已退回", second: "已退回", third: "已受理"} {
		if a := s.query(t, jsonOf(map[string]string{"acceptid": id})); a.State != state {
			t.Errorf("%s: %s, want %s", id, a.State, state)
		}
	}
	if err := returnCase(d.desk, first, "再退"); err == nil {
		t.Error("a case is returned twice")
	}
}

func (d *door) returnCase(t tester, acceptID string) {
	t.Helper()
	if err := returnCase(d.desk, acceptID, "内容有误"); err != nil {
		t.Fatalf("%v", err)
	}
}

// S17: what is not accepted leaves an attempt and nothing else; a repeat leaves no second body.
func TestS17NothingElseIsStored(t *testing.T) {
	d := openDoor(t)
	s := d.sender(t, api.All)
	s.accept(t, bodyOf("一案"))
	s.accept(t, wide("二案", 2000))
	for name, body := range map[string]string{"repeated, large": wide("二案", 2000)} {
		before := d.rows(t)
		s.accept(t, body)
		if diff := cmp.Diff(map[string]int{"attempt": 1}, d.grown(t, before)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
	s.refused(t, "conflict, large", wide("二案", 2001), 200, "19005")
}

// S18: day in Beijing, serial number, check digit.
func TestS18AcceptID(t *testing.T) {
	d := openDoor(t)
	s := d.sender(t, api.All)
	ids := []string{s.accept(t, bodyOf("1")), s.accept(t, wide("2", 2000))}
	d.wait(14*time.Hour + 29*time.Minute + 59*time.Second)
	s.login(t)
	ids = append(ids, s.accept(t, bodyOf("3")))
	d.wait(time.Second)
	ids = append(ids, s.accept(t, bodyOf("4")))
	for i, want := range []string{"20260315000000001", "20260315000000002", "20260315000000003", "20260316000000004"} {
		if ids[i] != want+mod11_10(want) {
			t.Errorf("case %d: %s, want %s%s", i+1, ids[i], want, mod11_10(want))
		}
	}
	if a := s.query(t, jsonOf(map[string]string{"acceptid": ids[3]})); a.ReceivedAt != "2026-03-16T00:00:00+08:00" ||
		a.CaseID != "4" {
		t.Errorf("%s", a.Body)
	}
}

// mod11_10 is the check digit of ISO 7064 MOD 11,10, by its definition: adding it brings the remainder to 1.
func mod11_10(digits string) string {
	p := 10
	for _, c := range digits {
		if p = (p + int(c-'0')) % 10; p == 0 {
			p = 10
		}
		p = p * 2 % 11
	}
	return fmt.Sprint((11 - p) % 10)
}

// S19: a case with one bad item is refused whole.
func TestS19WholeOrNotAtAll(t *testing.T) {
	d := openDoor(t)
	s := d.sender(t, api.All)
	body := wide("一案", 3000)
	bad := body[:strings.LastIndex(body, "1130")] + body[strings.LastIndex(body, "1130")+4:]
	s.refused(t, "the last of 3,000 is bad", bad, 200, "14008")
	if a := s.query(t, `{"caseid":"一案"}`); a.codes() != "19013" {
		t.Errorf("%s", a.Body)
	}
	s.accept(t, body)
}

// S20: what is only doubtful is accepted, and shown.
func TestS20Findings(t *testing.T) {
	d := openDoor(t)
	s := d.sender(t, api.All)
	for name, values := range map[string]map[string]any{
		"wrong check digit":       {"uniscid": "91150203MA0N00025Y"},
		"not a credit code":       {"uniscid": "无"},
		"unknown enttype":         {"enttype": "9999"},
		"old registration number": {"uniscid": "150203000012345"},
		"13 digits":               {"uniscid": "1502032012345"},
		"lower case":              {"uniscid": "91150203ma0n00024y"},
		"legal of a digit":        {"legal": "1"},
	} {
		id := s.accept(t, with(name, values))
		d.verify(t)
		if len(d.findings(t, id)) == 0 {
			t.Errorf("%s: no finding", name)
		}
		if a := s.query(t, jsonOf(map[string]string{"acceptid": id})); a.State != "已核验" || a.Findings == 0 {
			t.Errorf("%s: %s", name, a.Body)
		}
	}
	e := caseOf("").PenaltyList[0]
	twice := caseOf("twice")
	twice.PenaltyList = []api.Entity{e, e}
	id := s.accept(t, jsonOf(twice))
	d.verify(t)
	if len(d.findings(t, id)) == 0 {
		t.Error("an entity that stands twice raises nothing")
	}
}

// S22: a sender asks for its own cases, and for no other's.
func TestS22Query(t *testing.T) {
	d := openDoor(t)
	s, other := d.sender(t, api.All), d.sender(t, api.All)
	id := s.accept(t, wide("一案", 3))
	others := other.accept(t, bodyOf("他案"))
	for body, want := range map[string]string{
		jsonOf(map[string]string{"acceptid": id}):                   "SUCCESS",
		`{"caseid":"一案"}`:                                           "SUCCESS",
		jsonOf(map[string]string{"acceptid": id, "caseid": "一案"}):   "SUCCESS",
		jsonOf(map[string]string{"acceptid": id, "caseid": "二案"}):   "19013",
		jsonOf(map[string]string{"acceptid": others}):               "19013",
		jsonOf(map[string]string{"caseid": "他案"}):                   "19013",
		jsonOf(map[string]string{"acceptid": id[:17] + wrong(id)}):  "19013",
		jsonOf(map[string]string{"acceptid": "20250101" + id[8:]}):  "19013",
		jsonOf(map[string]string{"acceptid": id + " "}):             "19013",
		jsonOf(map[string]string{"acceptid": "000000000000000000"}): "19013",
		`{"acceptid":"九"}`:                                          "19013",
		`{"caseid":"一案 "}`:                                          "19013",
		`{"caseid":"' OR 1=1 --"}`:                                  "19013",
		`{}`:                                                        "19013",
		`{"acceptid":7}`:                                            "19002",
		`[]`:                                                        "19001",
	} {
		if a := s.query(t, body); a.codes() != want {
			t.Errorf("%s: %d %s, want %s", body, a.Status, a.Body, want)
		}
	}
	a := s.query(t, `{"caseid":"一案"}`)
	if a.AcceptID != id || a.CaseID != "一案" || a.State != "已受理" || a.Items != 3 || a.Findings != 0 ||
		a.ReceivedAt != "2026-03-15T09:30:00+08:00" {
		t.Errorf("%s", a.Body)
	}
	// Another app's case looks the same as none.
	if mine, none := s.query(t, jsonOf(map[string]string{"acceptid": others})), s.query(
		t,
		`{"caseid":"没有"}`,
	); string(mine.Body) != string(none.Body) {
		t.Errorf("told apart: %s %s", mine.Body, none.Body)
	}
	if got := s.accept(t, bodyOf("他案")); got == others {
		t.Error("one app's caseid blocks another's")
	}
}

// wrong is a wrong check digit for id.
func wrong(id string) string { return string('0' + (id[17]-'0'+1)%10) }

// S23: every code of the catalogue is answered by some request, with its message and its status.
func TestS23EveryCode(t *testing.T) {
	d := openDoor(t, func(c *httpapi.Config) { c.MaxBody, c.MaxItems = 200<<10, 10 })
	s := d.sender(t, api.All)
	s.accept(t, bodyOf("1"))
	login := func(body string) answer { return d.post(t, "/security/login", body) }
	seen := map[string]answer{}
	note := func(as ...answer) {
		for _, a := range as {
			for i, e := range a.Errors {
				if i == 0 || seen[e.ErrorCode].Errors == nil {
					b := a
					b.Errors = b.Errors[i:]
					seen[e.ErrorCode] = b
				}
			}
		}
	}
	note(
		login(`{}`),
		login(s.loginWith("appSecret", "")),
		login(s.loginWith("account", "x")),
		d.post(t, "/security/logout", ""),
	)
	for _, name := range []string{
		"caseid", "casename", "caseintroduction", "illegality", "penalty", "penaltydate", "penaltyorg", "penaltylist",
		"legal",
	} {
		note(s.send(t, with("2", map[string]any{name: nil})))
	}
	note(
		s.send(t, `{`),
		s.send(t, with("2", map[string]any{"legal": 1})),
		s.send(t, with("2", map[string]any{"penaltydate": "x"})),
		s.send(t, with("2", map[string]any{"legal": strings.Repeat("x", 201)})),
		s.send(t, with("1", map[string]any{"penalty": "x"})),
		s.send(t, padded("2", 210<<10)),
		s.send(t, bodyOf("2"), "Content-Type", "text/plain"),
		d.do(t, d.request(t, "PUT", s.call(api.Receive), nil)),
		d.post(t, "/", nil),
		s.send(t, wide("2", 11)),
		s.query(t, `{}`),
	)
	id := s.accept(t, bodyOf("3"))
	note(s.receipt(t, id))
	log := newSigner(t, d)
	log.sign()
	note(s.receipt(t, s.accept(t, bodyOf("4"))))
	for range 30 {
		note(login(s.loginWith("account", "x")))
	}
	d.server = serve(t, httpapi.Config{Observe: d.observe})
	note(login(s.credentials()))
	d.server = serve(t, httpapi.Config{Desk: d.desk, Observe: d.observe})
	d.store.Close()
	note(login(s.credentials()))
	for _, c := range api.Codes() {
		a, ok := seen[string(c.Code)]
		if !ok {
			t.Errorf("%s: no request was answered with it", c.Code)
			continue
		}
		if a.Status != c.Status || !strings.HasPrefix(a.Errors[0].Message, c.Message) {
			t.Errorf("%s: %d %s", c.Code, a.Status, a.Errors[0].Message)
		}
		delete(seen, string(c.Code))
	}
	if len(seen) > 0 {
		t.Errorf("not in the catalogue: %v", seen)
	}
}

// Every receive call of a known app leaves an attempt that agrees with its answer.
func TestAttempts(t *testing.T) {
	d := openDoor(t)
	s := d.sender(t, api.All)
	dead := *s
	dead.login(t)
	dead.logout(t)
	long := with(strings.Repeat("长", 300), nil)
	answers := []answer{
		s.send(t, bodyOf("1")),
		s.send(t, bodyOf("1")),
		s.send(t, with("1", map[string]any{"penalty": "x"})),
		s.send(t, `{`),
		s.send(t, ``),
		s.send(t, with("2", map[string]any{"legal": "", "casename": 1})),
		s.send(t, long),
		dead.send(t, bodyOf("3")),
		s.send(t, bodyOf("4"), "Content-Type", "text/plain"),
	}
	as := d.attempts(t)
	if len(as) != len(answers) {
		t.Fatalf("%d attempts of %d calls", len(as), len(answers))
	}
	for i, want := range []intake.Attempt{
		{CaseID: "1", Outcome: intake.Accepted, CaseNo: 1},
		{CaseID: "1", Outcome: intake.Repeated, CaseNo: 1},
		{CaseID: "1", Outcome: intake.Refused, Codes: "19005", Fields: "caseid"},
		{Outcome: intake.Refused, Codes: "19001"},
		{Outcome: intake.Refused, Codes: "19001"},
		{CaseID: "2", Outcome: intake.Refused, Codes: "19002,14008", Fields: "casename,penaltylist[0].legal"},
		{CaseID: strings.Repeat("长", 200), Outcome: intake.Refused, Codes: "19004", Fields: "caseid"},
		{Outcome: intake.Refused, Codes: "13000"},
		{Outcome: intake.Refused, Codes: "19007"},
	} {
		got := as[i]
		a := intake.Attempt{
			CaseID:  got.CaseID,
			CaseNo:  got.CaseNo,
			Outcome: got.Outcome,
			Codes:   got.Codes,
			Fields:  got.Fields,
		}
		if diff := cmp.Diff(want, a); diff != "" {
			t.Errorf("attempt %d (-want +got)\n%s", i, diff)
		}
		if got.RequestID != answers[i].Header.Get("X-Request-Id") || got.Account != "张三" || got.Source != "127.0.0.1" ||
			!got.At.Equal(start) {
			t.Errorf("attempt %d: %+v", i, got)
		}
	}
	if n := as[0].Bytes; n != int64(len(bodyOf("1"))) {
		t.Errorf("%d bytes", n)
	}
}

var requestID = regexp.MustCompile(`^[0-9a-f]{16}$`)

// Anything that is observed of a call agrees with its answer.
func TestRecord(t *testing.T) {
	d := openDoor(t)
	s := d.sender(t, api.All)
	body := wide("一案", 3)
	for _, want := range []httpapi.Record{
		{
			Call:    api.Receive,
			Outcome: "accepted",
			Status:  200,
			CaseID:  "一案",
			Items:   3,
			Bytes:   int64(len(body)),
			AppKey:  s.key,
			Account: s.account,
		},
		{
			Call:    api.Receive,
			Outcome: "repeated",
			Status:  200,
			CaseID:  "一案",
			Items:   3,
			Bytes:   int64(len(body)),
			AppKey:  s.key,
			Account: s.account,
		},
	} {
		a := s.send(t, body)
		got := d.record(t, a)
		if !requestID.MatchString(got.RequestID) || got.Duration <= 0 || got.AcceptID != a.AcceptID || got.Err != nil ||
			got.Source != "127.0.0.1" || got.Method != "POST" || got.AppID == 0 || got.At.IsZero() {
			t.Errorf("%+v", got)
		}
		got = httpapi.Record{
			Call:    got.Call,
			Outcome: got.Outcome,
			Status:  got.Status,
			CaseID:  got.CaseID,
			Items:   got.Items,
			Bytes:   got.Bytes,
			AppKey:  got.AppKey,
			Account: got.Account,
			Codes:   got.Codes,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
	for want, a := range map[string]answer{
		"refused 14000 200": s.send(t, without("", "caseid")),
		"refused 13000 200": d.post(t, "/security/receiveCaseinfo", body),
		"FAILURE 19013 200": s.query(t, `{}`),
		"FAILURE 19011 404": d.post(t, "/a", ""),
		"SUCCESS  200":      s.logout(t),
	} {
		if r := d.record(t, a); fmt.Sprint(r.Outcome, " ", r.Codes, " ", r.Status) != want {
			t.Errorf("%+v, want %s", r, want)
		}
	}
}

// A token or a secret in the wrong place is not written down either.
func TestCanary(t *testing.T) {
	d := openDoor(t)
	s := d.sender(t, api.All)
	for _, path := range []string{
		"/" + s.token,
		"/security/logout/" + s.token,
		"/security/" + s.secret,
		"/" + s.token + "?access_token=" + s.token,
		"//security/login?access_token=" + s.token,
		"/security/login?appSecret=" + s.secret,
	} {
		d.post(t, path, s.credentials())
		d.do(t, d.request(t, "GET", path, nil))
	}
	d.post(t, "/security/login", s.loginWith("account", s.secret))
	d.post(t, "/security/login", s.loginWith("appKey", s.secret))
	d.post(t, "/security/login", `{"appKey":"`+s.secret+`","appSecret":"x"}`)
	d.post(t, "/security/login", `{"appSecret":"`+s.secret+`","appSecret":"`+s.secret+`"}`)
	d.post(t, "/security/login", `{"`+s.secret+`":"`+s.secret+`","appSecret":"`+s.secret)
	d.post(
		t, "/security/login", s.credentials(), "User-Agent", s.secret, "Authorization", "Bearer "+s.token,
		"X-Forwarded-For", s.token, "X-Request-Id", s.token,
	)
	d.do(t, d.request(t, "PUT", s.call(api.Receive), s.token))
	s.send(t, bodyOf("1"), "Content-Type", s.token)
	s.send(t, bodyOf("1"), "Content-Type", "application/json; charset="+s.token)
	s.query(t, jsonOf(map[string]string{"acceptid": s.token}))
	s.query(t, jsonOf(map[string]string{"caseid": s.token}))
	d.raw(t, "GET /"+s.token+" HTTP/1.1\r\nHost: "+s.token+"\r\n\r\n")
}

// S17: a small repeat or conflict leaves its attempt only.
func TestS17RepeatStoresNothing(t *testing.T) {
	d := openDoor(t)
	s := d.sender(t, api.All)
	s.accept(t, bodyOf("一案"))
	before := d.rows(t)
	s.accept(t, bodyOf("一案"))
	if diff := cmp.Diff(map[string]int{"attempt": 1}, d.grown(t, before)); diff != "" {
		t.Errorf("repeated (-want +got)\n%s", diff)
	}
	s.refused(t, "conflict", with("一案", map[string]any{"penalty": "别的"}), 200, "19005")
}

// returnCase returns a case by two who have signed in at the machine.
func returnCase(d *intake.Desk, acceptID, reason string) error {
	return receivertest.Decide(d).ReturnCase(bg, acceptID, reason)
}
