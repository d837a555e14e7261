package app

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"parley/internal/desk"
	"parley/internal/privacy/backup"
	"parley/internal/promise"
	"parley/internal/promise/looks"
	"parley/internal/store"
	"parley/internal/vault"
)

// Look implements Control: the install looks at itself, keeps what it saw in the
// place of what it saw before, and tells it.
func (a *App) Look(ctx context.Context) ([]looks.Seen, error) {
	all, err := looks.Over(ctx, a.Promise.Register, a.seen())
	if err != nil {
		return nil, err
	}
	rows := make([]store.InstallLook, 0, len(all))
	for _, s := range all {
		rows = append(rows, store.InstallLook{Clause: s.Clause, State: string(s.State), Why: s.Why, Evidence: s.Evidence, At: s.At})
	}
	return all, a.DB.In(0).Write(ctx, func(tx *store.Tx) error { return tx.ReplaceLooks(rows) })
}

// seen is the install as it lets itself be looked at.
func (a *App) seen() looks.Install {
	in := looks.Install{DB: a.DB, Ask: a.askSelf, Canary: a.canary, Plain: "machines of its own network only",
		Chain:    func(ctx context.Context, ws desk.ID) error { _, err := a.Audit.Verify(ctx, ws); return err },
		Operator: func(ctx context.Context) (string, error) { p, err := a.Promise.Profile(ctx); return p.Name, err },
		Keys:     func(ctx context.Context) ([]vault.Aged, error) { return a.Vault.Register(ctx) }}
	if len(a.Config.TrustedProxies) > 0 {
		in.Plain = "a proxy in front, whose certificate this machine does not see"
	}
	if a.Backups.On() {
		in.Backups = a.saved
	}
	if a.Config.TLSCert != "" {
		in.Handshake = a.handshake
	}
	if a.DB.Engine() == "sqlite" {
		in.Raw = a.raw
	}
	return in
}

// saved lists the files that a restore could begin from.
func (a *App) saved() (all []looks.Backup, err error) {
	for kind, term := range map[store.BackupKind]time.Duration{store.DataBackup: backup.DataTerm, store.KeyBackup: backup.KeyTerm} {
		files, err := a.Saves.List(kind)
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			all = append(all, looks.Backup{Kind: string(kind), At: f.At, Term: term})
		}
	}
	return all, nil
}

// kept is a http.ResponseWriter that keeps the answer.
type kept struct {
	looks.Page
	body bytes.Buffer
}

func (k *kept) Header() http.Header { return k.Page.Header }

func (k *kept) WriteHeader(status int) {
	if k.Status == 0 {
		k.Status = status
	}
}

func (k *kept) Write(b []byte) (int, error) {
	k.WriteHeader(http.StatusOK)
	return k.body.Write(b)
}

// askSelf hands a request of nobody's to the handler that answers at the door.
func (a *App) askSelf(ctx context.Context, path string) (looks.Page, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.Config.PublicURL+path, nil)
	if err != nil {
		return looks.Page{}, err
	}
	req.RequestURI, req.RemoteAddr = path, "127.0.0.1:1"
	k := &kept{Page: looks.Page{Header: http.Header{}}}
	a.API.Handler().ServeHTTP(k, req)
	k.Body = k.body.String()
	return k.Page, nil
}

// handshake lets somebody who knows only that version speak to the
// certificate and the settings that the door has.
func (a *App) handshake(newest uint16) (uint16, error) {
	own, err := newCertificate(a.Config, a.Clock, a.Log)
	if err != nil {
		return 0, err
	}
	here, there := net.Pipe()
	defer here.Close()
	defer there.Close()
	server := tls.Server(there, own.settings())
	done := make(chan error, 1)
	go func() {
		err := server.Handshake()
		done <- errors.Join(err, there.Close())
	}()
	roots := x509.NewCertPool()
	roots.AddCert(own.shown.Leaf)
	// An old version is offered to see that it is refused.
	client := tls.Client(here, &tls.Config{MinVersion: newest, MaxVersion: newest, ServerName: own.host, RootCAs: roots, Time: a.Clock.Now})
	err = client.Handshake()
	version := client.ConnectionState().Version
	return version, errors.Join(err, here.Close(), unlessClosed(<-done))
}

