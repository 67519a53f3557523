package planted

import (
	"strings"
	"unicode/utf8"

	"diaoxiao/internal/iso7064"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/rules"
)

// transposed: two pairs of characters have changed places, and both check characters still fit. One pair alone is
// always found by its check character.
func (l *lister) transposed() []Row {
	for {
		f := l.takeCoded()
		if code := l.stillChecks(f.UniscID); code != "" && !l.r.has(code) {
			return wrong(f, func(row *Row) { row.Entity.UniscID = code })
		}
	}
}

// stillChecks changes neighbours twice; "": there is no such pair of pairs.
func (l *lister) stillChecks(code string) string {
	for i := 2; i < 16; i++ {
		for j := i + 2; j < 16; j++ {
			c := []byte(code)
			c[i], c[i+1] = c[i+1], c[i]
			c[j], c[j+1] = c[j+1], c[j]
			if s := string(c); s != code && rules.ValidCreditCode(s) {
				return s
			}
		}
	}
	return ""
}

// wrongNumber: one digit of a registration number, and the check digit that fits it.
func (l *lister) wrongNumber() []Row {
	f := l.take("number alone", func(f *register.Firm) bool { return f.UniscID == "" && l.isLive(f) })
	for {
		no := otherDigit(l, f.RegNo[:14], 7)
		if no += string(iso7064.Mod11_10(no)); !l.r.has(no) {
			return wrong(f, func(row *Row) { row.Entity.UniscID = no })
		}
	}
}

func (l *lister) wrongPripID() []Row {
	f := l.takeLive()
	for {
		if id := otherDigit(l, f.PripID, 6); !l.r.has(id) {
			return wrong(f, func(row *Row) { row.Entity.PripID = id })
		}
	}
}

// otherDigit changes one digit from a position on.
func otherDigit(l *lister, s string, from int) string {
	i := from + l.IntN(len(s)-from)
	return s[:i] + string('0'+(s[i]-'0'+byte(1+l.IntN(9)))%10) + s[i+1:]
}

func (l *lister) staleLegal() []Row {
	f := l.takeLive()
	for {
		if who := l.person(); plain(who) != plain(f.Legal) && !strings.Contains(f.Legal, who) {
			return wrong(f, func(row *Row) { row.Entity.Legal = who })
		}
	}
}

func plain(name string) string { return strings.ReplaceAll(rules.FoldName(name), "·", "") }

// lookAlikes are characters that are typed for one another.
var lookAlikes = strings.Fields("伟玮 芳方 娜那 敏明 静婧 丽莉 强墙 磊蕾 军君 洋阳 勇永 艳燕 杰捷 娟捐 涛滔 超朝 霞侠 平萍 刚钢 国囯 文雯 " +
	"玉王 晓小 庆应 美关 占战 俊竣 瑞端 仙先 娃洼 喜善 金全 莲连 补朴 秀绣 清青 慧惠 宇字 子孑 佳嘉 浩皓 鹏朋 春舂 立力 振震 " +
	"阿啊 乌鸟 巴吧 苏苎 其琪 那哪 萨莎 呼乎 格恪 日曰 额颌 敖熬 朝潮 宝玉 哈蛤 斯思 青清 布市 托讬 孟盂 达大 吉古 图圆 特持 牧收 木本 白自 照昭 " +
	"茹如 通同 顺项 道导 德得 满蔓 恩思 和知 桂挂 英荚 建健 志忐 海每 华桦 永水 改攻 拴栓 宋末 郭廓 王玉 李季 张弓 刘浏 陈东 杨扬")

func (l *lister) misspeltLegal() []Row {
	for {
		f := l.takeLive()
		at := l.IntN(len(lookAlikes))
		for i := range lookAlikes {
			pair := lookAlikes[(at+i)%len(lookAlikes)]
			_, n := utf8.DecodeRuneInString(pair)
			if strings.Contains(f.Legal, pair[:n]) {
				return wrong(f, func(row *Row) { row.Entity.Legal = strings.Replace(f.Legal, pair[:n], pair[n:], 1) })
			}
		}
	}
}

// shiftedLegals takes firms of three persons.
func (l *lister) shiftedLegals() []Row {
	rows := append(l.coded(), append(l.coded(), l.coded()...)...)
	for i := range rows {
		for j := range rows[:i] {
			if plain(rows[i].Entity.Legal) == plain(rows[j].Entity.Legal) {
				return l.shiftedLegals()
			}
		}
	}
	last := rows[2].Entity.Legal
	for i := range rows {
		rows[i].Entity.Legal, last = last, rows[i].Entity.Legal
	}
	return rows
}

func (l *lister) maskedLegal() []Row {
	return wrong(l.takeLive(), func(row *Row) {
		_, n := utf8.DecodeRuneInString(row.Entity.Legal)
		row.Entity.Legal = row.Entity.Legal[:n] + l.pick([]string{"*", "**", "某", "某某", "？", "□", "XX"})
	})
}

// wrongType is a type of another family that the same kind of credit code has, so that the code does not give it away.
func (l *lister) wrongType() []Row {
	f := l.take("enterprise", func(f *register.Firm) bool {
		code := typeCode(f)
		return l.isLive(f) && ("1000" <= code && code <= "4999" || code == "9100")
	})
	return wrong(f, func(row *Row) {
		switch code := typeCode(&f); {
		case code == "9100":
			row.Entity.EntType = "9200"
		case code[0] == '1':
			row.Entity.EntType = "2" + code[1:]
		case code[0] == '2':
			row.Entity.EntType = "1" + code[1:]
		default:
			row.Entity.EntType = l.pick([]string{"1130", "有限责任公司（自然人独资）", "1222"})
		}
	})
}

func (l *lister) nearType() []Row {
	near := map[string]string{"1130": "1151", "1151": "1130", "1153": "1130", "1190": "1151", "2130": "2151",
		"2151": "2130", "2153": "2130", "2190": "2130"}
	f := l.take("company", func(f *register.Firm) bool { return l.isLive(f) && near[typeCode(f)] != "" })
	return wrong(f, func(row *Row) { row.Entity.EntType = near[typeCode(&f)] })
}
