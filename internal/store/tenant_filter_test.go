package store

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// across are the statements that find more than one workspace's rows, each with
// the reason. One that finds them by what names them (by: a hash, a provider's
// id) must still find none of a twin that has another; the others' work is the
// whole install.
var across = map[string]struct{ by, why string }{
	"sqlAccessByHash":    {by: "token_hash", why: "the hash of an API key names its workspace: nobody is known before"},
	"sqlSessionStanding": {by: "token_hash", why: "the hash of a session names its workspace: nobody is known before"},
	"sqlSignIns":         {by: "email_hash", why: "one address may be a member of several workspaces; the password says of which"},
	"sqlOutsideSeats":    {by: "subject_hash", why: "an account at a provider may be linked in several workspaces"},
	"sqlAccountByOut":    {by: "outside_id", why: "a provider's event names an account, and the account its workspace"},
	"sqlAccountGroup":    {by: "group_id", why: "a provider's event names a business, and the business its accounts"},
	"sqlWorkspaceByName": {by: "name", why: "commands on the machine name a workspace"},
	"sqlKeyByID":         {by: "id", why: "sealed bytes name their key; the place they were sealed for is checked when they are opened"},
	"sqlKeyRewrap":       {by: "id", why: "the root key turns for the whole install"},
	"sqlKeyLedgerFinish": {by: "no", why: "an erasure is finished by its number in the install's ledger"},
	"sqlAllOpen":         {why: "a figure of the install"},
	"sqlAnyMember":       {why: "the first start asks whether there is anybody at all"},
	"sqlAuditHeads":      {why: "the mark of the record covers every workspace"},
	"sqlBacklog":         {why: "a figure of the install"},
	"sqlMailed":          {why: "a figure of the install"},
	"sqlSpentBy":         {why: "a figure of the install"},
	"sqlStopped":         {why: "a figure of the install"},
	"sqlDropSessions":    {why: "sweeps what has ended, of everybody"},
	"sqlOldChallenges":   {why: "sweeps what has ended, of everybody"},
	"sqlDueLanesSQLite":  {why: "a worker takes the work that waits longest, whose it may be, and does it in that workspace"},
	"sqlNextDue":         {why: "a worker sleeps until the next work, whose it may be"},
	"sqlEnding":          {why: "looks for access that ends soon, then acts in each workspace"},
	"sqlRenewals":        {why: "looks for access to be renewed, then acts in each workspace"},
	"sqlLastNos":         {why: "a stream asks which workspaces have news"},
	"sqlSecurityPlaces":  {why: "the rules of abuse look at each workspace in turn"},
	"sqlArriving":        {why: "lists the workspaces that are being brought, to end what was interrupted"},
	"sqlTaken":           {by: "outside_id", why: "an account is connected once in an install: nothing of the other workspace is told"},
	"sqlWorkspacesThere": {why: "lists the install's workspaces with those that are ending, to end them"},
	"sqlWorkspaces":      {why: "lists the install's workspaces: names and states"},
	"sqlVisitEmpty":      {why: "the beginning of two statements, which go on with the filter"},
	"sqlKeyBelow":        {why: "the root key turns for the whole install"},
	"sqlKeyCensus":       {why: "the register of keys: counts and ages"},
	"sqlKeyExpired":      {why: "sweeps keys whose term is over"},
	"sqlKeyLedgerNext":   {why: "the number of the next entry in the install's ledger"},
	"sqlKeyLedgerOpen":   {why: "erasures that were begun are finished at the start, whose they may be"},
	"sqlKeyEpochsHeld":   {why: "a backup notes under which epochs keys lie, of the whole install"},
	"sqlKeyLedgerActs":   {why: "the ledger's copy beside the backups is the install's"},
	"sqlKeyLedgerLast":   {why: "the number of the last entry in the install's ledger"},
	"sqlKeyNewest":       {why: "the largest id there is, so that none is given twice"},
}

