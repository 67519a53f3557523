package store_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store"
)

// testBodies: bodies come back byte for byte: on both sides of 64 KiB, from where on a body is kept by itself, of 256
// KiB, the length of a part, and of 1 MiB, from where on its compressed bytes wait in a file. Bytes that cannot be
// compressed grow by a few bytes, so the last two are approached closely.
func testBodies(t *testing.T, s intake.Store) {
	app := addApp(t, s, "k")
	const kib = 1 << 10
	sizes := []int{0, 1, 2, kib, 64*kib - 1, 64 * kib, 64*kib + 1, 65 * kib, 200 * kib, 3*1024*kib + 7}
	for _, edge := range []int{256 * kib, 512 * kib, 1024 * kib} {
		for _, d := range []int{-64, -32, -16, -4, -1, 0, 1, 4} {
			sizes = append(sizes, edge+d)
		}
	}
	want := make(map[int64][]byte)
	for i, n := range sizes {
		for kind, data := range [][]byte{noise(uint64(i), n), text(uint64(i), n)} {
			c := accept(t, s, app, fmt.Sprint(i, " ", kind), data)
			want[c.No] = data
		}
	}
	for no, data := range want {
		holdBody(t, s, no, data)
	}
}

// testBodiesOfOneCommit: more bodies in one commit than go into one pack, small and large ones mixed.
func testBodiesOfOneCommit(t *testing.T, s intake.Store) {
	app := addApp(t, s, "k")
	var bodies []intake.Body
	var datas [][]byte
	for i := range 400 {
		n := 1 + i*7919%(64<<10)
		if i%50 == 0 {
			n += 64 << 10
		}
		datas = append(datas, noise(uint64(i), n))
		bodies = append(bodies, newBody(t, s, datas[i]))
	}
	var cases []intake.Case
	for range 2 { // the second time for the same bodies under other names
		update(t, s, func(tx intake.Tx) error {
			first := len(cases)
			for i, b := range bodies {
				c, err := insert(tx, intake.Case{AppID: app, CaseID: fmt.Sprint(first + i)}, b)
				if err != nil {
					return err
				}
				cases = append(cases, c)
			}
			return nil
		})
	}
	packs := make(map[int64]bool)
	for i, c := range cases {
		holdBody(t, s, c.No, datas[i%len(datas)])
		packs[read(t, s, func(tx intake.Tx) (intake.Case, error) { return tx.Case(c.No) }).Pack] = true
	}
	if len(packs) < 20 {
		t.Errorf("%d packs", len(packs))
	}
}

func testBodiesSideBySide(t *testing.T, s intake.Store) {
	app := addApp(t, s, "k")
	var cases []intake.Case
	var datas [][]byte
	for i := range 6 {
		datas = append(datas, text(uint64(i), 1000+i%3*(400<<10)))
		cases = append(cases, accept(t, s, app, fmt.Sprint(i), datas[i]))
	}
	read(t, s, func(tx intake.Tx) (any, error) {
		got := make([]bytes.Buffer, len(cases))
		readers := make([]io.ReadCloser, len(cases))
		for i, c := range cases {
			var err error
			if readers[i], err = tx.OpenBody(c); err != nil {
				return nil, err
			}
			defer readers[i].Close()
		}
		for more := true; more; {
			more = false
			for i, r := range readers {
				n, err := io.CopyN(&got[i], r, 777)
				more = more || n > 0
				if err != nil && err != io.EOF {
					return nil, err
				}
			}
		}
		for i := range cases {
			if !bytes.Equal(got[i].Bytes(), datas[i]) {
				t.Errorf("body %d differs", i)
			}
		}
		r, err := tx.OpenBody(cases[2])
		if err != nil {
			return nil, err
		}
		io.CopyN(io.Discard, r, 10) // and no more
		return nil, r.Close()
	})
}

// strangeBody is not the store's.
type strangeBody struct{ intake.Body }

func testBodyNotComplete(t *testing.T, s intake.Store) {
	app := addApp(t, s, "k")
	open := s.NewBody()
	defer open.Close()
	open.Write([]byte("half"))
	closed := newBody(t, s, text(1, 100<<10))
	closed.Close()
	for what, b := range map[string]intake.Body{"still written": open, "not the store's": strangeBody{newBody(t, s,
		nil)}} {
		err := s.Update(t.Context(), func(tx intake.Tx) error {
			_, err := tx.InsertCase(intake.Case{No: 1, AppID: app, CaseID: what}, b)
			return err
		})
		if err == nil {
			t.Errorf("a body %s was kept", what)
		}
	}
	for range 2 {
		if err := closed.Close(); err != nil {
			t.Error(err)
		}
	}
	if cs := read(t, s, func(tx intake.Tx) ([]intake.Case, error) {
		return tx.Cases(intake.CaseFilter{})
	}); len(cs) > 0 {
		t.Errorf("%+v", cs)
	}
}

