package verifycmd_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/merkle"
	"diaoxiao/internal/evidence/papercode"
	"diaoxiao/internal/evidence/seal"
	"diaoxiao/internal/evidence/stamp"
	"diaoxiao/internal/evidence/stamptest"
)

// refused is a file that proves nothing: the code in JSON, and how the text for people begins.
type refused struct {
	code, says string
	file       []byte
	args       []string
}

// refuse demands that a file is refused: exit code 3, the code in JSON, the sentence for people, and no English in it
// but the technical cause, which is on a line of its own.
func (d *desk) refuse(c refused) {
	d.Helper()
	args := append([]string{d.write("file", c.file), "--keys", d.policy}, c.args...)
	out, code := d.run(args...)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if code != 3 || len(lines) < 2 || !strings.HasPrefix(lines[1], "  不成立："+c.says) {
		d.Errorf("exit code %d, want 3 and %q:\n%s", code, c.says, out)
	}
	if words := regexp.MustCompile(`[A-Za-z]{3,} [a-z]+`).FindString(lines[1]); words != "" {
		d.Errorf("English for people: %q", words)
	}
	if len(lines) > 3 || len(lines) == 3 && !strings.HasPrefix(lines[2], "  技术原因：") {
		d.Errorf("more is said: %s", out)
	}
	out, code = d.run(append(args, "--json")...)
	var v struct {
		File  string
		OK    bool
		Error struct{ Code, Text, Cause string }
		Kind  string
	}
	d.must(json.Unmarshal([]byte(out), &v))
	if code != 3 || v.OK || v.Error.Code != c.code || "  "+v.Error.Text != lines[1] || v.Kind != "" {
		d.Errorf("want code %s: exit code %d, %s", c.code, code, out)
	}
	if (v.Error.Cause != "") != (len(lines) == 3) {
		d.Errorf("the cause is in one of two: %s", out)
	}
}

// TestRefusedReceipts has each part of a receipt altered.
func TestRefusedReceipts(t *testing.T) {
	d := openDesk(t)
	if out, code := d.run(d.write("good", d.file(d.whole().Marshal())), "--keys", d.policy); code != 0 {
		t.Fatalf("the unaltered one: %s", out)
	}
	others, err := seal.Generate(origin)
	d.must(err)
	for name, c := range map[string]struct {
		code, says string
		alter      func(*evidence.Receipt)
	}{
		"keys of others": {"untrusted", "检查点的签名不成立，或不是信任策略中的密钥所签",
			func(r *evidence.Receipt) { r.Note = d.checkpoint(4, others) }},
		"checkpoint altered": {"signature", "检查点的签名不成立，或检查点已损坏",
			func(r *evidence.Receipt) { r.Note = []byte(strings.Replace(string(r.Note), "\nat 1", "\nat 2", 1)) }},
		"another leaf":   {"leaf", "所证明的内容不在该检查点的存证日志中", func(r *evidence.Receipt) { r.Leaf = d.leaves[1] }},
		"another place":  {"leaf", "所证明的内容不在", func(r *evidence.Receipt) { r.Index = 1 }},
		"path altered":   {"leaf", "所证明的内容不在", func(r *evidence.Receipt) { r.Path[1][merkle.SM3][0] ^= 1 }},
		"unknown member": {"form", "内容的格式不是本程序所知的", func(r *evidence.Receipt) { *r = d.receipt(3) }},
		"body":           {"shown", "所出示的内容与存证日志中的记录不一致", func(r *evidence.Receipt) { r.Show.Body.SM3[0] ^= 1 }},
		"values":         {"shown", "所出示的内容", func(r *evidence.Receipt) { r.Show.Values[0] ^= 1 }},
		"salt missing":   {"shown", "所出示的内容", func(r *evidence.Receipt) { r.Show.CaseSalt = nil }},
		"row":            {"shown", "所出示的内容", func(r *evidence.Receipt) { r.Show.Rows[0].No = 1 }},
		"path of a row":  {"shown", "所出示的内容", func(r *evidence.Receipt) { r.Show.Rows[0].SM3 = nil }},
		"step":           {"shown", "所出示的内容", func(r *evidence.Receipt) { r.Show.Events[0].Index = 2 }},
		"step of another": {"shown", "所出示的内容",
			func(r *evidence.Receipt) { r.Show.Events[0] = d.step(2) }},
		"text of a step": {"shown", "所出示的内容", func(r *evidence.Receipt) { r.Show.Details[0].Text = "无误" }},
		"parts of a case beside a step": {"shown", "所出示的内容", func(r *evidence.Receipt) {
			show := r.Show
			*r = d.receipt(1)
			r.Show = show
		}},
	} {
		t.Run(name, func(t *testing.T) {
			d.T = t
			r := d.whole()
			c.alter(&r)
			d.refuse(refused{code: c.code, says: c.says, file: d.file(r.Marshal())})
		})
	}
}

