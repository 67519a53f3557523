package pack

import (
	"encoding/hex"
	"fmt"
	"strings"

	"diaoxiao/internal/evidence/merkle"
)

// Entry is a file of a package with its hashes.
type Entry struct {
	Name  string
	Bytes int64
	Sums  merkle.Pair
}

// List is the list of the hashes of files in the form of sha256sum.
func List(of []Entry, suite merkle.Suite) (list []byte) {
	for _, e := range of {
		list = fmt.Appendf(list, "%s  %s\n", hex.EncodeToString(e.Sums[suite][:]), e.Name)
	}
	return list
}

// unlistedIn says which files are not in a list, because they were written after it.
func unlistedIn(list string) map[string]bool {
	if list == SM3List {
		return map[string]bool{SM3List: true, SHA256List: true}
	}
	return map[string]bool{SHA256List: true}
}

// compareList compares the files with one of the two lists.
func (c *checker) compareList(list string, suite merkle.Suite) {
	text, there := c.files[list]
	if !there {
		return // it is told as missing
	}
	listed := make(map[string]bool)
	for line := range strings.Lines(string(text.text)) {
		sum, name, ok := strings.Cut(line, "  ")
		name, ends := strings.CutSuffix(name, "\n")
		if !ok || !ends || listed[name] || !isName(name) || unlistedIn(list)[name] {
			c.fault(Fault{Name: list, Kind: FaultList, Field: name})
			continue
		}
		listed[name] = true
		f, there := c.files[name]
		if !there {
			c.fault(Fault{Name: name, Kind: FaultGone, Field: list})
		} else if f.whole && hex.EncodeToString(f.sums[suite][:]) != sum {
			c.fault(Fault{Name: name, Kind: FaultHash, Field: list})
		}
	}
	for _, name := range c.names {
		if !listed[name] && isName(name) && !unlistedIn(list)[name] {
			c.fault(Fault{Name: name, Kind: FaultUnlisted, Field: list})
		}
	}
}
