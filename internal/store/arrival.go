package store

import (
	"time"

	"parley/internal/desk"
	"parley/internal/vault"
)

// ArrivalTerm is how long a raw part that could not be filed is kept; its hour
// key ends then even if the sweep does not run.
const ArrivalTerm = 72 * time.Hour

const (
	sqlInsertArrival = `INSERT INTO arrival (workspace_id, id, account_id, hour, raw, at) VALUES ($1, $2, $3, $4, $5, $6)`
	sqlArrival       = `SELECT account_id, raw, at FROM arrival WHERE workspace_id = $1 AND id = $2`
	sqlDropArrival   = `DELETE FROM arrival WHERE workspace_id = $1 AND id = $2`
	sqlDropArrivals  = `DELETE FROM arrival WHERE workspace_id = $1 AND id IN (SELECT id FROM arrival WHERE workspace_id = $1 AND hour <= $2 LIMIT $3)`
)

// Raw is a delivered part that waits to be filed.
type Raw struct {
	ID      desk.ID
	Account desk.ID
	Body    []byte
	At      time.Time
}

// InsertArrival keeps a raw part under the hour's key until it is filed.
func (t *Tx) InsertArrival(raw Raw) error {
	hour := vault.Hour(t.now)
	key, err := t.db.vault.KeyUntil(t.ctx, vault.Ref{Workspace: int64(t.ws), Kind: vault.RawHour, Of: hour},
		vault.HourStart(hour).Add(ArrivalTerm))
	if err != nil {
		return err
	}
	sealed := t.db.vault.Seal(key, t.ad("arrival", "raw", raw.ID), raw.Body)
	return t.later(sqlInsertArrival, int64(t.ws), int64(raw.ID), int64(raw.Account), hour, sealed, us(t.now))
}

// Arrivals returns raw parts in the order asked for; one that is gone, or past
// its term, has an empty body.
func (r *Rx) Arrivals(ids []desk.ID) ([]Raw, error) {
	all := make([]Raw, len(ids))
	sealed := make([][]byte, len(ids))
	for i, id := range ids {
		all[i].ID = id
		err := r.ask(func(row scanner) error {
			var when int64
			err := row.Scan(&all[i].Account, &sealed[i], &when)
			all[i].At = at(when)
			return mayBeAbsent(err)
		}, sqlArrival, int64(r.ws), int64(id))
		if err != nil {
			return nil, err
		}
	}
	if err := r.s.settle(r.ctx); err != nil {
		return nil, err
	}
	for i := range all {
		clear, err := r.soft("arrival", "raw", all[i].ID, sealed[i])
		if err != nil {
			return nil, err
		}
		all[i].Body = clear
	}
	return all, nil
}

// DropArrival removes a filed part, if it is still there.
func (t *Tx) DropArrival(id desk.ID) error {
	return t.later(sqlDropArrival, int64(t.ws), int64(id))
}

// DropOldArrivals removes up to limit parts whose hour key is past its term: with
// all of them in one transaction everybody's writes would wait for it.
func (t *Tx) DropOldArrivals(limit int) (int64, error) {
	return t.exec(sqlDropArrivals, int64(t.ws), vault.Hour(t.now.Add(-ArrivalTerm)), limit)
}
