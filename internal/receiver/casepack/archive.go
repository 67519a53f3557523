package casepack

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"diaoxiao/internal/evidence/merkle"
	"diaoxiao/internal/receiver/intake"
)

// ListFile is the list of an archive (归档清单): a line for each package, with its length and both hashes, in the order of
// acceptance, and at the end the number of packages and the hash of the lines before.
const ListFile = "归档清单.txt"

// Period is what is archived: closed cases (已办结) that were accepted from one time to another, which is not included.
// A case is closed once it was returned, or each of its firms was published or withheld.
type Period struct {
	From, To time.Time
	Purpose  string
	Policy   []byte
}

// Archived is what an archive has.
type Archived struct {
	Packages, Made int // Made: of them were not there before
	Open           int // cases of the period that are not closed, and left out
	Sum            [sha256.Size]byte
}

// Archive writes a package of each closed case of a period into a folder, and the list of them. It can be repeated: a
// package that is there is kept as it is, so that a run that was broken off goes on, and the list is made anew.
// progress, unless it is nil, gets how far it has come.
func (p *Packer) Archive(
	ctx context.Context, by intake.By, of Period, folder string, progress func(Archived),
) (a Archived, err error) {
	if err := intake.CheckText("归档的目的", of.Purpose); err != nil {
		return a, err
	}
	var list bytes.Buffer
	q := intake.CaseQuery{ReceivedFrom: of.From, ReceivedTo: of.To}
	for c, err := range p.cases.AllCases(ctx, by, q) {
		if err != nil {
			return a, err
		}
		if !closed(c) {
			a.Open++
			continue
		}
		made, err := p.archiveCase(ctx, by, of, c.AcceptID, folder)
		if err == nil {
			err = addLine(&list, folder, c.AcceptID+".zip")
		}
		if err != nil {
			return a, fmt.Errorf("受理号%s：%w", c.AcceptID, err)
		}
		if a.Packages++; made {
			a.Made++
		}
		if progress != nil {
			progress(a)
		}
	}
	a.Sum = sha256.Sum256(list.Bytes())
	fmt.Fprintf(&list, "共 %d 件，以上各行的 SHA-256 %s\n", a.Packages, hex.EncodeToString(a.Sum[:]))
	return a, replace(filepath.Join(folder, ListFile), list.Bytes())
}

// closed says that nothing is left to do with a case.
func closed(c intake.CaseRow) bool {
	n := c.Tally
	return !c.Returned.IsZero() || c.Counted && n.Published+n.Withheld == c.Items
}

// archiveCase writes the package of a case unless it is there.
func (p *Packer) archiveCase(ctx context.Context, by intake.By, of Period, acceptID, folder string) (bool, error) {
	path := filepath.Join(folder, acceptID+".zip")
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	var b bytes.Buffer
	if _, err := p.Write(ctx, by, Wanted{AcceptID: acceptID, Purpose: of.Purpose, Policy: of.Policy}, &b); err != nil {
		return false, err
	}
	return true, replace(path, b.Bytes())
}

// addLine adds the line of a package to the list.
func addLine(list *bytes.Buffer, folder, name string) error {
	f, err := os.Open(filepath.Join(folder, name))
	if err != nil {
		return err
	}
	defer f.Close()
	sha, sm3 := merkle.SHA256.New(), merkle.SM3.New()
	n, err := io.Copy(io.MultiWriter(sha, sm3), f)
	fmt.Fprintf(list, "%s %d %x %x\n", name, n, sha.Sum(nil), sm3.Sum(nil))
	return err
}

// replace writes a file that is whole or not there.
func replace(path string, data []byte) error {
	if err := os.WriteFile(path+".part", data, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".part", path)
}