// TestRefusedFiles has files that are no receipt, and codes of paper that were not read right.
func TestRefusedFiles(t *testing.T) {
	d := openDesk(t)
	good := d.file(d.whole().Marshal())
	codes, err := papercode.Encode(good)
	d.must(err)
	others, err := papercode.Encode(append(good, " and more"...))
	d.must(err)
	for name, c := range map[string]refused{
		"empty":   {"not-receipt", "不是受理回执，或文件已损坏", nil, nil},
		"picture": {"not-receipt", "不是受理回执", []byte("\x89PNG\r\n"), nil},
		"cut":     {"not-receipt", "不是受理回执", good[:len(good)/2], nil},
		"codes missing": {"codes-missing", "二维码没有读全，缺第 2 个",
			[]byte(strings.Join(append(codes[:1:1], codes[2:]...), "\n")), nil},
		"codes mixed":   {"codes-mixed", "二维码来自不止一份回执", []byte(codes[0] + "\n" + others[0]), nil},
		"codes damaged": {"codes-damaged", "二维码没有读对", []byte(codes[0] + "\nDX1/0"), nil},
		"code altered": {"codes-damaged", "二维码没有读对",
			[]byte(strings.Replace(strings.Join(codes, "\n"), "/H4s", "/H4t", 1)), nil},
		"codes too large": {"codes-large", "二维码还原的文件过大", []byte(bomb(t)), nil},
		"zip cut":         {"package-damaged", "案卷包的 ZIP 文件已损坏", d.zip("a", "b")[:20], nil},
	} {
		t.Run(name, func(t *testing.T) { d.T = t; d.refuse(c) })
	}
}

// TestRefusedPackages has packages of a case of which a file was altered, taken away or put in.
func TestRefusedPackages(t *testing.T) {
	d := openDesk(t)
	receipt := string(d.file(d.whole().Marshal()))
	sums := func(name, text string) string {
		return fmt.Sprintf("%x  %s\n", merkle.SHA256.Sum([]byte(text)), name)
	}
	pack := func(body string, more ...string) []byte {
		sm3 := fmt.Sprintf("%x  body\n%x  receipt.txt\n", merkle.SM3.Sum([]byte(body)), merkle.SM3.Sum([]byte(receipt)))
		return d.zip(append([]string{"body", body, "receipt.txt", receipt, "SM3SUMS", sm3,
			"SHA256SUMS", sums("body", body) + sums("receipt.txt", receipt) + sums("SM3SUMS", sm3)}, more...)...)
	}
	good := string(d.body)
	for name, c := range map[string]refused{
		"hash":     {"package-hash", "文件 body 与散列清单不符", d.zip("body", "x", "SHA256SUMS", sums("body", good)), nil},
		"gone":     {"package-missing", "文件 body 在散列清单中，而案卷包中没有", d.zip("SHA256SUMS", sums("body", good)), nil},
		"missing":  {"package-missing", "文件 facts.json 缺少", pack(good), nil},
		"foreign":  {"package-foreign", "文件 more 不是案卷包的文件", pack(good, "more", ""), nil},
		"SM3":      {"package-foreign", "文件 SM3 不是案卷包的文件", pack(good, "SM3", ""), nil},
		"unlisted": {"package-foreign", "文件 firm 不在散列清单中", pack(good, "firm", "1\n"), nil},
		"firm":     {"package-firm", "文件 firm 不应在其中", pack(good, "firm", "1\n"), nil},
		"body":     {"package-body", "文件 body 不是回执所证明的报文", pack(good + " "), nil},
		"folder":   {"package-foreign", "文件 a/b 不是案卷包的文件", pack(good, "a/b", ""), nil},
		"large":    {"package-large", "文件 cover.html 过大", pack(good, "cover.html", strings.Repeat(" ", 5<<20)), nil},
		"twice":    {"package-twice", "文件 body 出现两次", pack(good, "body", good), nil},
		"list":     {"package-list", "文件 SHA256SUMS 中有不应有的行", d.zip("SHA256SUMS", "x\n"), nil},
		"receipt":  {"not-receipt", "文件 receipt.txt：不是受理回执，或文件已损坏", d.zip("receipt.txt", "b"), nil},
	} {
		t.Run(name, func(t *testing.T) {
			d.T = t
			file := d.write("file", c.file)
			if out, code := d.run(file, "--keys", d.policy); code != 3 || !strings.Contains(out, c.says) {
				t.Errorf("%d, want %q: %s", code, c.says, out)
			}
			out, code := d.run(file, "--keys", d.policy, "--json")
			if code != 3 || !strings.Contains(out, `"code":"`+c.code+`","text":"`+c.says) {
				t.Errorf("%d, want %s: %s", code, c.code, out)
			}
		})
	}
}

