package store

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
)

// Column says what one column of the schema holds.
type Column struct {
	Table, Name string
	Type        string // BIGINT, TEXT, BOOLEAN, DOUBLE PRECISION or BYTES
	Class       string // none, identifier, contact, content, network, secret, special
	Subject     string // whom it tells about: contact, member, visitor; "" = nobody
	Purpose     string
	KeyStore    bool // kept with the keys, apart from the data
}

var (
	mapTable  = regexp.MustCompile(`^\s*CREATE TABLE (?:IF NOT EXISTS )?([a-z_]+) \(`)
	mapAdd    = regexp.MustCompile(`^\s*ALTER TABLE ([a-z_]+) ADD COLUMN (.*)$`)
	mapDrop   = regexp.MustCompile(`^\s*DROP TABLE (?:IF EXISTS )?([a-z_]+)`)
	mapOut    = regexp.MustCompile(`^\s*ALTER TABLE ([a-z_]+) DROP COLUMN ([a-z_]+)`)
	mapColumn = regexp.MustCompile(`^\s*([a-z_]+) (BIGINT|TEXT|BOOLEAN|DOUBLE PRECISION|\{\{bytes\}\})[ ,;].*?-- ([a-z]+)(?:/([a-z]+))?: (\S.*)$`)
)

// DataMap lists every column of the data and of the key store with its class,
// as the migrations declare it, in the order of the tables.
func DataMap() ([]Column, error) {
	names, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		return nil, fmt.Errorf("data map: %w", err)
	}
	slices.Sort(names)
	var all []Column
	for _, name := range names {
		if strings.HasSuffix(name, ".postgres.sql") && slices.Contains(names, strings.TrimSuffix(name, "postgres.sql")+"sqlite.sql") {
			continue // the same step in the other engine's words
		}
		raw, err := migrationFiles.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("data map: %w", err)
		}
		all = mapLines(all, string(raw), false)
	}
	return mapLines(all, sqlKeyTables, true), nil
}

// mapLines adds the columns that a schema's text declares, and takes out what it
// drops.
func mapLines(all []Column, text string, keys bool) []Column {
	table := ""
	add := func(in, line string) {
		if c := mapColumn.FindStringSubmatch(line); c != nil && in != "" {
			kind := strings.ReplaceAll(c[2], "{{bytes}}", "BYTES")
			all = append(all, Column{Table: in, Name: c[1], Type: kind, Class: c[3], Subject: c[4], Purpose: c[5], KeyStore: keys})
		}
	}
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		switch {
		case mapTable.MatchString(line):
			table = mapTable.FindStringSubmatch(line)[1]
		case mapAdd.MatchString(line):
			m := mapAdd.FindStringSubmatch(line)
			add(m[1], m[2])
		case mapDrop.MatchString(line):
			gone := mapDrop.FindStringSubmatch(line)[1]
			all = slices.DeleteFunc(all, func(c Column) bool { return c.Table == gone })
		case mapOut.MatchString(line):
			m := mapOut.FindStringSubmatch(line)
			all = slices.DeleteFunc(all, func(c Column) bool { return c.Table == m[1] && c.Name == m[2] })
		case strings.HasPrefix(strings.TrimSpace(line), ")"):
			table = ""
		default:
			add(table, line)
		}
	}
	return all
}
