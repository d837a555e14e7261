package desk

import "strings"

// AIMeaning is the purpose of calls that make vectors of passages and questions.
const AIMeaning AIPurpose = "meaning"

// Limits of a Meaning.
const (
	MaxDimensions = 4096
	maxAddress    = 500 // bytes
)

// Meaning is whose vectors a search by meaning uses.
type Meaning struct {
	Vendor     Vendor `json:"vendor"`     // openai or compatible: who speaks the Embeddings API
	URL        string `json:"url"`        // "" = the install's address, or the vendor's own
	Model      string `json:"model"`      // "" = nothing is chosen
	Dimensions int    `json:"dimensions"` // of a vector; 0 = the model's own
}

// Meant is whose vectors are used now; the zero value where none are, and then
// none are kept either.
func (s AISettings) Meant() Meaning {
	if s.Meaning.Model == "" || !s.Allows(AIMeaning) {
		return Meaning{}
	}
	return s.Meaning
}

// check says what is wrong with a choice; nothing chosen is nothing wrong, as
// long as the purpose is off.
func (m Meaning) check(on bool) error {
	switch {
	case m.Vendor != NoVendor && m.Vendor != OpenAI && m.Vendor != Compatible:
		return Fail(Invalid, "meaning", "vectors are made by openai or a compatible server")
	case len(m.Model) > MaxPhrase || strings.ContainsAny(m.Model, " \n\t"):
		return Fail(Invalid, "meaning", "a model's name has no blanks")
	case m.Dimensions < 0 || m.Dimensions > MaxDimensions:
		return Fail(Invalid, "meaning", "a vector has up to 4096 dimensions; 0 leaves it to the model")
	case len(m.URL) > maxAddress || m.URL != "" && !strings.HasPrefix(m.URL, "https://") && !strings.HasPrefix(m.URL, "http://"):
		return Fail(Invalid, "meaning", "an address begins with https:// or http://")
	case on && (m.Vendor == NoVendor || m.Model == ""):
		return Fail(Invalid, "meaning", "choose who makes the vectors, and a model, before search by meaning is switched on")
	}
	return nil
}
