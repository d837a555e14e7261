package desk

import "time"

// Decision is what the answer engine made of a question.
type Decision string

// Decisions.
const (
	DecideAnswer     Decision = "answer"
	DecideDidYouMean Decision = "did_you_mean"
	DecideHandOver   Decision = "hand_over"
	DecideNothing    Decision = "nothing" // e.g. "thank you": nothing needs saying
)

// Draft is an answer that waits for a person.
type Draft struct {
	ID           ID
	Workspace    ID
	Conversation ID
	Body         Body
	Language     string
	Confidence   string // high, middle, low
	Decision     Decision
	Sources      []SourceRef
	Run          ID
	Version      int64 // of the conversation when it was written
	At           time.Time
}

// Run is the record of one AI turn: decisions and numbers, never text.
type Run struct {
	ID           ID
	Workspace    ID
	Conversation ID
	Trigger      ID // the message that caused it
	Decision     Decision
	Outcome      string // sent, drafted, handed_over, dropped, nothing
	Reason       string
	Engine       string // "extractive" or "model"
	Passages     []ID
	Scores       []float64  // how well each passage fits
	Meant        []Nearness // of each passage by meaning; empty where nobody searched by it
	Checks       []Check
	Micros       int64
	Settings     int64 // version of the AI settings it followed
	Confidence   float64
	Language     string
	Call         Call // of Engine "model": whom it went to and what it cost
	About        About
	Engagement   int64  // of the conversation; 0 where it was not noted
	Kept         int    // of a hundred words of its draft when a member sent it changed; -1 = no member did
	Reported     string // why somebody reported what it said; a machine word
	At           time.Time
}

// Nearness is how near a passage is to a question by meaning.
type Nearness struct {
	Place    int     `json:"place"`    // in the order by meaning, from 1; 0 = it was found by words alone
	Likeness float64 `json:"likeness"` // cosine, -1 to 1
}

// About is what a question was about: names of ours, never words of the contact.
type About struct {
	Topics  []string `json:"topics,omitempty"`
	Special []string `json:"special,omitempty"` // special categories of data (A-6-01)
}

// Check is one test an answer passed or failed.
type Check struct {
	Name  string  `json:"name"`
	OK    bool    `json:"ok"`
	Value float64 `json:"value"`
	Limit float64 `json:"limit"`
}
