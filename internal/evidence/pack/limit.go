package pack

import (
	"errors"
	"io"
	"math"
)

// A package is read within these bounds, whatever its heads promise. The large files are read once, piece by piece.
const (
	mostDirectory = 1 << 20  // of the directory of the zip file, and so of the number of files
	mostSmall     = 4 << 20  // of a file that is held in memory
	mostRecord    = 64 << 20 // of the receipt and the facts, which grow with the steps on the case
	mostLarge     = 16 << 30 // of a file that is not held in memory
	mostLine      = 1 << 20  // of a line of the list of firms
)

// mostOf is how long a file may be.
func mostOf(name string) int64 {
	switch name {
	case Receipt, FactsFile:
		return mostRecord
	case Body, FirmsFile, Audit:
		return mostLarge
	}
	return mostSmall
}

// held says whether a file is held in memory: those that are looked into, but the list of firms.
func held(name string) bool {
	switch name {
	case Receipt, FactsFile, FirmFile, SHA256List, SM3List:
		return true
	}
	return IsSuccession(name)
}

// bounded reads no more than so many bytes of a file.
type bounded struct {
	io.ReaderAt
	left int64
}

var errDirectory = errors.New("the directory of the zip file is too large")

func (b *bounded) ReadAt(p []byte, at int64) (int, error) {
	if b.left -= int64(len(p)); b.left < 0 {
		return 0, errDirectory
	}
	return b.ReaderAt.ReadAt(p, at)
}

// free takes the bound away.
func (b *bounded) free() { b.left = math.MaxInt64 }
