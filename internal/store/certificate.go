package store

import (
	"time"

	"parley/internal/desk"
)

// Certificate is the proof of a disconnection or of an erasure. Facts and Signed
// are JSON of the caller's; nothing of a person may stand in them.
type Certificate struct {
	ID      desk.ID
	Account desk.ID // 0 = an erasure or the deletion of one conversation
	Act     int64   // in the privacy ledger; one act has one certificate. 0 = a disconnection, below 0 = in another install's
	Facts   []byte
	Signed  []byte // empty until it is done
	Opened  time.Time
	Done    time.Time // zero = what it promises is still being done
}

const (
	certificateColumns = `id, account_id, act_no, facts, signed, opened_at, done_at`
	sqlAddCertificate  = `INSERT INTO certificate (workspace_id, id, account_id, act_no, state, facts, signed, opened_at, done_at)
		VALUES ($1, $2, $3, $4, 'working', $5, '', $6, 0) ON CONFLICT DO NOTHING`
	sqlCertificateOf    = `SELECT ` + certificateColumns + ` FROM certificate WHERE workspace_id = $1 AND act_no = $2 AND act_no > 0`
	sqlCertificatesOpen = `SELECT ` + certificateColumns + ` FROM certificate WHERE workspace_id = $1 AND act_no > 0 AND account_id = 0 AND done_at = 0 ORDER BY id`
	sqlCertificate      = `SELECT ` + certificateColumns + ` FROM certificate WHERE workspace_id = $1 AND id = $2`
	sqlCertificates     = `SELECT ` + certificateColumns + ` FROM certificate WHERE workspace_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3`
	sqlSignCertificate  = `UPDATE certificate SET state = 'done', facts = $3, signed = $4, done_at = $5 WHERE workspace_id = $1 AND id = $2 AND done_at = 0`
	sqlDropCertificates = `DELETE FROM certificate WHERE workspace_id = $1 AND done_at > 0 AND done_at <= $2`

	sqlCountThreads = `SELECT (SELECT count(*) FROM conversation WHERE workspace_id = $1 AND account_id = $2),
		(SELECT count(*) FROM message WHERE workspace_id = $1 AND account_id = $2),
		(SELECT count(*) FROM identity WHERE workspace_id = $1 AND account_id = $2),
		(SELECT count(DISTINCT contact_id) FROM identity WHERE workspace_id = $1 AND account_id = $2),
		(SELECT count(*) FROM media f JOIN message m ON m.workspace_id = f.workspace_id AND m.id = f.message_id
			WHERE f.workspace_id = $1 AND m.account_id = $2)`
	sqlWroteTo = `SELECT contact_id FROM identity WHERE workspace_id = $1 AND account_id = $2 AND contact_id > $3
		UNION SELECT contact_id FROM conversation WHERE workspace_id = $1 AND account_id = $2 AND contact_id > $3 ORDER BY 1 LIMIT $4`
	sqlWroteElsewhere = `SELECT (SELECT count(*) FROM identity WHERE workspace_id = $1 AND contact_id = $2 AND account_id <> $3)
		+ (SELECT count(*) FROM conversation WHERE workspace_id = $1 AND contact_id = $2 AND account_id <> $3)`
	sqlAccountArrivals = `DELETE FROM arrival WHERE workspace_id = $1 AND account_id = $2`
)

// AddCertificate keeps a certificate whose promise is not carried out yet. Where
// its act has one, that one stays.
func (t *Tx) AddCertificate(c Certificate) error {
	_, err := t.exec(sqlAddCertificate, int64(t.ws), int64(c.ID), int64(c.Account), c.Act, string(c.Facts), us(t.now))
	return err
}

// CertificateOf returns that of an act of the privacy ledger.
func (r *Rx) CertificateOf(act int64) (Certificate, error) {
	c, err := scanCertificate(r.row(sqlCertificateOf, int64(r.ws), act))
	return c, found("certificate", err)
}

// OpenErasures are the certificates of erasures that have not ended, oldest first.
func (r *Rx) OpenErasures() ([]Certificate, error) {
	var all []Certificate
	err := r.each(sqlCertificatesOpen, []any{int64(r.ws)}, func(s scanner) error {
		c, err := scanCertificate(s)
		all = append(all, c)
		return err
	})
	return all, err
}

// SignCertificate keeps the signed form of a certificate whose promise is
// carried out. One that was signed stays as it is.
func (t *Tx) SignCertificate(id desk.ID, facts, signed []byte) error {
	_, err := t.exec(sqlSignCertificate, int64(t.ws), int64(id), string(facts), string(signed), us(t.now))
	return err
}

// Certificate returns one.
func (r *Rx) Certificate(id desk.ID) (Certificate, error) {
	c, err := scanCertificate(r.row(sqlCertificate, int64(r.ws), int64(id)))
	return c, found("certificate", err)
}

// Certificates pages through them, newest first; before 0 starts at the top.
func (r *Rx) Certificates(before desk.ID, limit int) ([]Certificate, error) {
	if before == 0 {
		before = maxID
	}
	all := []Certificate{}
	err := r.each(sqlCertificates, []any{int64(r.ws), int64(before), limit}, func(s scanner) error {
		c, err := scanCertificate(s)
		all = append(all, c)
		return err
	})
	return all, err
}

func scanCertificate(s scanner) (Certificate, error) {
	var c Certificate
	var facts, signed string
	var opened, done int64
	err := s.Scan(&c.ID, &c.Account, &c.Act, &facts, &signed, &opened, &done)
	c.Facts, c.Signed, c.Opened, c.Done = []byte(facts), []byte(signed), at(opened), at(done)
	return c, err
}

// DropCertificates removes certificates that were signed at or before a time.
func (t *Tx) DropCertificates(doneBy time.Time) (int64, error) {
	return t.exec(sqlDropCertificates, int64(t.ws), us(doneBy))
}

// History counts what came by one channel account.
type History struct{ Conversations, Messages, Identities, Contacts, Files int }

// History counts what came by a channel account.
func (r *Rx) History(account desk.ID) (History, error) {
	var h History
	err := r.row(sqlCountThreads, int64(r.ws), int64(account)).Scan(&h.Conversations, &h.Messages, &h.Identities, &h.Contacts, &h.Files)
	return h, err
}

// WroteTo pages through the contacts who wrote by a channel account.
func (r *Rx) WroteTo(account, after desk.ID, limit int) ([]desk.ID, error) {
	var all []desk.ID
	err := r.each(sqlWroteTo, []any{int64(r.ws), int64(account), int64(after), limit}, func(s scanner) error {
		var id desk.ID
		err := s.Scan(&id)
		all = append(all, id)
		return err
	})
	return all, err
}

// WroteElsewhere reports whether a contact is known by another account, too.
func (r *Rx) WroteElsewhere(contact, account desk.ID) (bool, error) {
	var n int
	err := r.row(sqlWroteElsewhere, int64(r.ws), int64(contact), int64(account)).Scan(&n)
	return n > 0, err
}

// DropArrivals removes what an account delivered that was not filed yet; the
// work that would file it finds nothing.
func (t *Tx) DropArrivals(account desk.ID) (int64, error) {
	return t.exec(sqlAccountArrivals, int64(t.ws), int64(account))
}