// TestRefusedPolicies has checkpoints that lack a witness, or were signed with keys that were replaced before.
func TestRefusedPolicies(t *testing.T) {
	d := openDesk(t)
	witness, err := seal.Generate("witness.example.cn", seal.MLDSA)
	d.must(err)
	text := evidence.WritePolicy(d.keys.VerifierKeys()...)
	text = strings.Replace(text, "quorum none", "witness 见证甲 "+witness.VerifierKeys()[2]+"\nquorum 见证甲", 1)
	good := d.file(d.whole().Marshal())
	d.refuse(refused{"witnesses", "检查点缺少信任策略要求的见证方签名", good,
		[]string{"--keys", d.write("witness.txt", []byte(text))}})
	next, err := seal.Generate(origin)
	d.must(err)
	s := evidence.Succession{From: origin, To: origin, Keys: next.VerifierKeys(), Last: d.checkpoint(2, d.keys)}
	statement := d.write("statement", d.file(s.Sign(d.keys.Signers()...)))
	d.refuse(refused{"retired", "检查点由已经更换的密钥签署", good, []string{"--succession", statement}})
	if out, code := d.run(d.write("file", good), "--keys", d.policy, "--succession", d.policy); code != 2 ||
		!strings.Contains(out, "不成立：不是信任策略中的密钥所签，或已损坏；技术原因：") {
		t.Errorf("a statement that is none: exit code %d, %s", code, out)
	}
}

// TestRefusedConsistency has proofs between checkpoints that are not of one log that was only added to.
func TestRefusedConsistency(t *testing.T) {
	d := openDesk(t)
	good := d.consistency(2, 3)
	out, code := d.run(d.write("good", d.file(good.Marshal())), "--keys", d.policy)
	if code != 0 || !strings.Contains(out, "从 2 项（2025-11-25 00:00:02签署）到 3 项") {
		t.Fatalf("the unaltered one: %d %s", code, out)
	}
	turned, cut := good, good
	turned.Old, turned.New = good.New, good.Old
	cut.Path = nil
	altered := good
	altered.Old = []byte(strings.Replace(string(good.Old), "\n2\n", "\n1\n", 1))
	elsewhere := good
	elsewhere.Old = d.checkpoint(2, d.keys.For("other.example.cn/diaoxiao"))
	var keys []string
	for _, k := range []seal.Keys{d.keys, d.keys.For("other.example.cn/diaoxiao")} {
		keys = append(keys, k.VerifierKeys()...)
	}
	both := d.write("both.txt", []byte(evidence.WritePolicy(keys...)))
	for name, c := range map[string]struct {
		code, says string
		proof      evidence.Consistency
	}{
		"turned round": {"consistency", "两个检查点不是同一存证日志的，或其间的日志并非只增不改", turned},
		"without path": {"consistency", "两个检查点不是同一存证日志的", cut},
		"altered":      {"signature", "检查点的签名不成立", altered},
		"of two logs":  {"consistency", "两个检查点不是同一存证日志的", elsewhere},
	} {
		t.Run(name, func(t *testing.T) {
			d.T = t
			d.refuse(refused{c.code, c.says, d.file(c.proof.Marshal()), []string{"--keys", both}})
		})
	}
}

