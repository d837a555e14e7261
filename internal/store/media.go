package store

import (
	"encoding/json"

	"parley/internal/desk"
	"parley/internal/vault"
)

const (
	mediaColumns   = `id, contact_id, conversation_id, message_id, place, member_id, kind, role, state, reason, blob, details, keep_until, created_at`
	sqlInsertMedia = `INSERT INTO media (workspace_id, ` + mediaColumns + `, stored) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`
	sqlMedia       = `SELECT ` + mediaColumns + ` FROM media WHERE workspace_id = $1 AND id = $2`
	sqlMediaLocked = sqlMedia + forUpdate
	sqlMediaOf     = `SELECT ` + mediaColumns + ` FROM media WHERE workspace_id = $1 AND message_id = $2 ORDER BY place`
	sqlSaveMedia   = `UPDATE media SET contact_id = $3, conversation_id = $4, message_id = $5, place = $6, kind = $7, state = $8, reason = $9,
		blob = $10, details = $11, keep_until = $12 WHERE workspace_id = $1 AND id = $2`
	sqlMediaPast = `SELECT ` + mediaColumns + ` FROM media WHERE workspace_id = $1 AND keep_until > 0 AND keep_until <= $2
		ORDER BY keep_until LIMIT $3` + forUpdate
	sqlMediaLoose = `SELECT ` + mediaColumns + ` FROM media WHERE workspace_id = $1 AND message_id = 0 AND role <> 'profile' AND created_at < $2
		ORDER BY created_at LIMIT $3` + forUpdate
	sqlMediaDue = `SELECT EXISTS (SELECT 1 FROM media WHERE workspace_id = $1 AND keep_until > 0 AND keep_until <= $2)
		OR EXISTS (SELECT 1 FROM media WHERE workspace_id = $1 AND message_id = 0 AND role <> 'profile' AND created_at < $3)
		OR EXISTS (SELECT 1 FROM media WHERE workspace_id = $1 AND stored < 0)`
	sqlDropMedia      = `DELETE FROM media WHERE workspace_id = $1 AND id = $2`
	sqlLetBlobsOfGo   = `INSERT INTO blob_drop (workspace_id, blob) SELECT workspace_id, blob FROM media WHERE workspace_id = $1 AND message_id = $2 AND blob <> ''`
	sqlDropMediaOf    = `DELETE FROM media WHERE workspace_id = $1 AND message_id = $2`
	sqlLetBlobGo      = `INSERT INTO blob_drop (workspace_id, blob) VALUES ($1, $2) ON CONFLICT DO NOTHING`
	sqlBlobsToDrop    = `SELECT blob FROM blob_drop WHERE workspace_id = $1 ORDER BY blob LIMIT $2`
	sqlBlobDropped    = `DELETE FROM blob_drop WHERE workspace_id = $1 AND blob = $2`
	sqlBlobHasRow     = `SELECT blob FROM media WHERE workspace_id = $1 AND blob = $2`
	sqlBlobWaits      = `SELECT blob FROM blob_drop WHERE workspace_id = $1 AND blob = $2`
	sqlEraseBlobsUpTo = `INSERT INTO blob_drop (workspace_id, blob) SELECT workspace_id, blob FROM media WHERE workspace_id = $1 AND blob <> ''
		AND message_id IN (SELECT id FROM message WHERE workspace_id = $1 AND conversation_id = $2 AND seq <= $3)`
	sqlEraseMediaUpTo = `DELETE FROM media WHERE workspace_id = $1 AND message_id IN (SELECT id FROM message WHERE workspace_id = $1 AND conversation_id = $2 AND seq <= $3)`
	sqlEraseBlobs     = `INSERT INTO blob_drop (workspace_id, blob) SELECT workspace_id, blob FROM media WHERE workspace_id = $1 AND contact_id = $2 AND blob <> ''`
	sqlEraseMedia     = `DELETE FROM media WHERE workspace_id = $1 AND contact_id = $2`
)

// mediaDetails is what a person's file tells of them, sealed as one value.
type mediaDetails struct {
	Mime     string `json:"m,omitempty"`
	Name     string `json:"n,omitempty"`
	Size     int64  `json:"s,omitempty"`
	Width    int    `json:"w,omitempty"`
	Height   int    `json:"h,omitempty"`
	Voice    bool   `json:"v,omitempty"`
	Animated bool   `json:"a,omitempty"`
}

