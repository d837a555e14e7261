package desk

import (
	"cmp"
	"slices"
	"time"
)

// Vendor is who runs a language model.
type Vendor string

// Vendors. NoVendor is words alone: quoting, and no call to anybody.
const (
	NoVendor   Vendor = ""
	OpenAI     Vendor = "openai"
	Anthropic  Vendor = "anthropic"
	Compatible Vendor = "compatible" // any server that speaks Chat Completions
)

// Vendors lists those a workspace may choose.
func Vendors() []Vendor { return []Vendor{OpenAI, Anthropic, Compatible} }

// AIPurpose is what a call to a model is for. Each has a switch, off at the
// start (decision 18).
type AIPurpose string

// The purposes.
const (
	AIReply    AIPurpose = "reply"    // answers that go out by themselves
	AISuggest  AIPurpose = "suggest"  // drafts for a member
	AIRewrite  AIPurpose = "rewrite"  // search words made of a question
	AIEvaluate AIPurpose = "evaluate" // tests in the lab
	AIPhrase   AIPurpose = "phrase"   // questions suggested for passages
)

// AIPurposes lists them in the order of a page.
func AIPurposes() []AIPurpose {
	return []AIPurpose{AIReply, AISuggest, AIRewrite, AIMeaning, AIPhrase, AIEvaluate}
}

// AITopic is a subject of questions with what the AI may do about it. The four
// of decision 17 are always there and begin with ModeOff: a person answers.
type AITopic struct {
	Name  string   `json:"name"`
	Mode  Mode     `json:"mode"`            // off: a person is called
	Words []string `json:"words,omitempty"` // phrases that mean it, besides the built-in ones
}

// AISettings is what a workspace decided about its AI. Every change is a new
// version; the old ones stay.
type AISettings struct {
	Version int64     `json:"-"`
	At      time.Time `json:"-"`
	By      Actor     `json:"-"`

	Provider    Vendor            `json:"provider"`
	Fallback    Vendor            `json:"fallback"` // asked when Provider fails; NoVendor = nobody
	Models      map[Vendor]string `json:"models"`
	Temperature float64           `json:"temperature"`
	MaxTokens   int               `json:"max_tokens"`
	History     int               `json:"history"` // lines of the engagement that go along
	Instruction string            `json:"instructions"`
	Tone        Tone              `json:"tone"`
	Purposes    []AIPurpose       `json:"purposes"` // switched on
	Waits       []AIPurpose       `json:"-"`        // a policy named them as new, and nobody here said yes to it yet
	Meaning     Meaning           `json:"meaning"`  // whose vectors AIMeaning uses

	TokensPerDay int64 `json:"tokens_per_day"` // 0 = no limit
	CentsPerDay  int64 `json:"cents_per_day"`  // US cents; 0 = no limit

	Confidence float64   `json:"confidence"` // below it an answer is a draft; 0 = wherever the gate lets it go
	Topics     []AITopic `json:"topics"`
	Rules      []Rule    `json:"rules"`
	Hours      Hours     `json:"hours"`
	DoNotSay   []string  `json:"do_not_say"`
	Domains    []string  `json:"domains"` // links may lead there, besides the sources' own
}

// Tone is how answers sound.
type Tone string

// Tones.
const (
	ToneNeutral Tone = "neutral"
	ToneWarm    Tone = "warm"
	ToneFormal  Tone = "formal"
)

// Names of the topics that go to a person by default (decision 17).
const (
	TopicRefunds    = "refund"
	TopicComplaints = "complaint"
	TopicLegal      = "legal"
	TopicHealth     = "health"
)

// BuiltInTopics are the four of decision 17.
func BuiltInTopics() []string {
	return []string{TopicRefunds, TopicComplaints, TopicLegal, TopicHealth}
}

// NewAISettings is where a workspace begins: no vendor, nothing switched on, the
// four topics with people.
func NewAISettings() AISettings {
	s := AISettings{Models: map[Vendor]string{}, Temperature: 0.1, MaxTokens: 600, History: 6, Tone: ToneNeutral,
		Purposes: []AIPurpose{}, TokensPerDay: 500_000, CentsPerDay: 500, Rules: []Rule{}, DoNotSay: []string{}, Domains: []string{}}
	for _, name := range BuiltInTopics() {
		s.Topics = append(s.Topics, AITopic{Name: name, Mode: ModeOff})
	}
	return s
}

// Allows reports whether calls for a purpose are switched on, and whom they go to.
func (s AISettings) Allows(p AIPurpose) bool {
	if s.Provider == NoVendor || slices.Contains(s.Waits, p) {
		return false
	}
	for _, on := range s.Purposes {
		if on == p {
			return true
		}
	}
	return false
}

// Vendors lists whose models may be asked, by these settings.
func (s AISettings) Vendors() []Vendor {
	var all []Vendor
	for _, p := range AIPurposes() {
		switch {
		case !s.Allows(p):
		case p == AIMeaning:
			all = append(all, cmp.Or(s.Meant().Vendor, s.Provider))
		default:
			all = append(all, s.Provider, s.Fallback)
		}
	}
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(v Vendor) bool { return v == NoVendor })
}

// TopicMode is what the AI may do about a topic; ModeInherit when the workspace
// says nothing about it.
func (s AISettings) TopicMode(name string) Mode {
	for _, t := range s.Topics {
		if t.Name == name {
			return t.Mode
		}
	}
	return ModeInherit
}

// Call is what one call to a model cost.
type Call struct {
	Purpose AIPurpose
	Vendor  Vendor
	Model   string
	In, Out int64 // tokens
	Micros  int64 // millionths of a US dollar; 0 where the price is not known
	Failed  bool
}
