package credential_test

import (
	"strings"
	"testing"

	"diaoxiao/internal/receiver/credential"
)

func TestWeak(t *testing.T) {
	const (
		short, long, kinds = "密码至少 10 个字符，现为 9 个", "密码太长，最多 256 个字符（一个汉字按三个计）", "密码要有大写字母、小写字母、数字、符号四类中的至少三类"
		name, row          = "密码不能含有登录名，倒写也不行", "密码不能有 4 个以上相同的字符连在一起"
		run, common        = "密码不能有 5 个以上连续的数字或字母，如 12345、edcba", "这个密码太常见，容易被猜中，请换一个"
	)
	for _, c := range []struct{ password, want string }{
		{"Tr4velLight", ""},
		{"草原 Grassland7", ""},
		{"白云鄂博，马头琴响a1", ""},
		{"mF7#q!zP2&", ""},
		{"correct horse 9", ""},
		{"Tr4vel#Li", short},
		{"草原马头琴，aB1c", ""},
		{"草原马头琴aB1c", short},
		{"Aa1" + strings.Repeat("密x", 63), ""},
		{"Aa1" + strings.Repeat("密x", 63) + "x", ""},
		{"Aa1" + strings.Repeat("密x", 63) + "xyz", long},
		{"onlylowerandmore", kinds},
		{"lower4nddigits", kinds},
		{"UPPERlower", kinds},
		{"UPPERlower7", ""},
		{"小写a只有两类的密码", kinds},
		{"x7#BaTuQ9v!", name},
		{"x7#batu!!9v", name},
		{"x7#UTAB!!9v", name},
		{"x7#baaaaQ9v", row},
		{"x7#baAaAQ9v", row},
		{"x7#baaaQ9v!", ""},
		{"Xy7草草草草Q9v!", row},
		{"Kx#12345!q", run},
		{"Kx#54321!q", run},
		{"Kx#1234!qz", ""},
		{"Kx7#aBcDe!q", run},
		{"Kx7#edcBA!q", run},
		{"Kx7#/0123!q", ""},
		{"Kx7#89:;<=q", ""},
		{"Admin@123!!", common},
		{"ADMIN@2026!", common},
		{"P@ssw0rd2026", common},
		{"Password!2026", common},
		{"Abc@121212!", common},
		{"qwer1234!Q", ""},
		{"Qwer1234!@", common},
		{"Aa112233!!", common},
		{"Woaini1314!", common},
		{"1qaz@WSX1qaz", ""},
		{"1qaz@WSX2026", common},
		{"Huawei@1314", common},
		{"Welcome@2026", common},
		{"A1b2c3d4!!", common},
		{"!QAZ2wsx!!", common},
	} {
		if got := credential.Weak(c.password, "BaTu", 10); got != c.want {
			t.Errorf("%q: %q, want %q", c.password, got, c.want)
		}
	}
}

// The ones named in every list are refused whatever rule finds them, also by a policy that asks for eight characters.
func TestWeakKnowsTheNotorious(t *testing.T) {
	for _, p := range strings.Fields(
		`Admin@123 P@ssw0rd Abc123456! qwer1234 Aa123456! woaini1314 Aa123456 Abc@1234 Admin123! Qwer@1234 Huawei@123
		Password1! 1qaz@WSX !QAZ2wsx 1q2w3e4R! Zaq12wsx! Test@123 Root@123 Admin@888
		Abcd1234! Qwe123!@# Asdf@1234 Changeme1! Passw0rd! Welcome1!`,
	) {
		if credential.Weak(p, "batu", 8) == "" {
			t.Errorf("%s will do", p)
		}
	}
}
