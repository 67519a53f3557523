package staff

import (
	"diaoxiao/internal/receiver/intake"
)

// founds reports whether an operator is the first of a role and so is active without approval: there has never been
// anybody who could approve the account, or for whom its holder could be mistaken. That holds for the system
// administrator, and for the two roles that approve. It ends as soon as one such account was set up, whatever happens
// to the account later. An account that is not set up yet holds the place until it is disabled.
func founds(all []intake.Operator, o intake.Operator) bool {
	if o.Role != intake.SystemAdmin && !o.Role.Approves() || !o.Founded.IsZero() || o.ID != 0 && o.Founder != o.Role {
		return false
	}
	return noFounder(all, o)
}

// noFounder reports whether no operator but o is, was or is about to be the first of the role.
func noFounder(all []intake.Operator, o intake.Operator) bool {
	for _, other := range all {
		if other.ID == o.ID {
			continue
		}
		if other.Role == o.Role && other.Password != "" ||
			other.Founder == o.Role && (!other.Founded.IsZero() || !other.Disabled) {
			return false
		}
	}
	return true
}
