package pack

import (
	"archive/zip"
	"bytes"
	"cmp"
	"hash"
	"io"
	"slices"

	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/merkle"
)

// Verify is how the receipt of a package is verified, with the successions of keys that are in the package.
type Verify func(receipt []byte, successions [][]byte) (evidence.Proved, error)

// Checked is what the check of a package found.
type Checked struct {
	Proved   evidence.Proved // by the receipt; nothing where there are faults
	Whole    bool            // the package is of a whole case, not of one firm
	Stamped  bool            // it has time-stamps, which are not verified here
	Unproved int             // steps in the facts that came after the checkpoint of the receipt
	Faults   []Fault         // by the order of the files; none: it holds
}

// Check checks a package: that it has all its files and no other one, each as the lists have it, that its receipt
// holds, and that the body, the facts and the firms say what the receipt proves. It goes on after a fault, so that each
// faulty file is named. Memory does not grow with the body, nor with the list of firms. The error is of a file that
// can't be read, or is no zip file.
func Check(file io.ReaderAt, size int64, verify Verify) (Checked, error) {
	at := &bounded{file, mostDirectory}
	z, err := zip.NewReader(at, size)
	if err != nil {
		return Checked{}, err
	}
	at.free()
	c := &checker{files: make(map[string]*content), verify: verify}
	for _, f := range z.File {
		c.read(f)
	}
	for _, name := range required {
		c.need(name)
	}
	c.compareList(SHA256List, merkle.SHA256)
	c.compareList(SM3List, merkle.SM3)
	c.checkReceipt()
	c.Stamped = c.files[StampsFile] != nil
	slices.SortStableFunc(c.Faults, func(a, b Fault) int { return cmp.Compare(c.place(a.Name), c.place(b.Name)) })
	return c.Checked, nil
}

// checker checks one package.
type checker struct {
	Checked
	verify Verify
	names  []string // in the order of the zip file
	files  map[string]*content
}

// content is what is known of a file of a package.
type content struct {
	zip   *zip.File
	sums  merkle.Pair
	text  []byte // where it is held in memory
	whole bool   // it was read to its end
}

// fault adds a fault; one that both lists of hashes tell of a file is added once.
func (c *checker) fault(f Fault) {
	several := f.Kind == FaultValue || f.Kind == FaultStep || f.Kind == FaultList
	had := func(one Fault) bool { return one.Name == f.Name && one.Kind == f.Kind }
	if several || !slices.ContainsFunc(c.Faults, had) {
		c.Faults = append(c.Faults, f)
	}
}

// place is the place of a file in the package; one that is missing comes last.
func (c *checker) place(name string) int {
	if i := slices.Index(c.names, name); i >= 0 {
		return i
	}
	return len(c.names)
}

func (c *checker) need(name string) {
	if c.files[name] == nil {
		c.fault(Fault{Name: name, Kind: FaultMissing})
	}
}

// read reads one file to its end.
func (c *checker) read(f *zip.File) {
	switch {
	case !isName(f.Name):
		c.names = append(c.names, f.Name)
		c.fault(Fault{Name: f.Name, Kind: FaultForeign})
		return
	case c.files[f.Name] != nil:
		c.fault(Fault{Name: f.Name, Kind: FaultTwice})
		return
	}
	is := &content{zip: f}
	c.names, c.files[f.Name] = append(c.names, f.Name), is
	r, err := f.Open()
	if err == nil {
		err = is.read(r, mostOf(f.Name), held(f.Name))
		r.Close()
	}
	switch {
	case err != nil:
		c.fault(Fault{Name: f.Name, Kind: FaultForm, Err: err})
	case !is.whole:
		c.fault(Fault{Name: f.Name, Kind: FaultLarge})
	}
}

// read reads a file of at most so many bytes.
func (is *content) read(r io.Reader, most int64, held bool) error {
	sums := [2]hash.Hash{merkle.SHA256.New(), merkle.SM3.New()}
	to := io.MultiWriter(sums[0], sums[1])
	var text bytes.Buffer
	if held {
		to = io.MultiWriter(to, &text)
	}
	n, err := io.Copy(to, io.LimitReader(r, most+1))
	if err != nil || n > most {
		return err
	}
	is.whole, is.text = true, text.Bytes()
	for i, s := range sums {
		s.Sum(is.sums[i][:0])
	}
	return nil
}

// textOf is a file that is held in memory; nil: it is not there, or not whole.
func (c *checker) textOf(name string) []byte {
	if f := c.files[name]; f != nil && f.whole {
		return f.text
	}
	return nil
}

// checkReceipt verifies the receipt, and compares with it all that it proves.
func (c *checker) checkReceipt() {
	receipt := c.textOf(Receipt)
	if receipt == nil {
		return
	}
	var successions [][]byte
	for _, name := range c.names {
		if IsSuccession(name) {
			successions = append(successions, c.textOf(name))
		}
	}
	v, err := c.verify(receipt, successions)
	if err != nil {
		c.fault(Fault{Name: Receipt, Kind: FaultReceipt, Err: err})
		return
	}
	c.Proved, c.Whole = v, v.Body != nil && v.Salt != nil
	if v.Case == nil || v.Texts == nil || !c.Whole && len(v.Firms) != 1 {
		c.fault(Fault{Name: Receipt, Kind: FaultIncomplete})
		return
	}
	c.checkBody()
	c.checkFacts()
	c.checkFirms()
}

// checkBody checks the body, or the number that is in its place.
func (c *checker) checkBody() {
	has, other := Body, FirmFile
	if !c.Whole {
		has, other = FirmFile, Body
	}
	c.need(has)
	if c.files[other] != nil {
		c.fault(Fault{Name: other, Kind: FaultFirm})
	}
	f := c.files[has]
	switch {
	case f == nil || !f.whole:
	case c.Whole && f.sums != c.Proved.Body.Pair():
		c.fault(Fault{Name: Body, Kind: FaultBody})
	case !c.Whole:
		c.same(FirmFile, "", string(f.text), numberText(c.firm()))
	}
}

// firm is the number of the one firm that the package is of; 0: of all.
func (c *checker) firm() int {
	if c.Whole {
		return 0
	}
	return c.Proved.Firms[0].Row
}
