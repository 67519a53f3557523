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
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	fnote "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"

	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/evidence/merkle"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
)

// exported is the package of a case of a store, as a file.
func (p proof) exported(t *testing.T, args ...string) (file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "案卷.zip")
	args = append([]string{"evidence", "export", "--data", p.dir, "--reason", "复议1号", "--keys", p.policy, "-o",
		file},
		args...)
	if r := must(t, args...); !strings.Contains(r.out, "SHA256SUMS 的 SHA-256 为 ") {
		t.Errorf("%s", r.out)
	}
	return file
}

// packed is a package of a case that was unpacked into a folder.
func (p proof) packed(t *testing.T, args ...string) (dir string) {
	t.Helper()
	file := p.exported(t, args...)
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

// zipped is a folder as a package.
func zipped(t *testing.T, dir string) (file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "x.zip")
	f, err := os.Create(file)
	must0(t, err)
	z := zip.NewWriter(f)
	for _, name := range namesIn(t, dir) {
		w, err := z.Create(name)
		must0(t, err)
		_, err = w.Write(fileIn(t, dir, name))
		must0(t, err)
	}
	must0(t, z.Close())
	must0(t, f.Close())
	return file
}

func namesIn(t *testing.T, dir string) (names []string) {
	t.Helper()
	files, err := os.ReadDir(dir)
	must0(t, err)
	for _, f := range files {
		names = append(names, f.Name())
	}
	return names
}

func fileIn(t *testing.T, dir, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	must0(t, err)
	return data
}

// resealed writes both lists of hashes of a folder anew, as one who alters a package can.
func resealed(t *testing.T, dir string) {
	t.Helper()
	var sha, sm3 string
	add := func(name string) {
		data := fileIn(t, dir, name)
		sha += fmt.Sprintf("%x  %s\n", merkle.SHA256.Sum(data), name)
		sm3 += fmt.Sprintf("%x  %s\n", merkle.SM3.Sum(data), name)
	}
	for _, name := range namesIn(t, dir) {
		if name != "SHA256SUMS" && name != "SM3SUMS" {
			add(name)
		}
	}
	must0(t, os.WriteFile(filepath.Join(dir, "SM3SUMS"), []byte(sm3), 0o600))
	add("SM3SUMS")
	must0(t, os.WriteFile(filepath.Join(dir, "SHA256SUMS"), []byte(sha), 0o600))
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
	for _, want := range []string{"成立    检查点的签名（Ed25519，存证日志）", "成立    检查点的签名（SM2，存证日志）",
		"成立    所证明的内容在存证日志中（SM3）", "成立    报文与回执相符（SHA-256）",
		"成立    报文与回执相符（SM3）", `"acceptid":"` + id + `"`,
		"成立    facts.json 的案件基本事实和文字与回执相符",
		"未验证  firms.jsonl 中各户的报送值：请用 diaoxiao verify"} {
		if !strings.Contains(out, want) {
			t.Errorf("it does not say %q:\n%s", want, out)
		}
	}
	cover := string(fileIn(t, dir, "cover.html"))
	for _, want := range []string{id, "退回", "清单有误", "cli:", "body", "第 1 次", "diaoxiao verify 案卷.zip"} {
		if !strings.Contains(cover, want) {
			t.Errorf("the cover has no %q", want)
		}
	}
	for _, name := range []string{"receipt.txt", "cover.html", "body", "verify.sh", "SM3SUMS"} {
		was := fileIn(t, dir, name)
		is := bytes.Clone(was)
		is[len(is)/2] ^= 1
		path := filepath.Join(dir, name)
		must0(t, os.WriteFile(path, is, 0o600))
		out, code := verified(t, dir, p.policy)
		if code == 0 || name != "verify.sh" && !strings.Contains(out, "不成立  ") {
			t.Errorf("%s was flipped: exit code %d\n%s", name, code, out)
		}
		must0(t, os.WriteFile(path, was, 0o600))
	}
	other := newLedger(t).prove(t)
	if out, code := verified(t, dir, other.policy); code != 3 || !strings.Contains(out, "没有信任策略") {
		t.Errorf("keys of another log: exit code %d\n%s", code, out)
	}
	if _, code := verified(t, dir, ""); code != 2 {
		t.Errorf("no policy: exit code %d", code)
	}
}

