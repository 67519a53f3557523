package bodies_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/klauspost/compress/zstd"

	"diaoxiao/internal/bodies"
)

// formats are those of the receiver's store and of the sender's outbox.
var formats = map[string]bodies.Format{
	"store":  {Window: 512 << 10, MaxWindow: 8 << 20, LowMemory: true, Beside: true},
	"outbox": {Window: 1 << 20, MaxWindow: 1 << 20},
}

// A body of up to Small bytes stays in memory, one more goes to the encoder, and either comes back whole however its
// parts are cut.
func TestBodies(t *testing.T) {
	for name, format := range formats {
		for _, n := range []int{0, 1, bodies.Small - 1, bodies.Small, bodies.Small + 1, 3 << 20} {
			var out bytes.Buffer
			w := bodies.NewWriter(nil, func() (*zstd.Encoder, error) { return format.Encoder(&out) })
			want := make([]byte, n)
			rand.NewChaCha8([32]byte{1}).Read(want)
			for piece := range slices.Chunk(want, 10_000) {
				if k, err := w.Write(piece); k != len(piece) || err != nil {
					t.Fatal(k, err)
				}
			}
			for range 2 {
				if sum, err := w.End(); err != nil || sum != sha256.Sum256(want) || w.Size() != int64(n) {
					t.Errorf("%s, %d bytes: %x, %d, %v", name, n, sum, w.Size(), err)
				}
			}
			if w.Large() != (n > bodies.Small) {
				t.Errorf("%s, %d bytes: large %t", name, n, w.Large())
			}
			if !w.Large() {
				if !bytes.Equal(w.Small(), want) {
					t.Errorf("%s, %d bytes: others in memory", name, n)
				}
				continue
			}
			parts := slices.Collect(slices.Chunk(out.Bytes(), 1000))
			if got := readParts(t, format, parts); !bytes.Equal(got, want) {
				t.Errorf("%s, %d bytes: came back as %d, or with others", name, n, len(got))
			}
		}
	}
}

func readParts(t *testing.T, format bodies.Format, parts [][]byte) []byte {
	t.Helper()
	r, err := format.Open(func(no int) ([]byte, error) {
		if no == len(parts) {
			return nil, nil
		}
		return parts[no], nil
	})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	got, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// A cache reads a pack once while it holds what the places say, again where it does not, and never beyond its end.
func TestCache(t *testing.T) {
	var c bodies.Cache
	reads := 0
	held := func(raw string) func() ([]byte, error) {
		return func() ([]byte, error) { reads++; return []byte(raw), nil }
	}
	at := func(offset, n int64, of string) bodies.Place {
		return bodies.Place{Pack: 7, Offset: offset, Bytes: n, SHA256: sha256.Sum256([]byte(of))}
	}
	for _, step := range []struct {
		place bodies.Place
		pack  string
		want  string
		reads int
	}{
		{at(0, 3, "one"), "onetwo", "one", 1},
		{at(3, 3, "two"), "onetwo", "two", 1},
		{at(3, 3, "new"), "oldnew", "new", 2}, // the pack was lost, and its number given again
	} {
		got, err := c.Body(step.place, held(step.pack))
		if err != nil || string(got) != step.want || reads != step.reads {
			t.Errorf("%q, %v after %d reads, want %q after %d", got, err, reads, step.want, step.reads)
		}
	}
	for _, outside := range []bodies.Place{at(4, 3, ""), at(-1, 3, ""), at(0, -1, "")} {
		if _, err := c.Body(outside, held("onetwo")); !errors.Is(err, bodies.ErrOutside) {
			t.Errorf("%d bytes at %d: %v", outside.Bytes, outside.Offset, err)
		}
	}
}

// Anything that one format packs, both can read.
func TestPack(t *testing.T) {
	for name, format := range formats {
		raw, err := bodies.Unpack(format.Packer().EncodeAll([]byte("onetwo"), nil))
		if err != nil || string(raw) != "onetwo" {
			t.Errorf("%s: %q, %v", name, raw, err)
		}
	}
}
