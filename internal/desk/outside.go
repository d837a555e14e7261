package desk

import "time"

// OutsideIdentity is an account at a provider outside, such as Google's, by which
// a member signs in. What tells the account apart stays in store.
type OutsideIdentity struct {
	ID       ID
	Member   ID
	Way      string // the provider, as the operator named it
	Email    string // their address there, for the list only
	LinkedAt time.Time
	UsedAt   time.Time // zero = never
}
