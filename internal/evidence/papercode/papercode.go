package papercode

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// The text of a code begins with format, number and count, DX1/01/04/, so that the lines of all codes can be sorted;
// then comes a piece of the Base64 of the compressed file.
const (
	format    = "DX1/"
	headLen   = len(format) + len("01/04/")
	pieceLen  = 900     // characters of a code after its head: version 22 with the second level of correction
	mostCodes = 99      // two digits
	mostBytes = 1 << 20 // of a file: what a reader will take
)

// ErrLarge is a file that needs more codes than there are numbers for.
var ErrLarge = errors.New("the receipt is too large for paper")

// Encode are the texts of the codes of a file, in order. ErrLarge.
func Encode(file []byte) (codes []string, err error) {
	var zipped bytes.Buffer
	z, _ := gzip.NewWriterLevel(&zipped, gzip.BestCompression) // the level is a valid one
	if _, err := z.Write(file); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	text := base64.StdEncoding.EncodeToString(zipped.Bytes())
	n := (len(text) + pieceLen - 1) / pieceLen
	if n > mostCodes || len(file) > mostBytes {
		return nil, ErrLarge
	}
	for i := range n {
		piece := text[i*pieceLen : min(len(text), (i+1)*pieceLen)]
		codes = append(codes, fmt.Sprintf("%s%02d/%02d/%s", format, i+1, n, piece))
	}
	return codes, nil
}

// Is says whether a text is what was read from codes: its first line that is not blank begins like one.
func Is(text []byte) bool {
	for line := range lines(text) {
		return strings.HasPrefix(line, format)
	}
	return false
}

// lines are the lines of a text that are not blank, without what readers and editors add to a code: its kind, as
// zbarimg writes it before each one, and blanks. A byte order mark tells UTF-16, which PowerShell writes.
func lines(text []byte) iter.Seq[string] {
	return func(yield func(string) bool) {
		text, _, _ := transform.Bytes(unicode.BOMOverride(transform.Nop), text) // it replaces what is damaged
		ends := func(r rune) bool { return r == '\n' || r == '\r' }
		for line := range strings.FieldsFuncSeq(string(text), ends) {
			line = strings.TrimSpace(strings.TrimPrefix(line, "\ufeff"))
			line = strings.TrimSpace(strings.TrimPrefix(line, "QR-Code:"))
			if line != "" && !yield(line) {
				return
			}
		}
	}
}

// MissingError are codes that were not read.
type MissingError struct{ Numbers []int }

func (e *MissingError) Error() string { return fmt.Sprintf("codes %v are missing", e.Numbers) }

// Errors of texts.
var (
	ErrCode  = errors.New("not a code of a receipt")
	ErrMixed = errors.New("codes of two receipts")
)

// Decode puts the file together from the texts of its codes, a line each, in any order; blank lines are skipped, and a
// code may be there twice. A line may have "QR-Code:" before the code, and the text a byte order mark and line ends of
// any system. ErrCode, ErrMixed, *MissingError.
func Decode(text []byte) (file []byte, err error) {
	var pieces []string
	for line := range lines(text) {
		no, of, piece, err := parse(line)
		if err != nil {
			return nil, err
		}
		if pieces == nil {
			pieces = make([]string, of)
		}
		if len(pieces) != of || pieces[no-1] != "" && pieces[no-1] != piece {
			return nil, ErrMixed
		}
		pieces[no-1] = piece
	}
	return join(pieces)
}

// parse reads the text of one code.
func parse(line string) (number, count int, piece string, err error) {
	if len(line) <= headLen || !strings.HasPrefix(line, format) || line[6] != '/' || line[9] != '/' {
		return 0, 0, "", ErrCode
	}
	no, err1 := strconv.ParseUint(line[4:6], 10, 8)
	of, err2 := strconv.ParseUint(line[7:9], 10, 8)
	if err1 != nil || err2 != nil || no < 1 || no > of {
		return 0, 0, "", ErrCode
	}
	return int(no), int(of), line[headLen:], nil
}

func join(pieces []string) ([]byte, error) {
	if pieces == nil {
		return nil, ErrCode
	}
	var missing MissingError
	for i, p := range pieces {
		if p == "" {
			missing.Numbers = append(missing.Numbers, i+1)
		}
	}
	if missing.Numbers != nil {
		return nil, &missing
	}
	zipped, err := base64.StdEncoding.DecodeString(strings.Join(pieces, ""))
	if err != nil {
		return nil, errors.Join(ErrCode, err)
	}
	return unzip(zipped)
}

// unzip stops at mostBytes, whatever the bytes promise.
func unzip(zipped []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(zipped))
	if err != nil {
		return nil, errors.Join(ErrCode, err)
	}
	file, err := io.ReadAll(io.LimitReader(z, mostBytes+1))
	if err != nil {
		return nil, errors.Join(ErrCode, err)
	}
	if len(file) > mostBytes {
		return nil, ErrLarge
	}
	return file, nil
}
