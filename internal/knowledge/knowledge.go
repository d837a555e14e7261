package knowledge

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/scan"
	"parley/internal/knowledge/extract"
	"parley/internal/knowledge/web"
	"parley/internal/store"
)

// Work is the kind of work that reads a source, in a lane per source.
const Work = "read"

// Audit keeps who did what, in the caller's transaction.
type Audit interface {
	Add(tx *store.Tx, by desk.Actor, action string, object desk.ID) error
}

// Reader reads a file and tells page by page how far it is. It runs apart from
// this process; child.Reader is one.
type Reader interface {
	Read(ctx context.Context, name string, raw []byte, progress func(page, of int)) (extract.Document, *extract.Error)
}

// Redactor takes personal data out of a text; names are those it may hold.
type Redactor interface {
	Redact(text string, names ...string) string
}

// Parts is what knowledge is made of. All but Audit, Files, Scanner, Redact, Embed, Thinker, Log
// and Rest are required.
type Parts struct {
	DB    *store.DB
	Flow  *flow.Flow
	Audit Audit
	// Redact clears what contacts wrote before it becomes a way to ask; nil = it
	// never becomes one.
	Redact Redactor
	Files  Reader // nil: files that need a reader of their own are refused
	// Scanner looks files through before they are kept; nil = nobody does.
	Scanner *scan.Scanner
	Log     *slog.Logger
	Embed   Embedder     // makes vectors; nil = nothing is searched by its meaning
	Web     *web.Fetcher // asks for web pages; nil = they are no kind of source
	// Thinker has a model think of questions for passages; nil = none are suggested.
	Thinker Thinker
	Rest    time.Duration // after which a new index is kept for the next start; 0 = KeepAfter
}

// Knowledge keeps and searches the knowledge of every workspace.
type Knowledge struct {
	Parts
	mu    sync.Mutex
	bases map[desk.ID]*base
	tick  int64

	vectors vectors
}

// New makes it; indexes are read, or built, when they are first asked.
func New(p Parts) *Knowledge {
	if p.Log == nil {
		p.Log = slog.New(slog.DiscardHandler)
	}
	if p.Rest == 0 {
		p.Rest = KeepAfter
	}
	return &Knowledge{Parts: p, bases: make(map[desk.ID]*base)}
}

// recorded keeps an act of a member, or of Parley itself where nobody is named.
func (k *Knowledge) recorded(tx *store.Tx, by desk.Actor, action string, source desk.ID) error {
	if k.Audit == nil {
		return nil
	}
	if by.Kind == "" {
		by = desk.Actor{Kind: desk.BySystem, Name: "Parley"}
	}
	return k.Audit.Add(tx, by, action, source)
}

// Handlers lists the work knowledge does.
func (k *Knowledge) Handlers() []flow.Handler {
	return []flow.Handler{{Kind: Work, Workers: 2, Run: k.read}, {Kind: KeepWork, Workers: 1, Run: k.keepIndex}, {Kind: GapWork, Workers: 1, Run: k.noteGap},
		{Kind: MeaningWork, Workers: 2, Run: k.makeVectors},
		{Kind: DoctorWork, Workers: 1, Run: k.lookOver}, {Kind: SuggestWork, Workers: 2, Run: k.suggest}, {Kind: RepliesWork, Workers: 1, Run: k.mirrorAgain},
		{Kind: CrawlWork, Workers: 8, Run: k.crawlStep}}
}