// altered is a package that was altered and given new lists of hashes, with what each verifier says of it. "" for the
// script: it can't notice, or notices as in another case, and is not run, because it takes a second.
type altered struct {
	what           string
	change         func(t *testing.T, dir string)
	script, verify string
}

// edit replaces a text of a file that has it.
func edit(name, from, to string) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		t.Helper()
		was := string(fileIn(t, dir, name))
		if !strings.Contains(was, from) {
			t.Fatalf("%s has no %q: %s", name, from, was)
		}
		must0(t, os.WriteFile(filepath.Join(dir, name), []byte(strings.Replace(was, from, to, 1)), 0o600))
		resealed(t, dir)
	}
}

func withFile(name, text string) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		t.Helper()
		must0(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
		resealed(t, dir)
	}
}

func lacking(names ...string) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		t.Helper()
		for _, name := range names {
			must0(t, os.Remove(filepath.Join(dir, name)))
		}
		resealed(t, dir)
	}
}

// afterwards changes a package without new lists.
func afterwards(change func(dir string) error) func(*testing.T, string) {
	return func(t *testing.T, dir string) { t.Helper(); must0(t, change(dir)) }
}

func emptied(names ...string) func(*testing.T, string) {
	return afterwards(func(dir string) (err error) {
		for _, name := range names {
			err = os.WriteFile(filepath.Join(dir, name), nil, 0o600)
		}
		return err
	})
}

func (p proof) seesAltered(t *testing.T, whole string, all []altered) {
	t.Helper()
	for _, a := range all {
		t.Run(a.what, func(t *testing.T) {
			dir := t.TempDir()
			must0(t, os.CopyFS(dir, os.DirFS(whole)))
			a.change(t, dir)
			if a.script != "" {
				out, code := verified(t, dir, p.policy)
				if code != 3 || !strings.Contains(out, "不成立  "+a.script) {
					t.Errorf("the script: %d, want %q\n%s", code, a.script, out)
				}
			}
			r := runHere(t, nil, "verify", zipped(t, dir), "--keys", p.policy)
			if r.code != exitFaults || !strings.Contains(r.out, a.verify) {
				t.Errorf("verify: %d, want %q\n%s%s", r.code, a.verify, r.out, r.err)
			}
		})
	}
}

