package calllog

import (
	"encoding/binary"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/klauspost/compress/zstd"
)

// packedVersion begins a packed queue. Compressed by zstd, with its checksum, that is: this byte; the number of calls;
// for each call when it came (Unix milliseconds), app, bytes of the body, microseconds it took, entities and HTTP
// status; for each call the lengths of its eleven texts, in the order of textsOf; and all texts, one after the other.
// Numbers are unsigned varints of encoding/binary, of the two's complement where they can be negative.
const packedVersion = 1

// errPacked: it is no packed queue, or not whole.
var errPacked = errors.New("not a whole queue of calls")

// mostUnpacked bounds the memory that a file can ask for: 20,000 calls with the longest texts take less.
const mostUnpacked = 128 << 20

var (
	packer = sync.OnceValue(func() *zstd.Encoder {
		e, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
		if err != nil {
			panic(err) // of constant options
		}
		return e
	})
	unpacker = sync.OnceValue(func() *zstd.Decoder {
		d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(mostUnpacked))
		if err != nil {
			panic(err) // of constant options
		}
		return d
	})
)

// pack returns the calls of the queue, packed; scratch is memory for it to work with, and returned.
func (b *callBuffer) pack(scratch []byte) (packed, raw []byte) {
	rows := b.rows[b.next:]
	raw = slices.Grow(scratch[:0], 48*len(rows)+len(b.texts)-b.at)
	raw = binary.AppendUvarint(append(raw, packedVersion), uint64(len(rows)))
	for i := range rows {
		r := &rows[i]
		for _, n := range [...]uint64{uint64(r.at.Milliseconds()), uint64(r.appID), uint64(r.bytes),
			uint64(r.took.Microseconds()), uint64(r.items), uint64(r.status)} {
			raw = binary.AppendUvarint(raw, n)
		}
	}
	for i := range rows {
		for _, n := range rows[i].texts {
			raw = binary.AppendUvarint(raw, uint64(n))
		}
	}
	raw = append(raw, b.texts[b.at:]...)
	return packer().EncodeAll(raw, make([]byte, 0, len(raw)/4)), raw
}

// unpack returns the queue that pack has packed.
func unpack(packed []byte) (*callBuffer, error) {
	raw, err := unpacker().DecodeAll(packed, nil)
	if err != nil {
		return nil, err
	}
	if len(raw) == 0 || raw[0] != packedVersion {
		return nil, errPacked
	}
	from := numbers{raw[1:], false}
	n := from.next()
	if n > uint64(len(raw)) {
		return nil, errPacked
	}
	b := &callBuffer{rows: make([]callRow, n)}
	for i := range b.rows {
		b.rows[i] = callRow{
			at:     time.Duration(from.next()) * time.Millisecond,
			appID:  int64(from.next()),
			bytes:  int64(from.next()),
			took:   time.Duration(from.next()) * time.Microsecond,
			items:  int32(from.next()),
			status: int32(from.next()),
		}
	}
	size := uint64(0)
	for i := range b.rows {
		for k := range b.rows[i].texts {
			length := from.next()
			b.rows[i].texts[k] = uint16(length)
			size += length
		}
	}
	if b.texts = from.left; from.short || size != uint64(len(b.texts)) {
		return nil, errPacked
	}
	return b, nil
}

// numbers are varints one after the other.
type numbers struct {
	left  []byte
	short bool // there were not as many as were asked for
}

func (s *numbers) next() uint64 {
	v, n := binary.Uvarint(s.left)
	if n <= 0 {
		s.short = true
		return 0
	}
	s.left = s.left[n:]
	return v
}
