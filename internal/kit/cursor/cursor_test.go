package cursor_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"parley/internal/kit/cursor"
)

func TestCursorReadsBackWhatItWrote(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.StringN(0, 40, 40).Draw(t, "list")
		keys := rapid.SliceOfN(rapid.Int64(), 1, 8).Draw(t, "keys")
		got, err := cursor.Read(list, cursor.Make(list, keys...), len(keys))
		if err != nil || !slices.Equal(got, keys) {
			t.Fatalf("%v %v", got, err)
		}
	})
}

func TestEmptyCursorIsTheFirstPage(t *testing.T) {
	t.Parallel()
	if cursor.Make("a") != "" {
		t.Fatal("a cursor without keys")
	}
	if keys, err := cursor.Read("a", "", 2); err != nil || keys != nil {
		t.Fatal(keys, err)
	}
}

func TestCursorOfAnotherListOrShapeIsRefused(t *testing.T) {
	t.Parallel()
	good := cursor.Make("messages", 12, 34)
	bad := map[string]string{
		"other list":   cursor.Make("contacts", 12, 34),
		"fewer keys":   cursor.Make("messages", 12),
		"more keys":    cursor.Make("messages", 12, 34, 56),
		"not base64":   "%%%",
		"padding":      good + "=",
		"trailing bit": good[:len(good)-1] + "_",
		"new line":     good[:3] + "\n" + good[3:],
		"too long":     strings.Repeat("A", 10_000),
	}
	for name, s := range bad {
		if _, err := cursor.Read("messages", s, 2); !errors.Is(err, cursor.ErrBad) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(cursor.Make("messages", 12, 34))
	f.Add("")
	f.Fuzz(func(t *testing.T, s string) {
		keys, err := cursor.Read("messages", s, 2)
		if err == nil && s != "" && cursor.Make("messages", keys...) != s {
			t.Fatalf("%q reads as %v, which has another spelling", s, keys)
		}
	})
}
