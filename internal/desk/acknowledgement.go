package desk

import "time"

// Acknowledgement is that a member was shown a text and what they answered.
type Acknowledgement struct {
	ID      ID
	Member  ID
	What    string // age_business, privacy, channel:KIND, policy, or purpose:NAME
	Version string // of the text
	Hash    []byte // SHA-256 of the words as they were shown
	Locale  string
	Agreed  bool // false = declined, or noted without being asked
	Used    bool // nothing was answered: they went on working after it took effect
	At      time.Time
}
