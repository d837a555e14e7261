package archtest

import (
	"bytes"
	"go/format"
	"io/fs"
	"os"
	"path"
	"testing"
)

func ragged(src []byte) bool {
	formatted, err := format.Source(src)
	return err != nil || !bytes.Equal(formatted, src)
}

// Every file is as gofmt writes it, so that a change shows nothing but itself.
func TestEveryFileIsAsGofmtWritesIt(t *testing.T) {
	t.Parallel()
	if !ragged([]byte("package a\n\nvar  x = 1\n")) || ragged([]byte("package a\n\nvar x = 1\n")) {
		t.Fatal("the check tells nothing apart")
	}
	at, err := findRoot()
	if err != nil {
		t.Fatal(err)
	}
	root, files := os.DirFS(at), 0
	err = fs.WalkDir(root, ".", func(p string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && leaveOut(p) {
			return fs.SkipDir
		}
		if err != nil || path.Ext(p) != ".go" {
			return err
		}
		files++
		src, err := fs.ReadFile(root, p)
		if err == nil && ragged(src) {
			t.Errorf("%s: run gofmt -w", p)
		}
		return err
	})
	if err != nil || files < 300 {
		t.Fatalf("%d files were looked at: %v", files, err)
	}
}
