package config

import (
	"fmt"
	"reflect"
	"strings"
)

// Page is docs/config.md: one row per setting, in the order of Config.
func Page() string {
	var b strings.Builder
	b.WriteString("# Settings\n\n" +
		"Made from `internal/kit/config`; change the fields there and run\n" +
		"`go test ./internal/kit/config -update`.\n\n" +
		"The program reads these from its environment; a flag of the same meaning wins.\n" +
		"Everything else is edited in the dashboard and stored.\n\n" +
		"| variable | default | meaning |\n|---|---|---|\n")
	t := reflect.TypeFor[Config]()
	for i := range t.NumField() {
		tag := t.Field(i).Tag
		def := tag.Get("default")
		if def != "" {
			def = "`" + def + "`"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", tag.Get("env"), def, tag.Get("doc"))
	}
	return b.String()
}
