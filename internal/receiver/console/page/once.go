package page

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"

	"diaoxiao/internal/receiver/intake"
)

// onceLife is how long a browser keeps what the next page shows once.
const onceLife = 60 // seconds

// A new secret is shown on a page of its own, to which the answer to the form leads: loaded again, that page does not
// send the form a second time. The server keeps no secret, so the browser carries it from the one to the other, sealed
// under the session, in a cookie that the page ends.

// Hand leads to the page of a path, which takes v once.
func (q *Request) Hand(path string, v any) (Answer, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	seal, err := q.onceSeal()
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, seal.NonceSize())
	rand.Read(nonce)
	sealed := base64.RawURLEncoding.EncodeToString(seal.Seal(nonce, nonce, plain, []byte(path)))
	q.Keep(onceCookie, sealed, onceLife)
	return Redirect(path), nil
}

// Take reads what was handed to the page of a path into v, and ends it. false: nothing was, or it was taken before.
func (q *Request) Take(path string, v any) bool {
	value := q.Kept(onceCookie)
	if value == "" {
		return false
	}
	q.Keep(onceCookie, "", -1)
	sealed, err := base64.RawURLEncoding.DecodeString(value)
	if err != nil {
		return false
	}
	seal, err := q.onceSeal()
	if err != nil || len(sealed) < seal.NonceSize() {
		return false
	}
	plain, err := seal.Open(nil, sealed[:seal.NonceSize()], sealed[seal.NonceSize():], []byte(path))
	return err == nil && json.Unmarshal(plain, v) == nil
}

// onceSeal is the seal of the session, whose token is nowhere but in the browser.
func (q *Request) onceSeal() (cipher.AEAD, error) {
	token := q.Kept(SessionCookie)
	if token == "" {
		return nil, intake.ErrSignedOut
	}
	key := sha256.Sum256([]byte("shown once " + token))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// ShownOnce is the page of a secret that was shown before.
type ShownOnce struct {
	What, How string
	Next      string // where to go on
	NextTitle string
}

// ShownBefore is the page for a secret that was shown before.
func (q *Request) ShownBefore(d ShownOnce) Answer {
	d.Next = q.Link(d.Next)
	return View{Template: "shown_once", Title: "已创建", Data: d}
}
