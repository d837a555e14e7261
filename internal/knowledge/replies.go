package knowledge

import (
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/i18n"
	"parley/internal/kit/text"
	"parley/internal/knowledge/extract"
	"parley/internal/store"
)

// RepliesWork is the kind of work that takes up the saved replies anew, in the
// workspace's lane.
const RepliesWork = "mirror_replies"

// said is a saved reply as knowledge keeps it.
type said struct {
	Name     string `json:"name"`
	Text     string `json:"text"`
	Language string `json:"language"` // "" is guessed
}

// MirrorReplies makes one source of the saved replies that the AI may use, as they
// stand in the caller's transaction: what changes there is found with its commit,
// and what goes is not. Errors: desk.Invalid "reply_unusable" when one says
// nothing without the names and gaps that only a member can fill.
func (k *Knowledge) MirrorReplies(tx *store.Tx, by desk.Actor) error {
	replies, err := tx.AnsweringReplies()
	if err != nil {
		return err
	}
	source, err := tx.SourceOfKind(Replies)
	there := err == nil
	if err != nil && !desk.IsNotFound(err) {
		return err
	}
	if len(replies) == 0 {
		if !there {
			return nil
		}
		if err := tx.DropSource(source.ID); err != nil {
			return err
		}
		return k.Flow.Emit(tx, desk.Event{Kind: desk.SourceChanged, Object: source.ID})
	}
	ws, err := tx.Settings()
	if err != nil {
		return err
	}
	all := make([]said, len(replies))
	for i, r := range replies {
		all[i] = said{r.Name, forAnybody(r.Body, ws.Name), r.Language}
		if all[i].Text == "" {
			return invalid("reply_unusable", "without the names and gaps that a member fills in, the saved reply "+strconv.Quote(r.Name)+" says nothing; the AI cannot use it")
		}
	}
	input, err := json.Marshal(all)
	if err != nil {
		return err
	}
	if !there {
		source, err = k.newReplies(tx, ws, input)
	} else {
		err = tx.RenewInput(source.ID, input)
	}
	if err != nil {
		return err
	}
	if err := k.keepReplies(tx, source, all); err != nil {
		return err
	}
	if err := k.recorded(tx, by, "source.change", source.ID); err != nil {
		return err
	}
	return k.Flow.Emit(tx, desk.Event{Kind: desk.SourceChanged, Object: source.ID})
}

// newReplies adds the source, under a name that is free.
func (k *Knowledge) newReplies(tx *store.Tx, ws desk.Workspace, input []byte) (store.Source, error) {
	name := i18n.T(ws.Locale, "knowledge.saved_replies", nil)
	s := store.Source{ID: tx.NewID(), Kind: Replies, Name: name, State: store.SourceReady, Workspace: tx.Workspace(), Revision: 1,
		Size: int64(len(input)), CreatedAt: tx.Now(), UpdatedAt: tx.Now()}
	for n := 2; ; n++ {
		if _, err := tx.SourceNamed(fold(s.Name)); desk.IsNotFound(err) {
			return s, tx.InsertSource(s, fold(s.Name), input)
		} else if err != nil {
			return s, err
		}
		s.Name = name + " " + strconv.Itoa(n)
	}
}

func (k *Knowledge) keepReplies(tx *store.Tx, source store.Source, all []said) error {
	passages, _ := repliesKept(source.Language, all)
	if err := tx.ReplacePassages(source.ID, passages); err != nil {
		return err
	}
	_, err := tx.ChangeSource(source.ID, fold, func(s *store.Source) error {
		s.State, s.Reason, s.Stage, s.Passages = store.SourceReady, "", "", len(passages)
		return nil
	})
	return err
}

// repliesKept makes a passage of each reply, in the language it was given.
func repliesKept(language string, all []said) ([]store.Passage, extract.Reason) {
	found := make([]extract.Passage, len(all))
	for i, s := range all {
		found[i] = extract.Passage{Heading: text.Cut(s.Name, MaxName), Text: s.Text}
	}
	out, reason := keepable(language, found)
	for i := range out {
		if slices.Contains(text.Known(), all[i].Language) {
			out[i].Language = all[i].Language
		}
	}
	return out, reason
}

// mirrorAgain takes the saved replies up with what the business is called now.
func (k *Knowledge) mirrorAgain(ctx context.Context, j *flow.Job) error {
	return k.DB.In(j.Items[0].Workspace).Write(ctx, func(tx *store.Tx) error {
		source, err := tx.SourceOfKind(Replies)
		if err != nil && !desk.IsNotFound(err) {
			return err
		}
		if err == nil {
			ws, e1 := tx.Settings()
			old, e2 := tx.SourceInput(source.ID)
			replies, e3 := tx.AnsweringReplies()
			if err := errors.Join(e1, e2, e3); err != nil {
				return err
			}
			if !sameReplies(old, replies, ws.Name) {
				if err := k.MirrorReplies(tx, desk.Actor{}); err != nil && desk.CodeOf(err) != desk.Invalid {
					return err
				}
			}
		}
		return j.Finish(tx)
	})
}

func sameReplies(input []byte, replies []store.SavedReply, business string) bool {
	var old []said
	if err := json.Unmarshal(input, &old); err != nil {
		return false
	}
	return slices.EqualFunc(old, replies, func(a said, r store.SavedReply) bool {
		return a == said{r.Name, forAnybody(r.Body, business), r.Language}
	})
}

var (
	ofBusiness = regexp.MustCompile(`\{\{\s*business\s*\}\}`)
	ofPerson   = regexp.MustCompile(`,?\s*\{\{\s*(?:contact|member)\.name\s*\}\}`)
	left       = regexp.MustCompile(`\{\{[^{}\n]*\}\}|‹[^‹›\n]*›`)
)

// person stands for somebody's name.
const person = "\ue000"

// fewWords is what a greeting or a signature has when its name is gone.
const fewWords = 3

// forAnybody is what a saved reply says to everybody: the business's name is put
// in; whoever is greeted, or signs, is left out; and so is each sentence with
// anything else that only a member can fill in.
func forAnybody(body, business string) string {
	body = ofBusiness.ReplaceAllLiteralString(body, business)
	body = ofPerson.ReplaceAllLiteralString(strings.ReplaceAll(body, person, ""), person)
	var lines []string
	for _, line := range strings.Split(body, "\n") {
		var kept []string
		for _, span := range text.Sentences(line) {
			if s := sentenceForAnybody(span.Of(line)); s != "" {
				kept = append(kept, s)
			}
		}
		if line = strings.Join(kept, " "); line != "" || len(lines) > 0 {
			lines = append(lines, line)
		}
	}
	return text.Normalise(strings.Join(lines, "\n"), MaxAnswer)
}

func sentenceForAnybody(s string) string {
	s = strings.TrimSpace(s)
	if left.MatchString(s) {
		return ""
	}
	before, after, named := strings.Cut(s, person)
	if !named {
		return s
	}
	// A name that is called out stands before a sign, or at the end.
	sign := strings.IndexFunc(after, func(r rune) bool { return !unicode.IsSpace(r) })
	called := sign < 0 || strings.ContainsRune(",.!?:;،؛؟", []rune(after[sign:])[0])
	s = strings.TrimSpace(before + strings.TrimLeftFunc(after, unicode.IsSpace))
	if !called || strings.Contains(after, person) || len(text.Words(s)) <= fewWords {
		return ""
	}
	return strings.TrimLeft(s, ",;: ")
}