// stamped is the file of stamps of a checkpoint: each by an authority, which covers those before it.
func (d *desk) stamped(note []byte, by ...*stamptest.Authority) []byte {
	d.Helper()
	var all []stamp.Item
	for _, a := range by {
		hash := stamp.Cover(merkle.SHA256, all, note)
		all = append(all, stamp.Item{Note: note, Token: a.Over(hash[:])})
	}
	var s evidence.Stamps
	for i := range all {
		no := int64(i + 1)
		s.Steps = append(s.Steps, stamp.NewStep(all, no, max(1, no-1), merkle.SHA256))
	}
	return d.file(s.Marshal())
}

// TestRefusedStamps has stamps that do not prove when the checkpoint of a receipt existed.
func TestRefusedStamps(t *testing.T) {
	d := openDesk(t)
	now, past := time.Now(), time.Now().AddDate(-9, 0, 0)
	trusted, stranger := stamptest.Open(t, "甲", false, &now, 5), stamptest.Open(t, "乙", false, &now, 5)
	ended := stamptest.Open(t, "丙", false, &past, 2)
	roots := d.write("roots.pem", append(trusted.PEM(), ended.PEM()...))
	good := d.file(d.whole().Marshal())
	note := d.checkpoint(4, d.keys)
	stamps := d.stamped(note, trusted, trusted)
	d.write("file", good)
	with := func(stamps []byte, more ...string) []string {
		return append([]string{"--stamps", d.write("stamps", stamps), "--tsa-ca", roots}, more...)
	}
	out, code := d.run(append([]string{d.write("file", good), "--keys", d.policy}, with(stamps)...)...)
	if code != 0 || !strings.Contains(out, "已经存在（甲）；其后续期 1 次") {
		t.Fatalf("unaltered: %d %s", code, out)
	}
	for name, c := range map[string]struct {
		code, says string
		stamps     []byte
		more       string
	}{
		"none":       {"stamps-malformed", "时间戳的格式或签名有误", d.stamped(note), ""},
		"not mine":   {"stamps-not-covered", "时间戳不是这个检查点的", d.stamped(d.checkpoint(2, d.keys), trusted), ""},
		"a stranger": {"stamps-untrusted", "时间戳机构的证书不是由信任的根证书签发的", d.stamped(note, stranger), ""},
		"ended":      {"stamps-late", "续期之前时间戳的证书已经过期", d.stamped(note, ended), ""},
		"broken":     {"stamps-broken", "时间戳续期之前算法已不可靠", stamps, "--broken=ECDSA=2020-01-01"},
	} {
		t.Run(name, func(t *testing.T) {
			d.T = t
			args := with(c.stamps)
			if c.more != "" {
				args = append(args, c.more)
			}
			d.refuse(refused{c.code, c.says, good, args})
		})
	}
}