// Whatever is altered in the package of a case is noticed, although its lists of hashes were written anew.
func TestAlteredCasePackage(t *testing.T) {
	p := newLedger(t).prove(t)
	whole := p.packed(t, "--case", acceptIDs(t, p.dir)[3])
	facts, firms := string(fileIn(t, whole, "facts.json")), string(fileIn(t, whole, "firms.jsonl"))
	event := regexp.MustCompile(`"by": "cli:[^"]*",\s+"deed": "申请退回"`).FindString(facts)
	if event == "" {
		t.Fatal(facts)
	}
	signature := regexp.MustCompile(`(?m)^— .*$`).FindString(string(fileIn(t, whole, "receipt.txt")))
	bad := signature[:len(signature)-12] + "AAAAAAAA" + signature[len(signature)-4:]
	p.seesAltered(t, whole, []altered{
		{"no lists", func(t *testing.T, dir string) {
			must0(t, os.Remove(filepath.Join(dir, "SHA256SUMS")))
			must0(t, os.Remove(filepath.Join(dir, "SM3SUMS")))
		}, "案卷中缺少文件 SHA256SUMS", "文件 SHA256SUMS 缺少"},
		{"empty lists", emptied("SHA256SUMS", "SM3SUMS"), "散列清单 SHA256SUMS 没有内容", "文件 body 不在散列清单中"},
		{"one empty list", emptied("SM3SUMS"), "", "文件 body 不在散列清单中"},
		{"a file in no list", afterwards(func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "S"), nil, 0o600)
		}), "", "文件 S 不是案卷包的文件"},
		{"another one", afterwards(func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "succession-1.txt"), nil, 0o600)
		}), "文件 succession-1.txt 不在散列清单 SHA256SUMS 中", "文件 succession-1.txt 不在散列清单中"},
		{"a file that is listed", withFile("SUMS", "x"), "文件 SUMS 不是案卷包的文件", "文件 SUMS 不是案卷包的文件"},
		{"a hidden one", withFile(".x", "x"), "", "文件 .x 不是案卷包的文件"},
		{"no body", lacking("body"), "案卷中缺少文件 body", "文件 body 缺少"},
		{"a firm in its place", func(t *testing.T, dir string) {
			lacking("body")(t, dir)
			withFile("firm", "1\n")(t, dir)
		}, "全案的案卷包中不应有文件 firm", "文件 firm 不应在其中"},
		{"another body", edit("body", "苏日娜", "苏日那"), "报文与回执相符（SM3）", "文件 body 不是回执所证明的报文"},
		{"no facts", lacking("facts.json"), "", "文件 facts.json 缺少"},
		{"no audit", lacking("audit.jsonl"), "", "文件 audit.jsonl 缺少"},
		{"no policy", lacking("policy.txt"), "", "文件 policy.txt 缺少"},
		{"another account", edit("facts.json", `"account": "张三"`, `"account": "王五"`), "",
			"文件 facts.json 的 account 为 “王五”，回执证明的是 “张三”"},
		{"another penalty", edit("facts.json", "吊销营业执照", "警告"), "facts.json 与回执不符： texts.penalty",
			"facts.json 的 texts.penalty 为 “警告”，回执证明的是 “吊销营业执照”"},
		{"another time", edit("facts.json", `"received": "2026-03-17T`, `"received": "2026-03-16T`),
			"", "facts.json 的 received 为"},
		{"a member twice", edit("facts.json", `  "account"`, "  \"account\": \"王五\",\n  \"account\""),
			"", "文件 facts.json 读不了"},
		{"a member more", edit("facts.json", `  "account"`, "  \"uniscid\": \"x\",\n  \"account\""), "",
			"文件 facts.json 读不了"},
		{"another step", edit("facts.json", `"deed": "退回"`, `"deed": "备注"`), "",
			".deed 为 “备注”，回执证明的是 “退回”"},
		{"another person", edit("facts.json", event, strings.Replace(event, `"cli:`, `"console:`, 1)), "",
			".by 为 “console:"},
		{"another reason", edit("facts.json", `"reason": "清单有误"`, `"reason": "清单无误"`), "",
			".reason 为 “清单无误”，回执证明的是 “清单有误”"},
		{"another answer", edit("facts.json", `"answer": "已同意"`, `"answer": "不同意"`), "",
			".answer 为 “不同意”，回执证明的是 “已同意”"},
		{"no steps", func(t *testing.T, dir string) {
			withFile("facts.json", facts[:strings.Index(facts, `"events": [`)]+`"events": [], "proposals": []}`)(t, dir)
		}, "", "不在回执中，或回执中有而该文件没有"},
		{"another code", edit("firms.jsonl", codeOf(7), codeOf(8)), "",
			"文件 firms.jsonl 第 1 行 的 uniscid 为 “" + codeOf(8) +
				"”，回执证明的是 “" + codeOf(7) + "”"},
		{"a firm more", withFile("firms.jsonl", firms+strings.Replace(firms, `"row":1`, `"row":2`, 1)), "",
			"文件 firms.jsonl 不是回执所证明的清单"},
		{"no firms", withFile("firms.jsonl", ""), "firms.jsonl 不是 1 户", "文件 firms.jsonl 不是回执所证明的清单"},
		{"no signatures", func(t *testing.T, dir string) {
			receipt := string(fileIn(t, dir, "receipt.txt"))
			withFile("receipt.txt", receipt[:strings.Index(receipt, "— ")])(t, dir)
		}, "检查点没有信任策略", "文件 receipt.txt：检查点的签名不成立"},
		{"a bad signature", edit("receipt.txt", signature, bad), "", "文件 receipt.txt：检查点的签名不成立"},
		{"a bad one before the good one", edit("receipt.txt", signature, bad+"\n"+signature), "检查点的签名（Ed25519",
			"文件 receipt.txt：检查点"},
		{"a bad one after the good one", edit("receipt.txt", signature, signature+"\n"+bad), "检查点的签名（Ed25519",
			"文件 receipt.txt：检查点中有同一密钥的不止一个签名"},
	})
}

