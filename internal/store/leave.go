package store

import (
	"parley/internal/desk"
)

// A member who leaves: the row stays, without anything about them, because
// messages and the record name its id.
const (
	sqlEmptyMember = `UPDATE member SET name = NULL, email = NULL, password = NULL, active = FALSE, verified_at = 0 WHERE workspace_id = $1 AND id = $2`
	sqlFactorsOf   = `SELECT count(*), coalesce((SELECT demand FROM factor_rule WHERE workspace_id = $1), 'nobody') FROM factor WHERE workspace_id = $1 AND member_id = $2`

	sqlLeaveSignIn   = `DELETE FROM sign_in WHERE workspace_id = $1 AND member_id = $2`
	sqlLeaveSessions = `DELETE FROM member_session WHERE workspace_id = $1 AND member_id = $2`
	sqlLeaveDevices  = `DELETE FROM member_device WHERE workspace_id = $1 AND member_id = $2`
	sqlLeaveOutside  = `DELETE FROM outside_identity WHERE workspace_id = $1 AND member_id = $2`
	sqlLeaveFactors  = `DELETE FROM factor WHERE workspace_id = $1 AND member_id = $2`
	sqlLeaveCodes    = `DELETE FROM recovery_code WHERE workspace_id = $1 AND member_id = $2`
	sqlLeaveLetters  = `DELETE FROM letter WHERE workspace_id = $1 AND member_id = $2`
)

// EmptyMember takes away everything that is about a member, and every way in.
// Destroying their key, which makes it so on old pages too, is the caller's.
func (t *Tx) EmptyMember(id desk.ID) error {
	for _, query := range []string{sqlLeaveSignIn, sqlLeaveSessions, sqlLeaveDevices, sqlLeaveOutside, sqlLeaveFactors, sqlLeaveCodes, sqlLeaveLetters} {
		if _, err := t.exec(query, int64(t.ws), int64(id)); err != nil {
			return err
		}
	}
	if _, err := t.exec(sqlLeaveConsents, int64(t.ws), int64(id), us(t.now)); err != nil {
		return err
	}
	return t.must("member", sqlEmptyMember, int64(t.ws), int64(id))
}

// FactorsOf says how many second factors a member has, and of whom the workspace
// demands one.
func (r *Rx) FactorsOf(member desk.ID) (n int, demand desk.Demand, err error) {
	var of string
	err = r.row(sqlFactorsOf, int64(r.ws), int64(member)).Scan(&n, &of)
	return n, desk.Demand(of), err
}
