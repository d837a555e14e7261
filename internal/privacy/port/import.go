package port

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"parley/internal/blob"
	"parley/internal/desk"
	"parley/internal/store"
)

// importStep is how many rows one transaction brings, so that nobody waits long
// behind it.
const importStep = 200

// Import brings a workspace from an export, under a name of its own where one is
// given. Nothing of it is anybody's before all is there. Errors: desk.Invalid for a
// file that is no whole export; desk.Conflict schema_newer, workspace_there,
// workspace_deleted, name_taken, channel_taken.
func (p *Port) Import(ctx context.Context, from io.ReaderAt, size int64, by desk.Actor, name string) (Manifest, error) {
	in, err := p.read(ctx, from, size)
	if err != nil {
		return Manifest{}, err
	}
	p.one.Lock()
	defer p.one.Unlock()
	if err := in.free(name); err != nil {
		return in.made, err
	}
	if err := p.Cleaner.Discard(ctx, in.ws); err != nil { // what an import that was interrupted has left
		return in.made, err
	}
	if err := p.DB.In(in.ws).Write(ctx, func(tx *store.Tx) error { return tx.Arrive() }); err != nil {
		return in.made, err
	}
	err = in.bring(name)
	if err == nil {
		err = p.DB.In(in.ws).Write(ctx, func(tx *store.Tx) error {
			if err := p.Audit.Add(tx, by, "workspace.import", in.ws); err != nil {
				return err
			}
			return tx.Arrived()
		})
	}
	if err != nil {
		return in.made, errors.Join(err, p.Cleaner.Discard(context.WithoutCancel(ctx), in.ws))
	}
	return in.made, nil
}

// incoming is one import.
type incoming struct {
	*Port
	*archive
	ws     desk.ID
	made   Manifest
	tables map[string]store.PortTable
	own    map[string]json.RawMessage // the workspace's own row
}

// read checks a whole export before anything of it is used.
func (p *Port) read(ctx context.Context, from io.ReaderAt, size int64) (*incoming, error) {
	z, err := open(ctx, from, size)
	if err != nil {
		return nil, err
	}
	in := &incoming{Port: p, archive: z, tables: map[string]store.PortTable{}}
	if err := z.json(manifestName, &in.made); err != nil || in.made.Form != Form || in.made.Workspace <= 0 {
		return nil, bad("its manifest is not that of a workspace")
	}
	if in.made.Version > Version {
		return nil, errNewer()
	}
	in.ws = in.made.Workspace
	if err := z.whole(in.made.Files); err != nil {
		return nil, err
	}
	return in, in.tablesThere()
}

// tablesThere looks that each table is one of ours, and reads the workspace's row.
func (in *incoming) tablesThere() error {
	known, _, err := store.PortTables()
	if err != nil {
		return err
	}
	for _, t := range known {
		in.tables[t.Name] = t
	}
	seen := map[string]bool{}
	for _, t := range in.made.Tables {
		if seen[t.Name] || in.files[TableFile(t.Name)] == nil {
			return bad("the table %s is there twice, or not", show(t.Name))
		}
		seen[t.Name] = true
		if in.tables[t.Name].Name == "" {
			return desk.Fail(desk.Conflict, "schema_newer", "this version knows no table "+show(t.Name)+": another Parley made this file; bring it in with that version")
		}
	}
	n := 0
	err = in.lines(TableFile("workspace"), func(row map[string]json.RawMessage) error { n++; in.own = row; return nil })
	if err == nil && n != 1 {
		err = bad("it is not of one workspace")
	}
	return err
}

