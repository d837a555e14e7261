package bench

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"parley/internal/flow"
	"parley/internal/knowledge"
	"parley/internal/knowledge/index"
	"parley/internal/store"
)

// readySpeed times the first search of a process that just started, over the
// same passages in a store: with the index that was kept, and, for comparison,
// without.
func readySpeed(ctx context.Context, opt Options, z size, docs []index.Document) ([]Figure, error) {
	in, err := newInstall(ctx, opt.withDefaults(1, 1), func(ctx context.Context, in *install) error { return in.seedPassages(ctx, docs) })
	if err != nil {
		return nil, err
	}
	r := &report{bench: "retrieve", engine: in.opt.Engine}
	err = in.measureReady(ctx, r, z)
	return r.figures, errors.Join(err, in.Close())
}

func (in *install) seedPassages(ctx context.Context, docs []index.Document) error {
	const each = 50
	parts := slices.Collect(slices.Chunk(docs, each))
	return in.batches(ctx, len(parts), func(tx *store.Tx, i int) error {
		id, name := tx.NewID(), fmt.Sprint("Source ", i)
		var passages []store.Passage
		for n, d := range parts[i] {
			passages = append(passages, store.Passage{N: n, Language: d.Language, PassageBody: store.PassageBody{Text: d.Body}})
		}
		source := store.Source{ID: id, Kind: knowledge.Text, Name: name, State: store.SourceReady, Passages: len(passages), Revision: 1}
		return errors.Join(tx.InsertSource(source, name, []byte("bench")), tx.ReplacePassages(id, passages))
	})
}

func (in *install) measureReady(ctx context.Context, r *report, z size) error {
	first := func(metric string, bound float64) error {
		k := knowledge.New(knowledge.Parts{DB: in.DB, Flow: flow.New(flow.Config{DB: in.DB, Clock: in.clk})})
		began := in.clk.Now()
		found, err := k.Search(ctx, in.ws.Workspace(), "Which team won the game in the last year?", "en", 5)
		if err == nil && len(found) == 0 {
			err = errors.New("bench retrieve: nothing was found")
		}
		r.add(metric, millis(in.clk.Since(began)), "ms", bound)
		return err
	}
	if err := first(z.metric("ready, nothing kept"), 0); err != nil {
		return err
	}
	if err := in.keepIndex(ctx); err != nil {
		return err
	}
	if err := in.shut(); err != nil { // a new process has nothing in memory
		return err
	}
	if err := in.open(ctx, false); err != nil {
		return err
	}
	return first(z.metric("ready"), z.readyB)
}

// keepIndex does the work that keeps the index.
func (in *install) keepIndex(ctx context.Context) error {
	f := flow.New(flow.Config{DB: in.DB, Clock: in.clk})
	k := knowledge.New(knowledge.Parts{DB: in.DB, Flow: f})
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	err := in.ws.Write(ctx, func(tx *store.Tx) error {
		return f.Add(tx, flow.Item{Kind: knowledge.KeepWork, Key: in.ws.Workspace()})
	})
	if err != nil {
		return err
	}
	handlers := k.Handlers()
	for i, h := range handlers {
		handlers[i].Run = func(ctx context.Context, j *flow.Job) error {
			err := h.Run(ctx, j)
			if h.Kind == knowledge.KeepWork {
				stop()
			}
			return err
		}
	}
	return f.Run(ctx, handlers, nil)
}
