package port_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"maps"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/privacy/port"
	"parley/internal/store"
	"parley/test/storetest"
)

// covers A-14.1-05: whatever is wrong with a file, nothing of it is brought, and
// what is wrong is said.
func TestAFileThatIsNotWholeBringsNothing(t *testing.T) {
	t.Parallel()
	here, there := newInstall(t, "here", ""), newInstall(t, "there", "")
	ws := here.business(t, "northwind", 2)
	was := here.export(t, ws)
	files := unpack(t, was)
	with := func(name, body string) map[string]string {
		all := maps.Clone(files)
		if all[name] = body; body == "" {
			delete(all, name)
		}
		return all
	}
	contacts := files["tables/contact.jsonl"]
	for name, try := range map[string]struct {
		raw    []byte
		reason string
	}{
		"nothing":            {nil, "bad_export"},
		"no ZIP":             {[]byte(strings.Repeat("x", 1000)), "bad_export"},
		"cut":                {was[:len(was)-200], "bad_export"},
		"a changed byte":     {changed(t, was, "tables/contact.jsonl"), "bad_export"},
		"no manifest":        {rezip(t, files, ""), "bad_export"},
		"a wrong hash":       {pack(t, files, func(m *port.Manifest) { m.Files[3].SHA256 = strings.Repeat("0", 64) }), "bad_export"},
		"longer than said":   {pack(t, files, func(m *port.Manifest) { m.Files[3].Bytes-- }), "bad_export"},
		"a file unnamed":     {pack(t, files, func(m *port.Manifest) { m.Files = m.Files[1:] }), "bad_export"},
		"another form":       {pack(t, files, func(m *port.Manifest) { m.Form = "parley.person" }), "bad_export"},
		"a newer version":    {pack(t, files, func(m *port.Manifest) { m.Version = 2 }), "schema_newer"},
		"no workspace":       {pack(t, files, func(m *port.Manifest) { m.Workspace = 0 }), "bad_export"},
		"a table twice":      {pack(t, files, func(m *port.Manifest) { m.Tables = append(m.Tables, m.Tables[4]) }), "bad_export"},
		"fewer rows":         {pack(t, with("tables/contact.jsonl", contacts[:strings.Index(contacts, "\n")+1]), nil), "bad_export"},
		"a line that is no":  {pack(t, with("tables/contact.jsonl", contacts+"[1]\n"), nil), "bad_export"},
		"a null line":        {pack(t, with("tables/contact.jsonl", contacts+"null\n"), nil), "bad_export"},
		"a strange column":   {pack(t, with("tables/contact.jsonl", strings.ReplaceAll(contacts, `"frozen"`, `"thawed"`)), nil), "schema_newer"},
		"a strange table":    {pack(t, with("tables/moon.jsonl", "{}\n"), func(m *port.Manifest) { m.Tables = append(m.Tables, port.TableMark{Name: "moon", Rows: 1}) }), "schema_newer"},
		"a table of secrets": {pack(t, with("tables/access_key.jsonl", "{}\n"), func(m *port.Manifest) { m.Tables = append(m.Tables, port.TableMark{Name: "access_key", Rows: 1}) }), "schema_newer"},
		"no search key":      {pack(t, with("search.key", ""), nil), "bad_export"},
		"a short search key": {pack(t, with("search.key", "AAAA"), nil), "bad_export"},
		"an operator":        {pack(t, with("tables/member.jsonl", strings.ReplaceAll(files["tables/member.jsonl"], `"owner"`, `"operator"`)), nil), "bad_member"},
	} {
		var known *desk.Error
		if err := there.bring(try.raw, ""); !errors.As(err, &known) || known.Reason != try.reason {
			t.Errorf("%s: %v, want %s", name, err, try.reason)
		}
	}
	there.nothing(t, ws)
	if err := there.bring(pack(t, files, nil), ""); err != nil {
		t.Errorf("the packing is broken: %v", err)
	}
}

// changed turns a bit among the packed bytes of a table.
func changed(t *testing.T, raw []byte, name string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(z.File, func(f *zip.File) bool { return f.Name == name })
	at, err := z.File[i].DataOffset()
	if err != nil {
		t.Fatal(err)
	}
	all := bytes.Clone(raw)
	all[at+int64(z.File[i].CompressedSize64)/2] ^= 1
	return all
}

