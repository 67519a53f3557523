package submission

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"diaoxiao/api"
	"diaoxiao/internal/display"
	"diaoxiao/internal/sender/outbox"
	"diaoxiao/internal/sender/sheet"
)

// candidate is one case of a file on its way through the checks.
type candidate struct {
	where    sheet.Place
	text     api.Case
	decoded  *api.Decoded // what the body says
	problems []sheet.Problem
	notes    []sheet.Problem
	doubts   []sheet.Problem // for which the case waits for consent
	texts    sheet.TextPlaces
	like     *outbox.Entry // an earlier case whose caseid looks the same
	me       *seenCase
	codes    []api.Problem // those of problems that the receiver would name
	found    foundList
	rows     []int32   // of each item, in the file
	sample   sheet.Row // one of them; nil head for JSON
	isTable  bool

	small  []byte        // the whole body, or
	feed   io.Reader     // a large one while it is made
	body   *outbox.Body  // nil in a dry run
	read   chan struct{} // closed once the file has said all of the case
	stored chan error    // of a large body
	bytes  int64
	failed error // of reading or keeping it
}

// entities yields the rows of a list and keeps the problems of the others.
func (k *candidate) entities(rows iter.Seq2[sheet.Row, error]) iter.Seq2[api.Entity, error] {
	return func(yield func(api.Entity, error) bool) {
		for row, err := range rows {
			if err != nil {
				p, ok := errors.AsType[*sheet.Problem](err)
				if !ok {
					yield(api.Entity{}, err)
					return
				}
				k.problems = append(k.problems, *p)
				continue
			}
			if k.isTable {
				k.rows = append(k.rows, int32(row.Row))
			}
			if k.sample = row; !yield(row.Entity, nil) {
				return
			}
		}
	}
}

// conclude puts together the problems of the file and those of the body.
func (k *candidate) conclude(maxBody int64) {
	told := len(k.problems) > 0
	for _, p := range k.decoded.Problems {
		if k.isTable && !(told && p.Code == api.EmptyList) && !isEmptyText(p.Code) {
			k.problems = append(k.problems, k.problem(p))
		}
		k.codes = append(k.codes, p)
	}
	switch {
	case k.decoded.Items > api.DefaultItems && !k.isTable:
		k.refuse(api.Problem{
			Code:   api.TooManyItems,
			Field:  "penaltylist",
			Detail: fmt.Sprintf("%d条，上限%d", k.decoded.Items, api.DefaultItems),
		})
	case k.bytes > maxBody:
		k.refuse(api.Problem{
			Code:   api.BodyTooLarge,
			Detail: fmt.Sprintf("%s字节，上限%s", display.Count(k.bytes), display.Count(maxBody)),
		})
	}
}

func (k *candidate) refuse(p api.Problem) {
	k.problems = append(k.problems, k.problem(p))
	k.codes = append(k.codes, p)
}

// problem words a problem of the interface for the place in the file that it comes from.
func (k *candidate) problem(p api.Problem) sheet.Problem {
	i, name := itemOf(p.Field)
	at := k.where
	if i >= 0 {
		at = k.place(i, name)
	}
	text := p.Code.Info().Message
	if p.Code == api.EmptyItem && name != "" {
		text = "为空"
	}
	if what := p.Exactly(); what != "" { // without the item and the member: the place is the file's
		text += "：" + what
	}
	if i < 0 {
		name = p.Field
		at = k.placeOfText(name)
	}
	return sheet.Problem{
		Place: at,
		Field: name,
		Text:  text + "（" + string(p.Code) + "）",
		Next:  nextFor(p.Code),
		Fatal: true,
	}
}

// isEmptyText reports whether a code means that a text of the case is blank; of a table, the reader of the file has
// reported it with its place.
func isEmptyText(c api.Code) bool { return c >= api.EmptyCaseID && c <= api.EmptyPenaltyOrg }

// nextFor is the catalogue's advice, in the words of a person with a file.
func nextFor(c api.Code) string {
	if c == api.EmptyItem {
		return "填写后再次运行"
	}
	return strings.TrimSuffix(c.Info().Advice, "。")
}

// placeOfText is the place of one of the texts of the case, as far as that is in the list.
func (k *candidate) placeOfText(name string) sheet.Place {
	if at, ok := k.texts.Of(name); ok {
		return at
	}
	if !k.isTable || len(k.rows) == 0 {
		return k.where
	}
	row := k.sample
	row.Place = k.where
	return row.At(name)
}

// itemOf reads a field such as penaltylist[3].uniscid; -1: it is not of an item.
func itemOf(field string) (i int, name string) {
	rest, ok := strings.CutPrefix(field, "penaltylist[")
	if !ok {
		return -1, ""
	}
	number, name, _ := strings.Cut(rest, "]")
	i, err := strconv.Atoi(number)
	if err != nil {
		return -1, ""
	}
	return i, strings.TrimPrefix(name, ".")
}

// place is the place of a member of an item in the file; of the item as a whole where name is "".
func (k *candidate) place(i int, name string) sheet.Place {
	switch {
	case !k.isTable:
		at := k.where
		if at.Column = fmt.Sprintf("penaltylist[%d]", i); name != "" {
			at.Column += "." + name
		}
		return at
	case i < 0 || i >= len(k.rows):
		return k.where
	}
	row := k.sample
	row.Place.Row = int(k.rows[i])
	return row.At(name)
}

// findings are the findings that were kept, at their places in the file.
func (k *candidate) findings() []Finding {
	all := make([]Finding, 0, len(k.found.kept))
	for _, f := range k.found.kept {
		at := k.placeOfText(f.Field)
		if f.Pos >= 0 {
			at = k.place(f.Pos, f.Field)
		}
		all = append(all, Finding{f, at})
	}
	return all
}

// ends are the first and the last entity of the list, in a dry run; nil where they are not there, or one.
func (k *candidate) ends() (first, last *Listed) {
	f := &k.found
	if !f.some {
		return nil, nil
	}
	first = &Listed{f.first, k.place(f.firstPos, "")}
	if f.lastPos != f.firstPos {
		last = &Listed{f.last, k.place(f.lastPos, "")}
	}
	return first, last
}
