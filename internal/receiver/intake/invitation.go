package intake

import "time"

// Invitation (一次性链接) lets an operator set his password and second factor, once.
type Invitation struct {
	Token      TokenHash
	OperatorID int64 // 0: whoever comes becomes the first administrator
	Expires    time.Time
	Operator   Operator // whose it is; zero for the first
}

// InvitationTx is one-time links within a transaction.
type InvitationTx interface {
	InsertInvitation(Invitation) error
	Invitation(TokenHash) (Invitation, error)
	DeleteInvitations(operatorID int64) error
}
