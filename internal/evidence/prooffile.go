package evidence

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"

	"github.com/transparency-dev/formats/proof"
)

// splitFile reads a file of c2sp.org/tlog-proof. The library's own reader stops at lines of 64 kB, which the receipt of
// a case with long texts has.
func splitFile(file []byte) (p proof.TLogProof, err error) {
	head, note, ok := bytes.Cut(file, []byte("\n\n"))
	lines := bytes.Split(head, []byte("\n"))
	if !ok || len(lines) < 3 || string(lines[0]) != "c2sp.org/tlog-proof@v1" {
		return p, errors.New("it does not begin with c2sp.org/tlog-proof@v1, or has no checkpoint")
	}
	p.Checkpoint = note
	if p.ExtraData, err = labelled(lines[1], "extra "); err != nil {
		return p, err
	}
	if p.Index, err = strconv.ParseUint(string(bytes.TrimPrefix(lines[2], []byte("index "))), 10, 63); err != nil {
		return p, err
	}
	for _, l := range lines[3:] {
		h, err := parseHash(string(l))
		if err != nil {
			return p, err
		}
		p.Hashes = append(p.Hashes, h)
	}
	return p, nil
}

func labelled(line []byte, label string) ([]byte, error) {
	b64, ok := bytes.CutPrefix(line, []byte(label))
	if !ok {
		return nil, fmt.Errorf("the line %q is missing", label)
	}
	return base64.StdEncoding.DecodeString(string(b64))
}
