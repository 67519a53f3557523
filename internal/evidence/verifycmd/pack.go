package verifycmd

import (
	"archive/zip"
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"

	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/merkle"
)

// isPack says whether a file is a package of a case (案卷包), which is a zip file.
func isPack(file []byte) bool { return bytes.HasPrefix(file, []byte("PK\x03\x04")) }

// A package is read within these bounds, whatever its heads promise.
const (
	mostPackFiles = 100
	mostPackBytes = 1 << 30 // of all its files, unpacked
)

// packError is what is wrong with a file of a package.
type packError struct {
	name string
	kind packFault
}

type packFault int

const (
	packHash    packFault = iota + 1 // its hash is not the one in the list
	packMissing                      // it is in the list, and not there
	packForeign                      // it is not in the list
	packBody                         // it is not the body that the receipt is of
	packLarge                        // it is larger than a package may be, or has a name with a folder
	packTwice                        // its name is there twice
)

func (e *packError) Error() string { return fmt.Sprintf("%s: fault %d of a package", e.name, e.kind) }

// packFile is what is known of a file of a package after it was read.
type packFile struct {
	sums merkle.Pair
	text []byte // of the small files that are looked into
}

// openPack reads all files of a package, and returns the receipt in it after it has compared each file with the list of
// hashes. The error is a *packError, or that of a file that is no zip file.
func openPack(file []byte) (receipt []byte, files map[string]packFile, err error) {
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return nil, nil, err
	}
	if len(z.File) > mostPackFiles {
		return nil, nil, &packError{z.File[mostPackFiles].Name, packLarge}
	}
	files, left := make(map[string]packFile), int64(mostPackBytes)
	for _, f := range z.File {
		if _, twice := files[f.Name]; twice {
			return nil, nil, &packError{f.Name, packTwice}
		}
		if strings.ContainsAny(f.Name, `/\`) {
			return nil, nil, &packError{f.Name, packLarge}
		}
		if files[f.Name], err = readPackFile(f, &left); err != nil {
			return nil, nil, err
		}
	}
	if err := compareList(files, "SHA256SUMS", merkle.SHA256, "SHA256SUMS"); err != nil {
		return nil, nil, err
	}
	return files["receipt.txt"].text, files, compareList(files, "SM3SUMS", merkle.SM3, "SHA256SUMS SM3SUMS")
}

// readPackFile reads one file; left is what the package may still have.
func readPackFile(f *zip.File, left *int64) (p packFile, err error) {
	r, err := f.Open()
	if err != nil {
		return p, err
	}
	defer r.Close()
	sums := [2]hash.Hash{merkle.SHA256.New(), merkle.SM3.New()}
	var text bytes.Buffer
	to := io.MultiWriter(sums[0], sums[1])
	if f.Name != "body" && f.Name != "firms.jsonl" {
		to = io.MultiWriter(sums[0], sums[1], &text)
	}
	n, err := io.Copy(to, io.LimitReader(r, *left+1))
	if *left -= n; err != nil {
		return p, err
	}
	if *left < 0 {
		return p, &packError{f.Name, packLarge}
	}
	p.text = text.Bytes()
	for i, s := range sums {
		s.Sum(p.sums[i][:0])
	}
	return p, nil
}

// compareList compares files with a list in the form of sha256sum. Each file must be in it, but those of but.
func compareList(files map[string]packFile, list string, suite merkle.Suite, but string) error {
	listed := make(map[string]bool)
	for line := range strings.Lines(string(files[list].text)) {
		sum, name, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		f, there := files[name]
		if listed[name] = true; !there {
			return &packError{name, packMissing}
		}
		if h := f.sums[suite]; hex.EncodeToString(h[:]) != sum {
			return &packError{name, packHash}
		}
	}
	for name := range files {
		if !listed[name] && !strings.Contains(but, name) {
			return &packError{name, packForeign}
		}
	}
	return nil
}

// verifyPack verifies a package: its files, its receipt, and the body against the receipt.
func (s subject) verifyPack(file []byte) (v evidence.Proved, err error) {
	receipt, files, err := openPack(file)
	if err != nil {
		return v, err
	}
	if v, err = s.verifyReceipt(receipt); err != nil {
		return v, err
	}
	body, has := files["body"]
	if has && (v.Body == nil || v.Body.Pair() != body.sums) {
		err = &packError{"body", packBody}
	}
	return v, err
}

// packWords say what is wrong with a package; "": the error is of another kind.
func packWords(err error) string {
	var p *packError
	if !errors.As(err, &p) {
		return ""
	}
	return map[packFault]string{packHash: "文件 %s 与散列清单不符，已被改动", packMissing: "散列清单中有文件 %s，而案卷包中没有",
		packForeign: "文件 %s 不在散列清单中", packBody: "文件 %s 不是回执所证明的报文", packLarge: "文件 %s 不能属于案卷包：过大、过多，或名称含目录",
		packTwice: "文件 %s 出现两次"}[p.kind]
}
