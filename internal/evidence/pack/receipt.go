package pack

import (
	"fmt"

	"diaoxiao/internal/evidence"
)

// SuccessionName is the name of the nth statement of a succession of keys, from 1.
func SuccessionName(n int) string { return fmt.Sprintf("succession-%d.txt", n) }

// Follow trusts the keys of the successions of a package that were signed by keys that the policy trusts. The others
// say nothing: a later policy does not know the keys of before.
func Follow(p evidence.Policy, successions [][]byte) evidence.Policy {
	for _, s := range successions {
		if next, err := p.Follow(s); err == nil {
			p = next
		}
	}
	return p
}

// VerifyReceipt verifies the receipt of a package under the text of a policy, with the successions in the package.
func VerifyReceipt(policy []byte, r evidence.Receipt, successions [][]byte) (v evidence.Proved, err error) {
	p, err := evidence.ParsePolicy(string(policy))
	if err != nil {
		return v, err
	}
	return Follow(p, successions).Verify(r)
}
