package store

import (
	"time"

	"parley/internal/desk"
)

// How long is kept what was mailed to members, and by which browsers they were
// seen.
const (
	LetterTerm = 90 * 24 * time.Hour
	DeviceTerm = 90 * 24 * time.Hour
	AskTerm    = time.Hour // an ask that its lane could not look up
)

const (
	letterColumns   = `id, member_id, kind, about, state, fault, created_at, sent_at, spent_at`
	sqlInsertLetter = `INSERT INTO letter (workspace_id, ` + letterColumns + `) VALUES ($1, $2, $3, $4, $5, 'waiting', '', $6, 0, 0)`
	sqlLetter       = `SELECT ` + letterColumns + ` FROM letter WHERE workspace_id = $1 AND id = $2`
	sqlLetterLocked = sqlLetter + forUpdate
	sqlLetters      = `SELECT ` + letterColumns + ` FROM letter WHERE workspace_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3`
	sqlLettersTo    = `SELECT ` + letterColumns + ` FROM letter WHERE workspace_id = $1 AND member_id = $2 AND id < $3 ORDER BY id DESC LIMIT $4`
	sqlLetterEnds   = `UPDATE letter SET state = $3, fault = $4, sent_at = $5 WHERE workspace_id = $1 AND id = $2`
	sqlSpendLetters = `UPDATE letter SET spent_at = $4 WHERE workspace_id = $1 AND member_id = $2 AND kind = $3 AND spent_at = 0`
	sqlNewestLetter = `SELECT ` + letterColumns + ` FROM letter WHERE workspace_id = $1 AND member_id = $2 AND kind = $3 ORDER BY id DESC LIMIT 1`
	sqlOwners       = `SELECT id FROM member WHERE workspace_id = $1 AND role = 'owner' AND active = TRUE ORDER BY id`
	sqlInCharge     = `SELECT id FROM member WHERE workspace_id = $1 AND role IN ('owner', 'admin') AND active = TRUE ORDER BY id`
	sqlOldLetters   = `DELETE FROM letter WHERE workspace_id = $1 AND created_at <= $2`

	sqlInsertAsk = `INSERT INTO reset_ask (workspace_id, id, email_hash, kind, created_at) VALUES ($1, $2, $3, $4, $5)`
	sqlAsk       = `SELECT email_hash, kind FROM reset_ask WHERE workspace_id = $1 AND id = $2`
	sqlDropAsk   = `DELETE FROM reset_ask WHERE workspace_id = $1 AND id = $2`
	sqlOldAsks   = `DELETE FROM reset_ask WHERE workspace_id = $1 AND created_at <= $2`

	sqlSeeDevice = `INSERT INTO member_device (workspace_id, member_id, device_hash, seen_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (workspace_id, member_id, device_hash) DO UPDATE SET seen_at = $4`
	sqlDevices    = `SELECT device_hash FROM member_device WHERE workspace_id = $1 AND member_id = $2 AND seen_at > $3`
	sqlOldDevices = `DELETE FROM member_device WHERE workspace_id = $1 AND seen_at <= $2`
)

// InsertLetter keeps a letter that waits to leave; l.ID is made. A link that an
// earlier letter of its kind held opens no more.
func (t *Tx) InsertLetter(l *desk.Letter) error {
	l.ID, l.Workspace, l.State, l.CreatedAt = t.NewID(), t.ws, desk.LetterWaits, t.now
	if l.Kind.Term() > 0 {
		if err := t.SpendLetters(l.Member, l.Kind); err != nil {
			return err
		}
	}
	var about []byte
	if l.About != "" {
		var err error
		if about, err = t.seal(t.subject(l.Member), "letter", "about", l.ID, []byte(l.About)); err != nil {
			return err
		}
	}
	_, err := t.exec(sqlInsertLetter, int64(t.ws), int64(l.ID), int64(l.Member), string(l.Kind), about, us(t.now))
	return err
}

func (r *Rx) scanLetter(s scanner) (desk.Letter, error) {
	l := desk.Letter{Workspace: r.ws}
	var kind, state string
	var about []byte
	var created, sent, spent int64
	if err := s.Scan(&l.ID, &l.Member, &kind, &about, &state, &l.Fault, &created, &sent, &spent); err != nil {
		return l, err
	}
	l.Kind, l.State = desk.LetterKind(kind), desk.LetterState(state)
	l.CreatedAt, l.SentAt, l.SpentAt = at(created), at(sent), at(spent)
	clear, err := r.soft("letter", "about", l.ID, about)
	l.About = string(clear)
	return l, err
}

// Letter returns a letter of the workspace.
func (r *Rx) Letter(id desk.ID) (desk.Letter, error) {
	l, err := r.scanLetter(r.row(sqlLetter, int64(r.ws), int64(id)))
	return l, found("letter", err)
}

// LockLetter is Letter that nobody else spends meanwhile.
func (t *Tx) LockLetter(id desk.ID) (desk.Letter, error) {
	l, err := t.scanLetter(t.row(sqlLetterLocked, int64(t.ws), int64(id)))
	return l, found("letter", err)
}

// NewestLetter returns a member's latest letter of a kind.
func (r *Rx) NewestLetter(member desk.ID, kind desk.LetterKind) (desk.Letter, error) {
	l, err := r.scanLetter(r.row(sqlNewestLetter, int64(r.ws), int64(member), string(kind)))
	return l, found("letter", err)
}

