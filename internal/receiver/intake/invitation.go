package intake

import "time"

// Invitation (一次性链接) is a link with which an operator sets a password and a second factor, once.
type Invitation struct {
	Token      TokenHash
	OperatorID int64 // 0: the first administrator, whose account the link makes
	Expires    time.Time
	Operator   Operator // zero for the first administrator
}

// InvitationTx reads and writes one-time links within a transaction.
type InvitationTx interface {
	InsertInvitation(Invitation) error
	Invitation(TokenHash) (Invitation, error)
	DeleteInvitations(operatorID int64) error
}
