package store

import (
	"context"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"regexp"
	"sort"
	"strings"
	"testing"

	"parley/internal/kit/clock"
	"parley/test/pgtest"
)

// statements type-checks the package far enough to know the value of every
// string constant that is a statement.
func statements(t *testing.T) map[string]string {
	t.Helper()
	fset := token.NewFileSet()
	var files []*ast.File
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if name := e.Name(); strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") {
			f, err := parser.ParseFile(fset, name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, f)
		}
	}
	conf := types.Config{Error: func(error) {}}     // without an importer nothing foreign resolves;
	pkg, _ := conf.Check("store", fset, files, nil) // our constants do
	found := map[string]string{}
	for _, name := range pkg.Scope().Names() {
		c, ok := pkg.Scope().Lookup(name).(*types.Const)
		if !ok || !statementName.MatchString(name) || c.Val().Kind() != constant.String {
			continue
		}
		found[name] = constant.StringVal(c.Val())
	}
	if len(found) < 50 {
		t.Fatalf("found only %d statements: the search is broken", len(found))
	}
	return found
}

var statementName = regexp.MustCompile(`^sql[A-Z]`) // not sqliteEngine

var tableStatement = regexp.MustCompile(`^\s*(CREATE|PRAGMA|LOCK|NOTIFY|LISTEN|SET)`)

// Every statement of the package is prepared on both engines: a slip in one
// dialect is found here and not by a customer.
func TestEveryStatementPreparesOnBothEngines(t *testing.T) {
	t.Parallel()
	all := statements(t)
	for name, url := range map[string]string{"sqlite": "", "postgres": pgtest.DB(t)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			ctx := context.Background()
			keys, err := OpenKeys(ctx, url, dir)
			if err != nil {
				t.Fatal(err)
			}
			defer keys.Close()
			db, err := Open(ctx, Config{URL: url, Dir: dir, Clock: clock.Real{}, NewID: func() int64 { return 1 }})
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			for stmt, text := range all {
				if tableStatement.MatchString(text) || strings.HasSuffix(stmt, "Postgres") && url == "" || strings.HasSuffix(stmt, "SQLite") && url != "" {
					continue
				}
				handle := db.writes
				if strings.HasPrefix(stmt, "sqlKey") {
					handle = keys.db
				}
				if url == "" {
					text = numbered(text)
				}
				st, err := handle.PrepareContext(ctx, text)
				if err != nil {
					t.Errorf("%s: %v", stmt, err)
					continue
				}
				_ = st.Close()
			}
		})
	}
}

var (
	columnLine = regexp.MustCompile(`^  ([a-z_]+) (BIGINT|TEXT|BOOLEAN|DOUBLE PRECISION|\{\{bytes\}\})[ ,]`)
	classNote  = regexp.MustCompile(`-- (none|identifier|contact|content|network|secret|special)(/(contact|member|visitor))?: \S`)
)

// covers A-19-03: a column without a data class does not build.
func TestEveryColumnHasADataClass(t *testing.T) {
	t.Parallel()
	names, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil || len(names) == 0 {
		t.Fatalf("migrations: %v", err)
	}
	sort.Strings(names)
	columns := 0
	for _, name := range names {
		raw, err := migrationFiles.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(raw), "\n") {
			col := columnLine.FindStringSubmatch(line)
			if col == nil {
				if strings.HasPrefix(line, "  ") && !strings.HasPrefix(strings.TrimSpace(line), "PRIMARY KEY") && !strings.HasPrefix(strings.TrimSpace(line), "--") && strings.Contains(line, "NOT NULL") {
					t.Errorf("%s:%d: not the form «  name TYPE …, -- class[/subject]: purpose»: %s", name, i+1, line)
				}
				continue
			}
			columns++
			if !classNote.MatchString(line) {
				t.Errorf("%s:%d: column %s has no data class", name, i+1, col[1])
			}
			sealed := col[2] == "{{bytes}}"
			if personal := strings.Contains(line, "-- contact") || strings.Contains(line, "-- content"); personal && !sealed && !strings.Contains(line, "keyed hash") {
				t.Errorf("%s:%d: column %s holds %s in clear", name, i+1, col[1], "personal data")
			}
		}
	}
	if columns < 80 {
		t.Fatalf("saw only %d columns: the parser is broken", columns)
	}
}

// SQLite takes $n for a name and may bind it by first appearance.
func TestNumberedArgumentsKeepTheirPlaces(t *testing.T) {
	t.Parallel()
	db, err := Open(context.Background(), Config{Dir: t.TempDir(), Clock: clock.Real{}, NewID: func() int64 { return 1 }})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var got string
	err = db.In(0).Read(context.Background(), func(r *Rx) error { return r.row("SELECT $2 || $1", "a", "b").Scan(&got) })
	if err != nil || got != "ba" {
		t.Fatalf("got %q, %v; want ba", got, err)
	}
}
