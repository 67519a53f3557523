package extract

import (
	_ "embed"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"diaoxiao/internal/grid"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/rules"
)

//go:embed states.tsv
var stateTable string

// States are words and codes of states (登记状态). The zero value has none besides those that are built in.
type States struct{ words map[string]register.State }

// ReadStates reads a table of words: a line a word, behind it a tab, a comma or blanks, and the state that it means:
// 存续, 已吊销, 已注销, 迁出, 歇业, 清算, 撤销登记, or 状态不明 to take a built-in word back. Lines that begin with # are
// remarks. A *grid.Problem says which line is wrong.
func ReadStates(f File) (States, error) {
	place := grid.Place{File: f.Name}
	s := States{make(map[string]register.State)}
	if f.Size > maxStates {
		return s, fatal(place, "状态对照表超过 1 MiB", "检查是否选对了文件")
	}
	cs, err := grid.CharsetOf(f.In, place)
	if err != nil {
		return s, err
	}
	in := grid.NewCSV(cs.TextOf(f.In, place), place, 0)
	for {
		l, err := in.Next()
		if err != nil {
			return s, grid.IgnoreEOF(err)
		}
		place.Row = l.Row
		if err := s.add(string(l.Cells[0].Raw), place); err != nil {
			return s, err
		}
	}
}

// maxStates bounds a table of words.
const maxStates = 1 << 20

// add takes one line of a table.
func (s States) add(line string, place grid.Place) error {
	line = strings.TrimFunc(line, unicode.IsSpace)
	if line == "" || strings.HasPrefix(line, "#") {
		return nil
	}
	at := strings.LastIndexFunc(line, isStateGap)
	if at < 0 {
		return fatal(place, "“"+grid.Brief(line)+"”只有一列", stateStep)
	}
	_, size := utf8.DecodeRuneInString(line[at:])
	word, title := foldState(line[:at]), foldState(line[at+size:])
	state, ok := stateTitled(title)
	switch was, twice := s.words[word]; {
	case !ok:
		return fatal(place, "没有名为“"+grid.Brief(title)+"”的状态", stateStep)
	case word == "":
		return fatal(place, "缺少状态用词", stateStep)
	case twice && was != state:
		return fatal(place, "“"+grid.Brief(word)+"”前面已写为"+was.String(), "保留一行")
	}
	s.words[word] = state
	return nil
}

const stateStep = "每行写状态用词或代码，制表符或逗号之后写：存续、已吊销、已注销、迁出、歇业、清算、撤销登记或状态不明"

func isStateGap(r rune) bool { return unicode.IsSpace(r) || r == ',' || r == '，' }

// stateTitled is the state with that title.
func stateTitled(title string) (register.State, bool) {
	for s := register.StateUnknown; s <= register.Annulled; s++ {
		if s.String() == title {
			return s, true
		}
	}
	return 0, false
}

// withBuiltIn is s on top of the built-in words.
func (s States) withBuiltIn() States {
	all := States{make(map[string]register.State)}
	for line := range strings.Lines(stateTable) {
		if err := all.add(line, grid.Place{}); err != nil {
			panic(fmt.Sprintf("states.tsv: %v", err))
		}
	}
	for word, state := range s.words {
		all.words[word] = state
	}
	return all
}

// of is the state that a word means; not ok: it is in no table. 存续（在营） and 1-存续 are known where both their parts mean
// one state.
func (s States) of(word string) (register.State, bool) {
	if state, ok := s.words[foldState(word)]; ok {
		return state, state != register.StateUnknown
	}
	parts := strings.FieldsFunc(strings.Map(rules.HalfWidth, word), isStateMark)
	if coded := afterCode(foldState(word)); coded != nil {
		parts = coded
	}
	state := register.StateUnknown
	for i, p := range parts {
		was, ok := s.words[foldState(p)]
		if !ok || i > 0 && was != state {
			return register.StateUnknown, false
		}
		state = was
	}
	return state, len(parts) > 1 && state != register.StateUnknown
}

// afterCode cuts the code off a word such as 1存续.
func afterCode(s string) []string {
	n := strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 })
	if n <= 0 {
		return nil
	}
	return []string{s[:n], s[n:]}
}

// foldState is a word without blanks, brackets and punctuation, in half width and upper case.
func foldState(word string) string {
	return strings.Map(func(r rune) rune {
		if isStateMark(r) && r != '_' {
			return -1
		}
		return r
	}, rules.FoldCode(word))
}

// isStateMark reports whether a character stands between words of a state.
func isStateMark(r rune) bool {
	return unicode.IsSpace(r) || strings.ContainsRune("()[]{}<>/\\|,.;:-、，。；：·“”\"'【】〔〕《》〈〉—–", r)
}
