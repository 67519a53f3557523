// Package intake is the domain of diaoxiao: what the desk (受理台) that receives batch revocations knows and decides.
//
// The one decision you could not guess: the record of a case is the request body as it was sent. Entity rows, findings
// and counts are derived from it by package verify, off the request path, and can be rebuilt at any time; accepting a
// case therefore costs the same small commit whatever the length of its list.
//
// The package has the nouns, what a store must keep of each, who may do what, the audit, and what senders ask for. The
// use cases of the regulator's side are built on Desk: packages casework, staff, calllog, auditlog and verify.
package intake
