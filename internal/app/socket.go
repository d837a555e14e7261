package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"parley/internal/desk"
	"parley/internal/privacy/port"
	"parley/internal/promise"
	"parley/internal/promise/looks"
)

// The control socket lets the command line reach a running install. Whoever may
// open it (its file is the owner's alone) owns the data folder anyway.
const (
	socketName   = "parley.sock"
	controlLimit = 64 << 10
	controlTime  = 30 * time.Second
	longTime     = time.Hour // for what goes over every row
)

// controlRoutes maps each verb to its call; request and answer are JSON.
func controlRoutes(c Control) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST /user", verb(c.AddUser))
	mux.Handle("POST /user/reset-factors", verb(c.ResetFactors))
	mux.Handle("POST /key", verb(c.AddKey))
	mux.Handle("POST /workspace", verb(c.SetWorkspace))
	mux.Handle("POST /suspension", verb(c.SuspendWorkspace))
	mux.Handle("POST /doctor", verb(func(ctx context.Context, _ struct{}) ([]Finding, error) { return c.Doctor(ctx) }))
	mux.Handle("POST /document-key", verb(func(ctx context.Context, _ struct{}) (DocumentKey, error) { return c.DocumentKey(ctx) }))
	mux.Handle("POST /import-deletions", verb(c.ImportDeletions))
	mux.Handle("POST /erase", verb(c.EraseContact))
	mux.Handle("POST /export", verb(c.ExportWorkspace))
	mux.Handle("POST /import", verb(c.ImportWorkspace))
	mux.Handle("POST /import-person", verb(c.ImportPerson))
	mux.Handle("POST /mail-in", verb(c.MailIn))
	mux.Handle("POST /rotate-keys", verb(c.RotateKeys))
	mux.Handle("POST /list-keys", verb(func(ctx context.Context, _ struct{}) ([]KeyAge, error) { return c.ListKeys(ctx) }))
	mux.Handle("POST /verify-audit", verb(c.VerifyAudit))
	mux.Handle("POST /backup", verb(func(ctx context.Context, _ struct{}) ([]BackedUp, error) { return c.Backup(ctx) }))
	mux.Handle("POST /list-backups", verb(func(ctx context.Context, _ struct{}) ([]BackedUp, error) { return c.ListBackups(ctx) }))
	mux.Handle("POST /mark-audit", verb(func(ctx context.Context, _ struct{}) ([]ChainMark, error) { return c.MarkAudit(ctx) }))
	mux.Handle("POST /keep-run", verb(c.KeepRun))
	mux.Handle("POST /look", verb(func(ctx context.Context, _ struct{}) ([]looks.Seen, error) { return c.Look(ctx) }))
	return mux
}

func verb[In, Out any](call func(context.Context, In) (Out, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in In
		err := json.NewDecoder(http.MaxBytesReader(w, r.Body, controlLimit)).Decode(&in)
		if err != nil {
			err = &desk.Error{Code: desk.Invalid, Text: "the request is not understood; is the command as new as the server?", Cause: err}
		}
		var out Out
		if err == nil {
			out, err = call(r.Context(), in)
		}
		var answer any = out
		if err != nil {
			w.WriteHeader(http.StatusUnprocessableEntity)
			answer = controlError(err)
		}
		if err := json.NewEncoder(w).Encode(answer); err != nil {
			return // the command went away
		}
	})
}

type wireError struct {
	Code   desk.Code `json:"code"`
	Reason string    `json:"reason"`
	Text   string    `json:"text"`
}

func controlError(err error) wireError {
	var known *desk.Error
	if errors.As(err, &known) {
		return wireError{known.Code, known.Reason, known.Text}
	}
	return wireError{Code: desk.Internal, Text: err.Error()}
}

// listenControl opens the socket. A file left by a killed process is in the
// way; the folder's lock says that nobody uses it.
func (a *App) listenControl() (net.Listener, error) {
	path := filepath.Join(a.Config.Data, socketName)
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("control socket: %w", err)
	}
	return l, os.Chmod(path, 0o600)
}

// remote is Control over the socket of a running install.
type remote struct{ client *http.Client }

// patient is remote for what goes over every row.
func (r remote) patient() remote {
	return remote{&http.Client{Transport: r.client.Transport, Timeout: longTime}}
}

// Dial reaches the install that runs on a data folder; ok is false when none
// answers.
func Dial(ctx context.Context, dir string) (c Control, ok bool) {
	path := filepath.Join(dir, socketName)
	dialer := &net.Dialer{Timeout: time.Second}
	conn, err := dialer.DialContext(ctx, "unix", path)
	if err != nil {
		return nil, false
	}
	_ = conn.Close()
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return dialer.DialContext(ctx, "unix", path)
	}}
	return remote{&http.Client{Transport: transport, Timeout: controlTime}}, true
}

