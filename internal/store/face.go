package store

import (
	"database/sql"
	"errors"

	"parley/internal/desk"
)

const (
	sqlFaceFrom  = `SELECT o.id, o.member_id, o.picture_from, m.pictured FROM outside_identity o JOIN member m ON m.workspace_id = o.workspace_id AND m.id = o.member_id WHERE o.subject_hash = $1 AND o.workspace_id = $2`
	sqlPutFace   = `UPDATE outside_identity SET picture = $4, picture_from = $5 WHERE workspace_id = $1 AND member_id = $2 AND id = $3`
	sqlFace      = `SELECT id, picture FROM outside_identity WHERE workspace_id = $1 AND member_id = $2 AND picture IS NOT NULL ORDER BY used_at DESC, id LIMIT 1`
	sqlShowFace  = `UPDATE member SET pictured = $3 WHERE workspace_id = $1 AND id = $2`
	sqlDropFaces = `UPDATE outside_identity SET picture = NULL, picture_from = NULL WHERE workspace_id = $1 AND member_id = $2`
)

// faceLabel names the keyed hash of the address that a picture was read from.
const faceLabel = "member/picture"

// Face is what is known of the picture that an account outside brings along.
type Face struct {
	Identity, Member desk.ID
	From             []byte // keyed hash of the address it was read from, or was tried to be; nil = never
	Shown            bool   // its member lets it be shown
}

// Face tells what is known of the picture of an account outside; desk.NotFound
// where it opens nobody here.
func (r *Rx) Face(subject []byte) (f Face, err error) {
	err = r.row(sqlFaceFrom, subject, int64(r.ws)).Scan(&f.Identity, &f.Member, &f.From, &f.Shown)
	return f, found("account", err)
}

// FaceHash is what the address of a picture is known by.
func (r *Rx) FaceHash(address string) ([]byte, error) {
	return r.db.vault.Hash(r.ctx, int64(r.ws), faceLabel, address)
}

// PutFace keeps a picture, and from where it is; nil = there is none to be had
// from there.
func (t *Tx) PutFace(f Face, picture []byte) error {
	var sealed []byte
	if picture != nil {
		var err error
		if sealed, err = t.seal(t.subject(f.Member), "outside_identity", "picture", f.Identity, picture); err != nil {
			return err
		}
	}
	return t.must("account", sqlPutFace, int64(t.ws), int64(f.Member), int64(f.Identity), sealed, f.From)
}

// MemberFace reads a member's picture; nil where there is none.
func (r *Rx) MemberFace(member desk.ID) ([]byte, error) {
	var id desk.ID
	var sealed []byte
	switch err := r.row(sqlFace, int64(r.ws), int64(member)).Scan(&id, &sealed); {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, err
	}
	return r.soft("outside_identity", "picture", id, sealed)
}

// ShowFace lets a member's picture be shown from their next sign-in on, or deletes
// it and keeps it away.
func (t *Tx) ShowFace(member desk.ID, shown bool) error {
	if err := t.must("member", sqlShowFace, int64(t.ws), int64(member), shown); err != nil {
		return err
	}
	_, err := t.exec(sqlDropFaces, int64(t.ws), int64(member))
	return err
}
