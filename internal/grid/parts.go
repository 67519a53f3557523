package grid

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net/url"
	"path"
	"strings"
	"syscall"
)

// maxDirectory bounds the bytes that are read of a workbook's list of parts: some ten thousand.
const maxDirectory = 1 << 20

// Bounds of what is unpacked of a workbook while it is read, all passes together: so much, and so much for each byte of
// the file. Lists of entities pack to a tenth, empty rows to a thirtieth.
const (
	freeUnpacked    = 64 << 20
	unpackedPerByte = 300
)

// parts are the parts of a workbook, by name in lower case.
type parts struct {
	Place  Place
	byName map[string]*zip.File
	budget int64 // of bytes that may still be unpacked
}

func openParts(f io.ReaderAt, size int64, place Place) (*parts, error) {
	d := &directory{f, maxDirectory, true}
	z, err := zip.NewReader(d, size)
	d.bounded = false
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, damaged(place, err)
	}
	p := &parts{Place: place, byName: make(map[string]*zip.File), budget: freeUnpacked + unpackedPerByte*size}
	for _, part := range z.File {
		if err := p.add(part); err != nil {
			return nil, err
		}
	}
	return p, p.begins(f, z.File)
}

// localHeader is the length of what stands before a part, without its name and its extra field.
const localHeader = 30

// begins refuses a file that begins with a part which its directory does not list: another archive stands before the
// one that is read, and other programs may read that.
func (p *parts) begins(f io.ReaderAt, all []*zip.File) error {
	var head [localHeader]byte
	if _, err := f.ReadAt(head[:], 0); err != nil || len(all) == 0 {
		return IgnoreEOF(err)
	}
	first := localHeader + int64(binary.LittleEndian.Uint16(head[26:])) + int64(binary.LittleEndian.Uint16(head[28:]))
	var broken error
	for _, part := range all {
		at, err := part.DataOffset()
		if err == nil && at == first {
			return nil
		}
		broken = errors.Join(broken, err)
	}
	if broken != nil {
		return damaged(p.Place, broken)
	}
	return &Problem{Place: p.Place, Fatal: true, Next: reexportStep, Text: "文件里不止一个压缩包，不同程序会读到不同内容"}
}

// add takes a part in. Of two parts of one name, letter case and slashes aside, readers take the one or the other.
func (p *parts) add(part *zip.File) error {
	name := partName("", part.Name)
	if strings.HasSuffix(part.Name, "/") || strings.HasSuffix(part.Name, `\`) { // a folder
		return nil
	}
	if first := p.byName[name]; first != nil {
		return &Problem{Place: p.Place, Fatal: true, Next: reexportStep,
			Text: "工作簿中有两个同名的部件“" + Brief(part.Name) + "”与“" + Brief(first.Name) + "”，不同程序会读到不同内容"}
	}
	p.byName[name] = part
	return nil
}

// part finds a part by what a relation names: a URI, in which a blank may stand as %20.
func (p *parts) part(name string) *zip.File {
	if part := p.byName[name]; part != nil {
		return part
	}
	if plain, err := url.PathUnescape(name); err == nil {
		return p.byName[plain]
	}
	return nil
}

// partName is the name of the part that target means when the part base names it.
func partName(base, target string) string {
	target = strings.ReplaceAll(target, `\`, "/")
	if !strings.HasPrefix(target, "/") {
		target = path.Join(path.Dir(base), target)
	}
	return strings.ToLower(strings.TrimPrefix(path.Clean("/"+target), "/"))
}

// directory is the file; as long as its list of parts is read, of which each entry takes several times its length in
// memory, it is bounded.
type directory struct {
	io.ReaderAt
	left    int
	bounded bool
}

var errDirectory = errors.New("部件目录超过1MiB")

func (d *directory) ReadAt(p []byte, off int64) (int, error) {
	if d.bounded {
		if d.left -= len(p); d.left < 0 {
			return 0, errDirectory
		}
	}
	return d.ReaderAt.ReadAt(p, off)
}

// Next steps for a workbook that is damaged, and for one that programs read differently.
const (
	againStep    = "从原系统重新导出或重新传输；用 Excel 或 WPS 修复后另存的可能缺行，须先核对行数"
	resaveStep   = "用 Excel 或 WPS 打开后另存为 .xlsx，再重试"
	reexportStep = "从原系统重新导出；用 Excel 或 WPS 另存的须先核对内容"
)

// damaged is the problem of a workbook that does not hold together. Errors of the system, and problems, are left as
// they are; the others cannot be listed: zip ends some damaged files with EOF or asks for bytes before the first.
func damaged(place Place, err error) error {
	var ours *Problem
	var system syscall.Errno
	if errors.As(err, &ours) || errors.As(err, &system) {
		return err
	}
	return &Problem{Place: place, Text: "工作簿不完整或已损坏（" + err.Error() + "）", Next: againStep, Fatal: true}
}

// mentions reports whether a part has a word anywhere, which is found out faster than what it means.
func (p *parts) mentions(part *zip.File, word string) (bool, error) {
	x, err := p.openXML(part)
	if err != nil {
		return false, damaged(p.Place, err)
	}
	defer x.Close()
	buf, kept := make([]byte, 32<<10), 0
	for {
		x.gauge.token = x.gauge.given // a part as a whole is no token
		n, err := x.gauge.Read(buf[kept:])
		n += kept
		switch {
		case bytes.Contains(buf[:n], []byte(word)):
			return true, nil
		case err == io.EOF:
			return false, nil
		case err != nil:
			return false, damaged(p.Place, err)
		}
		kept = copy(buf, buf[max(0, n-len(word)+1):n])
	}
}
