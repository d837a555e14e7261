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
	sqlDropArrivals  = `DELETE FROM arrival WHERE workspace_id = $1 AND hour <= $2`
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

// Arrival returns a raw part; one past its term reads as an empty body.
func (r *Rx) Arrival(id desk.ID) (Raw, error) {
	raw := Raw{ID: id}
	var sealed []byte
	var when int64
	if err := r.row(sqlArrival, int64(r.ws), int64(id)).Scan(&raw.Account, &sealed, &when); err != nil {
		return raw, found("arrival", err)
	}
	raw.At = at(when)
	clear, err := r.soft("arrival", "raw", id, sealed)
	raw.Body = clear
	return raw, err
}

// DropArrival removes a filed part, if it is still there.
func (t *Tx) DropArrival(id desk.ID) error {
	return t.later(sqlDropArrival, int64(t.ws), int64(id))
}

// DropOldArrivals removes parts whose hour key is past its term.
func (t *Tx) DropOldArrivals() (int64, error) {
	return t.exec(sqlDropArrivals, int64(t.ws), vault.Hour(t.now.Add(-ArrivalTerm)))
}
