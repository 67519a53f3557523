// Package register has the nouns of the market-entity register (主体库), and the comparison of a listed entity with it.
//
// The decision you could not guess: there is no score. Identifiers lead to a firm or they do not; the name of the firm
// is shown to people and never compared, because the interface has none.
package register
