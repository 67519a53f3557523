package submission

import (
	"fmt"
	"strings"

	"diaoxiao/internal/display"
	"diaoxiao/internal/rules"
	"diaoxiao/internal/sender/outbox"
	"diaoxiao/internal/sender/sheet"
)

// A case with a severe finding or a doubt about the file is held: it is in the outbox and waits until a person agrees
// to send it.

// maxReasons is how many reasons of one kind are kept with a held case.
const maxReasons = 5

// held says why k has to wait for consent, a line for each reason; like is an earlier case whose caseid looks the same.
// "": it need not.
func (k *candidate) held(like *outbox.Entry) string {
	if like != nil && k.like == nil {
		k.like = like
		k.doubts = append(k.doubts, likeEarlier(k.placeOfText("caseid"), k.text.CaseID, *like))
	}
	var lines []string
	for i, p := range k.doubts {
		if i == maxReasons {
			lines = append(lines, fmt.Sprintf("另有 %s 处存疑", display.Count(len(k.doubts)-i)))
			break
		}
		lines = append(lines, "存疑："+p.Error())
	}
	return strings.Join(append(lines, k.severe()...), "\n")
}

// severe are the severe findings in a few words.
func (k *candidate) severe() (lines []string) {
	for _, f := range k.findings() {
		if r, _ := rules.ByNo(f.Rule); r.Severity == rules.Severe && len(lines) < maxReasons {
			lines = append(lines, fmt.Sprintf("严重提示：%s  规则 %d  %s", f.At, f.Rule, r.Title))
		}
	}
	if more := k.found.n[rules.Severe] - len(lines); more > 0 {
		lines = append(lines, fmt.Sprintf("另有 %s 条严重提示", display.Count(more)))
	}
	return lines
}

// likeEarlier is the doubt about a caseid that the outbox has in another spelling.
func likeEarlier(at sheet.Place, caseID string, e outbox.Entry) sheet.Problem {
	what := e.State.String()
	if e.AcceptID != "" {
		what += "，受理号 " + e.AcceptID
	}
	return sheet.Problem{Place: at, Field: "caseid", Held: true,
		Text: fmt.Sprintf(
			"案件编号“%s”与发件箱中的“%s”（%s，原报送自%s）像是同一编号，只有%s", display.Marked(caseID), display.Marked(e.CaseID), what,
			PlaceOf(e.Source), differing(e.CaseID, caseID),
		),
		Next: likeStep(e)}
}

// likeStep is the step that a person takes about a case whose caseid looks like that of e.
func likeStep(e outbox.Entry) string {
	if e.NeverSent() {
		return "是同一件的，只留一个编号：那一件没有发出过，可用 diaoxiao outbox drop 放弃；确是两件的，确认后报送"
	}
	return "是同一件的不要再报，需要更正的用原来的编号；确是两件的，确认后报送"
}

// differing says in which characters two spellings of one caseid differ, each made visible.
func differing(a, b string) string {
	x, y := []rune(a), []rune(b)
	for len(x) > 0 && len(y) > 0 && x[0] == y[0] {
		x, y = x[1:], y[1:]
	}
	for len(x) > 0 && len(y) > 0 && x[len(x)-1] == y[len(y)-1] {
		x, y = x[:len(x)-1], y[:len(y)-1]
	}
	return charsOf(x) + "与" + charsOf(y) + "不同"
}

// charsOf shows a few characters with their numbers.
func charsOf(rs []rune) string {
	if len(rs) == 0 {
		return "无字符"
	}
	text := "“" + display.Marked(string(rs)) + "”"
	if len(rs) > 3 {
		return text
	}
	var codes []string
	for _, r := range rs {
		codes = append(codes, fmt.Sprintf("U+%04X", r))
	}
	return text + "（" + strings.Join(codes, " ") + "）"
}

// hold has a case that was recorded wait.
func (s *Run) hold(e outbox.Entry) {
	s.waiting = append(s.waiting, e)
	s.tally.Held++
}

// Waiting is how many cases wait for consent, and how many severe findings and doubts they wait for. Those that an
// earlier run recorded count as cases only.
func (s *Run) Waiting() (cases, severe, doubts int) {
	return len(s.waiting), s.severe, s.doubtful
}

// Release has the cases that wait be sent: there is consent.
func (s *Run) Release() error {
	nos := make([]int64, len(s.waiting))
	for i, e := range s.waiting {
		nos[i] = e.No
	}
	if err := s.conf.Box.Release(nos); err != nil {
		return BoxError(err)
	}
	for _, e := range s.waiting {
		s.queue.Add(e)
		s.outcomes[e.No].Held = ""
	}
	s.waiting, s.tally.Held = nil, s.tally.Held-len(s.waiting)
	return nil
}
