package port

import (
	"archive/zip"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"syscall"

	"parley/internal/blob"
	"parley/internal/desk"
	"parley/internal/store"
)

// Audit records acts.
type Audit interface {
	Add(tx *store.Tx, by desk.Actor, act string, object desk.ID) error
}

// Cleaner clears away all that there is of a workspace.
type Cleaner interface {
	Discard(ctx context.Context, ws desk.ID) error
}

// Port exports and imports workspaces.
type Port struct {
	DB      *store.DB
	Blobs   *blob.Folder
	Audit   Audit
	Cleaner Cleaner

	one    sync.Mutex // import at a time in this process
	mu     sync.Mutex
	taking map[desk.ID]bool // workspaces whose export is being written or fetched
}

// Take exports a workspace into a sealed file, so that whoever fetches it slowly
// keeps no database waiting, and opens that. It has no name any more by then: once
// it is closed, or the program ends, it is gone. done must be called; a second one
// before that is desk.Conflict.
func (p *Port) Take(ctx context.Context, ws desk.ID, by desk.Actor) (file *blob.Reader, done func() error, err error) {
	if !p.begins(ws) {
		return nil, nil, desk.Fail(desk.Conflict, "exporting", "this workspace is being exported: wait until that has ended")
	}
	defer func() {
		if err != nil {
			p.ends(ws)
		}
	}()
	at := blob.Place{Workspace: ws, Media: p.DB.NewID()}
	to, err := p.Blobs.Create(ctx, at)
	if err != nil {
		return nil, nil, err
	}
	if _, err := p.Export(ctx, ws, by, to); err != nil {
		to.Drop()
		return nil, nil, err
	}
	name, err := to.Keep()
	if err != nil {
		return nil, nil, err
	}
	file, err = p.Blobs.Open(ctx, at, name)
	if err = errors.Join(err, p.Blobs.Drop(ws, name)); err != nil {
		if file != nil {
			err = errors.Join(err, file.Close())
		}
		return nil, nil, err
	}
	return file, func() error {
		defer p.ends(ws)
		return file.Close()
	}, nil
}

func (p *Port) begins(ws desk.ID) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.taking[ws] {
		return false
	}
	if p.taking == nil {
		p.taking = map[desk.ID]bool{}
	}
	p.taking[ws] = true
	return true
}

func (p *Port) ends(ws desk.ID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.taking, ws)
}

// Export writes all of a workspace as of one moment, and records that somebody
// took it. When w fails the rest is not written, and what was is no whole ZIP.
func (p *Port) Export(ctx context.Context, ws desk.ID, by desk.Actor, w io.Writer) (Manifest, error) {
	if _, err := p.DB.WorkspaceByID(ctx, ws); err != nil {
		return Manifest{}, err
	}
	err := p.DB.In(ws).Write(ctx, func(tx *store.Tx) error { return p.Audit.Add(tx, by, "workspace.export", ws) })
	if err != nil {
		return Manifest{}, err
	}
	key, err := p.DB.Vault().SearchSecret(ctx, int64(ws))
	if err != nil {
		return Manifest{}, err
	}
	to := &target{to: w}
	out := &export{Port: p, ctx: ctx, ws: ws, zip: zip.NewWriter(to)}
	out.made = Manifest{Form: Form, Version: Version, MadeAt: p.DB.Clock().Now().UTC(), Workspace: ws}
	err = out.write(base64.StdEncoding.EncodeToString(key) + "\n")
	if to.err != nil {
		err = to.err // and not what a transaction made of it
	}
	if errors.Is(err, syscall.ENOSPC) {
		err = &desk.Error{Code: desk.Unavailable, Reason: "export_disk_full", Text: "the disk that the export is written to is full", Cause: err}
	}
	return out.made, err
}

// target keeps why it could not be written to.
type target struct {
	to  io.Writer
	err error
}

func (t *target) Write(b []byte) (int, error) {
	n, err := t.to.Write(b)
	t.err = cmp.Or(t.err, err)
	return n, err
}

func (e *export) write(key string) error {
	if err := errors.Join(e.text(readmeName, readme), e.text(searchName, key)); err != nil {
		return err
	}
	if err := e.tables(); err != nil {
		return err
	}
	for _, m := range e.media {
		if err := e.file(m); err != nil {
			return err
		}
	}
	return e.end()
}

// export is one export while it is written.
type export struct {
	*Port
	ctx   context.Context
	ws    desk.ID
	zip   *zip.Writer
	made  Manifest
	media []desk.Media
}

