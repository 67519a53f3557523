package staff

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"unicode/utf8"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
)

// ErrSameHolder: the person has another account already, in a role that checks, or is checked by, the role of this one.
var ErrSameHolder = errors.New("同一人不能既办理又复核、既管理又监督")

// NormalIdentifier returns an identifier (身份标识) in its normal form. An identifier distinguishes one person from all
// others in an office: the number of the identity card or of the member of staff, the same kind for everybody. The
// store holds only a slow hash over its normal form, with a salt of this database: identifiers are compared and never
// read.
//
// The normal form has full-width characters as ASCII, letters in capitals, no blanks and hyphens, and the old identity
// card of 15 digits as the new one. ErrInvalid: it is no identifier, or an identity card whose check digit is wrong.
func NormalIdentifier(s string) (string, error) {
	s = strings.Map(foldIdentifier, s)
	if oldCard.MatchString(s) {
		s = s[:6] + "19" + s[6:]
		s += string(rules.PersonIDCheck(s))
	}
	switch {
	case utf8.RuneCountInString(s) < 2 || len(s) > 60:
		return "", intake.Invalid("须登记身份证号或工号（2至60个字符），用来防止同一人担任互相监督的角色")
	case !identifier.MatchString(s):
		return "", intake.Invalid("身份证号或工号只能由字母、数字和汉字组成")
	case newCard.MatchString(s) && rules.PersonIDCheck(s) != s[17]:
		return "", intake.Invalid("身份证号的校验位不对，请核对")
	}
	return s, nil
}

var (
	identifier = regexp.MustCompile(`^[\p{L}\p{N}./_]+$`)
	oldCard    = regexp.MustCompile(`^[1-8]\d{7}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}$`)
	newCard    = regexp.MustCompile(`^[1-8]\d{5}(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dX]$`)
)

// foldIdentifier drops the signs that people write between the characters, and gives every character one form.
func foldIdentifier(r rune) rune {
	switch r = rules.HalfWidth(r); {
	case r >= 'a' && r <= 'z':
		return r - 'a' + 'A'
	case strings.ContainsRune(" \t\u00A0\u3000-\u2010\u2011\u2012\u2013\u2014\u2212", r):
		return -1
	}
	return r
}

// identity is the stored form of an identifier. Making it takes as long as hashing a password.
func (d *Staff) identity(ctx context.Context, id string) ([]byte, error) {
	normal, err := NormalIdentifier(id)
	if err != nil {
		return nil, err
	}
	salt, err := d.identitySalt(ctx)
	if err != nil {
		return nil, err
	}
	done, err := d.beginHashing(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	return d.identify(salt, normal), nil
}

// identitySalt is the salt of this database. It is made at the first use.
func (d *Staff) identitySalt(ctx context.Context) (salt []byte, err error) {
	look := func(tx intake.Tx) (err error) { salt, err = tx.IdentitySalt(); return intake.IgnoreMissing(err) }
	if err := d.desk.Store().View(ctx, look); err != nil || len(salt) > 0 {
		return salt, err
	}
	made := d.desk.Random(16)
	err = d.desk.Store().Update(ctx, func(tx intake.Tx) error {
		if err := tx.SetIdentitySalt(made); err != nil {
			return err
		}
		return look(tx)
	})
	return salt, err
}

// holdsNoOther is nil unless the person with this identity has, or waits for, another account that is not disabled and
// whose role, or requested role, checks this one. Then it is ErrSameHolder.
func holdsNoOther(all []intake.Operator, o intake.Operator, role intake.Role, identity []byte) error {
	for _, other := range all {
		if other.ID == o.ID && o.ID != 0 || other.Disabled ||
			!intake.SameIdentity(identity, other.Identity) && !intake.SameIdentity(identity, other.Waits.Identity) {
			continue
		}
		for _, held := range []intake.Role{other.Role, other.Waits.Role} {
			if role.Checks(held) {
				return intake.Invalid(
					"%w：这一身份标识已登记在操作员%s（%s，%s）名下，不能再担任%s", ErrSameHolder, other.Name, other.Person, held, role,
				)
			}
		}
	}
	return nil
}
