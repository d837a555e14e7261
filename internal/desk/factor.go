package desk

import "time"

// FactorKind names what a member proves themself by beside a password.
type FactorKind string

// Kinds of factor.
const (
	FactorTOTP    FactorKind = "totp"    // codes of an app, new every 30 seconds
	FactorPasskey FactorKind = "passkey" // a key in a device, which asks for its owner by itself
)

// Factor is one of a member's second factors. What it is checked by stays in
// store.
type Factor struct {
	ID        ID
	Member    ID
	Kind      FactorKind
	Name      string // what they call it
	CreatedAt time.Time
	UsedAt    time.Time // zero = never
}

// Way says how a sign-in was begun.
type Way string

// The ways in.
const (
	WayPassword   Way = "password"
	WayGoogle     Way = "google"
	WayOIDC       Way = "oidc" // another issuer of the operator's choice
	WayPasskey    Way = "passkey"
	WayMail       Way = "mail" // a mailed link
	WaySetup      Way = "setup"
	WayInvitation Way = "invitation"
	WayReset      Way = "reset"
)

// Strong reports whether a way proves two things at once: a passkey is in
// somebody's hands, and asks them for a finger, a face or a code of its own.
func (w Way) Strong() bool { return w == WayPasskey }

// Demand says of whom a second factor is demanded.
type Demand string

// Demands of a workspace.
const (
	DemandNobody   Demand = "nobody"
	DemandAdmins   Demand = "admins" // owners, admins and the operator
	DemandEveryone Demand = "everyone"
)

// ValidDemand reports whether d is one of the three.
func ValidDemand(d Demand) bool {
	return d == DemandNobody || d == DemandAdmins || d == DemandEveryone
}

// Of reports whether a demand reaches a role.
func (d Demand) Of(r Role) bool {
	switch d {
	case DemandEveryone:
		return true
	case DemandAdmins:
		return r == RoleOwner || r == RoleAdmin || r == RoleOperator
	case DemandNobody:
	}
	return false
}

// Step is what a sign-in still owes before it opens anything.
type Step string

// Steps of a sign-in.
const (
	StepIn     Step = ""       // nothing
	StepFactor Step = "factor" // one of the member's second factors
	StepEnrol  Step = "enrol"  // a second factor has to be added first
)

// Reaches reports whether something that works as early as s is open to a
// sign-in that still owes owed. What is open while a factor is owed is open
// while one has to be added, and never the other way round: who only knows the
// password must not add a factor of their own.
func (s Step) Reaches(owed Step) bool {
	switch owed {
	case StepIn:
		return true
	case StepEnrol:
		return s == StepEnrol || s == StepFactor
	case StepFactor:
	}
	return s == StepFactor
}

// Owed says what a sign-in owes: whether it passed a second factor, how many
// its member has, and whether one is demanded of them. It is asked at each
// request, so that a new factor and a new demand hold at once.
func Owed(passed bool, factors int, demanded bool) Step {
	switch {
	case factors > 0 && !passed:
		return StepFactor
	case factors == 0 && demanded:
		return StepEnrol
	}
	return StepIn
}

// ProofTerm is how long a proof of who somebody is opens the acts that ask for
// one: exports, erasure, secrets, roles.
const ProofTerm = 10 * time.Minute

// SessionTerm is how long a sign-in lasts at most.
const SessionTerm = 7 * 24 * time.Hour