func (e *export) text(name, s string) error {
	return e.add(name, func(w io.Writer) error { _, err := io.WriteString(w, s); return err })
}

func (e *export) create(name string) (io.Writer, error) {
	h := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: e.made.MadeAt}
	h.SetMode(0o600)
	return e.zip.CreateHeader(h)
}

// add writes one file and marks it for the manifest.
func (e *export) add(name string, fn func(io.Writer) error) error {
	to, err := e.create(name)
	if err != nil {
		return err
	}
	sum, n := sha256.New(), &counter{}
	if err := fn(io.MultiWriter(to, sum, n)); err != nil {
		return err
	}
	e.made.Files = append(e.made.Files, FileMark{name, n.n, hex.EncodeToString(sum.Sum(nil))})
	return e.ctx.Err()
}

type counter struct{ n int64 }

func (c *counter) Write(b []byte) (int, error) { c.n += int64(len(b)); return len(b), nil }

// tables writes every table as it stands at one moment.
func (e *export) tables() error {
	all, _, err := store.PortTables()
	if err != nil {
		return err
	}
	return e.DB.In(e.ws).Read(e.ctx, func(r *store.Rx) error {
		for _, t := range all {
			mark := TableMark{Name: t.Name}
			if err := e.add(TableFile(t.Name), func(w io.Writer) error { return e.rows(r, t, w, &mark.Rows) }); err != nil {
				return err
			}
			e.made.Tables = append(e.made.Tables, mark)
			if slices.Contains(asCSV(), t.Name) {
				if err := e.add("csv/"+t.Name+".csv", func(w io.Writer) error { return sheet(r, t, w) }); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func (e *export) rows(r *store.Rx, t store.PortTable, w io.Writer, n *int64) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	return r.Port(t, func(row store.PortRow) error {
		*n++
		switch t.Name {
		case "workspace":
			e.made.Name, _ = row["name"].(string)
		case "media":
			if err := e.keep(row); err != nil {
				return err
			}
		}
		return out.Encode(row)
	})
}

// keep notes a file to be written after the rows, which name where it lies.
func (e *export) keep(row store.PortRow) error {
	name, _ := row["blob"].(string)
	if name == "" {
		return nil
	}
	m := desk.Media{Workspace: e.ws, Blob: name}
	for column, to := range map[string]*desk.ID{"id": &m.ID, "contact_id": &m.Contact} {
		s, _ := row[column].(string)
		if err := to.UnmarshalText([]byte(s)); err != nil {
			return err
		}
	}
	row["blob"] = "files/" + m.ID.String()
	e.media = append(e.media, m)
	return nil
}

// file writes the bytes of a file; one that went meanwhile is named as gone.
func (e *export) file(m desk.Media) error {
	in, err := e.Blobs.Open(e.ctx, blob.Place{Workspace: e.ws, Media: m.ID, Subject: m.Contact}, m.Blob)
	if desk.IsNotFound(err) {
		e.made.Gone = append(e.made.Gone, m.ID)
		return nil
	}
	if err != nil {
		return err
	}
	err = e.add("files/"+m.ID.String(), func(w io.Writer) error { _, err := io.Copy(w, in); return err })
	return errors.Join(err, in.Close())
}

func (e *export) end() error {
	body, err := json.MarshalIndent(e.made, "", " ")
	if err != nil {
		return err
	}
	to, err := e.create(manifestName)
	if err == nil {
		_, err = to.Write(append(body, '\n'))
	}
	return errors.Join(err, e.zip.Close())
}

// sheet writes a table as CSV.
func sheet(r *store.Rx, t store.PortTable, w io.Writer) error {
	out := csv.NewWriter(w)
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	if err := out.Write(names); err != nil {
		return err
	}
	err := r.Port(t, func(row store.PortRow) error {
		cells := make([]string, len(names))
		for i, name := range names {
			cells[i] = cell(row[name])
		}
		return out.Write(cells)
	})
	out.Flush()
	return errors.Join(err, out.Error())
}

// cell shows a value in a spreadsheet, which must not take what somebody wrote for
// a formula.
func cell(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		if v != "" && strings.ContainsAny(v[:1], "=+-@\t\r") {
			return "'" + v
		}
		return v
	case map[string]json.RawMessage:
		return string(v["json"])
	case map[string]string:
		return v["base64"]
	}
	return fmt.Sprint(v)
}