// A signature that the policy names and that is not there is told; it fails where the policy asks for it.
func TestMissingSignature(t *testing.T) {
	p := newLedger(t).prove(t)
	dir := p.packed(t, "--case", acceptIDs(t, p.dir)[0])
	receipt := string(fileIn(t, dir, "receipt.txt"))
	lines := regexp.MustCompile(`(?m)^— .*\n`).FindAllString(receipt, -1)
	edit("receipt.txt", lines[1], "")(t, dir)
	out, code := verified(t, dir, p.policy)
	if code != 0 || strings.Count(out, "未验证  信任策略中的密钥 credit.example.cn/diaoxiao") != 1 {
		t.Errorf("%d %s", code, out)
	}
	r := must(t, "verify", zipped(t, dir), "--keys", p.policy)
	if !strings.Contains(r.out, "信任策略中的密钥（SM2）没有签署该检查点") {
		t.Errorf("%s", r.out)
	}
	edit("receipt.txt", lines[0], lines[0]+lines[1])(t, dir)
	skey, vkey, err := note.GenerateKey(nil, "witness.example/1")
	must0(t, err)
	signer, err := fnote.NewSignerForCosignatureV1(skey)
	must0(t, err)
	v, err := fnote.NewVerifierForCosignatureV1(vkey)
	must0(t, err)
	text := receipt[strings.Index(receipt, "\n\n")+2:]
	signed, err := note.Sign(&note.Note{Text: text[:strings.Index(text, "\n\n")+1]}, signer)
	must0(t, err)
	cosigned := string(signed[bytes.Index(signed, []byte("\n\n"))+2:])
	policy := filepath.Join(t.TempDir(), "policy.txt")
	keys, err := os.ReadFile(p.policy)
	must0(t, err)
	asks := strings.Replace(string(keys), "quorum none", "witness w1 "+cosignatureKey(t, v, vkey)+
		"\ngroup g any w1\nquorum g", 1)
	must0(t, os.WriteFile(policy, []byte(asks), 0o600))
	if out, code := verified(t, dir, policy); code != 3 || !strings.Contains(out, "不成立  检查点缺少信任策略要求的见证方签名（quorum g）") {
		t.Errorf("%d %s", code, out)
	}
	withFile("receipt.txt", string(fileIn(t, dir, "receipt.txt"))+cosigned)(t, dir)
	if out, code := verified(t, dir, policy); code != 0 || !strings.Contains(out, "成立    检查点的签名（Ed25519，w1）") {
		t.Errorf("%d %s", code, out)
	}
	if r := must(t, "verify", zipped(t, dir), "--keys", policy); !strings.Contains(r.out, "见证方 w1") {
		t.Errorf("%s", r.out)
	}
}

// cosignatureKey is the key of a witness as a policy has it.
func cosignatureKey(t *testing.T, v note.Verifier, vkey string) string {
	t.Helper()
	data, err := base64.StdEncoding.DecodeString(strings.SplitN(vkey, "+", 3)[2])
	must0(t, err)
	data[0] = 4
	return fmt.Sprintf("%s+%08x+%s", v.Name(), v.KeyHash(), base64.StdEncoding.EncodeToString(data))
}

// Each faulty file of a package is named, and more than it may hold is not read.
func TestVerifyPackage(t *testing.T) {
	p := newLedger(t).prove(t)
	dir := p.packed(t, "--case", acceptIDs(t, p.dir)[0])
	for _, name := range namesIn(t, dir) {
		data := fileIn(t, dir, name)
		if len(data) == 0 {
			continue
		}
		data[len(data)/2] ^= 1
		must0(t, os.WriteFile(filepath.Join(dir, name), data, 0o600))
	}
	r := runHere(t, nil, "verify", zipped(t, dir), "--keys", p.policy)
	for _, name := range []string{"receipt.txt", "facts.json", "firms.jsonl", "body", "policy.txt", "cover.html",
		"verify.sh"} {
		if r.code != exitFaults || !strings.Contains(r.out, "文件 "+name+" 与散列清单不符") {
			t.Errorf("%d, %s is not named: %s%s", r.code, name, r.out, r.err)
		}
	}
	dir = p.packed(t, "--case", acceptIDs(t, p.dir)[0])
	edit("facts.json", `"account": "张三"`, `"account": "王五"`)(t, dir)
	edit("firms.jsonl", codeOf(2), codeOf(5))(t, dir)
	edit("body", "苏日娜", "苏日那")(t, dir)
	withFile("cover.html", strings.Repeat(" ", 5<<20))(t, dir)
	r = runHere(t, nil, "verify", zipped(t, dir), "--keys", p.policy)
	for _, want := range []string{"4 处不符", "cover.html 过大", "文件 body 不是回执所证明的报文",
		"facts.json 的 account 为",
		"firms.jsonl 不是回执所证明的清单"} {
		if r.code != exitFaults || !strings.Contains(r.out, want) {
			t.Errorf("%d, want %q: %s%s", r.code, want, r.out, r.err)
		}
	}
	if r := runHere(t, nil, "verify", zipped(t, dir), "--keys", p.policy, "--json"); r.code != exitFaults ||
		!strings.Contains(r.out, `"ok":false`) || strings.Count(r.out, `{"file":"`) != 5 {
		t.Errorf("%d %s", r.code, r.out)
	}
	file := p.exported(t, "--case", acceptIDs(t, p.dir)[0])
	for from, to := range map[string]string{"cover.html": "../over.ht", "verify.sh": "facts.jso"} {
		data, err := os.ReadFile(file)
		must0(t, err)
		other := filepath.Join(t.TempDir(), "x.zip")
		must0(t, os.WriteFile(other, bytes.ReplaceAll(data, []byte(from), []byte(to)), 0o600))
		r := runHere(t, nil, "verify", other, "--keys", p.policy)
		if r.code != exitFaults || !strings.Contains(r.out, "文件 "+to+" 不是案卷包的文件") {
			t.Errorf("%d %s%s", r.code, r.out, r.err)
		}
	}
}

