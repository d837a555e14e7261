package store

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"parley/internal/desk"
	"parley/internal/vault"
)

// How long records are kept. What tells where somebody was goes first.
const (
	UsageMonths  = 12 // then nobody is named
	SecurityTerm = 365 * 24 * time.Hour
	SourceTerm   = 90 * 24 * time.Hour
	FaultTerm    = 90 * 24 * time.Hour
)

const (
	sqlCountUsage = `INSERT INTO usage_count (workspace_id, day, actor_kind, actor_id, route, calls, failed) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (workspace_id, day, actor_kind, actor_id, route) DO UPDATE SET calls = usage_count.calls + $6, failed = usage_count.failed + $7`
	sqlUsage = `SELECT route, sum(calls), sum(failed) FROM usage_count WHERE workspace_id = $1 AND day >= $2 AND day <= $3 GROUP BY route ORDER BY route`
	// Sums first, in the same statement order: names go only with what they counted.
	sqlNamelessUsage = `INSERT INTO usage_count (workspace_id, day, actor_kind, actor_id, route, calls, failed)
		SELECT workspace_id, day, 'nobody', 0, route, sum(calls), sum(failed) FROM usage_count
		WHERE workspace_id = $1 AND day < $2 AND actor_kind <> 'nobody' GROUP BY workspace_id, day, route
		ON CONFLICT (workspace_id, day, actor_kind, actor_id, route) DO UPDATE SET calls = usage_count.calls + excluded.calls, failed = usage_count.failed + excluded.failed`
	sqlNamedUsage     = `SELECT count(*) FROM usage_count WHERE workspace_id = $1 AND actor_kind <> 'nobody'`
	sqlDropNamedUsage = `DELETE FROM usage_count WHERE workspace_id = $1 AND day < $2 AND actor_kind <> 'nobody'`

	securityColumns   = `id, at, kind, route, actor_kind, actor_id, account, network, touched, source`
	sqlInsertSecurity = `INSERT INTO security_event (workspace_id, ` + securityColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`
	sqlSecurityOf     = `SELECT ` + securityColumns + ` FROM security_event WHERE workspace_id = $1 AND at >= $2 AND at <= $3
		AND (account = $4 OR network = $4 OR actor_kind = $5 AND actor_id = $6) ORDER BY id DESC LIMIT $7`
	sqlSecuritySince  = `SELECT ` + securityColumns + ` FROM security_event WHERE workspace_id = $1 AND at > $2 AND kind = $3 ORDER BY id DESC LIMIT $4`
	sqlSecurityPlaces = `SELECT DISTINCT workspace_id FROM security_event WHERE at > $1 ORDER BY workspace_id`
	sqlByAccount      = `SELECT account, sum(touched), max(at) FROM security_event WHERE workspace_id = $1 AND at > $2 AND kind = $3 AND account IS NOT NULL
		GROUP BY account HAVING sum(touched) >= $4`
	sqlByNetwork = `SELECT network, sum(touched), max(at) FROM security_event WHERE workspace_id = $1 AND at > $2 AND kind = $3 AND network IS NOT NULL
		GROUP BY network HAVING sum(touched) >= $4`
	sqlOldSources  = `UPDATE security_event SET account = NULL, network = NULL, source = NULL WHERE workspace_id = $1 AND at <= $2 AND (network IS NOT NULL OR account IS NOT NULL)`
	sqlOldSecurity = `DELETE FROM security_event WHERE workspace_id = $1 AND at <= $2`

	sqlCountFault = `INSERT INTO fault (workspace_id, fingerprint, kind, place, seen, first_at, last_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (workspace_id, fingerprint) DO UPDATE SET seen = fault.seen + $5, last_at = $7`
	sqlInsertFault = `INSERT INTO fault_event (workspace_id, id, day, fingerprint, at, detail) VALUES ($1, $2, $3, $4, $5, $6)`
	sqlFaults      = `SELECT fingerprint, kind, place, seen, first_at, last_at FROM fault WHERE workspace_id = $1 ORDER BY last_at DESC, fingerprint LIMIT $2`
	sqlFaultEvents = `SELECT id, at, detail FROM fault_event WHERE workspace_id = $1 AND fingerprint = $2 ORDER BY id DESC LIMIT $3`
	sqlOldFaults   = `DELETE FROM fault WHERE workspace_id = $1 AND last_at <= $2`
	sqlOldEvents   = `DELETE FROM fault_event WHERE workspace_id = $1 AND day <= $2`

	sqlSeeNetwork  = `UPDATE key_network SET seen_at = $4 WHERE workspace_id = $1 AND key_id = $2 AND network = $3`
	sqlNewNetwork  = `INSERT INTO key_network (workspace_id, key_id, network, seen_at) VALUES ($1, $2, $3, $4) ON CONFLICT (workspace_id, key_id, network) DO NOTHING`
	sqlNetworks    = `SELECT count(*) FROM key_network WHERE workspace_id = $1 AND key_id = $2`
	sqlOldNetworks = `DELETE FROM key_network WHERE workspace_id = $1 AND seen_at <= $2`
)

// Usage is how often an operation was called.
type Usage struct {
	Actor         desk.Actor // Kind "" = nobody is named
	Route         string
	Calls, Failed int64
}

const nobody = "nobody"

// CountUsage adds to the counts of a day.
func (t *Tx) CountUsage(day int64, u Usage) error {
	kind := string(u.Actor.Kind)
	if kind == "" {
		kind = nobody
	}
	return t.later(sqlCountUsage, int64(t.ws), day, kind, int64(u.Actor.ID), u.Route, u.Calls, u.Failed)
}

// UsageBetween sums the workspace's counts of days from one to another.
func (r *Rx) UsageBetween(from, to int64) ([]Usage, error) {
	all := []Usage{}
	err := r.each(sqlUsage, []any{int64(r.ws), from, to}, func(s scanner) error {
		var u Usage
		err := s.Scan(&u.Route, &u.Calls, &u.Failed)
		all = append(all, u)
		return err
	})
	return all, err
}

// NamedUsage is how many counts name somebody.
func (r *Rx) NamedUsage() (int64, error) {
	var n int64
	err := r.row(sqlNamedUsage, int64(r.ws)).Scan(&n)
	return n, err
}

// ForgetUsers makes counts older than twelve months nobody's; their sums stay.
func (t *Tx) ForgetUsers() (int64, error) {
	before := vault.Day(t.now.AddDate(0, -UsageMonths, 0))
	if _, err := t.exec(sqlNamelessUsage, int64(t.ws), before); err != nil {
		return 0, err
	}
	_, err := t.exec(sqlDropNamedUsage, int64(t.ws), before)
	return 0, err // everything at once: there is no next step
}

// Security is something that happened at a door.
type Security struct {
	ID      desk.ID
	At      time.Time
	Kind    string
	Route   string
	Actor   desk.Actor // kind and id only; Kind "" = nobody known
	Account []byte     // keyed hash of an e-mail address that was tried
	Network []byte     // keyed hash of Source
	Touched int64
	Source  string // shortened address and place; "" when it is not known any more
}

// AccountMark is the keyed hash by which tries on an e-mail address are counted:
// the one by which sign-in finds its member.
func (db *DB) AccountMark(ctx context.Context, email string) ([]byte, error) {
	return db.vault.Hash(ctx, 0, emailLabel, email)
}

// NetworkMark is the keyed hash of a shortened address.
func (db *DB) NetworkMark(ctx context.Context, network string) ([]byte, error) {
	return db.vault.Hash(ctx, 0, "record/network", network)
}

// faultDay is the key of a day of this workspace under which records are sealed.
func (t *Tx) faultDay(day int64) (vault.Key, error) {
	return t.db.vault.KeyUntil(t.ctx, vault.Ref{Workspace: int64(t.ws), Kind: vault.ErrorDay, Of: day}, vault.DayStart(day).Add(FaultTerm))
}

// InsertSecurity keeps a record; its source is sealed under the key of its day.
func (t *Tx) InsertSecurity(e Security) error {
	id := t.NewID()
	var source []byte
	if e.Source != "" {
		key, err := t.faultDay(vault.Day(e.At))
		if err != nil {
			return err
		}
		source = t.db.vault.Seal(key, t.ad("security_event", "source", id), []byte(e.Source))
	}
	kind := string(e.Actor.Kind)
	if kind == "" {
		kind = nobody
	}
	_, err := t.exec(sqlInsertSecurity, int64(t.ws), int64(id), us(e.At), e.Kind, e.Route, kind, int64(e.Actor.ID), e.Account, e.Network, e.Touched, source)
	return err
}

func (r *Rx) scanSecurity(s scanner) (Security, error) {
	var e Security
	var when int64
	var kind string
	var source []byte
	if err := s.Scan(&e.ID, &when, &e.Kind, &e.Route, &kind, &e.Actor.ID, &e.Account, &e.Network, &e.Touched, &source); err != nil {
		return e, err
	}
	if kind != nobody {
		e.Actor.Kind = desk.ActorKind(kind)
	}
	e.At = at(when)
	clear, err := r.open("security_event", "source", e.ID, source)
	if errors.Is(err, vault.ErrNoKey) || errors.Is(err, vault.ErrExpired) {
		return e, nil
	}
	e.Source = string(clear)
	return e, err
}

// SecurityOf lists the records of a time that bear a mark or name an
// actor, newest first.
func (r *Rx) SecurityOf(in Span, mark []byte, actor desk.Actor, limit int) ([]Security, error) {
	if mark == nil {
		mark = []byte{}
	}
	return r.securities(sqlSecurityOf, int64(r.ws), us(in.From), us(in.To), mark, string(actor.Kind), int64(actor.ID), limit)
}

// SecuritySince lists the records of a kind after a moment, newest first.
func (r *Rx) SecuritySince(since time.Time, kind string, limit int) ([]Security, error) {
	return r.securities(sqlSecuritySince, int64(r.ws), us(since), kind, limit)
}

func (r *Rx) securities(query string, args ...any) ([]Security, error) {
	var all []Security
	err := r.each(query, args, func(s scanner) error {
		e, err := r.scanSecurity(s)
		all = append(all, e)
		return err
	})
	return all, err
}

// SecurityWorkspaces lists where something was recorded after a moment.
func (db *DB) SecurityWorkspaces(ctx context.Context, since time.Time) ([]desk.ID, error) {
	var all []desk.ID
	err := db.In(0).Read(ctx, func(r *Rx) error {
		all = nil
		return r.each(sqlSecurityPlaces, []any{us(since)}, func(s scanner) error {
			var ws desk.ID
			err := s.Scan(&ws)
			all = append(all, ws)
			return err
		})
	})
	return all, err
}

// Tried is how often an account or a network stands in records.
type Tried struct {
	Mark []byte
	N    int64
	Last time.Time
}

// TriedAccounts and TriedNetworks count the records of a kind after a moment by
// account or network, and name those with at least so many.
func (r *Rx) TriedAccounts(since time.Time, kind string, least int64) ([]Tried, error) {
	return r.tried(sqlByAccount, since, kind, least)
}

// TriedNetworks see TriedAccounts.
func (r *Rx) TriedNetworks(since time.Time, kind string, least int64) ([]Tried, error) {
	return r.tried(sqlByNetwork, since, kind, least)
}

func (r *Rx) tried(query string, since time.Time, kind string, least int64) ([]Tried, error) {
	var all []Tried
	err := r.each(query, []any{int64(r.ws), us(since), kind, least}, func(s scanner) error {
		var x Tried
		var last int64
		err := s.Scan(&x.Mark, &x.N, &last)
		x.Last = at(last)
		all = append(all, x)
		return err
	})
	return all, err
}

// DropOldSecurity forgets where tries came from after 90 days, and the records
// after twelve months.
func (t *Tx) DropOldSecurity() (int64, error) {
	if _, err := t.exec(sqlOldSources, int64(t.ws), us(t.now.Add(-SourceTerm))); err != nil {
		return 0, err
	}
	if _, err := t.exec(sqlOldSecurity, int64(t.ws), us(t.now.Add(-SecurityTerm))); err != nil {
		return 0, err
	}
	if _, err := t.exec(sqlOldNetworks, int64(t.ws), us(t.now.Add(-SourceTerm))); err != nil {
		return 0, err
	}
	_, err := t.exec(sqlOldAlerts, int64(t.ws), us(t.now.Add(-SecurityTerm)))
	return 0, err
}

// SeeNetwork notes from where a key is used, and reports whether that is a new
// network beside others.
func (t *Tx) SeeNetwork(key desk.ID, network []byte) (fresh bool, err error) {
	n, err := t.exec(sqlSeeNetwork, int64(t.ws), int64(key), network, us(t.now))
	if err != nil || n > 0 {
		return false, err
	}
	var others int64
	if err := t.row(sqlNetworks, int64(t.ws), int64(key)).Scan(&others); err != nil {
		return false, err
	}
	_, err = t.exec(sqlNewNetwork, int64(t.ws), int64(key), network, us(t.now))
	return others > 0, err
}

// Fault is one kind of error at one place.
type Fault struct {
	Fingerprint, Kind, Place string
	Seen                     int64
	FirstAt, LastAt          time.Time
}

// FaultEvent is one error: ids and the way through the code, never its text.
type FaultEvent struct {
	ID        desk.ID   `json:"-"`
	At        time.Time `json:"-"`
	Request   string    `json:"request,omitempty"`
	Workspace string    `json:"workspace,omitempty"`
	Work      string    `json:"work,omitempty"` // kind of work
	Reason    string    `json:"reason,omitempty"`
	Stack     string    `json:"stack,omitempty"`
}

// AddFault counts errors of one kind, of which some are kept for themselves.
func (t *Tx) AddFault(f Fault, some []FaultEvent) error {
	if _, err := t.exec(sqlCountFault, int64(t.ws), f.Fingerprint, f.Kind, f.Place, f.Seen, us(f.FirstAt), us(f.LastAt)); err != nil {
		return err
	}
	for _, e := range some {
		day, id := vault.Day(e.At), t.NewID()
		key, err := t.faultDay(day)
		if err != nil {
			return err
		}
		sealed := t.db.vault.Seal(key, t.ad("fault_event", "detail", id), toJSON(e))
		if _, err := t.exec(sqlInsertFault, int64(t.ws), int64(id), day, f.Fingerprint, us(e.At), sealed); err != nil {
			return err
		}
	}
	return nil
}

// Faults lists kinds of errors, the latest first.
func (r *Rx) Faults(limit int) ([]Fault, error) {
	all := []Fault{}
	err := r.each(sqlFaults, []any{int64(r.ws), limit}, func(s scanner) error {
		var f Fault
		var first, last int64
		err := s.Scan(&f.Fingerprint, &f.Kind, &f.Place, &f.Seen, &first, &last)
		f.FirstAt, f.LastAt = at(first), at(last)
		all = append(all, f)
		return err
	})
	return all, err
}

// FaultEvents lists single errors of a kind, newest first. What can no longer be
// opened is left out.
func (r *Rx) FaultEvents(fingerprint string, limit int) ([]FaultEvent, error) {
	all := []FaultEvent{}
	err := r.each(sqlFaultEvents, []any{int64(r.ws), fingerprint, limit}, func(s scanner) error {
		var id desk.ID
		var when int64
		var sealed []byte
		if err := s.Scan(&id, &when, &sealed); err != nil {
			return err
		}
		e := FaultEvent{}
		clear, err := r.open("fault_event", "detail", id, sealed)
		if errors.Is(err, vault.ErrNoKey) || errors.Is(err, vault.ErrExpired) {
			return nil
		}
		if err == nil {
			err = json.Unmarshal(clear, &e)
		}
		e.ID, e.At = id, at(when)
		all = append(all, e)
		return err
	})
	return all, err
}

// DropOldFaults deletes errors of days that are over.
func (t *Tx) DropOldFaults() (int64, error) {
	if _, err := t.exec(sqlOldEvents, int64(t.ws), vault.Day(t.now.Add(-FaultTerm))); err != nil {
		return 0, err
	}
	_, err := t.exec(sqlOldFaults, int64(t.ws), us(t.now.Add(-FaultTerm)))
	return 0, err
}
