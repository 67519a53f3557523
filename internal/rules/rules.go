// Package rules (核验规则) is what a list of entities (市场主体) is judged by: the numbers, severities and advice of the rules,
// the check characters of the codes, the code table of types, and the forms in which values are compared. It keeps
// nothing and knows neither cases nor storage: the verifier applies it after a case was accepted, the sending side
// before one is sent.
//
// A rule never refuses (S20): lawful lists hold old registration numbers, codes issued with a wrong check character and
// types of one's own, so what is found is put before an operator.
package rules
