package pack

import (
	"bufio"
	"errors"
	"io"
	"iter"

	"github.com/go-json-experiment/json"

	"diaoxiao/api"
	"diaoxiao/internal/charset"
	"diaoxiao/internal/evidence"
)

// checkFirms compares the list of firms with what is proved: of the whole case by the tree over all rows, of one firm
// with the row that is shown.
func (c *checker) checkFirms() {
	if f := c.files[FirmsFile]; f == nil || !f.whole {
		return
	}
	if c.Whole {
		c.compareTree()
	} else {
		c.compareOne()
	}
}

// entityOf are the values of a firm that were sent.
func entityOf(f Firm) api.Entity {
	return api.Entity{PripID: f.PripID, UniscID: f.UniscID, Legal: f.Legal, EntType: f.EntType}
}

func (c *checker) compareOne() {
	want, n := c.Proved.Firms[0], 0
	for f, err := range c.firms() {
		if n++; err != nil {
			c.fault(Fault{Name: FirmsFile, Kind: FaultForm, Row: n, Err: err})
			return
		}
		if n == 1 {
			c.same(FirmsFile, "row", f.Row, want.Row)
			c.compareEntity(want.Row, entityOf(f), api.Entity{PripID: want.PripID, UniscID: want.UniscID,
				Legal: want.Legal, EntType: want.EntType})
		}
	}
	if n != 1 {
		c.fault(Fault{Name: FirmsFile, Kind: FaultFirms})
	}
}

// compareEntity compares the values of one firm, and says whether they are the same.
func (c *checker) compareEntity(row int, is, want api.Entity) bool {
	same := func(field, is, want string) {
		if is != want {
			c.fault(Fault{Name: FirmsFile, Kind: FaultValue, Row: row, Field: field, Is: is, Want: want})
		}
	}
	same("pripid", is.PripID, want.PripID)
	same("uniscid", is.UniscID, want.UniscID)
	same("legal", is.Legal, want.Legal)
	same("enttype", is.EntType, want.EntType)
	return is == want
}

// compareTree makes the tree of the case out of the list of firms. Where its roots are not those of the leaf, the body
// tells which row it is.
func (c *checker) compareTree() {
	l, salts, n := c.Proved.Case, c.Proved.Salt.Rows(), 0
	var tree evidence.Rows
	var failed error
	for f, err := range c.firms() {
		if n++; err == nil && f.Row != n {
			err = errors.New("another row was to come here")
		}
		if err != nil {
			c.fault(Fault{Name: FirmsFile, Kind: FaultForm, Row: n, Err: err})
			return
		}
		_, err := tree.Add(evidence.NewFirmRow(salts, l.AcceptID, n, entityOf(f)))
		failed = errors.Join(failed, err)
	}
	_, err := tree.Add(*c.Proved.Texts)
	if errors.Join(failed, err) == nil && n == l.Items && tree.Roots() == l.Rows {
		return
	}
	if !c.tellRow() {
		c.fault(Fault{Name: FirmsFile, Kind: FaultFirms})
	}
}

var errEnough = errors.New("enough")

// tellRow tells the first row of the list of firms that is not as in the body, where the body is the one that is
// proved.
func (c *checker) tellRow() (told bool) {
	body := c.files[Body]
	if body == nil || !body.whole || body.sums != c.Proved.Body.Pair() {
		return false
	}
	r, err := body.zip.Open()
	if err != nil {
		return false
	}
	defer r.Close()
	next, stop := iter.Pull2(c.firms())
	defer stop()
	sent := &untilTold{charset.Charset(c.Proved.Case.Charset).Reader(r), &told}
	_, err = api.ReadCase(sent, max(c.Proved.Case.Items, 1), func(i int, want api.Entity) {
		if told {
			return
		}
		if f, err, more := next(); more && err == nil {
			told = !c.compareEntity(i+1, entityOf(f), want)
		}
	})
	return told && (err == nil || errors.Is(err, errEnough))
}

// untilTold reads no further once it was told.
type untilTold struct {
	io.Reader
	told *bool
}

func (u *untilTold) Read(p []byte) (int, error) {
	if *u.told {
		return 0, errEnough
	}
	return u.Reader.Read(p)
}

// firms yields the lines of the list of firms. An error is the last that it yields.
func (c *checker) firms() iter.Seq2[Firm, error] {
	return func(yield func(Firm, error) bool) {
		r, err := c.files[FirmsFile].zip.Open()
		if err != nil {
			yield(Firm{}, err)
			return
		}
		defer r.Close()
		lines := bufio.NewScanner(r)
		lines.Buffer(nil, mostLine)
		for lines.Scan() {
			var f Firm
			err := json.Unmarshal(lines.Bytes(), &f, json.RejectUnknownMembers(true))
			if !yield(f, err) || err != nil {
				return
			}
		}
		if err := lines.Err(); err != nil {
			yield(Firm{}, err)
		}
	}
}
