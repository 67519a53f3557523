package api

import (
	"crypto/sha256"
	"io"
)

// ReadCaseByToken is ReadCase that has jsontext read every item.
func ReadCaseByToken(r io.Reader, items int, each func(int, Entity)) (Decoded, error) {
	if items <= 0 {
		items = DefaultItems
	}
	return (&caseReader{decoder: newDecoder(r), limit: items, each: each, list: sha256.New(), byToken: true}).read()
}
