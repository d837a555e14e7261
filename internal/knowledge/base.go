package knowledge

import (
	"context"
	"strings"
	"sync"

	"parley/internal/desk"
	"parley/internal/knowledge/extract"
	"parley/internal/knowledge/index"
	"parley/internal/store"
)

// maxBases is how many workspaces have their index in memory at a time.
const maxBases = 256

// base is the index of one workspace with the state of the rows it was made of.
type base struct {
	index   *index.Index
	used    int64
	mu      sync.Mutex // held while it catches up
	version int64
	stamps  map[desk.ID]int64
	anew    bool // it was made from the rows: what is kept, if anything, is of no use
	broken  bool // because what is kept cannot be read
}

// base gives the index of a workspace, caught up with its rows.
func (k *Knowledge) base(ctx context.Context, ws desk.ID) (*index.Index, error) {
	k.mu.Lock()
	b := k.bases[ws]
	if b == nil {
		k.makeRoom()
		b = &base{index: index.New(index.DefaultWeights()), version: -1, stamps: map[desk.ID]int64{}}
		k.bases[ws] = b
	}
	k.tick++
	b.used = k.tick
	k.mu.Unlock()

	b.mu.Lock()
	err := k.catchUp(ctx, ws, b)
	x, anew, broken := b.index, b.anew, b.broken
	b.anew, b.broken = false, false
	b.mu.Unlock()
	if err == nil && anew {
		k.askToKeep(ctx, ws, broken)
	}
	return x, err
}

// makeRoom drops the index that was not used for longest.
func (k *Knowledge) makeRoom() {
	if len(k.bases) < maxBases {
		return
	}
	var oldest desk.ID
	for ws, b := range k.bases {
		if oldest == 0 || b.used < k.bases[oldest].used {
			oldest = ws
		}
	}
	delete(k.bases, oldest)
}

// change is what a base lacks.
type change struct {
	version int64
	stamps  map[desk.ID]int64
	stale   []int64
	docs    []index.Document
	own     []store.Synonyms
}

// catchUp reads the sources that changed since the base was made; a base that
// was not made yet begins with the kept index. One snapshot gives the version,
// the index and the passages, so the base is never between two states.
func (k *Knowledge) catchUp(ctx context.Context, ws desk.ID, b *base) error {
	var c change
	var had kept
	same := false
	err := k.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) {
		c, had = change{}, kept{stamps: b.stamps}
		if c.version, err = r.KnowledgeVersion(); err != nil {
			return err
		}
		if same = c.version == b.version; same {
			return nil
		}
		if c.own, err = r.Synonyms(); err != nil {
			return err
		}
		if b.version < 0 {
			if had, err = readKept(r); err != nil {
				return err
			}
		}
		return c.collect(r, had.stamps)
	})
	if err != nil || same {
		return err
	}
	first := b.version < 0
	if had.index != nil {
		b.index = had.index
	}
	b.index.SetSynonyms(byLanguage(c.own))
	if len(c.stale)+len(c.docs) > 0 {
		b.index.Replace(c.stale, c.docs)
	}
	b.version, b.stamps = c.version, c.stamps
	b.anew, b.broken = first && had.index == nil && len(c.docs) > 0, had.broken
	return nil
}

func (c *change) collect(r *store.Rx, old map[desk.ID]int64) (err error) {
	if c.stamps, err = r.SourceStamps(); err != nil {
		return err
	}
	for id := range old {
		if c.stamps[id] != old[id] {
			c.stale = append(c.stale, int64(id))
		}
	}
	for id, stamp := range c.stamps {
		if old[id] == stamp {
			continue
		}
		source, passages, err := r.Stamped(id)
		if err != nil {
			return err
		}
		for _, p := range passages {
			if p.Live() {
				c.docs = append(c.docs, document(source, id, p))
			}
		}
	}
	return nil
}

func document(s store.Source, group desk.ID, p store.Passage) index.Document {
	e := extract.Passage{Heading: p.Heading, Question: p.Question, Alternatives: waysToAsk(p)}
	name := s.Name
	for _, end := range []string{".txt", ".text", ".md", ".markdown", ".pdf", ".docx", ".pptx", ".odt", ".xlsx", ".csv", ".html"} {
		name = strings.TrimSuffix(name, end)
	}
	title := e.Title(name)
	if p.Question == "" && len(p.Asked) > 0 {
		title += "\n" + strings.Join(p.Asked, "\n")
	}
	return index.Document{ID: int64(p.ID), Group: int64(group), Language: p.Language, Title: title, Body: p.Text}
}

// forget takes a removed source, or pages of one, out of memory at once; without
// an index there is nothing to do.
func (k *Knowledge) forget(ws desk.ID, gone ...desk.ID) {
	k.mu.Lock()
	b := k.bases[ws]
	k.mu.Unlock()
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, id := range gone {
		b.index.Remove(int64(id))
		delete(b.stamps, id)
	}
}

// Forget drops the index of a workspace from memory.
func (k *Knowledge) Forget(ws desk.ID) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.bases, ws)
}