// rows counts the rows of tables.
func rows(t testing.TB, dir string, tables ...string) (n []int) {
	t.Helper()
	db := raw(t, dir)
	for _, table := range tables {
		k := 0
		if err := db.QueryRow("SELECT COUNT(*) FROM " + table).Scan(&k); err != nil {
			t.Fatal(err)
		}
		n = append(n, k)
	}
	return n
}

// A body whose case was not inserted, because it is a repeat or because the Update failed, leaves nothing behind.
func TestBodyNotKept(t *testing.T) {
	dir := t.TempDir()
	s := openServer(t, dir)
	app := addApp(t, s, "k")
	accept(t, s, app, "a", []byte("small"))
	accept(t, s, app, "b", noise(1, 100<<10))
	tables := []string{"cases", "pack", "body_part"}
	before := rows(t, dir, tables...)
	for _, data := range [][]byte{[]byte("again"), noise(2, 100<<10)} {
		for _, caseID := range []string{"a", "b"} {
			b := newBody(t, s, data)
			update(t, s, func(tx intake.Tx) error {
				no, err := tx.NextCaseNo()
				if err != nil {
					return err
				}
				ok, err := tx.InsertCase(intake.Case{No: no, AppID: app, CaseID: caseID}, b)
				if ok {
					t.Error("inserted")
				}
				return err
			})
		}
		b := newBody(t, s, data)
		fails(t, s, io.ErrShortWrite, func(tx intake.Tx) error {
			insert(tx, intake.Case{AppID: app, CaseID: "c"}, b)
			return io.ErrShortWrite
		})
	}
	equal(t, "cases, packs, parts", rows(t, dir, tables...), before)
}

func spooled(t testing.TB, dir string) (names []string) {
	t.Helper()
	es, err := os.ReadDir(filepath.Join(dir, "spool"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range es {
		names = append(names, e.Name())
	}
	return names
}

// Nothing is left in the spool by bodies kept, refused or forgotten, nor what a crash left there once the server is
// back.
func TestSpool(t *testing.T) {
	dir := t.TempDir()
	s := openServer(t, dir)
	app := addApp(t, s, "k")
	data := noise(1, 4<<20)
	b := newBody(t, s, data)
	update(t, s, func(tx intake.Tx) error { _, err := insert(tx, intake.Case{AppID: app, CaseID: "a"}, b); return err })
	b.Close()
	newBody(t, s, data).Close()
	half := s.NewBody()
	half.Write(data)
	half.Close()
	if names := spooled(t, dir); len(names) > 0 {
		t.Errorf("the spool holds %v", names)
	}
	s.Close()

	left := filepath.Join(dir, "spool", "body-1")
	if err := os.WriteFile(left, data, 0o600); err != nil {
		t.Fatal(err)
	}
	other, err := store.Open(t.Context(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	other.Close()
	if names := spooled(t, dir); len(names) != 1 {
		t.Errorf("a store that is no server's cleaned the spool of a server that may be running: %v", names)
	}
	s = openServer(t, dir)
	if names := spooled(t, dir); len(names) > 0 {
		t.Errorf("after the restart the spool holds %v", names)
	}
	holdBody(t, s, 1, data)
}

// A spool that cannot be written fails the body that needs it and nothing else.
func TestSpoolMissing(t *testing.T) {
	dir := t.TempDir()
	s := openServer(t, dir)
	app := addApp(t, s, "k")
	if err := os.RemoveAll(filepath.Join(dir, "spool")); err != nil {
		t.Fatal(err)
	}
	b := s.NewBody()
	defer b.Close()
	_, err := b.Write(noise(1, 8<<20))
	if err == nil {
		_, _, err = b.Sum()
	}
	if err == nil {
		t.Error("8 MiB were spooled nowhere")
	}
	holdBody(t, s, accept(t, s, app, "small", []byte("x")).No, []byte("x"))
	holdBody(t, s, accept(t, s, app, "in memory", noise(2, 500<<10)).No, noise(2, 500<<10))
	if err := s.Ready(); err != nil {
		t.Error(err)
	}
}
