package app_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"parley/internal/app"
	"parley/internal/desk"
	"parley/internal/kit/config"
	"parley/internal/vault"
)

// withRoot opens an install whose root key comes from the settings.
func withRoot(t *testing.T, dir, root, next string) (*app.Install, error) {
	t.Helper()
	cfg, err := config.Load(func(name string) string {
		return map[string]string{"PARLEY_DATA": dir, "PARLEY_ROOT_KEY": root, "PARLEY_ROOT_KEY_NEXT": next}[name]
	})
	if err != nil {
		t.Fatal(err)
	}
	return app.Open(context.Background(), cfg, slog.New(slog.DiscardHandler))
}

// A root key from the settings is changed by a second setting beside it: both
// open until the rotation, then only the new one does (asvs: V13.3.4).
func TestARootKeyFromTheSettingsIsChangedByTheNextOne(t *testing.T) {
	t.Parallel()
	dir, first, second := t.TempDir(), strings.Repeat("1a", 32), strings.Repeat("2b", 32)
	rotate := func(in *app.Install) (app.KeysRotated, error) {
		t.Helper()
		a, err := app.Build(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := a.AddKey(t.Context(), app.AddKey{Workspace: "Northwind", Name: "n", Role: desk.RoleOwner}); err != nil {
			t.Fatal(err)
		}
		done, err := a.RotateKeys(t.Context(), app.RotateKeys{Root: true, Workspaces: true})
		checks, e1 := a.VerifyAudit(t.Context(), app.VerifyAudit{})
		marks, e2 := a.MarkAudit(t.Context())
		if e := errors.Join(e1, e2, in.Close()); e != nil || len(checks) == 0 || len(marks) != len(checks) || checks[0].Broken != "" {
			t.Fatal(e, checks, marks)
		}
		return done, err
	}
	open := func(root, next string) *app.Install {
		t.Helper()
		in, err := withRoot(t, dir, root, next)
		if err != nil {
			t.Fatal(err)
		}
		return in
	}
	if _, err := rotate(open(first, "")); desk.CodeOf(err) != desk.Invalid || !strings.Contains(err.Error(), "PARLEY_ROOT_KEY_NEXT") {
		t.Fatalf("without a next key: %v", err)
	}
	done, err := rotate(open(first, second))
	if err != nil || !done.Root || done.Workspaces != 1 || !strings.Contains(done.Text, "PARLEY_ROOT_KEY") {
		t.Fatalf("%+v, %v", done, err)
	}
	if in, err := withRoot(t, dir, first, ""); !errors.Is(err, vault.ErrRootKey) {
		t.Fatalf("the key before: %v, %v", in, err)
	}
	if err := open(first, second).Close(); err != nil { // not yet tidied up: still starts
		t.Fatal(err)
	}
	a, err := app.Build(t.Context(), open(second, ""))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = a.Install.Close() }()
	ages, err := a.ListKeys(t.Context())
	if err != nil || len(ages) < 3 || ages[0].Kind != "root" {
		t.Fatalf("%+v, %v", ages, err)
	}
	for _, k := range ages {
		if k.Due {
			t.Errorf("a new install's %s key is past its term: %+v", k.Kind, k)
		}
	}
}