func (r remote) call(ctx context.Context, verb string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://parley/"+verb, bytes.NewReader(body))
	if err != nil {
		return err
	}
	res, err := r.client.Do(req)
	if err != nil {
		return fmt.Errorf("the running parley does not answer: %w", err)
	}
	defer func() { _ = res.Body.Close() }()
	dec := json.NewDecoder(io.LimitReader(res.Body, 1<<20))
	if res.StatusCode == http.StatusOK {
		return dec.Decode(out)
	}
	var e wireError
	if err := dec.Decode(&e); err != nil {
		return fmt.Errorf("the running parley answers %s", res.Status)
	}
	return desk.Fail(e.Code, e.Reason, e.Text)
}

func (r remote) AddUser(ctx context.Context, in AddUser) (out UserAdded, err error) {
	return out, r.call(ctx, "user", in, &out)
}

func (r remote) ResetFactors(ctx context.Context, in ResetFactors) (out UserAdded, err error) {
	return out, r.call(ctx, "user/reset-factors", in, &out)
}

func (r remote) AddKey(ctx context.Context, in AddKey) (out KeyAdded, err error) {
	return out, r.call(ctx, "key", in, &out)
}

func (r remote) SetWorkspace(ctx context.Context, in SetWorkspace) (out WorkspaceSet, err error) {
	return out, r.call(ctx, "workspace", in, &out)
}

func (r remote) SuspendWorkspace(ctx context.Context, in SuspendWorkspace) (out WorkspaceSuspended, err error) {
	return out, r.call(ctx, "suspension", in, &out)
}

func (r remote) Doctor(ctx context.Context) (out []Finding, err error) {
	return out, r.call(ctx, "doctor", struct{}{}, &out)
}

func (r remote) DocumentKey(ctx context.Context) (out DocumentKey, err error) {
	return out, r.call(ctx, "document-key", struct{}{}, &out)
}

func (r remote) ImportDeletions(ctx context.Context, in ImportDeletions) (out DeletionsImported, err error) {
	return out, r.call(ctx, "import-deletions", in, &out)
}

func (r remote) EraseContact(ctx context.Context, in EraseContact) (out ContactErased, err error) {
	return out, r.patient().call(ctx, "erase", in, &out)
}

func (r remote) ExportWorkspace(ctx context.Context, in ExportWorkspace) (out WorkspacePorted, err error) {
	return out, r.patient().call(ctx, "export", in, &out)
}

func (r remote) ImportWorkspace(ctx context.Context, in ImportWorkspace) (out WorkspacePorted, err error) {
	return out, r.patient().call(ctx, "import", in, &out)
}

func (r remote) ImportPerson(ctx context.Context, in ImportPerson) (out port.PersonIn, err error) {
	return out, r.patient().call(ctx, "import-person", in, &out)
}

func (r remote) MailIn(ctx context.Context, in MailIn) (out MailTaken, err error) {
	return out, r.call(ctx, "mail-in", in, &out)
}

func (r remote) RotateKeys(ctx context.Context, in RotateKeys) (out KeysRotated, err error) {
	return out, r.patient().call(ctx, "rotate-keys", in, &out)
}

func (r remote) ListKeys(ctx context.Context) (out []KeyAge, err error) {
	return out, r.call(ctx, "list-keys", struct{}{}, &out)
}

func (r remote) VerifyAudit(ctx context.Context, in VerifyAudit) (out []ChainChecked, err error) {
	return out, r.patient().call(ctx, "verify-audit", in, &out)
}

func (r remote) Backup(ctx context.Context) (out []BackedUp, err error) {
	return out, r.patient().call(ctx, "backup", struct{}{}, &out)
}

func (r remote) ListBackups(ctx context.Context) (out []BackedUp, err error) {
	return out, r.call(ctx, "list-backups", struct{}{}, &out)
}

func (r remote) MarkAudit(ctx context.Context) (out []ChainMark, err error) {
	return out, r.call(ctx, "mark-audit", struct{}{}, &out)
}

func (r remote) Look(ctx context.Context) (out []looks.Seen, err error) {
	return out, r.patient().call(ctx, "look", struct{}{}, &out)
}

func (r remote) KeepRun(ctx context.Context, in promise.Run) (out promise.Recorded, err error) {
	return out, r.call(ctx, "keep-run", in, &out)
}
