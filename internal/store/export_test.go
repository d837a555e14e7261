package store

// Queued is how many writes wait for their writer.
func Queued(h Handle) int { return len(h.db.queueOf(h.ws)) }

// CutWriter closes the server side of every connection of a PostgreSQL database
// but the asking one.
const sqlCutPostgres = `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`

// Cut ends every other connection to the reader's PostgreSQL database.
func Cut(r *Rx) error { var n int; return r.row(sqlCutPostgres).Scan(&n) }

// Exec runs a statement as a verb would.
func Exec(t *Tx, query string, args ...any) error { _, err := t.exec(query, args...); return err }

// Count reads a number as a verb would.
func Count(r *Rx, query string, args ...any) (n int, err error) {
	err = r.row(query, args...).Scan(&n)
	return n, err
}

// Each reads rows as a verb would.
func Each(r *Rx, query string, fn func()) error {
	return r.each(query, nil, func(scanner) error { fn(); return nil })
}

// Text reads one text as a verb would.
func Text(r *Rx, query string, args ...any) (s string, err error) {
	err = r.row(query, args...).Scan(&s)
	return s, err
}

// Texts reads many texts as a verb would.
func Texts(r *Rx, query string, args ...any) (all []string, err error) {
	err = r.each(query, args, func(s scanner) error {
		var one string
		err := s.Scan(&one)
		all = append(all, one)
		return err
	})
	return all, err
}

// Fields reads many sealed fields as they are stored.
func Fields(r *Rx, query string, args ...any) (all [][]byte, err error) {
	err = r.each(query, args, func(s scanner) error {
		var one []byte
		err := s.Scan(&one)
		if len(one) > 0 {
			all = append(all, one)
		}
		return err
	})
	return all, err
}
