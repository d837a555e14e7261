package desk

import "time"

// ConsentNews is the purpose of news about the product by mail.
const ConsentNews = "news"

// How a consent ends.
const (
	WithdrawnInProfile = "profile"
	WithdrawnByLink    = "link" // the one in each such mail
	WithdrawnByLeaving = "left"
)

// Consent is one time a member allowed something.
type Consent struct {
	ID          ID
	Member      ID
	Purpose     string
	Version     string
	Hash        []byte // SHA-256 of the words that were shown
	Locale      string
	Source      string
	GivenAt     time.Time
	TouchedAt   time.Time // last act of theirs about it
	WithdrawnAt time.Time // zero while it holds
	WithdrawnBy string
}

// News is one piece of product news in one language.
type News struct{ Locale, Subject, Body string }
