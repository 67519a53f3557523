package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// packed is a package of a case that was unpacked into a folder.
func (p proof) packed(t *testing.T, args ...string) (dir string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "案卷.zip")
	args = append([]string{"evidence", "export", "--data", p.dir, "--reason", "复议1号", "--keys", p.policy, "-o", file},
		args...)
	if r := must(t, args...); !strings.Contains(r.out, "SHA256SUMS 的 SHA-256 为 ") {
		t.Errorf("%s", r.out)
	}
	z, err := zip.OpenReader(file)
	must0(t, err)
	defer z.Close()
	dir = t.TempDir()
	if r := must(t, "verify", file, "--keys", p.policy); !strings.Contains(r.out, "成立。") {
		t.Errorf("%s", r.out)
	}
	for _, f := range z.File {
		r, err := f.Open()
		must0(t, err)
		data, err := io.ReadAll(r)
		must0(t, err)
		must0(t, os.WriteFile(filepath.Join(dir, f.Name), data, 0o600))
	}
	return dir
}

// verified runs the script of a package with dash, which has nothing that POSIX has not.
func verified(t *testing.T, dir, policy string) (out string, code int) {
	t.Helper()
	c := exec.Command("dash", filepath.Join(dir, "verify.sh"), policy)
	b, err := c.CombinedOutput()
	if c.ProcessState == nil {
		t.Fatal(err)
	}
	return string(b), c.ProcessState.ExitCode()
}

func acceptIDs(t *testing.T, dir string) []string {
	t.Helper()
	list := must(t, "case", "list", "--json", "--data", dir).out
	var ids []string
	for _, m := range regexp.MustCompile(`"acceptid":"([0-9]+)"`).FindAllStringSubmatch(list, -1) {
		ids = append(ids, m[1])
	}
	return ids
}

// The package of a case proves itself with openssl and coreutils alone; a flipped byte in any of its files is noticed.
func TestCasePackage(t *testing.T) {
	p := newLedger(t).prove(t)
	id := acceptIDs(t, p.dir)[3] // returned
	dir := p.packed(t, "--case", id)
	out, code := verified(t, dir, p.policy)
	if code != 0 || strings.Contains(out, "不成立  ") {
		t.Fatalf("exit code %d\n%s", code, out)
	}
	for _, want := range []string{"成立    检查点的签名（Ed25519）", "成立    检查点的签名（SM2）",
		"成立    所证明的内容在存证日志中（SM3）", "成立    报文与回执相符（SHA-256）", "成立    报文与回执相符（SM3）", `"acceptid":"` + id + `"`} {
		if !strings.Contains(out, want) {
			t.Errorf("it does not say %q:\n%s", want, out)
		}
	}
	cover, err := os.ReadFile(filepath.Join(dir, "cover.html"))
	must0(t, err)
	for _, want := range []string{id, "退回", "清单有误", "cli:", "body", "第 1 次"} {
		if !strings.Contains(string(cover), want) {
			t.Errorf("the cover has no %q", want)
		}
	}
	files, err := os.ReadDir(dir)
	must0(t, err)
	for _, f := range files {
		path := filepath.Join(dir, f.Name())
		was, err := os.ReadFile(path)
		must0(t, err)
		is := bytes.Clone(was)
		is[len(is)/2] ^= 1
		must0(t, os.WriteFile(path, is, 0o600))
		out, code := verified(t, dir, p.policy)
		if code == 0 || f.Name() != "verify.sh" && !strings.Contains(out, "不成立  ") {
			t.Errorf("%s was flipped: exit code %d\n%s", f.Name(), code, out)
		}
		must0(t, os.WriteFile(path, was, 0o600))
	}
	other := newLedger(t).prove(t)
	if out, code := verified(t, dir, other.policy); code != 3 || !strings.Contains(out, "没有信任策略") {
		t.Errorf("keys of another log: exit code %d\n%s", code, out)
	}
}

// The package of one firm has nothing of the others, and proves its row.
func TestFirmPackage(t *testing.T) {
	p := newLedger(t).prove(t)
	id := acceptIDs(t, p.dir)[0]
	dir := p.packed(t, "--case", id, "--entity", "2")
	out, code := verified(t, dir, p.policy)
	if code != 0 || !strings.Contains(out, "成立    清单第 2 户与受理时相符（SHA-256）") ||
		!strings.Contains(out, "成立    清单第 2 户与受理时相符（SM3）") || !strings.Contains(out, codeOf(2)) {
		t.Fatalf("exit code %d\n%s", code, out)
	}
	files, err := os.ReadDir(dir)
	must0(t, err)
	for _, f := range files {
		data, err := os.ReadFile(filepath.Join(dir, f.Name()))
		must0(t, err)
		for _, text := range append(decoded(data), string(data)) {
			for _, other := range []string{codeOf(1), codeOf(3), codeOf(4)} {
				if strings.Contains(text, other) {
					t.Errorf("%s has another firm: %s", f.Name(), other)
				}
			}
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "body")); err == nil {
		t.Error("it has the body")
	}
	r := runHere(t, nil, "evidence", "export", "--data", p.dir, "--case", id, "--entity", "9", "--reason", "x", "-o",
		filepath.Join(t.TempDir(), "x.zip"))
	if r.code != exitUsage || !strings.Contains(r.err, "清单中没有第9户") {
		t.Errorf("%d %s", r.code, r.err)
	}
}

