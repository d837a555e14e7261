package store_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"parley/internal/desk"
	"parley/internal/store"
	"parley/test/storetest"
)

// A vector tells about the words it was made of: it lies sealed, and neither it
// nor its bytes outlast the passage.
func TestVectorsLieSealedAndGoWithTheirPassage(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		ws := storetest.Workspace(t, w.DB, "a shop")
		numbers := make([]int8, 64)
		for i := range numbers {
			numbers[i] = int8(i*37%255 - 127)
		}
		var source desk.ID
		err := ws.Write(ctx, func(tx *store.Tx) error {
			source = tx.NewID()
			if err := tx.InsertSource(store.Source{ID: source, Kind: "text", Name: "one", State: store.SourceReady}, "one", []byte("x")); err != nil {
				return err
			}
			if err := tx.ReplacePassages(source, []store.Passage{{Language: "en", PassageBody: store.PassageBody{Text: "one"}}, {Language: "en", PassageBody: store.PassageBody{Text: "two"}}}); err != nil {
				return err
			}
			bare, err := tx.Unmeant(10)
			if err != nil || len(bare) != 2 {
				t.Errorf("%d passages have no vector, %v", len(bare), err)
			}
			var all []store.Vector
			for _, p := range bare {
				all = append(all, store.Vector{Passage: p.ID, Vendor: desk.OpenAI, Model: "m", Components: numbers})
			}
			stale := bare[1]
			stale.Text = "what it said before"
			return tx.PutVectors([]store.Passage{bare[0], stale}, all)
		})
		if err != nil {
			t.Fatal(err)
		}
		var got []store.Vector
		read := func(r *store.Rx) error {
			got = nil
			return r.EachVector(0, func(v store.Vector) { got = append(got, v) })
		}
		if err := ws.Read(ctx, read); err != nil {
			t.Fatal(err)
		}
		if len(got) != 1 || got[0].Model != "m" || got[0].Vendor != desk.OpenAI || got[0].Stamp == 0 || !bytes.Equal(asBytes(got[0].Components), asBytes(numbers)) {
			t.Fatalf("kept: %+v", got)
		}
		noneInClear(t, w.Dir, asBytes(numbers))
		other := storetest.Workspace(t, w.DB, "another shop")
		if err := other.Read(ctx, read); err != nil || len(got) != 0 {
			t.Errorf("another workspace reads %d vectors, %v", len(got), err)
		}
		err = ws.Write(ctx, func(tx *store.Tx) error {
			bare, err := tx.Unmeant(10)
			if err != nil {
				return err
			}
			err = tx.PutVectors(bare, []store.Vector{{Passage: bare[0].ID, Vendor: desk.OpenAI, Model: "m", Components: numbers[:32]}})
			if desk.CodeOf(err) != desk.Conflict {
				t.Errorf("a vector of another length: %v", err)
			}
			return tx.DropSource(source)
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := ws.Read(ctx, read); err != nil || len(got) != 0 {
			t.Errorf("%d vectors outlast the source, %v", len(got), err)
		}
	})
}

// noneInClear looks for bytes in every file of an install.
func noneInClear(t *testing.T, dir string, what []byte) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if bytes.Contains(raw, what) {
			t.Errorf("%s holds a vector in clear", e.Name())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func asBytes(v []int8) []byte {
	out := make([]byte, len(v))
	for i, c := range v {
		out[i] = byte(c)
	}
	return out
}
