package store

import (
	"encoding/json"
	"errors"
	"strings"
	"time"

	"parley/internal/desk"
	"parley/internal/vault"
)

const (
	readerColumns    = `id, email, locale, asked_at, confirmed_at, told`
	sqlInsertReader  = `INSERT INTO recipient_reader (workspace_id, id, email_hash, email, locale, asked_at, confirmed_at, told) VALUES ($1, $2, $3, $4, $5, $6, 0, 0)`
	sqlReader        = `SELECT ` + readerColumns + ` FROM recipient_reader WHERE workspace_id = $1 AND id = $2`
	sqlReaderLocked  = sqlReader + forUpdate
	sqlReaderOf      = `SELECT ` + readerColumns + ` FROM recipient_reader WHERE workspace_id = $1 AND email_hash = $2`
	sqlReadersOwed   = `SELECT ` + readerColumns + ` FROM recipient_reader WHERE workspace_id = $1 AND confirmed_at > 0 AND confirmed_at <= $2 AND told < $3 ORDER BY id LIMIT $4`
	sqlReadersAsking = `SELECT count(*) FROM recipient_reader WHERE workspace_id = $1 AND confirmed_at = 0`
	sqlReadersOver   = `SELECT ` + readerColumns + ` FROM recipient_reader WHERE workspace_id = $1 AND confirmed_at = 0 AND asked_at <= $2 ORDER BY id LIMIT $3`
	sqlConfirmReader = `UPDATE recipient_reader SET confirmed_at = $3 WHERE workspace_id = $1 AND id = $2 AND confirmed_at = 0`
	sqlReaderTold    = `UPDATE recipient_reader SET told = $3 WHERE workspace_id = $1 AND id = $2`
	sqlDropReader    = `DELETE FROM recipient_reader WHERE workspace_id = $1 AND id = $2`

	sqlRecipients    = `SELECT name, facts, since FROM recipient WHERE workspace_id = $1 ORDER BY name`
	sqlKeepRecipient = `INSERT INTO recipient (workspace_id, name, facts, since) VALUES ($1, $2, $3, $4)
		ON CONFLICT (workspace_id, name) DO UPDATE SET facts = excluded.facts`
	sqlDropRecipient = `DELETE FROM recipient WHERE workspace_id = $1 AND name = $2`

	sqlAddRecipientChange = `INSERT INTO recipient_change (workspace_id, id, lines, at) VALUES ($1, $2, $3, $4)`
	sqlRecipientChange    = `SELECT lines, at FROM recipient_change WHERE workspace_id = $1 AND id = $2`
)

// ReaderTerm is how long somebody has to confirm that they want to be told.
const ReaderTerm = 48 * time.Hour

// recipientReader labels the keyed hash by which an address is found.
const recipientReader = "recipient/reader"

// RecipientReader is somebody who wants to be told of changes of the list.
type RecipientReader struct {
	ID            desk.ID
	Email, Locale string
	Asked         time.Time
	Confirmed     time.Time // zero = not yet
	Told          desk.ID   // last change they were written about
}

// ListedRecipient is one line of the published list.
type ListedRecipient struct {
	Name  string // unique in the list
	Facts string // JSON of what the list says
	Since time.Time
}

// RecipientLine is what became of one line.
type RecipientLine struct {
	What     string `json:"what"` // added, changed or ended
	Facts    string `json:"facts"`
	Previous string `json:"previous,omitempty"`
}

// RecipientChange is what one look at the list found.
type RecipientChange struct {
	ID    desk.ID
	Lines []RecipientLine
	At    time.Time
}

func readerKey(ws, id desk.ID) vault.Ref {
	return vault.Ref{Workspace: int64(ws), Kind: vault.Subject, Of: int64(id)}
}

func (r *Rx) scanReader(s scanner) (RecipientReader, error) {
	var x RecipientReader
	var email []byte
	var asked, confirmed int64
	if err := s.Scan(&x.ID, &email, &x.Locale, &asked, &confirmed, &x.Told); err != nil {
		return x, err
	}
	x.Asked, x.Confirmed = at(asked), at(confirmed)
	clear, err := r.soft("recipient_reader", "email", x.ID, email)
	x.Email = string(clear)
	return x, err
}

func (r *Rx) readers(query string, args ...any) ([]RecipientReader, error) {
	all := []RecipientReader{}
	err := r.each(query, args, func(s scanner) error {
		x, err := r.scanReader(s)
		all = append(all, x)
		return err
	})
	return all, err
}