// While nothing happens to a case, each package of it is the same to the byte, although the log goes on and the audit
// has each of them.
func TestSamePackage(t *testing.T) {
	l := newLedger(t)
	p := l.prove(t)
	id := acceptIDs(t, p.dir)[3]
	for _, args := range [][]string{{"--case", id}, {"--case", id, "--entity", "1"}} {
		first, err := os.ReadFile(p.exported(t, args...))
		must0(t, err)
		must(t, "case", "show", acceptIDs(t, p.dir)[0], "--data", p.dir)
		p.sign(t)
		again, err := os.ReadFile(p.exported(t, args...))
		must0(t, err)
		if !bytes.Equal(first, again) {
			t.Errorf("%v: another package of %d bytes, not %d", args, len(again), len(first))
		}
	}
	audit := must(t, "audit", "--data", p.dir, "--json").out
	if strings.Count(audit, "case take package") != 4 || strings.Contains(audit, "case take body") ||
		!strings.Contains(audit, "第1户：复议1号") {
		t.Errorf("%s", audit)
	}
}

// The package of one firm has nothing of the hundreds of others, and proves its row.
func TestFirmPackage(t *testing.T) {
	const firms, no = 300, 150
	b := openBureau(t, t.TempDir(), time.Date(2026, 3, 16, 9, 0, 0, 0, beijingtime.Zone))
	ctx, root := t.Context(), intake.Actor("cli:root")
	legal := func(n int) string { return string([]rune{rune(0x4f60 + n), rune(0x5c60 + n), rune(0x6a60 + n)}) }
	pripid := func(n int) string { return fmt.Sprintf("1501000000%06d", n) }
	var list []string
	for n := 1; n <= firms; n++ {
		list = append(list, strings.Replace(firm(n), "苏日娜", legal(n), 1))
	}
	list[no+9] = strings.Replace(list[no+9], pripid(no+10), pripid(no), 1) // they share it, and have findings
	credentials := b.admit(t, "应用甲", "张三")
	b.accept(t, b.caller(t, credentials), "Z", list[2], list[no-1])
	id := b.accept(t, b.caller(t, credentials), "A", list...)
	b.verify(t)
	for _, c := range []casework.Compared{{Rows: "150", Outcome: release.Differs, Remark: "地址不符"},
		{Rows: "7", Outcome: release.Unclear, Remark: "待查：" + legal(7)},
		{Rows: "150-152", Outcome: release.Unclear, Remark: "与" + legal(151) + "一并待查"}} {
		b.ok(t, b.CheckFirms(ctx, root, id, c))
	}
	b.ok(t, b.AskReturn(ctx, root, id, "第9户"+legal(9)+"有误", "9"))
	b.ok(t, b.store.Close())
	p := b.known(t).prove(t)
	dir := p.packed(t, "--case", id, "--entity", strconv.Itoa(no))
	out, code := verified(t, dir, p.policy)
	if code != 0 || !strings.Contains(out, "成立    清单第 150 户与受理时相符（SHA-256）") ||
		!strings.Contains(out, "成立    清单第 150 户与受理时相符（SM3）") || !strings.Contains(out, codeOf(no)) ||
		!strings.Contains(out, "成立    firms.jsonl 中该户的报送值与回执相符") {
		t.Fatalf("exit code %d\n%s", code, out)
	}
	if facts := string(fileIn(t, dir, "facts.json")); !strings.Contains(facts, "地址不符") ||
		!strings.Contains(facts, "未列入本案卷包") || strings.Contains(facts, `"sha256"`) {
		t.Errorf("%s", facts)
	}
	if cover := string(fileIn(t, dir, "cover.html")); !strings.Contains(cover, "该案的共同文字（案件名称、案由、违法行为、处罚内容）") ||
		strings.Contains(cover, "报文 SHA-256") {
		t.Errorf("%s", cover)
	}
	body := fmt.Sprintf("%x", sha256.Sum256(bodyOf("A", list...)))
	for _, name := range namesIn(t, dir) {
		data := fileIn(t, dir, name)
		for _, text := range append(decoded(data), string(data)) {
			if strings.Contains(text, body) {
				t.Errorf("%s has the hash of the body, by which other firms can be guessed", name)
			}
			for n := 1; n <= firms; n++ {
				for _, other := range []string{codeOf(n), legal(n), pripid(n)} {
					if n != no && strings.Contains(text, other) {
						t.Errorf("%s has another firm: %s", name, other)
					}
				}
			}
		}
	}
	p.alterFirm(t, dir, codeOf(no), codeOf(no+1))
	r := runHere(t, nil, "evidence", "export", "--data", p.dir, "--case", id, "--entity", "301", "--reason", "x", "-o",
		filepath.Join(t.TempDir(), "x.zip"), "--keys", p.policy)
	if r.code != exitUsage || !strings.Contains(r.err, "清单中没有第301户") {
		t.Errorf("%d %s", r.code, r.err)
	}
}

