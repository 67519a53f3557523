package registrar

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/rules"
)

// SearchRows is how many firms a page of a search has.
const SearchRows = 50

// Kind is as what a text was looked for.
type Kind int

// The kinds.
const (
	ByCode Kind = iota + 1 // pripid, credit code, registration number or organisation code
	ByName                 // a part of the name, or the legal representative
)

// Found is a page of the firms that a search found, in order of RowNo.
type Found struct {
	State State
	Kind  Kind
	Firms []register.Firm
	More  bool // there are more after the last
}

// nameLeast is how many characters a part of a name has.
const nameLeast = 2

// codeLeast is how many characters a code has: those of an organisation code. A shorter text is a
// part of a name.
const codeLeast = 9

// Search looks in the current snapshot for a text: as a code where it has the form of one, and where there is no such
// code, or it is none, as a part of a name and as a legal representative. Blanks, full width and lower case do not
// matter. It begins after a row; 0: at the first. ErrInvalid: the text is too short. Without a register nothing is
// found, and State says so.
func (r *Registrar) Search(ctx context.Context, by intake.By, text string, after int) (f Found, err error) {
	code, name := rules.FoldCode(text), rules.FoldName(text)
	if utf8.RuneCountInString(name) < nameLeast {
		return f, intake.Invalid("请填写代码，或者名称、法定代表人姓名中的至少%d个字", nameLeast)
	}
	if !utf8.ValidString(text) {
		return f, intake.Invalid("查询的内容不是UTF-8")
	}
	err = r.desk.Look(ctx, by, intake.LookRegister, func(tx intake.Tx) error {
		f = Found{}
		if f.State, err = StateIn(tx, r.desk); err != nil || !f.State.There {
			return err
		}
		s := searcher{tx, f.State.Snapshot.ID, after}
		return s.search(&f, code, name)
	})
	return f, err
}

// Named looks in the current snapshot for firms with a text in their names, and returns the first of them, up to a
// number, in order of RowNo. ErrInvalid: the text is too short. Without a register nothing is found, and the state says
// so.
func (r *Registrar) Named(ctx context.Context, by intake.By, text string, most int) (f Found, err error) {
	name := rules.FoldName(text)
	if utf8.RuneCountInString(name) < nameLeast || !utf8.ValidString(text) {
		return f, intake.Invalid("请填写企业名称中的至少%d个字", nameLeast)
	}
	err = r.desk.Look(ctx, by, intake.LookRegister, func(tx intake.Tx) error {
		f = Found{Kind: ByName}
		if f.State, err = StateIn(tx, r.desk); err != nil || !f.State.There {
			return err
		}
		f.Firms, err = tx.FirmsByName(f.State.Snapshot.ID, name, 0, most+1)
		f.More = len(f.Firms) > most
		f.Firms = f.Firms[:min(len(f.Firms), most)]
		return err
	})
	return f, err
}

// isCode: what a pripid, a credit code, a registration number or an organisation code is written with.
func isCode(folded string) bool {
	return len(folded) >= codeLeast && !strings.ContainsFunc(folded, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z')
	})
}

// searcher looks in one snapshot for what comes after a row.
type searcher struct {
	tx       intake.Tx
	snapshot int64
	after    int
}

func (s searcher) search(f *Found, code, name string) (err error) {
	var firms []register.Firm
	if f.Kind = ByCode; isCode(code) {
		firms, err = s.byCode(code)
	}
	if err == nil && len(firms) == 0 {
		f.Kind = ByName
		firms, err = s.byName(name)
	}
	f.More = len(firms) > SearchRows
	f.Firms = firms[:min(len(firms), SearchRows)]
	return err
}

func (s searcher) byCode(code string) ([]register.Firm, error) {
	pripids, err := s.tx.FirmsByPripID(s.snapshot, []string{code})
	if err != nil {
		return nil, err
	}
	codes, err := s.tx.FirmsByCode(s.snapshot, []string{code})
	return s.merged(pripids[code], codes[code]), err
}

func (s searcher) byName(name string) ([]register.Firm, error) {
	legal, err := s.tx.FirmsByLegal(s.snapshot, name, s.after, SearchRows+1)
	if err != nil {
		return nil, err
	}
	named, err := s.tx.FirmsByName(s.snapshot, name, s.after, SearchRows+1)
	return s.merged(legal, named), err
}

// merged are two lists in order of RowNo, each firm once, after the row with which the page begins.
func (s searcher) merged(a, b []register.Firm) []register.Firm {
	all := slices.Concat(a, b)
	slices.SortFunc(all, func(x, y register.Firm) int { return cmp.Compare(x.RowNo, y.RowNo) })
	all = slices.CompactFunc(all, func(x, y register.Firm) bool { return x.RowNo == y.RowNo })
	return slices.DeleteFunc(all, func(f register.Firm) bool { return f.RowNo <= s.after })
}
