package answer

import (
	"parley/internal/answer/topic"
	"parley/internal/kit/text"
)

// Phrases reads intents from fixed phrases in six languages; topic holds them.
type Phrases struct{}

// Intent implements Reader. Who wants no machine wants a person.
func (Phrases) Intent(s string) Intent {
	switch in := topic.IntentOf(text.Cut(s, maxQuestion)); in {
	case topic.WantsPerson, topic.NoMachine:
		return WantsPerson
	default:
		return Intent(in)
	}
}
