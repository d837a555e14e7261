package store

import (
	"database/sql"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"testing"

	"parley/internal/kit/clock"
)

// tenantBench runs any statement of the package twice on made-up rows: once where
// one workspace lies alone in the database, once beside its twin, another
// workspace whose rows hold the very same values. A statement that stays in its
// workspace sees and changes the same both times and leaves the twin as it was.
// The tables have the columns and the workspace's own unique keys of the real
// ones, and nothing that would keep a twin out.
type tenantBench struct {
	db     *sql.DB
	tables map[string][]tenantColumn
	rnd    *rand.Rand // of the statement at hand
}

type tenantColumn struct {
	name string
	kind string // BIGINT, TEXT, BOOLEAN, BLOB, DOUBLE PRECISION
}

// mine and theirs are the two workspaces.
const mine, theirs = int64(1), int64(2)

func newTenantBench(t *testing.T) *tenantBench {
	t.Helper()
	dir := t.TempDir()
	keys, err := OpenKeys(t.Context(), "", dir)
	if err != nil {
		t.Fatal(err)
	}
	defer keys.Close()
	real, err := Open(t.Context(), Config{Dir: dir, Clock: clock.Real{}, NewID: func() int64 { return 1 }})
	if err != nil {
		t.Fatal(err)
	}
	defer real.Close()
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = db.Close() })
	b := &tenantBench{db: db, tables: map[string][]tenantColumn{}}
	for _, from := range []*sql.DB{real.writes, keys.db} {
		for _, name := range b.texts(t, from, sqlCopyTablesSQLite) {
			b.copyTable(t, from, name)
		}
	}
	if len(b.tables) < 50 {
		t.Fatalf("saw %d tables: the search is broken", len(b.tables))
	}
	return b
}

// draws begins the made-up values of one statement: the same ones in every run.
func (b *tenantBench) draws(name string) {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name))
	b.rnd = rand.New(rand.NewPCG(h.Sum64(), 1))
}

// copyTable makes a table without its constraints, but with the unique keys that
// begin with the workspace: the twin's rows never meet those.
func (b *tenantBench) copyTable(t *testing.T, real *sql.DB, name string) {
	t.Helper()
	var cols []tenantColumn
	var made []string
	for _, c := range b.texts(t, real, `SELECT name || ' ' || type FROM pragma_table_info('`+name+`') ORDER BY cid`) {
		n, kind, _ := strings.Cut(c, " ")
		cols = append(cols, tenantColumn{n, kind})
		made = append(made, c)
	}
	b.must(t, `CREATE TABLE `+name+` (`+strings.Join(made, ", ")+`)`)
	for i, key := range b.texts(t, real, `SELECT (SELECT group_concat(name, ', ') FROM (SELECT name FROM pragma_index_info(l.name) ORDER BY seqno))
			|| CASE WHEN l.partial THEN ' ' || (SELECT substr(sql, instr(sql, 'WHERE')) FROM sqlite_master WHERE name = l.name) ELSE '' END
		FROM pragma_index_list('`+name+`') l WHERE l."unique" AND l.name IS NOT NULL`) {
		cols, where, _ := strings.Cut(key, " WHERE ")
		if strings.HasPrefix(cols, "workspace_id") {
			if where != "" {
				where = " WHERE " + where
			}
			b.must(t, fmt.Sprintf(`CREATE UNIQUE INDEX %s_key%d ON %s (%s)%s`, name, i, name, cols, where))
		}
	}
	b.tables[name] = cols
}

func (b *tenantBench) texts(t *testing.T, db *sql.DB, query string) (all []string) {
	t.Helper()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	return all
}

func (b *tenantBench) must(t *testing.T, query string, args ...any) {
	t.Helper()
	if _, err := b.db.Exec(query, args...); err != nil {
		t.Fatalf("%v: %s", err, query)
	}
}

// owner is the column that says whose a row is; "" for tables of the install.
func (b *tenantBench) owner(table string) string {
	if table == "workspace" {
		return "id"
	}
	for _, c := range b.tables[table] {
		if c.name == "workspace_id" {
			return c.name
		}
	}
	return ""
}

func (b *tenantBench) owned(table string) bool { return b.owner(table) != "" }

// tenantTrial is one filling of the tables a statement speaks of, and the values
// it is asked with.
type tenantTrial struct {
	tables []string
	rows   map[int64]map[string][][]any // of each of the two
	args   []any
}