// decoded are the texts within Base64 in a file.
func decoded(data []byte) (all []string) {
	for _, b64 := range regexp.MustCompile(`[A-Za-z0-9+/]{40,}=*`).FindAll(data, -1) {
		if b, err := base64.StdEncoding.DecodeString(string(b64)); err == nil {
			all = append(all, string(b))
		}
	}
	return all
}

// diaoxiao verify names the file of a package that does not hold.
func TestVerifyPackage(t *testing.T) {
	p := newLedger(t).prove(t)
	dir := p.packed(t, "--case", acceptIDs(t, p.dir)[0])
	files, err := os.ReadDir(dir)
	must0(t, err)
	rezip := func(change func(name string, data []byte) (string, []byte)) string {
		path := filepath.Join(t.TempDir(), "x.zip")
		f, err := os.Create(path)
		must0(t, err)
		z := zip.NewWriter(f)
		for _, e := range files {
			data, err := os.ReadFile(filepath.Join(dir, e.Name()))
			must0(t, err)
			name, data := change(e.Name(), data)
			w, err := z.Create(name)
			must0(t, err)
			_, err = w.Write(data)
			must0(t, err)
		}
		must0(t, z.Close())
		must0(t, f.Close())
		return path
	}
	says := func(path, want string) {
		t.Helper()
		r := runHere(t, nil, "verify", path, "--keys", p.policy)
		if r.code != exitFaults || !strings.Contains(r.out, want) {
			t.Errorf("%d, want %q: %s%s", r.code, want, r.out, r.err)
		}
	}
	for _, e := range files {
		flipped := rezip(func(name string, data []byte) (string, []byte) {
			if name == e.Name() {
				data = bytes.Clone(data)
				data[len(data)/2] ^= 1
			}
			return name, data
		})
		says(flipped, "不成立：")
		if !strings.HasSuffix(e.Name(), "SUMS") {
			says(flipped, e.Name()+" 与散列清单不符")
		}
	}
	says(rezip(func(name string, data []byte) (string, []byte) {
		if name == "cover.html" {
			name = "../cover.html"
		}
		return name, data
	}), "名称含目录")
	says(rezip(func(name string, data []byte) (string, []byte) {
		if name == "cover.html" {
			name = "other.html"
		}
		return name, data
	}), "cover.html")
}

// The archive has the closed cases of a period with a list that holds, and goes on where it was broken off.
func TestArchive(t *testing.T) {
	p := newLedger(t).prove(t)
	folder := filepath.Join(t.TempDir(), "归档")
	args := []string{"evidence", "archive", folder, "--data", p.dir, "--from", "2026-03-16", "--to", "2026-03-18",
		"--reason", "年度归档", "--keys", p.policy}
	first := must(t, args...).out
	zips, err := filepath.Glob(filepath.Join(folder, "*.zip"))
	must0(t, err)
	if len(zips) < 2 || !strings.Contains(first, "没有办结的 ") {
		t.Fatalf("%q\n%s", zips, first)
	}
	list, err := os.ReadFile(filepath.Join(folder, "归档清单.txt"))
	must0(t, err)
	for i, line := range strings.Split(strings.TrimSpace(string(list)), "\n") {
		if i == len(zips) {
			if !strings.HasPrefix(line, "共 "+strconv.Itoa(len(zips))+" 件") {
				t.Errorf("%s", line)
			}
			continue
		}
		data, err := os.ReadFile(filepath.Join(folder, strings.Fields(line)[0]))
		must0(t, err)
		if want := fmt.Sprintf("%d %x", len(data), sha256.Sum256(data)); !strings.Contains(line, want) {
			t.Errorf("%s, want %s", line, want)
		}
	}
	r := must(t, append([]string{"verify", "--keys", p.policy}, zips...)...)
	if strings.Count(r.out, "成立。") != len(zips) {
		t.Errorf("%s", r.out)
	}
	must0(t, os.Remove(zips[0]))
	if again := must(t, args...).out; !strings.Contains(again, "本次写出 1 件") {
		t.Errorf("%s", again)
	}
	if r = runHere(t, nil, append(args[:9:9], "--reason", "")...); r.code != exitUsage {
		t.Errorf("no reason: %d %s", r.code, r.err)
	}
}
