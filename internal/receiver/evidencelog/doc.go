// Package evidencelog derives the evidence log (存证日志) of a receiver from its store: leaves, trees, signed checkpoints
// and receipts. The store is the record of cases; the checkpoints are the record of the log.
package evidencelog