// TestUsage has faults of the command line: exit code 2, or 1 for a file that is not there.
func TestUsage(t *testing.T) {
	d := openDesk(t)
	file := d.write("file", d.file(d.whole().Marshal()))
	for _, c := range []struct {
		args string
		code int
		says string
	}{
		{"", 2, "请给出要验证的文件"},
		{file, 2, "请以 --keys 给出信任策略文件"},
		{file + " --keys " + d.dir + "/none", 2, "不存在"},
		{file + " --keys " + file, 2, "不能使用；技术原因："},
		{d.dir + "/none --keys " + d.policy, 1, "不存在"},
		{file + " --keys " + d.policy + " --succession " + d.dir + "/none", 1, "不存在"},
		{file + " --keys " + d.policy + " --stamps " + file, 2, "须与 --tsa-ca"},
		{file + " --keys " + d.policy + " --tsa-ca " + file, 2, "须与 --stamps"},
		{file + " --keys " + d.policy + " --stamps " + d.dir + "/none --tsa-ca " + file, 1, "不存在"},
		{file + " --keys " + d.policy + " --stamps " + file + " --tsa-ca " + d.dir + "/none", 2, "不存在"},
		{file + " --keys " + d.policy + " --stamps " + file + " --tsa-ca " + file, 2, "不是时间戳的文件，或已损坏；技术原因："},
		{file + " --keys " + d.policy + " --stamps " + d.write("stamps", d.stamped(nil)) + " --tsa-ca " + file, 2,
			"没有 PEM 格式的证书"},
		{file + " --keys " + d.policy + " --broken X=1", 2, "须与 --stamps"},
	} {
		out, code := d.run(strings.Fields(c.args)...)
		if code != c.code || !strings.Contains(out, c.says) {
			t.Errorf("%s: exit code %d: %s", c.args, code, out)
		}
	}
	clock := time.Now()
	roots := d.write("roots.pem", stamptest.Open(t, "甲", false, &clock, 5).PEM())
	out, code := d.run(file, "--keys", d.policy, "--stamps", d.write("stamps", d.stamped(nil)), "--tsa-ca", roots,
		"--broken", "MD5=2020-01-01")
	if code != 2 || !strings.Contains(out, "应为算法=日期") {
		t.Errorf("exit code %d: %s", code, out)
	}
}

// TestJSON has all that a receipt proves in JSON: hashes are digits, algorithms have names, times are RFC 3339.
func TestJSON(t *testing.T) {
	d := openDesk(t)
	file := d.write("file", d.file(d.whole().Marshal()))
	added := d.write("added", d.file(d.consistency(2, 4).Marshal()))
	out, code := d.run(file, added, "--keys", d.policy, "--json")
	if code != 0 {
		t.Fatal(out)
	}
	receipt, proof, _ := strings.Cut(out, "\n")
	root := merkle.RootOf(d.log())
	for _, want := range []string{
		`"ok":true,"kind":"case","checkpoint":{"origin":"credit.example.cn/diaoxiao","size":4,`,
		fmt.Sprintf(`"sha256":"%x","sm3":"%x","at":"2025-11-25T00:00:02+08:00","upto":{"gaps":0,"cases":2,"events":6,`,
			root[0], root[1]),
		`"signed":{"by":["Ed25519","SM2"],"whole":true,"witnesses":[],"unknown":0},"index":0,`,
		`"case":{"kind":"case","acceptid":"202611240000000019","caseno":1,"caseid":"1号",`,
		fmt.Sprintf(`"body":{"sha256":"%x"`, merkle.SHA256.Sum(d.body)), `"values":"0700`,
		`"firms":[{"salt":"`, `"texts":{"salt":"`, `"events":[{"kind":"event","no":5,`,
		`"details":[{"no":5,"salt":"`, `"text":"有误","reason":"清单有误"}]`,
	} {
		if !strings.Contains(receipt, want) {
			t.Errorf("no %s in %s", want, receipt)
		}
	}
	if !strings.Contains(proof,
		`"ok":true,"kind":"consistency","from":{"origin":"credit.example.cn/diaoxiao","size":2,`) ||
		!strings.Contains(proof, `"to":{"origin":"credit.example.cn/diaoxiao","size":4,`) {
		t.Error(proof)
	}
	if numbers := regexp.MustCompile(`\[\d+,\d+`).FindString(out); numbers != "" {
		t.Errorf("bytes as numbers: %s", numbers)
	}
}

// TestFaultBesideGood: of several files each is judged, and one that does not hold is exit code 3.
func TestFaultBesideGood(t *testing.T) {
	d := openDesk(t)
	good, bad := d.write("good", d.file(d.whole().Marshal())), d.write("bad", []byte("x"))
	out, code := d.run(bad, good, "--keys", d.policy)
	if code != 3 || !strings.Contains(out, "不成立：") || !strings.Contains(out, "  成立。") {
		t.Errorf("%d %s", code, out)
	}
}
