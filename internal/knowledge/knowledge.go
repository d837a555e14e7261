package knowledge

import (
	"log/slog"
	"sync"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/store"
)

// Work is the kind of work that reads a source, in a lane per source.
const Work = "read"

// Parts is what knowledge is made of. All but Log are required.
type Parts struct {
	DB   *store.DB
	Flow *flow.Flow
	Log  *slog.Logger
}

// Knowledge keeps and searches the knowledge of every workspace.
type Knowledge struct {
	Parts
	mu    sync.Mutex
	bases map[desk.ID]*base
	tick  int64
}

// New makes it; indexes are built when they are first asked.
func New(p Parts) *Knowledge {
	if p.Log == nil {
		p.Log = slog.New(slog.DiscardHandler)
	}
	return &Knowledge{Parts: p, bases: make(map[desk.ID]*base)}
}

// Handlers lists the work knowledge does.
func (k *Knowledge) Handlers() []flow.Handler {
	return []flow.Handler{{Kind: Work, Workers: 2, Run: k.read}}
}
