package channeltest

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"parley/internal/desk"
)

// Golden holds what a channel reads from each case of a txtar archive to the
// archive beside it (".golden"). A case's name begins with the section of the
// reference that it is built from; its body is what parse makes a delivery of.
// update writes the goldens instead.
func Golden(t *testing.T, path string, update bool, parse func(body []byte) ([]desk.Arrival, error)) {
	t.Helper()
	cases, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	got := &txtar.Archive{Comment: []byte("What each case of the archive beside this one is read as. Written by go test -update.\n")}
	for _, c := range cases.Files {
		all, err := parse(c.Data)
		if err != nil {
			t.Errorf("%s: %v", c.Name, err)
			continue
		}
		for i, a := range all {
			sound(t, i, a)
		}
		again, err := parse(c.Data)
		if err != nil || !reflect.DeepEqual(all, again) {
			t.Errorf("%s: a repeat is not the same event (%v)", c.Name, err) // lessons 2.5: repeats vanish by their id
		}
		got.Files = append(got.Files, txtar.File{Name: c.Name, Data: []byte(Render(all))})
	}
	file := path + ".golden"
	if update {
		if err := os.WriteFile(file, txtar.Format(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	expected := map[string]string{}
	for _, f := range want.Files {
		expected[f.Name] = string(f.Data)
	}
	for _, f := range got.Files {
		if expected[f.Name] != string(f.Data) {
			t.Errorf("%s is read as\n%swant\n%s", f.Name, f.Data, expected[f.Name])
		}
	}
	if len(got.Files) != len(want.Files) {
		t.Errorf("%d cases, %d goldens", len(got.Files), len(want.Files))
	}
}

// Render shows arrivals as JSON, one field a line, without what is empty.
func Render(all []desk.Arrival) string {
	var b strings.Builder
	for _, a := range all {
		raw, err := json.MarshalIndent(shown(reflect.ValueOf(a)), "", "  ")
		if err != nil {
			raw = []byte(err.Error())
		}
		b.Write(raw)
		b.WriteByte('\n')
	}
	return b.String()
}

// shown keeps the fields that hold something.
func shown(v reflect.Value) any {
	switch v.Kind() {
	case reflect.Pointer:
		return shown(v.Elem())
	case reflect.Slice:
		all := make([]any, v.Len())
		for i := range all {
			all[i] = shown(v.Index(i))
		}
		return all
	case reflect.Struct:
		if at, ok := v.Interface().(time.Time); ok {
			return at.Format(time.RFC3339Nano)
		}
		fields := map[string]any{}
		for i := range v.NumField() {
			if f := v.Type().Field(i); !v.Field(i).IsZero() {
				fields[f.Name] = shown(v.Field(i))
			}
		}
		return fields
	case reflect.Int64:
		if d, ok := v.Interface().(time.Duration); ok {
			return d.String()
		}
	}
	return v.Interface()
}
