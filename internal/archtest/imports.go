package archtest

import (
	"fmt"
	"strings"
)

// imports holds one file's imports to the layers and to the rules about single
// modules.
func (c *check) imports(dir string, f *file) {
	for _, spec := range f.ast.Imports {
		imported := strings.Trim(spec.Path.Value, `"`)
		line := f.line(spec)
		if to := c.local(imported); to != "" && to != dir {
			if why := c.rules.judge(dir, to, f.test); why != "" {
				c.add(Finding{"import", f.path, line, fmt.Sprintf("imports %s, but %s", to, why)})
			}
		}
		if why := c.foreign(dir, imported, f); why != "" {
			c.add(Finding{"import", f.path, line, fmt.Sprintf("imports %s, but %s", imported, why)})
		}
	}
}

// foreign judges an import of another module or the standard library.
func (c *check) foreign(dir, imported string, f *file) string {
	product := c.product(dir, f)
	layer := c.layer(dir)
	switch {
	case layer == "desk" && product && c.outside(imported):
		return "desk is pure: standard library only, without context, database, net and os, so that its rules can be tested without a world"
	case driver(imported) && layer != free && !under(dir, "internal/store"):
		return "only store knows a database: two engines stay one text because nobody else can reach them"
	case !product:
		return ""
	case imported == "crypto/rand" && dir != "internal/kit/secret":
		return "random bytes come from kit/secret, which cannot be mistaken for a weak source"
	case (imported == "math/rand" || imported == "math/rand/v2") && layer != "tool":
		return "chance in product code cannot be tested; where a spread is needed derive it from an id"
	}
	return ""
}

// outside reports what desk must not know.
func (c *check) outside(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	return strings.Contains(first, ".") || under(imported, c.module) ||
		first == "context" || first == "database" || first == "net" || first == "os"
}

func driver(imported string) bool {
	for _, m := range []string{"github.com/jackc/pgx", "modernc.org/sqlite", "github.com/lib/pq",
		"github.com/mattn/go-sqlite3", "github.com/pressly/goose"} {
		if under(imported, m) {
			return true
		}
	}
	return imported == "database/sql/driver"
}
