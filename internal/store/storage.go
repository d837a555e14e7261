package store

import (
	"math"
	"time"

	"parley/internal/desk"
)

const (
	sqlStorage        = `SELECT files, knowledge FROM workspace_storage WHERE workspace_id = $1`
	sqlBeginStorage   = `INSERT INTO workspace_storage (workspace_id, files, knowledge, told_at, told_room) VALUES ($1, 0, 0, 0, 0) ON CONFLICT (workspace_id) DO NOTHING`
	sqlChargeStorage  = `UPDATE workspace_storage SET files = files + $2, knowledge = knowledge + $3 WHERE workspace_id = $1 AND files + knowledge + $2 + $3 <= $4`
	sqlRoomAgain      = `UPDATE workspace_storage SET told_at = 0, told_room = 0 WHERE workspace_id = $1 AND told_at > 0 AND told_at <= $3 AND files + knowledge <= $2`
	sqlStorageFull    = `UPDATE workspace_storage SET told_at = $2, told_room = $3 WHERE workspace_id = $1 AND (told_at = 0 OR told_room < $3)`
	sqlStoredOne      = `SELECT stored FROM media WHERE workspace_id = $1 AND id = $2` + forUpdate
	sqlStoredMessage  = `SELECT stored FROM media WHERE workspace_id = $1 AND message_id = $2` + forUpdate
	sqlStoredContact  = `SELECT stored FROM media WHERE workspace_id = $1 AND contact_id = $2` + forUpdate
	sqlStoredUpTo     = `SELECT stored FROM media WHERE workspace_id = $1 AND message_id IN (SELECT id FROM message WHERE workspace_id = $1 AND conversation_id = $2 AND seq <= $3)` + forUpdate
	sqlSetStored      = `UPDATE media SET stored = $3 WHERE workspace_id = $1 AND id = $2`
	sqlUnmeasured     = `SELECT ` + mediaColumns + ` FROM media WHERE workspace_id = $1 AND stored < 0 ORDER BY id LIMIT $2` + forUpdate
	sqlSourceSize     = `SELECT size FROM source WHERE workspace_id = $1 AND id = $2` + forUpdate
	storageFullReason = "storage_full"
)

// Storage is how many bytes a workspace keeps, and how many it may.
type Storage struct {
	Files     int64
	Knowledge int64 // of what sources were given, as it came
	Limit     int64 // 0 = none
}

// Full reports whether not one byte more is taken.
func (s Storage) Full() bool { return s.Limit > 0 && s.Files+s.Knowledge >= s.Limit }

// Storage says what the workspace keeps.
func (r *Rx) Storage() (Storage, error) {
	s := Storage{Limit: r.db.room}
	err := r.row(sqlStorage, int64(r.ws)).Scan(&s.Files, &s.Knowledge)
	return s, mayBeAbsent(err)
}

// StorageFull is why something is not kept: desk.Conflict "storage_full".
func StorageFull() error {
	return desk.Fail(desk.Conflict, storageFullReason, "the storage of this workspace is full: delete files or knowledge, or have PARLEY_STORAGE raised")
}

// charge moves what the workspace keeps by some bytes, in this transaction: the
// row it holds until the commit is what parallel uploads wait for. More than the
// limit is StorageFull; less is never refused.
func (t *Tx) charge(files, knowledge int64) error {
	if t.db.room > 0 && files+knowledge > 0 {
		return t.move(files, knowledge, t.db.room)
	}
	return t.count(files, knowledge)
}

// count is charge without a limit.
func (t *Tx) count(files, knowledge int64) error { return t.move(files, knowledge, math.MaxInt64) }

func (t *Tx) move(files, knowledge, limit int64) error {
	if files == 0 && knowledge == 0 {
		return nil
	}
	if _, err := t.exec(sqlBeginStorage, int64(t.ws)); err != nil {
		return err
	}
	n, err := t.exec(sqlChargeStorage, int64(t.ws), files, knowledge, limit)
	if err == nil && n == 0 {
		err = StorageFull()
	}
	if err == nil && files+knowledge < 0 {
		_, err = t.exec(sqlRoomAgain, int64(t.ws), t.db.room/10*9, us(t.now.Add(-toldFor)))
	}
	return err
}

// toldFor is how long owners who were told are left alone, however often files
// come and go where the next one does not fit.
const toldFor = 24 * time.Hour

// TellStorageFull reports whether the owners are to be told that the storage is
// full: once, until files went a day later and a tenth of it is free, or a larger
// limit is full, too.
func (t *Tx) TellStorageFull() (bool, error) {
	if _, err := t.exec(sqlBeginStorage, int64(t.ws)); err != nil {
		return false, err
	}
	n, err := t.exec(sqlStorageFull, int64(t.ws), us(t.now), t.db.room)
	return n > 0, err
}

// stored locks files and adds up what is kept of them.
func (t *Tx) stored(query string, args ...any) (sum int64, err error) {
	err = t.each(query, append([]any{int64(t.ws)}, args...), func(s scanner) error {
		var n int64
		err := s.Scan(&n)
		sum += max(n, 0)
		return err
	})
	return sum, err
}

// letGo takes files that are about to end off what the workspace keeps.
func (t *Tx) letGo(query string, args ...any) error {
	n, err := t.stored(query, args...)
	if err != nil {
		return err
	}
	return t.charge(-n, 0)
}

// keptOf is how many bytes lie in the folder for a row.
func keptOf(m desk.Media) int64 {
	if m.Blob == "" {
		return 0
	}
	return m.Size
}

// restored notes that a row names other bytes than before.
func (t *Tx) restored(m desk.Media) error {
	was, err := t.stored(sqlStoredOne, int64(m.ID))
	if err != nil {
		return err
	}
	if err := t.charge(keptOf(m)-was, 0); err != nil {
		return err
	}
	return t.must("media", sqlSetStored, int64(t.ws), int64(m.ID), keptOf(m))
}

// MeasureMedia counts up to limit files that were kept before there was a count,
// and says how many. What was kept already is never refused.
func (t *Tx) MeasureMedia(limit int) (int, error) {
	old, err := t.medias(sqlUnmeasured, int64(t.ws), limit)
	if err != nil || len(old) == 0 {
		return 0, err
	}
	for _, m := range old {
		if err := t.count(keptOf(m), 0); err != nil {
			return 0, err
		}
		if err := t.must("media", sqlSetStored, int64(t.ws), int64(m.ID), keptOf(m)); err != nil {
			return 0, err
		}
	}
	return len(old), nil
}

// sizeOf is how large a source's input is, locked.
func (t *Tx) sizeOf(source desk.ID) (n int64, err error) {
	err = t.row(sqlSourceSize, int64(t.ws), int64(source)).Scan(&n)
	return n, found("source", err)
}