var (
	wordOf     = regexp.MustCompile(`[a-z_]+`)
	literalOf  = regexp.MustCompile(`([a-z_]+) (?:=|<>|<|>|<=|>=) (-?\d+|'[^']*')`)
	inListOf   = regexp.MustCompile(`([a-z_]+) (?:NOT )?IN \(('[^)]*'|[\d, ]+)\)`)
	paramOf    = regexp.MustCompile(`\$(\d+)`)
	comparedTo = regexp.MustCompile(`(?:[a-z_]+\.)?([a-z_]+)\s*(=|<>|<=|>=|<|>)\s*\$(\d+)`)
	pairsOf    = regexp.MustCompile(`\(([a-z_., ]+)\) (=|<|>|<=|>=) \(([$\d, ]+)\)`)
	setOf      = regexp.MustCompile(`(?s)\bSET .*?\bWHERE\b`) // what is written there need not be there before
	insertOf   = regexp.MustCompile(`(?s)INSERT INTO [a-z_]+ \(([a-z_,\s]+)\)\s+VALUES\s+\(([^)]*)\)`)
)

// speaks lists the tables whose names stand in a statement.
func (b *tenantBench) speaks(query string) (all []string) {
	seen := map[string]bool{}
	for _, w := range wordOf.FindAllString(query, -1) {
		if _, is := b.tables[w]; is && !seen[w] {
			seen[w] = true
			all = append(all, w)
		}
	}
	sort.Strings(all)
	return all
}

// domain is what the columns of a statement may hold to be found by it or not.
func domain(query string) map[string][]any {
	d := map[string][]any{}
	add := func(col, lit string) {
		if strings.HasPrefix(lit, "'") {
			d[col] = append(d[col], strings.Trim(lit, "'"))
		} else if n, err := strconv.ParseInt(strings.TrimSpace(lit), 10, 64); err == nil {
			d[col] = append(d[col], n, n+1)
		}
	}
	for _, m := range literalOf.FindAllStringSubmatch(query, -1) {
		add(m[1], m[2])
		if n, err := strconv.ParseInt(m[2], 10, 64); err == nil && strings.Contains(m[0], "<") {
			d[m[1]] = append(d[m[1]], n-1)
		}
	}
	for _, m := range inListOf.FindAllStringSubmatch(query, -1) {
		for _, lit := range strings.Split(m[2], ",") {
			add(m[1], strings.TrimSpace(lit))
		}
	}
	return d
}

func (b *tenantBench) value(c tenantColumn, d map[string][]any) any {
	if lits := d[c.name]; len(lits) > 0 && b.rnd.IntN(4) > 0 {
		return lits[b.rnd.IntN(len(lits))]
	}
	switch {
	case b.rnd.IntN(8) == 0:
		return nil
	case c.kind == "BOOLEAN":
		return int64(b.rnd.IntN(2))
	case c.kind == "TEXT":
		return []string{"5", "6", ""}[min(2, b.rnd.IntN(9)/4)]
	case c.kind == "BLOB":
		return []byte{byte('5' + b.rnd.IntN(2))}
	case strings.HasPrefix(c.kind, "DOUBLE"):
		return float64(5 + b.rnd.IntN(2))
	}
	return int64(5 + b.rnd.IntN(2) + 40*(b.rnd.IntN(6)/5)) // now and then a larger one
}

// trial fills mine at random. The twin has the same rows, or every second time
// rows of its own, which show where only the first or largest is looked for. In
// the column apart ("" = none) its rows hold what nobody asks for.
func (b *tenantBench) trial(query, apart string) tenantTrial {
	tr := tenantTrial{tables: b.speaks(query), rows: map[int64]map[string][][]any{}}
	d := domain(query)
	first := map[string]any{}
	tr.rows[mine] = b.made(tr.tables, d, first)
	tr.rows[theirs] = tr.rows[mine]
	if b.rnd.IntN(2) == 0 {
		tr.rows[theirs] = b.made(tr.tables, d, first)
	}
	if apart != "" {
		tr.rows[theirs] = b.made(tr.tables, d, first)
		for _, table := range tr.tables {
			for _, row := range tr.rows[theirs][table] {
				for i, c := range b.tables[table] {
					if c.name == apart {
						row[i] = "another"
					}
				}
			}
		}
	}
	tr.args = b.arguments(query, tr.tables, first)
	return tr
}

// made are rows of some tables; every second value is the first one made for a
// column of its name, so that joins find their match.
func (b *tenantBench) made(tables []string, d map[string][]any, first map[string]any) map[string][][]any {
	rows := map[string][][]any{}
	for _, table := range tables {
		for range b.rnd.IntN(4) {
			var row []any
			for _, c := range b.tables[table] {
				v := b.value(c, d)
				if old, is := first[c.name]; !is {
					first[c.name] = v
				} else if b.rnd.IntN(2) == 0 {
					v = old
				}
				row = append(row, v)
			}
			rows[table] = append(rows[table], row)
		}
	}
	return rows
}