// elsewhere cannot be run on the bench, which is SQLite: words of PostgreSQL
// alone. Their promises are those of the store's tests, which run on both.
var elsewhere = regexp.MustCompile(`Postgres$|^sqlListen$|^sqlPlans$|^sqlRelaxed$`)

// filterOf finds what keeps rows to a workspace: its number, or a join's partner
// of the same one.
var filterOf = regexp.MustCompile(`(?:[a-z_]+\.)?workspace_id = (?:\$\d+|[a-z_]+\.(?:workspace_id|id)\b)|\b[a-z_]+\.id = [a-z_]+\.workspace_id`)

// probed calls fn for every statement that looks for something in a table, as
// SQLite reads it.
func (b *tenantBench) probed(t *testing.T, fn func(name, query string)) {
	t.Helper()
	all, n := statements(t), 0
	for _, name := range slices.Sorted(maps.Keys(all)) {
		query := strings.ReplaceAll(all[name], databaseNow, "5")
		plainInsert := strings.HasPrefix(query, "INSERT") && !strings.Contains(query, "SELECT") && !strings.Contains(query, "CONFLICT")
		if tableStatement.MatchString(query) || plainInsert || elsewhere.MatchString(name) || !slices.ContainsFunc(b.speaks(query), b.owned) {
			continue
		}
		b.draws(name)
		fn(name, query)
		n++
	}
	if n < 400 {
		t.Fatalf("only %d statements were looked at", n)
	}
}

// Every statement of the store is run beside a twin, a second workspace with rows
// like the first one's: it sees and changes nothing of the twin's, but for the
// few whose work is the whole install.
// covers H-49
// asvs: V8.2.2, V8.4.1
func TestNoStatementReachesAnotherWorkspace(t *testing.T) {
	t.Parallel()
	b := newTenantBench(t)
	found := map[string]bool{}
	b.probed(t, func(name, query string) {
		worked, strayed := 0, false
		var failed error
		for range 40 {
			stray, err := b.strays(t, numbered(query), b.trial(query, across[name].by))
			if err != nil {
				failed = err
				continue
			}
			worked++
			if strayed = stray; strayed || worked == 12 {
				break
			}
		}
		found[name] = strayed
		if worked == 0 {
			t.Errorf("%s never ran: %v", name, failed)
		}
		if strayed && (across[name].why == "" || across[name].by != "") {
			t.Errorf("%s reaches another workspace's rows: filter by workspace_id, or say in across why not: %s", name, query)
		}
	})
	for name, a := range across {
		if a.by == "" && !found[name] {
			t.Errorf("%s needs no mention in across", name)
		}
	}
}

// same are filters that change nothing when they are gone: the statement's name
// and the how manyeth filter.
var same = map[string]string{
	"sqlGapsWithout 3": "another workspace's question leads to a gap of this one nowhere, and would take 0 from it",
}

// The test above is worth something: with any one filter taken out of any
// statement, it fails. This is a mutation run of its own, of every filter.
func TestAMissingWorkspaceFilterIsAlwaysNoticed(t *testing.T) {
	t.Parallel()
	b := newTenantBench(t)
	filters := 0
	b.probed(t, func(name, query string) {
		if a := across[name]; a.why != "" && a.by == "" {
			return // it sees the twin by right
		}
		for i, at := range filterOf.FindAllStringIndex(query, -1) {
			filters++
			without := query[:at[0]] + "(" + query[at[0]:at[1]] + " OR 1 = 1)" + query[at[1]:]
			noticed := false
			for range 3000 { // some take a rare coincidence
				if noticed, _ = b.strays(t, numbered(without), b.trial(query, across[name].by)); noticed {
					break
				}
			}
			if !noticed && same[fmt.Sprint(name, " ", i+1)] == "" {
				t.Errorf("%s without its filter %d of a workspace (%s) looks no different: is it needed? If so, the bench must learn to see it", name, i+1, query[at[0]:at[1]])
			}
		}
	})
	if filters < 480 {
		t.Errorf("only %d filters were taken out: the search is broken", filters)
	}
	t.Logf("%d filters", filters)
}