func rezip(t *testing.T, files map[string]string, but string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, body := range files {
		if name != "manifest.json" && name != but {
			put(t, z, name, body)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// One that is there, or was deleted here, does not come a second time; a name and
// a channel that are taken are said.
func TestAWorkspaceComesOnce(t *testing.T) {
	t.Parallel()
	here, there := newInstall(t, "here", ""), newInstall(t, "there", "")
	ws := here.business(t, "northwind", 1)
	was := here.export(t, ws)
	refused := func(in *install, name, reason string) {
		t.Helper()
		var known *desk.Error
		if err := in.bring(was, name); !errors.As(err, &known) || known.Reason != reason {
			t.Errorf("%v, want %s", err, reason)
		}
	}
	refused(here, "", "workspace_there")
	other := storetest.Workspace(t, there.DB, "northwind")
	refused(there, "", "name_taken")
	taken := storetest.Account(t, other, "messenger", "page_northwind")
	refused(there, "Northwind two", "channel_taken")
	there.nothing(t, ws)
	there.write(t, other.Workspace(), func(tx *store.Tx) error { return tx.DeleteAccount(taken.ID) })
	if err := there.bring(was, "Northwind two"); err != nil {
		t.Fatal(err)
	}
	if w, err := there.WorkspaceByID(ctx, ws); err != nil || w.Name != "Northwind two" {
		t.Errorf("it is %+v: %v", w, err)
	}
	there.write(t, 0, func(tx *store.Tx) error { return tx.PutEnd(77, []byte("code"), tx.Now()) })
	gone := unpack(t, was)
	was = pack(t, gone, func(m *port.Manifest) { m.Workspace = 77 })
	refused(there, "Northwind three", "workspace_deleted")
}

// dying is a program that is killed after so many looks at its context; nothing
// of it runs afterwards.
type dying struct {
	context.Context
	left atomic.Int64
	kill context.CancelFunc
}

func (d *dying) look() {
	if d.left.Add(-1) < 0 {
		d.kill()
	}
}
func (d *dying) Done() <-chan struct{} { d.look(); return d.Context.Done() }
func (d *dying) Err() error            { d.look(); return d.Context.Err() }

// dead cleans nothing up.
type dead struct{ of *dying }

func (d dead) Discard(context.Context, desk.ID) error { return d.of.Err() }

// covers A-19-07: killed at any step, an import has made nobody a workspace; the
// next one brings it whole, and without a next one what is left goes within a day.
func TestAnImportKilledAtEveryStepLeavesNothing(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]func(*testing.T) string{"sqlite": func(*testing.T) string { return "" }, "postgres": func(t *testing.T) string { return storetest.PostgreSQL(t) }} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			here, there := newInstall(t, "here", ""), newInstall(t, "there", url(t))
			ws := here.business(t, "northwind", 2)
			was := here.export(t, ws)
			killed, whole := 0, false
			for looks := int64(0); !whole; looks += 9 {
				die := &dying{}
				die.Context, die.kill = context.WithCancel(ctx)
				die.left.Store(looks)
				p := &port.Port{DB: there.DB, Blobs: there.files, Audit: there.port.Audit, Cleaner: dead{die}}
				_, err := p.Import(die, bytes.NewReader(was), int64(len(was)), member(), "")
				die.kill()
				if whole = err == nil; whole {
					break
				}
				killed++
				if all, err := there.WorkspacesThere(ctx); err != nil || len(all) != 0 {
					t.Fatalf("killed after %d looks, it is there: %v %v", looks, all, err)
				}
				if killed%2 == 0 {
					there.Fake.Advance(25 * time.Hour)
					if err := there.ending.Tick(ctx); err != nil {
						t.Fatal(err)
					}
					there.nothing(t, ws)
				} else if err := there.ending.Discard(ctx, ws); err != nil {
					t.Fatal(err)
				}
			}
			if killed < 5 {
				t.Errorf("killed %d times only: the kill itself is broken", killed)
			}
			same(t, was, there.export(t, ws))
		})
	}
}

// full is a disk with so many bytes left.
type full struct{ left int }

func (f *full) Write(b []byte) (int, error) {
	if f.left -= len(b); f.left < 0 {
		return 0, &os.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}
	}
	return len(b), nil
}

// A disk that is full is said to be, wherever in the file it ends, and not taken for
// a database that does not answer.
func TestAFullDiskIsNamed(t *testing.T) {
	t.Parallel()
	here := newInstall(t, "here", "")
	ws := here.business(t, "northwind", 40)
	whole := len(here.export(t, ws))
	for left := 0; left < whole; left += whole / 9 {
		var known *desk.Error
		if _, err := here.port.Export(ctx, ws, member(), &full{left}); !errors.As(err, &known) || known.Reason != "export_disk_full" {
			t.Errorf("with %d of %d bytes: %v", left, whole, err)
		}
	}
}