// Letters pages through the workspace's letters, newest first, from before an id.
func (r *Rx) Letters(before desk.ID, limit int) ([]desk.Letter, error) {
	return r.letters(sqlLetters, int64(r.ws), int64(before), limit)
}

// LettersTo is Letters of one member.
func (r *Rx) LettersTo(member, before desk.ID, limit int) ([]desk.Letter, error) {
	return r.letters(sqlLettersTo, int64(r.ws), int64(member), int64(before), limit)
}

func (r *Rx) letters(query string, args ...any) ([]desk.Letter, error) {
	all := []desk.Letter{}
	err := r.each(query, args, func(s scanner) error {
		l, err := r.scanLetter(s)
		all = append(all, l)
		return err
	})
	return all, err
}

// Owners lists the ids of the owners who can sign in.
func (r *Rx) Owners() ([]desk.ID, error) { return r.membersOf(sqlOwners) }

// InCharge lists the ids of the owners and admins who can sign in.
func (r *Rx) InCharge() ([]desk.ID, error) { return r.membersOf(sqlInCharge) }

func (r *Rx) membersOf(query string) (all []desk.ID, err error) {
	err = r.each(query, []any{int64(r.ws)}, func(s scanner) error {
		var id desk.ID
		err := s.Scan(&id)
		all = append(all, id)
		return err
	})
	return all, err
}

// EndLetter notes that a letter left, or why it did not.
func (t *Tx) EndLetter(id desk.ID, state desk.LetterState, fault string) error {
	return t.must("letter", sqlLetterEnds, int64(t.ws), int64(id), string(state), fault, us(t.now))
}

// SpendLetters closes the links of a member's letters of a kind.
func (t *Tx) SpendLetters(member desk.ID, kind desk.LetterKind) error {
	_, err := t.exec(sqlSpendLetters, int64(t.ws), int64(member), string(kind), us(t.now))
	return err
}

// DropOldLetters forgets what was mailed, and browsers not seen, for 90 days.
func (t *Tx) DropOldLetters() (int64, error) {
	term, err := t.Term(RetainLetters, LetterTerm)
	if err != nil {
		return 0, err
	}
	n, err := t.exec(sqlOldLetters, int64(t.ws), us(t.now.Add(-term)))
	if err != nil {
		return n, err
	}
	more, err := t.exec(sqlOldDevices, int64(t.ws), us(t.now.Add(-DeviceTerm)))
	return n + more, err
}

// InsertResetAsk keeps the keyed hash of an address that somebody typed, and for
// which letter; only the workspace 0 holds such rows.
func (t *Tx) InsertResetAsk(email string, kind desk.LetterKind) (desk.ID, error) {
	hash, err := t.db.vault.Hash(t.ctx, 0, emailLabel, email)
	if err != nil {
		return 0, err
	}
	id := t.NewID()
	_, err = t.exec(sqlInsertAsk, int64(t.ws), int64(id), hash, string(kind), us(t.now))
	return id, err
}

// ResetAsk finds who has the address of an ask: nobody, or active members of up
// to 8 workspaces.
func (r *Rx) ResetAsk(id desk.ID) ([]Seat, desk.LetterKind, error) {
	var hash []byte
	var kind string
	if err := r.row(sqlAsk, int64(r.ws), int64(id)).Scan(&hash, &kind); err != nil {
		return nil, "", found("ask", err)
	}
	all, err := r.seats(hash)
	return all, desk.LetterKind(kind), err
}

// DropResetAsk forgets an ask, and those that an hour did not answer.
func (t *Tx) DropResetAsk(id desk.ID) error {
	if _, err := t.exec(sqlDropAsk, int64(t.ws), int64(id)); err != nil {
		return err
	}
	_, err := t.exec(sqlOldAsks, int64(t.ws), us(t.now.Add(-AskTerm)))
	return err
}

// DropOldAsks forgets asks and ways to another sign-in that nobody came back to;
// only the workspace 0 holds such rows.
func (t *Tx) DropOldAsks() (int64, error) {
	n, err := t.exec(sqlOldAsks, int64(t.ws), us(t.now.Add(-AskTerm)))
	if err != nil {
		return n, err
	}
	more, err := t.exec(sqlOldTrips, int64(t.ws), us(t.now.Add(-TripTerm)))
	return n + more, err
}

// SeeDevice notes by which browser a member signed in, and reports whether it is
// a new one beside others.
func (t *Tx) SeeDevice(member desk.ID, device string) (unknown bool, err error) {
	hash, err := t.db.vault.Hash(t.ctx, int64(t.ws), "member/device", member.String()+" "+device)
	if err != nil {
		return false, err
	}
	others, known := 0, false
	err = t.each(sqlDevices, []any{int64(t.ws), int64(member), us(t.now.Add(-DeviceTerm))}, func(s scanner) error {
		var have []byte
		err := s.Scan(&have)
		if others++; string(have) == string(hash) {
			known = true
		}
		return err
	})
	if err != nil {
		return false, err
	}
	_, err = t.exec(sqlSeeDevice, int64(t.ws), int64(member), hash, us(t.now))
	return !known && others > 0, err
}

// LinkHash is the secret part of a letter's link. It is made of the letter, so
// that a mail sent twice holds one link, and nothing that opens is stored.
func (r *Rx) LinkHash(l desk.Letter) ([]byte, error) {
	return r.db.vault.Hash(r.ctx, int64(r.ws), "member/link", string(l.Kind)+" "+l.ID.String()+" "+l.Member.String())
}
