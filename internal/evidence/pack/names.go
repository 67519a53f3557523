package pack

import (
	"regexp"
	"slices"
)

// The names of the files of a package.
const (
	Cover      = "cover.html"
	FactsFile  = "facts.json"
	FirmsFile  = "firms.jsonl"
	Body       = "body"
	FirmFile   = "firm" // in the place of the body: the number of the one firm
	Receipt    = "receipt.txt"
	Policy     = "policy.txt"
	StampsFile = "stamps.json" // only where the checkpoint was stamped
	Audit      = "audit.jsonl"
	Script     = "verify.sh"
	SHA256List = "SHA256SUMS"
	SM3List    = "SM3SUMS"
)

// required are the files of every package. It has the body beside them, or the number of a firm.
var required = []string{Receipt, FactsFile, FirmsFile, Audit, Policy, Cover, Script, SM3List, SHA256List}

var succession = regexp.MustCompile(`^succession-[1-9][0-9]?\.txt$`)

// MostSuccessions is how many successions of keys a package can have.
const MostSuccessions = 99

// IsSuccession says whether a file is a statement of a succession of keys: succession-1.txt and so on, in their order.
func IsSuccession(name string) bool { return succession.MatchString(name) }

// isName says whether a package can have a file of that name.
func isName(name string) bool {
	return slices.Contains(required, name) || name == Body || name == FirmFile || name == StampsFile ||
		IsSuccession(name)
}
