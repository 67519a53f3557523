package intake

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"diaoxiao/api"
)

// ErrDamaged: a stored body differs from its record.
var ErrDamaged = errors.New("stored body does not match its record")

// Decode reads the stored body of c again, passes each entity to f in order, unless f is nil, and compares everything
// with the record made at acceptance. ErrDamaged where they differ, possibly after f has got entities; an error of f
// ends the reading and is returned.
func (d *Desk) Decode(ctx context.Context, by By, c Case, f func(int, api.Entity) error) (api.Decoded, error) {
	if err := ctx.Err(); err != nil {
		return api.Decoded{}, err
	}
	if err := d.Look(ctx, by, LookCases, func(Tx) error { return nil }); err != nil {
		return api.Decoded{}, err
	}
	return DecodeRecorded(d.store, c, f)
}

// Body returns the body of c as sent. It does not check the body: Decode does.
func (d *Desk) Body(ctx context.Context, by By, c Case) (io.ReadCloser, error) {
	if err := d.Look(ctx, by, LookCases, func(Tx) error { return nil }); err != nil {
		return nil, err
	}
	return d.store.OpenBody(c)
}

// DecodeRecorded is DecodeBody that also compares the values and the number of entities with the record.
func DecodeRecorded(from Bodies, c Case, f func(int, api.Entity) error) (api.Decoded, error) {
	got, err := DecodeBody(from, c, f)
	if err == nil && (len(got.Problems) > 0 || got.Digest != c.Digest || got.Items != c.Items) {
		err = fmt.Errorf("%w: digest of its values", ErrDamaged)
	}
	return got, err
}

// DecodeBody decodes the stored body of c, and compares its length and SHA-256 with the record. f may be nil.
// ErrDamaged: the bytes are not those received; an error of f ends the reading and is returned.
func DecodeBody(from Bodies, c Case, f func(int, api.Entity) error) (api.Decoded, error) {
	body, err := from.OpenBody(c)
	if err != nil {
		return api.Decoded{}, err
	}
	defer body.Close()
	sum, size := sha256.New(), int64(0)
	raw := io.TeeReader(body, writerFunc(func(p []byte) (int, error) { size += int64(len(p)); return sum.Write(p) }))
	var failed error
	each := func(i int, e api.Entity) {
		if failed == nil {
			failed = f(i, e)
		}
	}
	if f == nil {
		each = nil
	}
	got, err := api.ReadCase(stoppable{c.Charset.Reader(raw), &failed}, max(c.Items, 1), each)
	if failed != nil {
		return got, failed
	}
	if err == nil {
		_, err = io.Copy(io.Discard, raw) // the rest, where the decoding stopped early
	}
	if errors.Is(err, ErrUnavailable) {
		return got, err
	}
	if err != nil {
		return got, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if size != c.Bytes || [sha256.Size]byte(sum.Sum(nil)) != c.SHA256 {
		return got, fmt.Errorf("%w: %d bytes with another SHA-256", ErrDamaged, size)
	}
	return got, nil
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// stoppable ends the reading once *failed is set.
type stoppable struct {
	io.Reader
	failed *error
}

func (s stoppable) Read(p []byte) (int, error) {
	if *s.failed != nil {
		return 0, *s.failed
	}
	return s.Reader.Read(p)
}