// alterFirm alters the package of the 150th firm in several ways.
func (p proof) alterFirm(t *testing.T, dir, code, other string) {
	t.Helper()
	line := string(fileIn(t, dir, "firms.jsonl"))
	p.seesAltered(t, dir, []altered{
		{"another code", edit("firms.jsonl", code, other), "firms.jsonl 中该户的报送值与回执相符",
			"firms.jsonl 第 150 行 的 uniscid 为 “" + other},
		{"another firm more", withFile("firms.jsonl", line+strings.Replace(line, code, other, 1)),
			"", "firms.jsonl 不是回执所证明的清单"},
		{"another number", withFile("firm", "151\n"), "清单第 151 户与受理时相符（SHA-256）",
			"文件 firm 为 “151；”，回执证明的是 “150；”"},
		{"no number", lacking("firm"), "", "文件 firm 缺少"},
		{"a body", withFile("body", "{}"), "一户的案卷包中不应有文件 body", "文件 body 不应在其中"},
		{"another number in the facts", edit("facts.json", `"firm": 150`, `"firm": 151`), "",
			"facts.json 的 firm 为 “151”"},
		{"another remark", edit("facts.json", "地址不符", "地址相符"), "",
			".detail 为 “地址相符”，回执证明的是 “地址不符”"},
		{"words about others", edit("facts.json", "涉及其他市场主体或案件，内容未列入本案卷包", "都不符"), "",
			".detail 为 “都不符”，回执证明的是 “涉及其他市场主体"},
	})
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
	was, err := os.ReadFile(zips[0])
	must0(t, err)
	must0(t, os.Remove(zips[0]))
	if again := must(t, args...).out; !strings.Contains(again, "本次写出 1 件") {
		t.Errorf("%s", again)
	}
	if is, err := os.ReadFile(zips[0]); err != nil || !bytes.Equal(is, was) {
		t.Errorf("made again, the package is another one: %v", err)
	}
	if slices.ContainsFunc(namesIn(t, folder), func(name string) bool { return strings.HasSuffix(name, ".part") }) {
		t.Errorf("left: %q", namesIn(t, folder))
	}
	if r = runHere(t, nil, append(args[:9:9], "--reason", "", "--keys", p.policy)...); r.code != exitUsage {
		t.Errorf("no reason: %d %s", r.code, r.err)
	}
}
