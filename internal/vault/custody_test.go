package vault_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"parley/internal/kit/clock"
	"parley/internal/vault"
	"parley/internal/vault/vaulttest"
)

func fileCustody(t *testing.T) (custody *vault.FileCustody, dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "custody")
	custody, err := vault.NewFileCustody(dir)
	if err != nil {
		t.Fatal(err)
	}
	return custody, dir
}

func TestCustodyFilesAreForTheirOwnerOnlyAndLeaveNothing(t *testing.T) {
	t.Parallel()
	c, dir := fileCustody(t)
	for _, n := range []int64{10, 9, 11} {
		if err := c.Create(t.Context(), n, []byte("wrapped")); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Create(t.Context(), 9, []byte("another")); !errors.Is(err, vault.ErrEpochExists) {
		t.Fatalf("Create over an epoch: %v", err)
	}
	if got, err := c.Epochs(t.Context()); err != nil || len(got) != 3 || got[0] != 9 || got[2] != 11 {
		t.Fatalf("Epochs = %v, %v", got, err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 3 {
		t.Fatalf("the folder holds %v, %v", entries, err)
	}
	for _, e := range entries {
		if info, err := e.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v, %v", e.Name(), info.Mode(), err)
		}
	}
	if got, err := c.Load(t.Context(), 9); err != nil || string(got) != "wrapped" {
		t.Fatalf("Load = %q, %v", got, err)
	}
	for range 2 { // destroying again is no error
		if err := c.Destroy(t.Context(), 9); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.Load(t.Context(), 9); !errors.Is(err, vault.ErrNoEpoch) {
		t.Fatalf("Load after Destroy: %v", err)
	}
}

// A second name for the same file stands for what a disk may keep of it.
func TestDestroyedCustodyFileIsOverwritten(t *testing.T) {
	t.Parallel()
	c, dir := fileCustody(t)
	if err := c.Create(t.Context(), 1, bytes.Repeat([]byte("w"), 61)); err != nil {
		t.Fatal(err)
	}
	kept := filepath.Join(t.TempDir(), "kept")
	if err := os.Link(filepath.Join(dir, "epoch-1.key"), kept); err != nil {
		t.Fatal(err)
	}
	if err := c.Destroy(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadFile(kept); err != nil || !bytes.Equal(left, make([]byte, 61)) {
		t.Fatalf("left on disk: %q, %v", left, err)
	}
}

func TestCustodyClearsWhatACrashLeftHalfWritten(t *testing.T) {
	t.Parallel()
	_, dir := fileCustody(t)
	half := filepath.Join(dir, ".new-123")
	if err := os.WriteFile(half, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := vault.NewFileCustody(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(half); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the half-written file is still there: %v", err)
	}
	if got, err := c.Epochs(t.Context()); err != nil || len(got) != 0 {
		t.Errorf("Epochs = %v, %v", got, err)
	}
}

func TestCustodyThatOthersMayReadIsRefused(t *testing.T) {
	t.Parallel()
	c, dir := fileCustody(t)
	if err := c.Create(t.Context(), 1, []byte("wrapped")); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(dir, "epoch-1.key"), 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Load(t.Context(), 1); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("Load of a readable file: %v", err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := vault.NewFileCustody(dir); err == nil || !strings.Contains(err.Error(), "chmod 700") {
		t.Errorf("a folder others may enter: %v", err)
	}
}

func TestLostCustodyIsNotTakenForANewInstall(t *testing.T) {
	t.Parallel()
	o := vaulttest.Options(clock.NewFake(vaulttest.Start()))
	vaulttest.Open(t, o)
	o.Custody = vaulttest.NewCustody()
	if _, err := vault.New(t.Context(), o); !errors.Is(err, vault.ErrNoEpoch) {
		t.Fatalf("New without custody: %v; want ErrNoEpoch", err)
	}
	if got, err := o.Custody.Epochs(t.Context()); err != nil || len(got) != 0 {
		t.Fatalf("it made epochs %v, %v", got, err)
	}
}

func TestWrongOrMissingRootKeyIsSeenAtTheStart(t *testing.T) {
	t.Parallel()
	o := vaulttest.Options(clock.NewFake(vaulttest.Start()))
	vaulttest.Open(t, o)
	for _, root := range []vault.Root{{}, vault.NewRoot([32]byte{}), vault.NewRoot([32]byte{7})} {
		o.Root = root
		if _, err := vault.New(t.Context(), o); !errors.Is(err, vault.ErrRootKey) {
			t.Errorf("New with a bad root key: %v; want ErrRootKey", err)
		}
	}
}

func TestRootKeyFileIsMadeOnceAndKept(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "root.key")
	custody, _ := fileCustody(t)
	o := vaulttest.Options(clock.NewFake(vaulttest.Start()))
	o.Custody = custody
	roots, errs := make([]vault.Root, 8), make([]error, 8)
	var all sync.WaitGroup
	for i := range roots {
		all.Go(func() { roots[i], errs[i] = vault.RootKeyFile(path) })
	}
	all.Wait()
	for i := range roots {
		if errs[i] != nil {
			t.Fatal(errs[i])
		}
		o.Root = roots[i]
		vaulttest.Open(t, o) // opens only when all read the same key
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("root key file: %v, %v", info, err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if o.Root, err = vault.ParseRoot(text); err != nil {
		t.Fatal(err)
	}
	vaulttest.Open(t, o) // the same text may come from the environment
}

func TestRootKeyFileRefusesWhatIsNoPrivateKey(t *testing.T) {
	t.Parallel()
	good := strings.Repeat("0a", 32)
	for name, file := range map[string]struct {
		text string
		mode os.FileMode
		says string
	}{
		"group may read": {good, 0o640, "chmod 600"},
		"world may read": {good, 0o604, "chmod 600"},
		"empty":          {"", 0o600, "64 hexadecimal digits"},
		"short":          {good[:62], 0o600, "64 hexadecimal digits"},
		"long":           {good + "00", 0o600, "64 hexadecimal digits"},
		"very long":      {strings.Repeat(good, 1000), 0o600, "64 hexadecimal digits"},
		"not a number":   {strings.Repeat("zz", 32), 0o600, "hexadecimal digits only"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "root.key")
			if err := os.WriteFile(path, []byte(file.text), file.mode); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(path, file.mode); err != nil { // whatever the umask is
				t.Fatal(err)
			}
			_, err := vault.RootKeyFile(path)
			if err == nil || !strings.Contains(err.Error(), file.says) {
				t.Fatalf("RootKeyFile: %v; want words on %q", err, file.says)
			}
			if len(file.text) > 10 && strings.Contains(err.Error(), file.text[:10]) {
				t.Fatalf("the error shows the key: %v", err)
			}
		})
	}
	if _, err := vault.RootKeyFile(t.TempDir()); err == nil {
		t.Error("a folder was taken for a key")
	}
	if _, err := vault.RootKeyFile(filepath.Join(t.TempDir(), "no", "root.key")); err == nil {
		t.Error("a key appeared in a folder that is not there")
	}
}