// arguments are guesses from where a number stands in the statement.
func (b *tenantBench) arguments(query string, tables []string, first map[string]any) []any {
	most := 0
	for _, m := range paramOf.FindAllStringSubmatch(query, -1) {
		n, _ := strconv.Atoi(m[1])
		most = max(most, n)
	}
	args := make([]any, most)
	for i := range args {
		args[i] = []any{int64(5), int64(1000), "7", int64(0)}[b.rnd.IntN(4)]
		if strings.Contains(query, fmt.Sprintf("LIMIT $%d", i+1)) {
			args[i] = []any{int64(1), int64(1000)}[b.rnd.IntN(2)] // few: then another's rows take the room of one's own
		}
	}
	set := func(col, op string, n int) {
		v := first[strings.TrimSpace(col[strings.LastIndex(col, ".")+1:])]
		if i, is := v.(int64); is && op != "<>" && strings.HasPrefix(op, "<") {
			v = i + 10
		} else if is && strings.HasPrefix(op, ">") {
			v = i - 10
		}
		args[n-1] = v
	}
	for _, m := range insertOf.FindAllStringSubmatch(query, -1) {
		values := strings.Split(m[2], ",")
		for i, col := range strings.Split(m[1], ",") {
			if i < len(values) && strings.HasPrefix(strings.TrimSpace(values[i]), "$") {
				n, _ := strconv.Atoi(strings.TrimSpace(values[i])[1:])
				set(col, "=", n)
			}
		}
	}
	for _, m := range comparedTo.FindAllStringSubmatch(setOf.ReplaceAllString(query, "WHERE"), -1) {
		n, _ := strconv.Atoi(m[3])
		set(m[1], m[2], n)
	}
	for _, m := range pairsOf.FindAllStringSubmatch(query, -1) {
		values := strings.Split(m[3], ",")
		for i, col := range strings.Split(m[1], ",") {
			if n, err := strconv.Atoi(strings.Trim(strings.TrimSpace(values[i]), "$")); err == nil {
				set(col, m[2], n)
			}
		}
	}
	for _, m := range ownedBy.FindAllStringSubmatch(query, -1) {
		n, _ := strconv.Atoi(m[1])
		args[n-1] = mine
	}
	for _, m := range insertOf.FindAllStringSubmatch(query, -1) {
		if strings.HasPrefix(strings.TrimSpace(m[1]), "workspace_id") && strings.HasPrefix(m[2], "$1") {
			args[0] = mine
		}
	}
	if len(tables) == 1 && tables[0] == "workspace" && strings.Contains(query, "WHERE id = $1") {
		args[0] = mine
	}
	return args
}

var ownedBy = regexp.MustCompile(`workspace_id = \$(\d+)`)

// strays runs a statement alone and beside the twin and says whether it saw or
// changed anything of the twin's. A statement that fails in one way both times
// strays nowhere.
func (b *tenantBench) strays(t *testing.T, query string, tr tenantTrial) (bool, error) {
	t.Helper()
	b.must(t, "BEGIN")
	defer b.must(t, "ROLLBACK")
	b.fill(t, tr, mine)
	b.must(t, "SAVEPOINT filled")
	alone, err := b.seen(query, tr)
	b.must(t, "ROLLBACK TO filled")
	if err != nil {
		return false, err
	}
	b.fill(t, tr, theirs)
	before := b.shot(tr, theirs)
	beside, err := b.seen(query, tr)
	return err == nil && (alone != beside || before != b.shot(tr, theirs)), err
}

func (b *tenantBench) fill(t *testing.T, tr tenantTrial, whose int64) {
	t.Helper()
	for _, table := range tr.tables {
		owner := b.owner(table)
		if owner == "" && whose == theirs {
			continue
		}
		for _, row := range tr.rows[whose][table] {
			row = append([]any(nil), row...)
			for i, c := range b.tables[table] {
				if c.name == owner {
					row[i] = whose
				}
			}
			b.must(t, `INSERT OR IGNORE INTO `+table+` VALUES (`+strings.TrimSuffix(strings.Repeat("?,", len(row)), ",")+`)`, row...)
		}
	}
}

// seen is what a statement answers, and my rows after it.
func (b *tenantBench) seen(query string, tr tenantTrial) (string, error) {
	said, err := b.ask(query, tr.args...)
	return said + b.shot(tr, mine), err
}

func (b *tenantBench) shot(tr tenantTrial, whose int64) (all string) {
	for _, table := range tr.tables {
		if owner := b.owner(table); owner != "" {
			said, err := b.ask(`SELECT * FROM `+table+` WHERE `+owner+` = ? ORDER BY rowid`, whose)
			all += fmt.Sprintln(table, said, err)
		}
	}
	return all
}

func (b *tenantBench) ask(query string, args ...any) (string, error) {
	rows, err := b.db.Query(query, args...)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	cols, _ := rows.Columns()
	var said strings.Builder
	for rows.Next() {
		got, to := make([]any, len(cols)), make([]any, len(cols))
		for i := range got {
			to[i] = &got[i]
		}
		if err := rows.Scan(to...); err != nil {
			return "", err
		}
		fmt.Fprintln(&said, got...)
	}
	return said.String(), rows.Err()
}
