package answer

import (
	"slices"
	"strings"

	"parley/internal/desk"
	"parley/internal/kit/text"
	"parley/internal/store"
)

// NeverSay adds a phrase to those that the AI never says, as a new version of the
// settings: what it wrote by the old ones is not sent any more.
func (a *Answer) NeverSay(tx *store.Tx, by desk.Actor, phrase string) error {
	phrase = text.Normalise(phrase, 0)
	if len(plain(phrase)) == 0 {
		return desk.Fail(desk.Invalid, "do_not_say", "a phrase has at least one word")
	}
	if _, err := tx.ChangeSettings(func(w *desk.Workspace) error { w.AIEpoch++; return nil }); err != nil {
		return err
	}
	s, err := tx.AISettings()
	if err != nil {
		return err
	}
	if slices.ContainsFunc(s.DoNotSay, func(old string) bool { return text.Fold(old) == text.Fold(phrase) }) {
		return nil
	}
	s.DoNotSay = append(s.DoNotSay, phrase)
	if err := s.Check(); err != nil {
		return err
	}
	if s, err = tx.AddAISettings(s, by); err != nil {
		return err
	}
	if err := a.Audit.Add(tx, by, "ai.change", desk.ID(s.Version)); err != nil {
		return err
	}
	return a.Flow.Emit(tx, desk.Event{Kind: desk.WorkspaceChanged, Object: tx.Workspace()})
}

// plain are the folded words of a text.
func plain(s string) []string {
	var out []string
	for _, w := range text.Words(text.Fold(s)) {
		out = append(out, w.Text)
	}
	return out
}

// allowed takes the answer out of a finding that says what the workspace never
// says: a quotation of the knowledge may do so, and nobody wants it sent or
// proposed.
func (t *turn) allowed(f Finding) Finding {
	if f.Decision != desk.DecideAnswer || f.Text == "" {
		return f
	}
	said := " " + strings.Join(plain(f.Text), " ") + " "
	for _, never := range t.set.DoNotSay {
		if words := strings.Join(plain(never), " "); words != "" && strings.Contains(said, " "+words+" ") {
			f.Checks = append(slices.Clone(f.Checks), desk.Check{Name: "do_not_say"})
			return unanswered(f, string(desk.LowConfidence))
		}
	}
	return f
}
