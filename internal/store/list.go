package store

import (
	"time"

	"parley/internal/desk"
)

// View is one list of the inbox.
type View string

// The views; each is answered by an index.
const (
	NeedsYou   View = "needs_you"
	Mine       View = "mine"
	Unassigned View = "unassigned"
	AIHandling View = "ai"
	Waiting    View = "waiting"
	SnoozedV   View = "snoozed"
	ClosedV    View = "closed"
	All        View = "all"
)

const (
	listHead = `SELECT ` + conversationColumns + ` FROM conversation WHERE workspace_id = $1 AND (last_at, id) < ($2, $3) AND `
	listTail = ` ORDER BY last_at DESC, id DESC LIMIT $4`

	sqlListNeeds      = listHead + `needs = TRUE` + listTail
	sqlListWaiting    = listHead + `waiting = TRUE` + listTail
	sqlListMine       = listHead + `state = 'open' AND owner_kind = 'member' AND owner_id = $5` + listTail
	sqlListUnassigned = listHead + `state = 'open' AND owner_kind = 'nobody' AND owner_id = 0` + listTail
	sqlListAI         = listHead + `state = 'open' AND owner_kind = 'ai' AND owner_id = 0` + listTail
	sqlListSnoozed    = listHead + `state = 'snoozed'` + listTail
	sqlListClosed     = listHead + `state = 'closed'` + listTail
	sqlListAll        = listHead + `id > 0` + listTail

	countHead = `SELECT count(*) FROM (SELECT 1 FROM conversation WHERE workspace_id = $1 AND `
	countTail = ` LIMIT 1000) AS few`

	sqlCountNeeds      = countHead + `needs = TRUE` + countTail
	sqlCountWaiting    = countHead + `waiting = TRUE` + countTail
	sqlCountMine       = countHead + `state = 'open' AND owner_kind = 'member' AND owner_id = $2` + countTail
	sqlCountUnassigned = countHead + `state = 'open' AND owner_kind = 'nobody' AND owner_id = 0` + countTail
	sqlCountAI         = countHead + `state = 'open' AND owner_kind = 'ai' AND owner_id = 0` + countTail
	sqlCountSnoozed    = countHead + `state = 'snoozed'` + countTail
)

func listQuery(v View) (string, error) {
	switch v {
	case NeedsYou:
		return sqlListNeeds, nil
	case Mine:
		return sqlListMine, nil
	case Unassigned:
		return sqlListUnassigned, nil
	case AIHandling:
		return sqlListAI, nil
	case Waiting:
		return sqlListWaiting, nil
	case SnoozedV:
		return sqlListSnoozed, nil
	case ClosedV:
		return sqlListClosed, nil
	case All, "":
		return sqlListAll, nil
	}
	return "", desk.Fail(desk.Invalid, "unknown_view", "there is no such view")
}

// Place is where a page of the list ended.
type Place struct {
	At time.Time
	ID desk.ID
}

// List pages through a view, newest activity first; the zero Place starts at
// the top. me is the member whose conversations Mine shows.
func (r *Rx) List(v View, me desk.ID, after Place, limit int) ([]Row, error) {
	query, err := listQuery(v)
	if err != nil {
		return nil, err
	}
	if after.ID == 0 {
		after = Place{At: time.UnixMicro(1<<62 - 1), ID: maxID}
	}
	args := []any{int64(r.ws), us(after.At), int64(after.ID), limit}
	if v == Mine {
		args = append(args, int64(me))
	}
	return r.conversations(query, args...)
}

// Counts tells how many conversations each view holds, up to 1000.
func (r *Rx) Counts(me desk.ID) (map[View]int, error) {
	counts := map[View]int{}
	for v, query := range map[View]string{NeedsYou: sqlCountNeeds, Mine: sqlCountMine, Unassigned: sqlCountUnassigned,
		AIHandling: sqlCountAI, Waiting: sqlCountWaiting, SnoozedV: sqlCountSnoozed} {
		args := []any{int64(r.ws)}
		if v == Mine {
			args = append(args, int64(me))
		}
		var n int
		if err := r.row(query, args...).Scan(&n); err != nil {
			return nil, err
		}
		counts[v] = n
	}
	return counts, nil
}