// mediaKey names the key of a file: the contact's, or the workspace's for an
// upload without a conversation.
func (r *Rx) mediaKey(m desk.Media) vault.Ref {
	if m.Contact == 0 {
		return vault.Ref{Workspace: int64(r.ws), Kind: vault.Workspace}
	}
	return r.subject(m.Contact)
}

func (t *Tx) sealMedia(m desk.Media) ([]byte, error) {
	d := mediaDetails{m.Mime, m.Name, m.Size, m.Width, m.Height, m.Voice, m.Animated}
	if d == (mediaDetails{}) {
		return nil, nil
	}
	return t.seal(t.mediaKey(m), "media", "details", m.ID, toJSON(d))
}

func (r *Rx) scanMedia(s scanner) (desk.Media, error) {
	m := desk.Media{Workspace: r.ws}
	var kind, state string
	var sealed []byte
	var keep, made int64
	err := s.Scan(&m.ID, &m.Contact, &m.Conversation, &m.Message, &m.Place, &m.Member, &kind, &m.Role, &state, &m.Reason, &m.Blob, &sealed, &keep, &made)
	if err != nil {
		return m, err
	}
	m.Kind, m.State, m.KeepUntil, m.CreatedAt = desk.MediaKind(kind), desk.MediaState(state), at(keep), at(made)
	clear, err := r.soft("media", "details", m.ID, sealed)
	if err != nil || len(clear) == 0 {
		return m, err
	}
	var d mediaDetails
	err = json.Unmarshal(clear, &d)
	m.Mime, m.Name, m.Size, m.Width, m.Height, m.Voice, m.Animated = d.Mime, d.Name, d.Size, d.Width, d.Height, d.Voice, d.Animated
	return m, err
}

// InsertMedia adds a file's row and gives it an id where it has none. Bytes that
// have no room are StorageFull.
func (t *Tx) InsertMedia(m *desk.Media) error {
	if m.ID == 0 {
		m.ID = t.NewID()
	}
	m.Workspace, m.CreatedAt = t.ws, t.now
	if err := t.charge(keptOf(*m), 0); err != nil {
		return err
	}
	sealed, err := t.sealMedia(*m)
	if err != nil {
		return err
	}
	return t.later(sqlInsertMedia, int64(t.ws), int64(m.ID), int64(m.Contact), int64(m.Conversation), int64(m.Message), m.Place, int64(m.Member),
		string(m.Kind), m.Role, string(m.State), m.Reason, m.Blob, sealed, us(m.KeepUntil), us(m.CreatedAt), keptOf(*m))
}

// Media returns a file of the workspace; desk.NotFound "media_not_found".
func (r *Rx) Media(id desk.ID) (desk.Media, error) {
	m, err := r.scanMedia(r.row(sqlMedia, int64(r.ws), int64(id)))
	return m, found("media", err)
}

// LockMedia reads a file's row and keeps it until the commit.
func (t *Tx) LockMedia(id desk.ID) (desk.Media, error) {
	m, err := t.scanMedia(t.row(sqlMediaLocked, int64(t.ws), int64(id)))
	return m, found("media", err)
}

// MediaOf lists the files of a message in order.
func (r *Rx) MediaOf(message desk.ID) ([]desk.Media, error) {
	return r.medias(sqlMediaOf, int64(r.ws), int64(message))
}

func (r *Rx) medias(query string, args ...any) ([]desk.Media, error) {
	var all []desk.Media
	err := r.each(query, args, func(s scanner) error {
		m, err := r.scanMedia(s)
		all = append(all, m)
		return err
	})
	return all, err
}

// SaveMedia writes what may change of a locked file. Bytes that it had before
// and has no more go off the disk soon; new ones that have no room are
// StorageFull.
func (t *Tx) SaveMedia(was, m desk.Media) error {
	sealed, err := t.sealMedia(m)
	if err != nil {
		return err
	}
	if was.Blob != m.Blob {
		if err := t.restored(m); err != nil {
			return err
		}
	}
	if was.Blob != "" && was.Blob != m.Blob {
		if err := t.LetBlobGo(was.Blob); err != nil {
			return err
		}
	}
	return t.must("media", sqlSaveMedia, int64(t.ws), int64(m.ID), int64(m.Contact), int64(m.Conversation), int64(m.Message), m.Place,
		string(m.Kind), string(m.State), m.Reason, m.Blob, sealed, us(m.KeepUntil))
}

