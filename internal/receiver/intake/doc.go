// Package intake is the domain of diaoxiao: what the desk (受理台) that receives batch revocations knows and decides.
//
// The one decision you could not guess: the record of a case is the request body as it was sent. Entity rows, findings
// and counts are derived from it by the Verifier, off the request path, and can be rebuilt at any time; accepting a
// case therefore costs the same small commit whatever the length of its list.
//
// Desk holds the rules, the authorisation and the audit, once, whatever the engine; Store is what it needs kept.
package intake
