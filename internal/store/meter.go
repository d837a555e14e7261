package store

const (
	sqlStopped = `SELECT kind, count(*) FROM lane WHERE fault <> '' GROUP BY kind`
	sqlSpentBy = `SELECT vendor, CAST(sum(calls) AS BIGINT), CAST(sum(failed) AS BIGINT), CAST(sum(tokens_in) AS BIGINT), CAST(sum(tokens_out) AS BIGINT),
		CAST(sum(micros) AS BIGINT) FROM ai_spend GROUP BY vendor ORDER BY vendor`
	sqlMailed = `SELECT state, count(*) FROM letter GROUP BY state`
)

// VendorSpend is what calls to one vendor came to, as far as days of it are kept.
type VendorSpend struct {
	Vendor              string
	Calls, Failed       int64
	TokensIn, TokensOut int64
	Micros              int64 // millionths of a US dollar
}

// Stopped counts for each kind of work what failed too often and waits for a
// person, with the kinds of Backlogs; the reader is the instance's.
func (r *Rx) Stopped() (map[string]int, error) { return r.counted(sqlStopped) }

// Mailed counts the letters to members by how far they came; the reader is the
// instance's.
func (r *Rx) Mailed() (map[string]int, error) { return r.counted(sqlMailed) }

func (r *Rx) counted(query string) (map[string]int, error) {
	all := map[string]int{}
	err := r.each(query, nil, func(row scanner) error {
		var of string
		var n int
		err := row.Scan(&of, &n)
		all[of] = n
		return err
	})
	return all, err
}

// SpendByVendor sums what was spent at each vendor; the reader is the instance's.
func (r *Rx) SpendByVendor() ([]VendorSpend, error) {
	var all []VendorSpend
	err := r.each(sqlSpentBy, nil, func(row scanner) error {
		var s VendorSpend
		err := row.Scan(&s.Vendor, &s.Calls, &s.Failed, &s.TokensIn, &s.TokensOut, &s.Micros)
		all = append(all, s)
		return err
	})
	return all, err
}