// LetBlobGo notes bytes that no row names any more.
func (t *Tx) LetBlobGo(name string) error {
	_, err := t.exec(sqlLetBlobGo, int64(t.ws), name)
	return err
}

// dropMediaOf deletes the files of a message.
func (t *Tx) dropMediaOf(message desk.ID) error {
	if err := t.letGo(sqlStoredMessage, int64(message)); err != nil {
		return err
	}
	for _, query := range []string{sqlLetBlobsOfGo, sqlDropMediaOf} {
		if _, err := t.exec(query, int64(t.ws), int64(message)); err != nil {
			return err
		}
	}
	return nil
}

// MediaDue reports whether EndMedia, DropLooseMedia or MeasureMedia would find
// something.
func (r *Rx) MediaDue() (due bool, err error) {
	now := r.db.clk.Now()
	err = r.row(sqlMediaDue, int64(r.ws), us(now), us(now.Add(-desk.UploadTerm))).Scan(&due)
	return due, err
}

// EndMedia lets go of up to limit files whose time is over: the bytes, the name
// and the size. The row says why nothing is shown. It returns them as they were.
func (t *Tx) EndMedia(limit int) ([]desk.Media, error) {
	past, err := t.medias(sqlMediaPast, int64(t.ws), us(t.now), limit)
	if err != nil {
		return nil, err
	}
	for _, m := range past {
		gone := desk.Media{ID: m.ID, Contact: m.Contact, Conversation: m.Conversation, Message: m.Message, Place: m.Place, Kind: m.Kind,
			State: desk.MediaGone, Reason: desk.ReasonTimeOver}
		if err := t.SaveMedia(m, gone); err != nil {
			return nil, err
		}
	}
	return past, nil
}

// DropLooseMedia deletes up to limit uploads that nobody sent in time, and says
// how many.
func (t *Tx) DropLooseMedia(limit int) (int64, error) {
	loose, err := t.medias(sqlMediaLoose, int64(t.ws), us(t.now.Add(-desk.UploadTerm)), limit)
	if err != nil {
		return 0, err
	}
	for _, m := range loose {
		if err := t.DropMedia(m); err != nil {
			return 0, err
		}
	}
	return int64(len(loose)), nil
}

// DropMedia deletes one file.
func (t *Tx) DropMedia(m desk.Media) error {
	if err := t.letGo(sqlStoredOne, int64(m.ID)); err != nil {
		return err
	}
	if m.Blob != "" {
		if err := t.LetBlobGo(m.Blob); err != nil {
			return err
		}
	}
	_, err := t.exec(sqlDropMedia, int64(t.ws), int64(m.ID))
	return err
}

// BlobsToDrop lists bytes that have to go off the disk.
func (r *Rx) BlobsToDrop(limit int) ([]string, error) {
	var all []string
	err := r.each(sqlBlobsToDrop, []any{int64(r.ws), limit}, func(s scanner) error {
		var name string
		err := s.Scan(&name)
		all = append(all, name)
		return err
	})
	return all, err
}

// BlobsDropped notes that bytes are off the disk.
func (t *Tx) BlobsDropped(names []string) error {
	for _, name := range names {
		if _, err := t.exec(sqlBlobDropped, int64(t.ws), name); err != nil {
			return err
		}
	}
	return nil
}

// BlobsKnown tells which of some names a row still speaks of.
func (r *Rx) BlobsKnown(names []string) (map[string]bool, error) {
	known := map[string]bool{}
	for _, name := range names {
		for _, query := range []string{sqlBlobHasRow, sqlCopyHasBlob, sqlBlobWaits} {
			err := r.each(query, []any{int64(r.ws), name}, func(s scanner) error {
				known[name] = true
				return s.Scan(new(string))
			})
			if err != nil {
				return nil, err
			}
		}
	}
	return known, nil
}
