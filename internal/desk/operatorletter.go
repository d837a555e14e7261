package desk

import "time"

// OperatorLetterKind names what a mail to whoever runs the install says.
type OperatorLetterKind string

// Kinds of letter to the operator.
const (
	OperatorAbuse  OperatorLetterKind = "abuse"  // an alert of the install
	OperatorBackup OperatorLetterKind = "backup" // no whole backup was made in time
	OperatorKeys   OperatorLetterKind = "keys"   // a key is past its term
	OperatorChain  OperatorLetterKind = "chain"  // where the install's own record of acts stands
	OperatorBreach OperatorLetterKind = "breach" // an incident of the install waits
	OperatorDrill  OperatorLetterKind = "drill"  // the yearly rehearsal of an incident comes due
)

// OperatorLetterKinds lists every kind.
func OperatorLetterKinds() []OperatorLetterKind {
	return []OperatorLetterKind{OperatorAbuse, OperatorBackup, OperatorKeys, OperatorChain, OperatorBreach, OperatorDrill}
}

// OperatorLetter is one mail about the install. Its words are made when it leaves.
type OperatorLetter struct {
	ID        ID
	Kind      OperatorLetterKind
	Mark      string // which time of it, such as the alert: one letter each
	About     string // of a backup: data or keys; of a key: its kind; of a chain: the signed checkpoint
	State     LetterState
	Fault     string // what the mail server answered, as a code or a word of ours
	CreatedAt time.Time
	SentAt    time.Time
}
