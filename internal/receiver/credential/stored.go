package credential

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// cost is what a hash takes.
type cost struct {
	memory uint32 // KiB
	passes uint32
	lanes  uint8
}

var (
	// today is the cost of new hashes: memory and passes of the second recommended option of RFC 9106, section 4 (64
	// MiB, t=3), in one lane as OWASP's Password Storage Cheat Sheet has it, whose least (19 MiB, t=2, p=1) this is
	// well above.
	today = cost{memory: 64 << 10, passes: 3, lanes: 1}
	// Costs below the least or above the most are refused: a text slipped into the database shall neither take all
	// memory nor weaken a password.
	least = cost{memory: 19 << 10, passes: 1, lanes: 1}
	most  = cost{memory: 256 << 10, passes: 10, lanes: 4}
)

// hash is what is kept of a password.
type hash struct {
	cost
	salt     []byte // 16 bytes
	verifier []byte // the first 32 bytes of 64
}

var (
	errStored = errors.New("credential: not a stored password")
	encoding  = base64.RawStdEncoding.Strict()
)

// String writes a hash as the PHC string format does. Other programs that read the format will not verify it, because
// they take the 32 bytes for all of the output.
func (h hash) String() string {
	return fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s", h.memory, h.passes, h.lanes,
		encoding.EncodeToString(h.salt), encoding.EncodeToString(h.verifier))
}

// parse reads what String wrote, to the letter: no text but that of one hash is taken for it.
func parse(stored string) (hash, error) {
	var h hash
	part := strings.Split(stored, "$")
	if len(stored) > 128 || len(part) != 6 {
		return hash{}, errStored
	}
	if _, err := fmt.Sscanf(part[3], "m=%d,t=%d,p=%d", &h.memory, &h.passes, &h.lanes); err != nil {
		return hash{}, errStored
	}
	h.salt, _ = encoding.DecodeString(part[4])
	h.verifier, _ = encoding.DecodeString(part[5])
	if !h.sane() || h.String() != stored {
		return hash{}, errStored
	}
	return h, nil
}

func (h hash) sane() bool {
	return len(h.salt) == 16 && len(h.verifier) == 32 &&
		least.memory <= h.memory && h.memory <= most.memory &&
		least.passes <= h.passes && h.passes <= most.passes &&
		least.lanes <= h.lanes && h.lanes <= most.lanes
}
