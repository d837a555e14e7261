package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
	"parley/internal/vault"
)

// RotateKeys says which keys are to be changed.
type RotateKeys struct {
	Root       bool `json:"root"`       // the root key, and with it the epoch
	Workspaces bool `json:"workspaces"` // the key of every workspace's own content
}

// KeysRotated answers RotateKeys.
type KeysRotated struct {
	Root       bool   `json:"root"`
	Workspaces int    `json:"workspaces"`
	Text       string `json:"text,omitempty"` // what is left to do by hand
}

// KeyAge is one kind of keys in the register; it never holds a key.
type KeyAge struct {
	Kind   string    `json:"kind"`
	Keys   int64     `json:"keys"`
	Oldest time.Time `json:"oldest,omitzero"` // absent where it is not known
	Newest time.Time `json:"newest,omitzero"`
	Days   int       `json:"days,omitempty"` // term after which it is to be changed
	Next   time.Time `json:"next,omitzero"`  // when the oldest is to be changed
	Due    bool      `json:"due,omitempty"`
}

// ListKeys implements Control.
func (a *App) ListKeys(ctx context.Context) ([]KeyAge, error) {
	all, err := a.Vault.Register(ctx)
	out := make([]KeyAge, len(all))
	for i, k := range all {
		out[i] = KeyAge{Kind: string(k.Kind), Keys: k.Keys, Oldest: k.Oldest, Newest: k.Newest,
			Days: int(k.Term / (24 * time.Hour)), Next: k.Next(), Due: k.Due}
	}
	return out, err
}

// RotateKeys implements Control. The server goes on answering meanwhile.
func (a *App) RotateKeys(ctx context.Context, in RotateKeys) (KeysRotated, error) {
	a.rotating.Lock()
	defer a.rotating.Unlock()
	var out KeysRotated
	if in.Root {
		text, err := a.rotateRoot(ctx)
		if err != nil {
			return out, err
		}
		out.Root, out.Text = true, text
		if err := a.noteRotation(ctx, 0, "key.rotate_root"); err != nil {
			return out, err
		}
	}
	if !in.Workspaces {
		return out, nil
	}
	all, err := a.DB.Workspaces(ctx)
	if err != nil {
		return out, err
	}
	for _, ws := range all {
		if err := a.Vault.Rotate(ctx, int64(ws.ID)); err != nil {
			return out, err
		}
		if err := a.noteRotation(ctx, ws.ID, "key.rotate"); err != nil {
			return out, err
		}
		out.Workspaces++
	}
	return out, nil
}

func (a *App) noteRotation(ctx context.Context, ws desk.ID, action string) error {
	return a.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		return a.Audit.Add(tx, commandLine(), action, 0)
	})
}

func (in *Install) rootKeyFile() string { return filepath.Join(in.Config.Data, "root.key") }

// rotateRoot makes a new root key and wraps everything under it. Where the key
// comes from the settings, the next one has to come from there, too.
func (a *App) rotateRoot(ctx context.Context) (string, error) {
	if a.Config.RootKey.IsZero() {
		next, err := vault.NextRootKey(a.rootKeyFile())
		if err != nil {
			return "", err
		}
		if err := a.Vault.RotateRoot(ctx, next); err != nil {
			return "", err
		}
		return "copy " + a.rootKeyFile() + " and the custody folder beside it to a safe place again", vault.TakeNextRootKey(a.rootKeyFile())
	}
	if a.Config.RootKeyNext.IsZero() {
		return "", desk.Fail(desk.Invalid, "no_next_root",
			"the root key is PARLEY_ROOT_KEY: put a new one (openssl rand -base64 32) into PARLEY_ROOT_KEY_NEXT beside it, start the server again and repeat this command")
	}
	next, err := envRoot("PARLEY_ROOT_KEY_NEXT", a.Config.NextRootKeyBytes)
	if err != nil {
		return "", err
	}
	return "now write the value of PARLEY_ROOT_KEY_NEXT into PARLEY_ROOT_KEY and remove PARLEY_ROOT_KEY_NEXT; the key before opens nothing any more",
		a.Vault.RotateRoot(ctx, next)
}

// rootKeys takes the key from the settings, or from a file that is made at the
// first start, and with it the one before while a rotation is under way.
func (in *Install) rootKeys() (root, before vault.Root, err error) {
	if in.Config.RootKey.IsZero() {
		return vault.RootKeyFiles(in.rootKeyFile())
	}
	if root, err = envRoot("PARLEY_ROOT_KEY", in.Config.RootKeyBytes); err != nil || in.Config.RootKeyNext.IsZero() {
		return root, vault.Root{}, err
	}
	next, err := envRoot("PARLEY_ROOT_KEY_NEXT", in.Config.NextRootKeyBytes)
	return next, root, err
}

func envRoot(name string, read func() ([]byte, error)) (vault.Root, error) {
	raw, err := read()
	if err != nil || len(raw) != 32 {
		return vault.Root{}, fmt.Errorf("%s: %w", name, errors.Join(err, vault.ErrRootKey))
	}
	return vault.NewRoot([32]byte(raw)), nil
}

// endRootRotation ends what a crash interrupted, before anything is opened.
func (in *Install) endRootRotation(ctx context.Context, root vault.Root) error {
	if !in.Config.RootKey.IsZero() {
		return nil // which of the two stays is the operator's to say
	}
	if _, err := os.Stat(in.rootKeyFile() + ".next"); err != nil {
		return nil
	}
	if err := in.Vault.RotateRoot(ctx, root); err != nil {
		return err
	}
	return vault.TakeNextRootKey(in.rootKeyFile())
}

// checkKeyAges names what is past its term.
func (a *App) checkKeyAges(ctx context.Context) Finding {
	all, err := a.Vault.Register(ctx)
	if err != nil {
		return Finding{"key ages", Fail, err.Error()}
	}
	for _, k := range all {
		if !k.Due {
			continue
		}
		text := fmt.Sprintf("the %s key is from %s, past its term of %d days: run parley key rotate", k.Kind, k.Oldest.UTC().Format(time.DateOnly), k.Term/(24*time.Hour))
		if k.Kind == vault.EpochKey {
			text = "the epoch has not turned since " + k.Oldest.UTC().Format(time.DateOnly) + ", so what was erased since is not yet beyond recovery: look for \"epoch\" in the log, then run parley key rotate"
		}
		return Finding{"key ages", Warn, text}
	}
	return Finding{"key ages", OK, "no key is past its term; parley key list shows the register"}
}
