package bench

import (
	"context"
	"errors"
	"fmt"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/knowledge"
	"parley/internal/store"
)

// liftRewriting asks English questions of Turkish knowledge: as they are, with
// the same question in Turkish as the one other wording, which is the best that a
// model could give, and, for comparison, in Turkish to begin with. It goes the
// way of a turn, through knowledge.Answer and its fusing. What a real
// model adds is measured by Model.
func liftRewriting(ctx context.Context, o Options) ([]Figure, error) {
	en, err := loadXQuAD(o.Folder, "en")
	if err != nil {
		return nil, fmt.Errorf("read the evaluation data: %w", err)
	}
	tr, err := loadXQuAD(o.Folder, "tr")
	if err != nil {
		return nil, fmt.Errorf("read the evaluation data: %w", err)
	}
	if len(en.questions) != len(tr.questions) {
		return nil, errors.New("the English and the Turkish questions are not the same ones")
	}
	ids := make([]desk.ID, len(tr.bodies))
	in, err := newInstall(ctx, o.withDefaults(1, 1), func(ctx context.Context, in *install) error {
		return in.batches(ctx, len(tr.bodies), func(tx *store.Tx, i int) error {
			ids[i] = tx.NewID()
			name := fmt.Sprint("Source ", i)
			source := store.Source{ID: ids[i], Kind: knowledge.Text, Name: name, State: store.SourceReady, Passages: 1, Revision: 1}
			passage := store.Passage{Language: tr.lang, PassageBody: store.PassageBody{Text: tr.bodies[i]}}
			return errors.Join(tx.InsertSource(source, name, []byte("bench")), tx.ReplacePassages(ids[i], []store.Passage{passage}))
		})
	})
	if err != nil {
		return nil, err
	}
	figures, err := in.rewritten(ctx, en, tr, ids)
	return figures, errors.Join(err, in.Close())
}

func (in *install) rewritten(ctx context.Context, en, tr *collection, ids []desk.ID) (out []Figure, err error) {
	k := knowledge.New(knowledge.Parts{DB: in.DB, Flow: flow.New(flow.Config{DB: in.DB, Clock: in.clk})})
	for _, way := range []struct {
		name string
		ask  func(i int) (question, lang string, others []string)
	}{
		{"english as it is", func(i int) (string, string, []string) { return en.questions[i], "en", nil }},
		{"english with the ideal rewriting", func(i int) (string, string, []string) {
			return en.questions[i], "en", []string{tr.questions[i]}
		}},
		{"turkish", func(i int) (string, string, []string) { return tr.questions[i], "tr", nil }},
	} {
		var first, five, n float64
		for i := range en.questions {
			if chosen(en.questions[i]) {
				continue
			}
			question, lang, others := way.ask(i)
			r, err := k.Answer(ctx, in.ws.Workspace(), question, lang, others...)
			if err != nil {
				return nil, err
			}
			n++
			for at, p := range r.Passages[:min(len(r.Passages), 5)] {
				if p.Source != ids[tr.gold[i]] {
					continue
				}
				five++
				if at == 0 {
					first++
				}
			}
		}
		out = append(out,
			figure("lift", "rewriting/"+way.name+"/recall@1", first/n, "share", 0),
			figure("lift", "rewriting/"+way.name+"/recall@5", five/n, "share", 0))
	}
	return out, nil
}
