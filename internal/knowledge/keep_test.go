package knowledge_test

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/clock"
	"parley/internal/knowledge"
	"parley/internal/store"
)

// keeping is each with the index kept as soon as the knowledge is at rest.
func keeping(t *testing.T, fn func(t *testing.T, w *world)) {
	rest := time.Millisecond
	rule := flow.Rule{On: desk.SourceChanged, Do: knowledge.KeepWork, Key: flow.ByWorkspace, After: rest, Coalesce: true}
	eachWith(t, rest, []flow.Rule{rule}, fn)
}

// kept waits until the index of the workspace's knowledge, as it is now, is kept.
func (w *world) kept(t *testing.T) {
	t.Helper()
	tick := clock.Real{}.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for have, now := w.versions(t); have != now; have, now = w.versions(t) {
		select {
		case <-tick.C():
		case <-t.Context().Done():
			t.Fatal("never kept")
		}
	}
}

func (w *world) versions(t *testing.T) (kept, now int64) {
	t.Helper()
	err := w.In(w.ws).Read(t.Context(), func(r *store.Rx) (err error) {
		if kept, err = r.IndexVersion(); err != nil {
			return err
		}
		now, err = r.KnowledgeVersion()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return kept, now
}

// restarted is the knowledge as a process that just started has it; said is what
// it logged.
func (w *world) restarted() (k *knowledge.Knowledge, said *lines) {
	said = &lines{}
	return knowledge.New(knowledge.Parts{DB: w.DB, Flow: w.flow, Rest: time.Millisecond, Log: slog.New(slog.NewTextHandler(said, nil))}), said
}

type lines struct {
	mu  sync.Mutex
	all strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}

var asked = []string{"can I return a coat that is too small?", "shipping cost Germany", "Dar gelen paltoyu iade", "open", "kargo ucreti", "saat"}

func finds(t *testing.T, k *knowledge.Knowledge, ws desk.ID) (all [][]string) {
	t.Helper()
	for _, q := range asked {
		found, err := k.Search(t.Context(), ws, q, "", 20)
		if err != nil {
			t.Fatal(err)
		}
		var one []string
		for _, f := range found {
			one = append(one, fmt.Sprint(f.ID, " ", f.Score))
		}
		all = append(all, one)
	}
	return all
}

func TestTheKeptIndexFindsWhatTheRowsWouldFind(t *testing.T) {
	t.Parallel()
	keeping(t, func(t *testing.T, w *world) {
		w.faq(t, "Shop", shop()...)
		w.faq(t, "More", knowledge.Pair{Question: "Is the coat wool?", Answer: "Yes, all of it."})
		w.kept(t)
		fromRows := finds(t, w.k, w.ws) // read from the rows, one source after the other
		k, said := w.restarted()
		if got := finds(t, k, w.ws); !reflect.DeepEqual(got, fromRows) || len(got[0]) == 0 {
			t.Errorf("kept: %v\nrows: %v", got, fromRows)
		}
		if err := w.In(w.ws).Write(t.Context(), func(tx *store.Tx) error { return tx.DropIndex() }); err != nil {
			t.Fatal(err)
		}
		k, _ = w.restarted()
		if got := finds(t, k, w.ws); !reflect.DeepEqual(got, fromRows) {
			t.Errorf("anew: %v\nrows: %v", got, fromRows)
		}
		w.kept(t) // what had to be made anew is kept again, without any change
		// A source that comes is added to what is kept; the other sources are not read again.
		w.faq(t, "Third", knowledge.Pair{Question: "Do you open on Sundays?", Answer: "No."})
		w.kept(t)
		k, _ = w.restarted()
		if got, want := finds(t, k, w.ws), finds(t, w.k, w.ws); !reflect.DeepEqual(got, want) {
			t.Errorf("after a third source: %v, want %v", got, want)
		}
		if s := said.String(); s != "" {
			t.Errorf("said %s", s)
		}
	})
}

func TestNothingRemovedStaysInTheKeptIndex(t *testing.T) {
	t.Parallel()
	keeping(t, func(t *testing.T, w *world) {
		shopSource := w.faq(t, "Shop", shop()...)
		other := w.faq(t, "More", knowledge.Pair{Question: "Is the coat wool?", Answer: "Yes, all of it."})
		w.kept(t)
		// The commit itself is looked at, before any work that follows it.
		must(t, w.In(w.ws).Write(t.Context(), func(tx *store.Tx) error {
			if err := tx.DropSource(other.ID); err != nil {
				return err
			}
			if have, err := tx.IndexVersion(); err != nil || have >= 0 {
				t.Errorf("version %d is still kept when its source goes: %v", have, err)
			}
			return w.flow.Emit(tx, desk.Event{Kind: desk.SourceChanged, Object: other.ID})
		}))
		w.kept(t)
		if k, _ := w.restarted(); len(finds(t, k, w.ws)[0]) == 0 {
			t.Error("the rest is not found")
		}
		must(t, w.In(w.ws).Write(t.Context(), func(tx *store.Tx) error {
			passages, err := tx.Passages(shopSource.ID)
			if err != nil {
				return err
			}
			if err := tx.ReplacePassages(shopSource.ID, passages[1:]); err != nil {
				return err
			}
			if have, err := tx.IndexVersion(); err != nil || have >= 0 {
				t.Errorf("version %d is still kept when a passage goes: %v", have, err)
			}
			return w.flow.Emit(tx, desk.Event{Kind: desk.SourceChanged, Object: shopSource.ID})
		}))
		changed := []knowledge.Pair{{Question: "Where is the shop?", Answer: "In Berlin."}}
		_, err := w.k.Update(t.Context(), w.ws, shopSource.ID, knowledge.Change{Pairs: changed})
		must(t, err)
		w.settled(t, shopSource.ID)
		w.kept(t)
		k, _ := w.restarted()
		if found, err := k.Search(t.Context(), w.ws, "shipping Germany shop", "en", 5); err != nil || len(found) != 1 || found[0].Text != "In Berlin." {
			t.Errorf("%d found, %v", len(found), err)
		}
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestABrokenKeptIndexIsMadeAnewAndSaidSo(t *testing.T) {
	t.Parallel()
	keeping(t, func(t *testing.T, w *world) {
		w.faq(t, "Shop", shop()...)
		w.kept(t)
		want := finds(t, w.k, w.ws)
		_, version := w.versions(t)
		for name, raw := range map[string][]byte{"short": {1, 2, 3}, "noise": []byte(strings.Repeat("noise ", 4000)), "many sources": {0xff, 0xff, 0xff, 0xff, 0}} {
			err := w.In(w.ws).Write(t.Context(), func(tx *store.Tx) error {
				if err := tx.DropIndex(); err != nil {
					return err
				}
				kept, err := tx.PutIndexPart(version, 0, 1, raw)
				if err == nil && !kept {
					t.Error("not put")
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			k, said := w.restarted()
			if got := finds(t, k, w.ws); !reflect.DeepEqual(got, want) {
				t.Errorf("%s: %v, want %v", name, got, want)
			}
			if !strings.Contains(said.String(), "could not be read") {
				t.Errorf("%s: said %q", name, said.String())
			}
			w.kept(t) // made anew, and no work is left that would put it over the next
		}
	})
}

func TestWhatMovedOnIsNotKept(t *testing.T) {
	t.Parallel()
	keeping(t, func(t *testing.T, w *world) {
		s := w.faq(t, "Shop", shop()...)
		w.kept(t)
		_, old := w.versions(t)
		if err := w.k.Delete(t.Context(), w.ws, s.ID, desk.Actor{}); err != nil {
			t.Fatal(err)
		}
		err := w.In(w.ws).Write(context.Background(), func(tx *store.Tx) error {
			kept, err := tx.PutIndexPart(old, 0, 1, []byte("x"))
			if kept {
				t.Error("an index of what was removed is kept")
			}
			return err
		})
		if have, _ := w.versions(t); err != nil || have >= 0 {
			t.Errorf("version %d is kept, %v", have, err)
		}
	})
}

// Hashes of words could confirm a guessed text: they lie sealed like the text.
func TestTheKeptIndexIsSealedOnTheDisk(t *testing.T) {
	t.Parallel()
	keeping(t, func(t *testing.T, w *world) {
		w.faq(t, "Shop", shop()...)
		w.kept(t)
		var raw []byte
		must(t, w.In(w.ws).Read(t.Context(), func(r *store.Rx) (err error) { raw, _, err = r.Index(); return err }))
		if len(raw) < 1000 {
			t.Fatalf("%d bytes are kept", len(raw))
		}
		files := 0
		must(t, filepath.WalkDir(w.Dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			stored, err := os.ReadFile(path)
			files++
			for at := 0; at+32 <= len(raw); at += 200 {
				if bytes.Contains(stored, raw[at:at+32]) {
					t.Fatalf("%s holds bytes %d of the index in clear", filepath.Base(path), at)
				}
			}
			return err
		}))
		if files == 0 {
			t.Fatal("no file was looked at")
		}
	})
}
