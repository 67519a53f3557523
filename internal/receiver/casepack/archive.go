package casepack

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
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
	l, err := newList(filepath.Join(folder, ListFile))
	if err != nil {
		return a, err
	}
	defer l.drop()
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
			err = l.add(folder, c.AcceptID+".zip")
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
	a.Sum, err = l.finish(a.Packages)
	return a, err
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
	k, err := p.Take(ctx, by, Wanted{AcceptID: acceptID, Purpose: of.Purpose, Policy: of.Policy})
	if err != nil {
		return false, err
	}
	f, err := newPart(path)
	if err != nil {
		return false, err
	}
	defer f.drop()
	to := bufio.NewWriter(f)
	if _, err := k.Write(to); err != nil {
		return false, err
	}
	return true, errors.Join(to.Flush(), f.keep())
}

// list is the list of an archive under way.
type list struct {
	*part
	sum hash.Hash
}

func newList(path string) (*list, error) {
	p, err := newPart(path)
	return &list{p, sha256.New()}, err
}

// add adds the line of a package.
func (l *list) add(folder, name string) error {
	f, err := os.Open(filepath.Join(folder, name))
	if err != nil {
		return err
	}
	defer f.Close()
	sha, sm3 := merkle.SHA256.New(), merkle.SM3.New()
	n, err := io.Copy(io.MultiWriter(sha, sm3), f)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(io.MultiWriter(l.part, l.sum), "%s %d %x %x\n", name, n, sha.Sum(nil), sm3.Sum(nil))
	return err
}

// finish writes the last line, and returns the SHA-256 of those before it.
func (l *list) finish(packages int) (sum [sha256.Size]byte, err error) {
	l.sum.Sum(sum[:0])
	_, err = fmt.Fprintf(l.part, "共 %d 件，以上各行的 SHA-256 %s\n", packages, hex.EncodeToString(sum[:]))
	if err != nil {
		return sum, err
	}
	return sum, l.keep()
}

// part is a file that is whole or not there: it gets its name when it is kept.
type part struct {
	*os.File
	path string
}

func newPart(path string) (*part, error) {
	f, err := os.OpenFile(path+".part", os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	return &part{f, path}, err
}

// keep gives the file its name.
func (p *part) keep() error {
	if err := errors.Join(p.Sync(), p.Close()); err != nil {
		return err
	}
	return os.Rename(p.Name(), p.path)
}

// drop removes a file that was not kept.
func (p *part) drop() {
	if p.Close() == nil {
		os.Remove(p.Name())
	}
}
