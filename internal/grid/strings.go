package grid

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"os"
	"regexp"
	"slices"
	"strconv"

	"diaoxiao/api"
)

// Bounds of the texts that the cells of a workbook share. Anything that does not fit into memory is kept in a nameless
// file, so that memory does not grow with it.
const (
	MaxText       = 256 << 10 // of one cell, which holds 32,767 characters at most
	maxStrings    = 512 << 20
	stringsInHeap = 10 << 20
	stringBlock   = 4 << 10
	cachedBlocks  = 128
)

// sharedStrings are the texts of a workbook, in blocks: each text behind twice its length, and 1 more where it is
// struck out.
type sharedStrings struct {
	parts  *parts
	blocks []stringsAt
	heap   [][]byte // the first blocks, those in memory
	last   []byte   // the block that is not full yet
	first  int      // the text with which it begins
	count  int
	size   int64
	file   *os.File
	end    int64 // of file
	cache  [cachedBlocks]struct {
		block int // its number and 1
		bytes []byte
	}
}

// stringsAt is where a block begins: with which text, and in the file.
type stringsAt struct {
	first, size int32
	at          int64
}

func (s *sharedStrings) close() error {
	if s.file == nil {
		return nil
	}
	err := s.file.Close()
	if gone := os.Remove(s.file.Name()); !errors.Is(gone, os.ErrNotExist) { // where an open file cannot be removed
		err = errors.Join(err, gone)
	}
	return err
}

// read takes in the texts of a part.
func (s *sharedStrings) read(part *zip.File) error {
	var b []byte
	err := s.parts.eachElement(part, func(x *xmlPart, e xml.StartElement) (err error) {
		if !x.within("sst") || e.Name.Local != "si" {
			return nil
		}
		x.gauge.begin("一个共享文字")
		if b, err = x.strings(b[:0]); err != nil {
			return err
		}
		x.gauge.begin("")
		return s.add(Unescape(b), x.struck)
	})
	if err != nil {
		return err
	}
	return s.flush()
}

func (s *sharedStrings) add(text []byte, struck bool) error {
	if s.size += int64(len(text)) + 1; s.size > maxStrings {
		return &Problem{Place: s.parts.Place, Text: "工作簿的文字超过512MiB", Next: "把文件拆成几个，或另存为 CSV UTF-8", Fatal: true}
	}
	head := uint64(len(text)) << 1
	if struck {
		head++
	}
	s.last = append(binary.AppendUvarint(s.last, head), text...)
	if s.count++; len(s.last) >= stringBlock {
		return s.flush()
	}
	return nil
}

// flush ends the block in hand.
func (s *sharedStrings) flush() error {
	if len(s.last) == 0 {
		return nil
	}
	block := stringsAt{int32(s.first), int32(len(s.last)), s.end}
	if s.file == nil && s.size <= stringsInHeap {
		s.heap = append(s.heap, bytes.Clone(s.last))
	} else if err := s.store(); err != nil {
		return err
	}
	s.blocks = append(s.blocks, block)
	s.first, s.last = s.count, s.last[:0]
	return nil
}

func (s *sharedStrings) store() (err error) {
	if s.file == nil {
		if s.file, err = os.CreateTemp("", "diaoxiao-*"); err != nil {
			return err
		}
		os.Remove(s.file.Name()) // fails where an open file cannot be removed; close does it then
	}
	n, err := s.file.WriteAt(s.last, s.end)
	s.end += int64(n)
	return err
}

// at appends the text of a number, and tells whether it is struck out.
func (s *sharedStrings) at(b []byte, index string) (text []byte, struck bool, err error) {
	i, err := strconv.ParseUint(index, 10, 31)
	if err != nil || int(i) >= s.count {
		return b, false, partError("no shared string %q", Brief(index))
	}
	n, found := slices.BinarySearchFunc(s.blocks, int(i), func(b stringsAt, i int) int {
		return cmp.Compare(int(b.first), i)
	})
	if !found {
		n--
	}
	block, err := s.block(n)
	if err != nil {
		return b, false, err
	}
	for skip := int(i) - int(s.blocks[n].first); ; skip-- {
		head, from := binary.Uvarint(block)
		size := head >> 1
		if skip == 0 {
			return append(b, block[from:from+int(size)]...), head&1 == 1, nil
		}
		block = block[from+int(size):]
	}
}

func (s *sharedStrings) block(n int) ([]byte, error) {
	if n < len(s.heap) {
		return s.heap[n], nil
	}
	block := s.blocks[n]
	c := &s.cache[n%cachedBlocks]
	if c.block == n+1 {
		return c.bytes, nil
	}
	if c.block = 0; cap(c.bytes) > 4*stringBlock { // of a long text
		c.bytes = nil
	}
	c.bytes = slices.Grow(c.bytes[:0], int(block.size))[:block.size]
	if _, err := s.file.ReadAt(c.bytes, block.at); err != nil {
		return nil, noEOF(err)
	}
	c.block = n + 1
	return c.bytes, nil
}

// strings appends the texts up to the end of an element whose start was read, si or is: its t and those of its runs,
// not the phonetic ones.
func (x *xmlPart) strings(b []byte) ([]byte, error) {
	depth, from, plain, struck := len(x.open), len(b), 0, false
	x.struck = false
	for len(x.open) >= depth {
		t, err := x.next()
		if err != nil {
			return b, noEOF(err)
		}
		e, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		switch in := x.open[depth-1:]; {
		case len(in) == 2 && in[1] == "t":
			if plain++; plain > 1 {
				return b, partError("two texts in one")
			}
			b, err = x.text(b)
		case len(in) == 2 && in[1] == "r":
			struck = false
		case len(in) == 4 && in[2] == "rPr" && in[3] == "strike":
			struck = isOn(e)
		case len(in) == 3 && in[1] == "r" && in[2] == "t":
			begin := len(b)
			b, err = x.text(b)
			x.struck = x.struck || struck && !api.Blank(b[begin:])
		case e.Name.Local == "rPh":
			err = x.skip()
		}
		if err != nil {
			return b, err
		}
		if len(b)-from > MaxText {
			return b, x.gauge.tooLong("一个单元格的文字", MaxText)
		}
	}
	return b, nil
}

// escaped is a character that XML cannot hold, as XLSX writes it (ECMA-376, 22.9.2.19).
var escaped = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// Unescape puts characters in place of _x000D_ and its like.
func Unescape(b []byte) []byte {
	if !bytes.Contains(b, []byte("_x")) {
		return b
	}
	return escaped.ReplaceAllFunc(b, func(e []byte) []byte {
		n, _ := strconv.ParseUint(string(e[2:6]), 16, 16)
		if n >= 0xD800 && n < 0xE000 {
			return e
		}
		return []byte(string(rune(n)))
	})
}