func unlessClosed(err error) error {
	if errors.Is(err, io.ErrClosedPipe) {
		return nil
	}
	return err
}

// canary writes a made-up person's name and message in the install's own place,
// where no workspace's people are, with shown where nothing is sealed. What a crash
// left of an earlier one goes first.
func (a *App) canary(ctx context.Context, hidden, shown string) (away func(context.Context) error, err error) {
	away = func(ctx context.Context) error { return a.dropCanaries(context.WithoutCancel(ctx)) }
	if err := away(ctx); err != nil {
		return nil, err
	}
	return away, a.DB.In(0).Write(ctx, func(tx *store.Tx) error {
		contact := tx.NewID()
		if err := tx.InsertContact(desk.Contact{ID: contact, Name: hidden, Email: hidden + "@canary.example", Language: shown}); err != nil {
			return err
		}
		talk := desk.Conversation{ID: tx.NewID(), Contact: contact, State: desk.Closed, Owner: desk.Owner{Kind: desk.OwnedByNobody}, Engagement: 1, CreatedAt: tx.Now()}
		if err := tx.InsertConversation(talk); err != nil {
			return err
		}
		row, err := tx.LockConversation(talk.ID)
		if err != nil {
			return err
		}
		m := desk.Message{Direction: desk.In, Author: desk.Author{Kind: desk.FromContact}, Kind: desk.KindText, Body: desk.Body(hidden), Status: desk.StatusDelivered, ExternalID: shown}
		return tx.AppendMessage(&row, &m)
	})
}

// dropCanaries destroys every made-up person's key and rows.
func (a *App) dropCanaries(ctx context.Context) error {
	var all []desk.Contact
	if err := a.DB.In(0).Read(ctx, func(r *store.Rx) (err error) { all, err = r.EveryContact(0, 100); return err }); err != nil {
		return err
	}
	for _, c := range all {
		err := a.Vault.Destroy(ctx, vault.Ref{Workspace: 0, Kind: vault.Subject, Of: int64(c.ID)})
		for done := false; !done && err == nil; {
			err = a.DB.In(0).Write(ctx, func(tx *store.Tx) (err error) { done, err = tx.EraseStep(c.ID); return err })
		}
		if err == nil {
			err = a.DB.In(0).Write(ctx, func(tx *store.Tx) error { return tx.EraseContact(c.ID) })
		}
		if err != nil {
			return err
		}
	}
	return nil
}

const (
	rawMost  = 8 << 30 // bytes that are looked through at once
	rawPiece = 1 << 20
	rawOver  = 1 << 10 // that two pieces share
)

// raw reads the files of the data folder, of the blobs and of the backups that
// changed since. promise.ErrShut where there are too many bytes.
func (a *App) raw(ctx context.Context, since time.Time, look func([]byte) error) error {
	var total int64
	for _, at := range []string{a.Config.Data, blobsIn(a.Config), backupsIn(a.Config)} {
		err := filepath.WalkDir(at, func(path string, d fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) { // a file that went while we walked
				return nil
			}
			if err != nil || ctx.Err() != nil || !d.Type().IsRegular() {
				return errors.Join(err, ctx.Err())
			}
			info, err := d.Info()
			// Clocks of disks are coarse, and the install's may be moved.
			if err != nil || filepath.Ext(path) != ".db" && filepath.Ext(path) != ".db-wal" && info.ModTime().Before(since.Add(-time.Minute)) {
				return ignoreGone(err)
			}
			if total += info.Size(); total > rawMost {
				return promise.ErrShut
			}
			return ignoreGone(pieces(ctx, path, look))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func ignoreGone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// pieces hands a file to look, in pieces of which each begins with the last
// bytes of the one before.
func pieces(ctx context.Context, path string, look func([]byte) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	buf := make([]byte, rawOver+rawPiece)
	held := 0
	for {
		n, err := io.ReadFull(f, buf[held:])
		if n > 0 {
			if err := errors.Join(look(buf[:held+n]), ctx.Err()); err != nil {
				return err
			}
		}
		if err != nil {
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				return nil
			}
			return err
		}
		held = copy(buf, buf[held+n-rawOver:held+n])
	}
}