// AddReader keeps an address that was not there, with a key of its own, or gives
// the row that is.
func (t *Tx) AddReader(email, locale string) (x RecipientReader, fresh bool, err error) {
	hash, err := t.db.vault.Hash(t.ctx, int64(t.ws), recipientReader, email)
	if err != nil {
		return x, false, err
	}
	x, err = t.scanReader(t.row(sqlReaderOf, int64(t.ws), hash))
	if err = found("recipient_reader", err); !desk.IsNotFound(err) {
		return x, false, err
	}
	x = RecipientReader{ID: t.NewID(), Email: email, Locale: locale, Asked: t.now}
	if _, err := t.db.vault.Key(t.ctx, readerKey(t.ws, x.ID)); err != nil {
		return x, false, err
	}
	sealed, err := t.seal(readerKey(t.ws, x.ID), "recipient_reader", "email", x.ID, []byte(email))
	if err == nil {
		_, err = t.exec(sqlInsertReader, int64(t.ws), int64(x.ID), hash, sealed, locale, us(t.now))
	}
	return x, true, err
}

// Reader returns one of them.
func (r *Rx) Reader(id desk.ID) (RecipientReader, error) {
	x, err := r.scanReader(r.row(sqlReader, int64(r.ws), int64(id)))
	return x, found("recipient_reader", err)
}

// LockReader is Reader for a change that follows.
func (t *Tx) LockReader(id desk.ID) (RecipientReader, error) {
	x, err := t.scanReader(t.row(sqlReaderLocked, int64(t.ws), int64(id)))
	return x, found("recipient_reader", err)
}

// ReadersOwed lists those who had confirmed when a change came and were not
// written to about it.
func (r *Rx) ReadersOwed(c RecipientChange, limit int) ([]RecipientReader, error) {
	return r.readers(sqlReadersOwed, int64(r.ws), us(c.At), int64(c.ID), limit)
}

// ReadersAsking counts the addresses that have not said yes.
func (r *Rx) ReadersAsking() (n int, err error) {
	return n, r.row(sqlReadersAsking, int64(r.ws)).Scan(&n)
}

// ConfirmReader keeps that an address said yes, once; desk.NotFound after that.
func (t *Tx) ConfirmReader(id desk.ID) error {
	return t.must("recipient_reader", sqlConfirmReader, int64(t.ws), int64(id), us(t.now))
}

// ReaderTold keeps about which change somebody was written to last.
func (t *Tx) ReaderTold(id, change desk.ID) error {
	return t.must("recipient_reader", sqlReaderTold, int64(t.ws), int64(id), int64(change))
}

// DropReader removes an address; its key goes first.
func (t *Tx) DropReader(id desk.ID) error {
	if err := t.db.vault.Destroy(t.ctx, readerKey(t.ws, id)); err != nil {
		return err
	}
	return t.must("recipient_reader", sqlDropReader, int64(t.ws), int64(id))
}

const readersAtOnce = 200

// DropUnconfirmedReaders removes addresses that never said yes within ReaderTerm.
func (t *Tx) DropUnconfirmedReaders() (int64, error) {
	over, err := t.readers(sqlReadersOver, int64(t.ws), us(t.now.Add(-ReaderTerm)), readersAtOnce)
	for _, x := range over {
		err = errors.Join(err, t.DropReader(x.ID))
	}
	return int64(len(over)), err
}

// ReaderHash is the secret part of a link in their letters; what names the link.
// It is made of the row, so that nothing that opens is stored.
func (r *Rx) ReaderHash(what string, id desk.ID) ([]byte, error) {
	return r.db.vault.Hash(r.ctx, int64(r.ws), recipientReader+"/"+what, id.String())
}

// ListedRecipients is the list as it was published last.
func (r *Rx) ListedRecipients() ([]ListedRecipient, error) {
	all := []ListedRecipient{}
	err := r.each(sqlRecipients, []any{int64(r.ws)}, func(s scanner) error {
		var x ListedRecipient
		var since int64
		err := s.Scan(&x.Name, &x.Facts, &since)
		x.Since = at(since)
		all = append(all, x)
		return err
	})
	return all, err
}

// KeepRecipient adds a line to the list, or changes what it says; since when it is
// there stays.
func (t *Tx) KeepRecipient(name, facts string) error {
	_, err := t.exec(sqlKeepRecipient, int64(t.ws), name, facts, us(t.now))
	return err
}

// DropRecipient removes a line.
func (t *Tx) DropRecipient(name string) error {
	return t.must("recipient", sqlDropRecipient, int64(t.ws), name)
}

// AddRecipientChange keeps what one look found.
func (t *Tx) AddRecipientChange(lines []RecipientLine) (desk.ID, error) {
	id := t.NewID()
	_, err := t.exec(sqlAddRecipientChange, int64(t.ws), int64(id), string(toJSON(lines)), us(t.now))
	return id, err
}

// RecipientChange returns one.
func (r *Rx) RecipientChange(id desk.ID) (RecipientChange, error) {
	c := RecipientChange{ID: id}
	var lines string
	var when int64
	err := r.row(sqlRecipientChange, int64(r.ws), int64(id)).Scan(&lines, &when)
	if err == nil {
		err = json.NewDecoder(strings.NewReader(lines)).Decode(&c.Lines)
	}
	c.At = at(when)
	return c, found("recipient_change", err)
}
