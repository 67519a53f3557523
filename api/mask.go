package api

import "regexp"

// secretsIn finds where the messages of the interface hold what lets others in: the token of an address, and the
// members of login and of its answer in every spelling. The text may have been cut within one.
var secretsIn = regexp.MustCompile(
	`(?is)(access_?token=)([^&#\s"]+)|("(?:access_?token|app_?secret|password)"\s*:\s*")((?:[^"\\]|\\.)+)`,
)

// MaskSecrets is a text, such as a message or an address, in which mask(secret) stands for each token and secret. They
// are known by their places only: what stands anywhere else stays. Empty ones stay empty.
func MaskSecrets(text string, mask func(secret string) string) string {
	return secretsIn.ReplaceAllStringFunc(text, func(found string) string {
		p := secretsIn.FindStringSubmatch(found)
		return p[1] + p[3] + mask(p[2]+p[4])
	})
}
