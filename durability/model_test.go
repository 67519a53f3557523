//go:build linux

package durability

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"diaoxiao/sandbox"
)

// The requests of a history: contents of one caseid that differ in one character, and ways to write the same content.
const (
	contents  = 3
	spellings = 3
)

func bodyOf(caseID string, content, spelling int) []byte {
	c := sandbox.Batch(1, 2)
	c.CaseID = caseID
	c.PenaltyList[1].Legal += strings.Repeat("　", content) // an ideographic space
	b, err := json.Marshal(c)
	if err == nil && spelling > 0 {
		var v any
		err = json.Unmarshal(b, &v)
		b, _ = json.Marshal(v) // members in other order
	}
	if spelling == 2 {
		b = bytes.ReplaceAll(b, []byte("市"), []byte(`\u5e02`))
	}
	if err != nil {
		panic(err) // of strings
	}
	return b
}

// judge holds the history against the model.
func (h *history) judge(v *verdict) {
	for id := range h.cases() {
		h.judgeCase(v, id)
	}
	tokens := make(map[string]bool)
	for _, c := range h.calls {
		tokens[c.token] = true
		if c.reply.Status == 0 {
			v.unknown++
		}
	}
	for token := range tokens {
		if err := h.session(token).check(); err != nil {
			v.add(disorderly, "session: %v", err)
		}
	}
}

// judgeCase: the first content accepted wins, under one acceptid, and every later call sees it.
func (h *history) judgeCase(v *verdict, id string) {
	winner, receipt, f := -1, "", flip{}
	for _, c := range h.calls {
		if c.caseID != id || !c.reply.success() {
			continue
		}
		if receipt == "" {
			receipt = c.reply.AcceptID
			v.acknowledged++
		} else if c.name == "submit" {
			v.repeated++
		}
		if c.reply.AcceptID != receipt {
			v.add(doubled, "%s was answered with %s and with %s", id, receipt, c.reply.AcceptID)
		}
		if c.name == "submit" && winner >= 0 && c.content != winner {
			v.add(doubled, "%s was acknowledged with content %d and with content %d", id, winner, c.content)
		}
		if c.name == "submit" {
			winner = c.content
		}
	}
	for _, c := range h.calls {
		if c.caseID == id {
			f.see(v, c, winner)
		}
	}
	if err := f.check(); err != nil {
		v.add(disorderly, "%s: %v", id, err)
	}
}

// see puts a call about a case where it belongs. winner is the accepted content, -1 where nobody was told.
func (f *flip) see(v *verdict, c call, winner int) {
	c.what = fmt.Sprintf("%s of content %d, answered %q %q", c.name, c.content, c.reply.Code, c.reply.AcceptID)
	mayWin := c.name == "submit" && (c.content == winner || winner < 0) && c.reply.Code != invalidToken &&
		c.reply.Code != conflict
	if mayWin {
		f.causes = append(f.causes, c.span)
	}
	switch {
	case c.reply.success(), c.reply.Code == conflict:
		f.after = append(f.after, c.span)
	case c.reply.Code == noSuchCase:
		f.before = append(f.before, c.span)
	case c.reply.Status != 0 && c.reply.Code != invalidToken:
		v.add(disorderly, "%s", c.what)
	}
	if c.reply.Code == conflict && c.content == winner {
		v.add(refused, "%s", c.what)
	}
}

// session is the model of one session: whoever calls after it has ended, by logout, is told so.
func (h *history) session(token string) (f flip) {
	for _, c := range h.calls {
		if c.token != token {
			continue
		}
		c.what = fmt.Sprintf("%s, answered %q", c.name, c.reply.Code)
		if c.name == "logout" {
			f.causes = append(f.causes, c.span)
		}
		switch {
		case c.reply.Code == invalidToken, c.name == "logout" && c.reply.success():
			f.after = append(f.after, c.span)
		case c.reply.Status == 200:
			f.before = append(f.before, c.span)
		}
	}
	return f
}