// free looks that there is room for the workspace: nobody of its number or name.
func (in *incoming) free(name string) error {
	var own string
	if name == "" && json.Unmarshal(in.own["name"], &own) != nil {
		return bad("the workspace has no name")
	}
	if name = strings.TrimSpace(name + own); name == "" {
		return bad("the workspace has no name")
	}
	arriving, err := in.DB.Arriving(in.ctx)
	if err != nil {
		return err
	}
	if _, there := arriving[in.ws]; !there {
		if _, err := in.DB.WorkspaceByID(in.ctx, in.ws); err == nil {
			return desk.Fail(desk.Conflict, "workspace_there", "this workspace is in this install already")
		} else if !desk.IsNotFound(err) {
			return err
		}
	}
	err = in.DB.In(0).Read(in.ctx, func(r *store.Rx) error { _, err := r.EndOf(in.ws); return err })
	if err == nil {
		return desk.Fail(desk.Conflict, "workspace_deleted", "this workspace was deleted in this install, which promised that it does not come back here; bring it into another one")
	}
	if !desk.IsNotFound(err) {
		return err
	}
	same, err := in.DB.WorkspacesNamed(in.ctx, name)
	if err == nil && len(same) > 0 {
		err = desk.Fail(desk.Conflict, "name_taken", "a workspace of this name is here already; give it another with --name")
	}
	return err
}

// bring writes all rows and files.
func (in *incoming) bring(name string) error {
	if err := in.searchKey(); err != nil {
		return err
	}
	for _, mark := range in.made.Tables {
		t, err := in.tables[mark.Name], error(nil)
		if mark.Name == "workspace" && name != "" {
			in.own["name"], err = json.Marshal(name)
			if err == nil {
				err = in.put(t, []map[string]json.RawMessage{in.own})
			}
		} else {
			err = in.table(t, mark)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (in *incoming) searchKey() error {
	f := in.files[searchName]
	if f == nil {
		return bad("%s is not there", searchName)
	}
	raw, err := in.all(f, 1<<10)
	if err != nil {
		return err
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(raw)))
	if err != nil || in.DB.Vault().TakeSearchSecret(in.ctx, int64(in.ws), key) != nil {
		return bad("%s holds no key", searchName)
	}
	return nil
}

// table brings the rows of one table, a few at a time.
func (in *incoming) table(t store.PortTable, mark TableMark) error {
	var some []map[string]json.RawMessage
	n := int64(0)
	err := in.lines(TableFile(t.Name), func(row map[string]json.RawMessage) error {
		n++
		if t.Name == "media" {
			if err := in.file(row); err != nil {
				return err
			}
		}
		if some = append(some, row); len(some) < importStep {
			return nil
		}
		err := in.put(t, some)
		some = some[:0]
		return err
	})
	if err == nil && n != mark.Rows {
		err = bad("the table %s has %d rows, not %d", t.Name, n, mark.Rows)
	}
	if err != nil {
		return err
	}
	return in.put(t, some)
}

func (in *incoming) put(t store.PortTable, rows []map[string]json.RawMessage) error {
	if len(rows) == 0 {
		return nil
	}
	return in.DB.In(in.ws).Write(in.ctx, func(tx *store.Tx) error {
		for _, row := range rows {
			if err := tx.PutPort(t, row); err != nil {
				return err
			}
		}
		return nil
	})
}

// file brings the bytes that a row of media names, and gives the row their new
// place; one that the export lacks is gone.
func (in *incoming) file(row map[string]json.RawMessage) error {
	var at struct {
		ID      desk.ID `json:"id"`
		Contact desk.ID `json:"contact_id"`
		Blob    string  `json:"blob"`
	}
	whole, err := json.Marshal(map[string]json.RawMessage{"id": row["id"], "contact_id": row["contact_id"], "blob": row["blob"]})
	if err != nil || json.Unmarshal(whole, &at) != nil {
		return bad("a file's row cannot be read")
	}
	if at.Blob == "" {
		return nil
	}
	f := in.files["files/"+at.ID.String()]
	if f == nil {
		row["blob"], row["state"] = json.RawMessage(`""`), json.RawMessage(`"`+string(desk.MediaGone)+`"`)
		return nil
	}
	r, err := f.Open()
	if err != nil {
		return bad("%s cannot be read", f.Name)
	}
	defer func() { _ = r.Close() }() // it was only read
	w, err := in.Blobs.Create(in.ctx, blob.Place{Workspace: in.ws, Media: at.ID, Subject: at.Contact})
	if err != nil {
		return err
	}
	if _, err := io.Copy(w, watched{in.ctx, r}); err != nil {
		w.Drop()
		return err
	}
	name, err := w.Keep()
	if err != nil {
		return err
	}
	row["blob"], err = json.Marshal(name)
	return err
}
