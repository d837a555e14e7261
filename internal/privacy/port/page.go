package port

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"parley/internal/desk"
	"parley/internal/privacy"
	"parley/internal/store"
)

// Page is docs/export.md: what an export holds, column by column, and what stays.
func Page() (string, error) {
	along, stay, err := store.PortTables()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, `# The form of a workspace that moves

Made from the data map; after a new step of the schema run `+"`go test ./internal/privacy/port -run Page -update`"+`.

`+"`parley export --workspace NAME --out FILE`"+` and *Settings → Workspace → Take everything along* write a ZIP of the form %s, version %d. `+"`parley workspace import FILE`"+` brings it into another install: all of it or nothing.

`, Form, Version)
	for line := range strings.Lines(readme) {
		b.WriteString("    " + line)
	}
	b.WriteString("\n## What goes along\n\nid: a number as text. number: as text, too, where it is larger than 2^53. time: RFC 3339 in UTC, or null. text and bytes: see above; sealed says that `_sealed_for` may name whose it is.\n")
	for _, t := range along {
		fmt.Fprintf(&b, "\n### %s\n\n| column | form | holds |\n|---|---|---|\n", t.Name)
		for _, c := range t.Columns {
			fmt.Fprintf(&b, "| %s | %s | %s |\n", c.Name, c.Shape(), c.Purpose)
		}
	}
	b.WriteString("\n## What stays\n\n| table | why |\n|---|---|\n")
	for _, table := range slices.Sorted(maps.Keys(stay)) {
		why := stay[table]
		if why == "" {
			why = "keys of this install, and its record of erasures"
		}
		fmt.Fprintf(&b, "| %s | %s |\n", table, why)
	}
	b.WriteString("\nAlso passwords, and whether the workspace is suspended or closed.\n")
	personPage(&b)
	return b.String(), nil
}

// personPage describes what a person is handed, from the types it is written with.
func personPage(b *strings.Builder) {
	fmt.Fprintf(b, `
# The form of a person's copy

What a person is handed is a ZIP of the form %s, version %d: person.json, conversations/ID-N.json with up to 500 messages each, the files, records.json with what else is held (it says itself what each column means), pages for a browser, and a manifest with the length and SHA-256 of each. `+"`parley privacy import-person FILE --workspace NAME`"+` brings it into another business's Parley; of records.json nothing is brought.
`, privacy.CopyForm, privacy.CopyVersion)
	for _, v := range []any{privacy.PersonDoc{}, privacy.ContactDoc{}, privacy.ChannelDoc{}, privacy.IdentityDoc{}, privacy.ProfileDoc{}, privacy.OptInDoc{}, privacy.ThreadMark{}, privacy.ThreadDoc{}, privacy.MessageDoc{}, privacy.FileDoc{}} {
		of := reflect.TypeOf(v)
		fmt.Fprintf(b, "\n### %s\n\n| member | form |\n|---|---|\n", of.Name())
		members(b, of)
	}
}

func members(b *strings.Builder, of reflect.Type) {
	for i := range of.NumField() {
		f := of.Field(i)
		if f.Anonymous {
			members(b, f.Type)
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		fmt.Fprintf(b, "| %s | %s |\n", name, shape(f.Type))
	}
}

// shape is how a value of a type is written.
func shape(t reflect.Type) string {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return "time"
	case t == reflect.TypeFor[desk.ID]():
		return "id"
	case t.Kind() == reflect.Slice:
		return "list of " + shape(t.Elem())
	case t.Kind() == reflect.Pointer:
		return shape(t.Elem())
	case t.Kind() == reflect.Struct:
		return t.Name()
	case t.Kind() == reflect.String:
		return "text"
	case t.Kind() == reflect.Bool:
		return "true or false"
	}
	return "number"
}
