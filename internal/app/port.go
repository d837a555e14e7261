package app

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"parley/internal/desk"
	"parley/internal/privacy/port"
)

// ExportWorkspace writes all of a workspace to a new file.
type ExportWorkspace struct {
	Workspace string `json:"workspace"` // by name
	File      string `json:"file"`      // whole path on the machine of the install
}

// ImportWorkspace brings the workspace of such a file.
type ImportWorkspace struct {
	File string `json:"file"`
	Name string `json:"name,omitempty"` // "" = as it was
}

// WorkspacePorted answers both.
type WorkspacePorted struct {
	WorkspaceID desk.ID       `json:"workspace_id"`
	Name        string        `json:"name"`
	Tables      []TablePorted `json:"tables"`
	Rows        int64         `json:"rows"`
	Files       int           `json:"files"`
	Gone        int           `json:"gone,omitempty"` // files whose bytes went before they were written
}

// TablePorted is one table: exported from the other install, its hash is the same.
type TablePorted struct {
	Name   string `json:"name"`
	Rows   int64  `json:"rows"`
	SHA256 string `json:"sha256"`
}

func ported(m port.Manifest, name string) WorkspacePorted {
	out := WorkspacePorted{WorkspaceID: m.Workspace, Name: m.Name, Rows: m.Rows(), Gone: len(m.Gone)}
	sums := map[string]string{}
	for _, f := range m.Files {
		if sums[f.Name] = f.SHA256; port.IsFile(f.Name) {
			out.Files++
		}
	}
	for _, t := range m.Tables {
		out.Tables = append(out.Tables, TablePorted{t.Name, t.Rows, sums[port.TableFile(t.Name)]})
	}
	if name != "" {
		out.Name = name
	}
	return out
}

// ExportWorkspace implements Control. A file that is there already is not written
// over, and one that was not written whole is removed.
func (a *App) ExportWorkspace(ctx context.Context, in ExportWorkspace) (out WorkspacePorted, err error) {
	ws, err := a.Roster.Find(ctx, in.Workspace)
	if err != nil {
		return out, err
	}
	if _, err := os.Lstat(in.File); !errors.Is(err, fs.ErrNotExist) {
		return out, errors.Join(err, desk.Fail(desk.Invalid, "export_file", in.File+" is there already, or cannot be looked at"))
	}
	part := in.File + ".part" // so that what bears the name is whole
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return out, desk.Fail(desk.Invalid, "export_file", err.Error())
	}
	file, err := os.OpenFile(part, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return out, desk.Fail(desk.Invalid, "export_file", err.Error())
	}
	made, err := a.Port.Export(ctx, ws.ID, commandLine(), file)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Rename(part, in.File)
	}
	if err != nil {
		return out, errors.Join(err, os.Remove(part))
	}
	return ported(made, ""), nil
}

// ImportWorkspace implements Control; errors as port.Import.
func (a *App) ImportWorkspace(ctx context.Context, in ImportWorkspace) (out WorkspacePorted, err error) {
	err = opened(in.File, func(file *os.File, size int64) error {
		made, err := a.Port.Import(ctx, file, size, commandLine(), in.Name)
		out = ported(made, in.Name)
		return err
	})
	return out, err
}

func commandLine() desk.Actor { return desk.Actor{Kind: desk.BySystem, Name: "command line"} }

// ImportPerson brings a person's copy into a workspace.
type ImportPerson struct {
	Workspace string `json:"workspace"` // by name
	File      string `json:"file"`      // whole path on the machine of the install
}

// ImportPerson implements Control; errors as port.ImportPerson.
func (a *App) ImportPerson(ctx context.Context, in ImportPerson) (out port.PersonIn, err error) {
	ws, err := a.Roster.Find(ctx, in.Workspace)
	if err != nil {
		return out, err
	}
	err = opened(in.File, func(file *os.File, size int64) error {
		out, err = a.Port.ImportPerson(ctx, ws.ID, file, size, commandLine())
		return err
	})
	return out, err
}

func opened(name string, fn func(file *os.File, size int64) error) error {
	file, err := os.Open(name)
	if err != nil {
		return desk.Fail(desk.Invalid, "export_file", err.Error())
	}
	info, err := file.Stat()
	if err == nil {
		err = fn(file, info.Size())
	}
	return errors.Join(err, file.Close())
}
