package desk

import "time"

// Law is whose rules a case runs by: within what time it is answered, by how much
// that may move once, and which authority hears complaints.
type Law struct {
	Name   string
	Days   int    // the law's own term
	Months int    // or in calendar months, where the law counts so
	Extend int    // days by which it may move, once and with notice; 0 = not at all
	Site   string // of the authority; "" = the person's own country knows
}

// LawsCheckedOn is when somebody last held the table against the laws.
const LawsCheckedOn = "2026-11-22"

// promise is within what time every request is answered, whatever a law allows
// beyond it (decision 7).
const promise = 30

// Laws is the table of clocks and authorities, by name. The first holds where
// nobody knows better: its time is the shortest of the table, and it does not move
// (A-23.4-01), until a person says which law it is.
func Laws() []Law {
	return []Law{
		{Name: "unknown", Days: 15},
		{Name: "kvkk", Days: 30, Site: "https://www.kvkk.gov.tr"},
		{Name: "gdpr", Months: 1, Extend: 60, Site: "https://www.edpb.europa.eu/about-edpb/about-edpb/members_en"},
		{Name: "uk", Months: 1, Extend: 60, Site: "https://ico.org.uk/make-a-complaint/"},
		{Name: "lgpd", Days: 15, Extend: 60, Site: "https://www.gov.br/anpd"},
		{Name: "pipeda", Days: 30, Site: "https://www.priv.gc.ca"},
		{Name: "ccpa", Days: 45, Site: "https://cppa.ca.gov"},
		// The states whose own law gives its people access, correction, erasure and a
		// copy; each may also move the time, which 30 days make needless.
		{Name: "us_va", Days: 45, Site: "https://www.oag.state.va.us"},
		{Name: "us_co", Days: 45, Site: "https://coag.gov"},
		{Name: "us_ct", Days: 45, Site: "https://portal.ct.gov/ag"},
		{Name: "us_ut", Days: 45, Site: "https://attorneygeneral.utah.gov"},
		{Name: "us_tx", Days: 45, Site: "https://www.texasattorneygeneral.gov"},
		{Name: "us_or", Days: 45, Site: "https://www.doj.state.or.us"},
		{Name: "us_mt", Days: 45, Site: "https://dojmt.gov"},
		{Name: "us", Days: 45},
	}
}

// LawOf finds a law by its name; ok is false for a name that is none.
func LawOf(name string) (law Law, ok bool) {
	for _, l := range Laws() {
		if l.Name == name {
			return l, true
		}
	}
	return Laws()[0], false
}

// Due is when a request of that time must be answered: the law's term, or 30 days
// where the law allows more.
func (l Law) Due(asked time.Time) time.Time {
	due := asked.Add(promise * 24 * time.Hour)
	if l.Days > 0 && l.Days < promise {
		return asked.Add(time.Duration(l.Days) * 24 * time.Hour)
	}
	if l.Months > 0 {
		if by := months(asked, l.Months); by.Before(due) {
			return by
		}
	}
	return due
}

// months goes on by calendar months; a day that the month does not have is its
// last one.
func months(t time.Time, n int) time.Time {
	by := t.AddDate(0, n, 0)
	if by.Day() != t.Day() {
		return by.AddDate(0, 0, -by.Day())
	}
	return by
}
