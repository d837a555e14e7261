package app

import (
	"parley/internal/channel/instagram"
	"parley/internal/channel/messenger"
	"parley/internal/privacy"
)

// openPrivacy puts together what carries out people's requests and the terms.
func (a *App) openPrivacy() (err error) {
	a.Cases = privacy.NewCases(privacy.CaseParts{DB: a.DB, Flow: a.Flow, Eraser: a.Eraser, Accounts: a.Connect, Audit: a.Audit,
		Identities: []string{messenger.Identity, instagram.Identity}, Log: a.Log})
	a.Reports = &privacy.Reports{DB: a.DB, Flow: a.Flow, Audit: a.Audit, Sayings: a.Answer}
	a.Retention = &privacy.Retention{DB: a.DB, Audit: a.Audit}
	a.Restrict = privacy.NewRestrict(privacy.RestrictParts{DB: a.DB, Keys: a.Keys, Flow: a.Flow, Inbox: a.Inbox, Audit: a.Audit})
	a.Casework = a.casework()
	a.Backups, err = backups(a.Install, a.Audit)
	return err
}
