package desk

import (
	"slices"
	"strings"
)

// Limits of AI settings.
const (
	MaxInstruction = 8000 // bytes
	MaxTopics      = 50
	MaxPhrases     = 100 // words of a topic, things never to say, domains
	MaxPhrase      = 200 // bytes
	MaxReplyTokens = 4000
	MaxLinesAlong  = 40
)

// Check says what is wrong with settings, for whoever writes them. Errors are
// Invalid with the name of the field as reason.
func (s AISettings) Check() error {
	switch {
	case s.Provider != NoVendor && !slices.Contains(Vendors(), s.Provider), s.Fallback != NoVendor && !slices.Contains(Vendors(), s.Fallback):
		return Fail(Invalid, "provider", "vendors are openai, anthropic and compatible")
	case s.Fallback != NoVendor && (s.Provider == NoVendor || s.Fallback == s.Provider):
		return Fail(Invalid, "fallback", "a second vendor is another one than the first")
	case s.Temperature < 0 || s.Temperature > 1:
		return Fail(Invalid, "temperature", "the temperature lies between 0 and 1")
	case s.MaxTokens < 50 || s.MaxTokens > MaxReplyTokens:
		return Fail(Invalid, "max_tokens", "an answer has 50 to 4000 tokens")
	case s.History < 0 || s.History > MaxLinesAlong:
		return Fail(Invalid, "history", "0 to 40 earlier lines go along")
	case len(s.Instruction) > MaxInstruction:
		return Fail(Invalid, "instructions", "instructions have at most 8000 bytes")
	case s.Tone != ToneNeutral && s.Tone != ToneWarm && s.Tone != ToneFormal:
		return Fail(Invalid, "tone", "tones are neutral, warm and formal")
	case s.TokensPerDay < 0 || s.CentsPerDay < 0:
		return Fail(Invalid, "tokens_per_day", "a limit is 0 for none, or more")
	case s.Confidence < 0 || s.Confidence > 1:
		return Fail(Invalid, "confidence", "the confidence lies between 0 and 1")
	}
	if err := s.checkLists(); err != nil {
		return err
	}
	if err := s.Meaning.check(slices.Contains(s.Purposes, AIMeaning)); err != nil {
		return err
	}
	if err := s.checkTopics(); err != nil {
		return err
	}
	if len(s.Rules) > MaxRules {
		return Fail(Invalid, "rules", "at most 100 rules")
	}
	for _, r := range s.Rules {
		if err := r.Check(); err != nil {
			return err
		}
	}
	return s.Hours.Check()
}

func (s AISettings) checkLists() error {
	for _, p := range s.Purposes {
		if !slices.Contains(AIPurposes(), p) {
			return Fail(Invalid, "purposes", "there is no purpose "+string(p))
		}
	}
	for v, model := range s.Models {
		if !slices.Contains(Vendors(), v) || len(model) > MaxPhrase || strings.ContainsAny(model, " \n\t") {
			return Fail(Invalid, "models", "a model's name has no blanks and belongs to a vendor")
		}
	}
	if !phrases(s.DoNotSay) {
		return Fail(Invalid, "do_not_say", "at most 100 phrases of at most 200 bytes")
	}
	if !phrases(s.Domains) {
		return Fail(Invalid, "domains", "at most 100 domains")
	}
	return nil
}

func (s AISettings) checkTopics() error {
	if len(s.Topics) > MaxTopics {
		return Fail(Invalid, "topics", "at most 50 topics")
	}
	var seen []string
	for _, t := range s.Topics {
		name := strings.TrimSpace(t.Name)
		if name == "" || len(name) > maxRuleWord || slices.Contains(seen, strings.ToLower(name)) {
			return Fail(Invalid, "topics", "each topic has a name of its own")
		}
		seen = append(seen, strings.ToLower(name))
		if t.Mode != ModeOff && t.Mode != ModeDraft && t.Mode != ModeAutopilot {
			return Fail(Invalid, "topics", "a topic's mode is off, draft or autopilot")
		}
		if !phrases(t.Words) || !slices.Contains(BuiltInTopics(), t.Name) && len(t.Words) == 0 {
			return Fail(Invalid, "topics", "a topic of your own needs words that mean it: at most 100 of at most 200 bytes")
		}
	}
	for _, name := range BuiltInTopics() {
		if !slices.Contains(seen, name) {
			return Fail(Invalid, "topics", "refund, complaint, legal and health are always there; choose what the AI may do about them")
		}
	}
	return nil
}

func phrases(all []string) bool {
	if len(all) > MaxPhrases {
		return false
	}
	return !slices.ContainsFunc(all, func(s string) bool { return strings.TrimSpace(s) == "" || len(s) > MaxPhrase })
}
