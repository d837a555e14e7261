package app

import (
	"context"

	"parley/internal/channel/instagram"
	"parley/internal/channel/messenger"
	"parley/internal/desk"
	"parley/internal/privacy"
	"parley/internal/privacy/breach"
	"parley/internal/privacy/port"
)

// openPrivacy puts together what carries out people's requests and the terms.
func (a *App) openPrivacy() (err error) {
	a.Cases = privacy.NewCases(privacy.CaseParts{DB: a.DB, Flow: a.Flow, Eraser: a.Eraser, Accounts: a.Connect, Audit: a.Audit,
		Identities: []string{messenger.Identity, instagram.Identity}, Log: a.Log})
	a.Reports = &privacy.Reports{DB: a.DB, Flow: a.Flow, Audit: a.Audit, Sayings: a.Answer}
	a.Retention = &privacy.Retention{DB: a.DB, Audit: a.Audit}
	a.Restrict = privacy.NewRestrict(privacy.RestrictParts{DB: a.DB, Keys: a.Keys, Flow: a.Flow, Inbox: a.Inbox, Audit: a.Audit})
	a.Casework = a.casework()
	a.Ending = privacy.NewEnding(privacy.EndingParts{DB: a.DB, Keys: a.Keys, Flow: a.Flow, Audit: a.Audit, By: a.Audit, Accounts: a.Connect, Files: a.Blobs, Letters: a.Notify, Forget: a.forget, Log: a.Log})
	a.Port = &port.Port{DB: a.DB, Blobs: a.Blobs, Audit: a.Audit, Cleaner: a.Ending}
	a.Breach = breach.New(breach.Parts{DB: a.DB, Flow: a.Flow, Audit: a.Audit, Post: casePost{a.Notify}, Letters: a.Notify, Operator: a.operator, Log: a.Log})
	a.Backups, err = backups(a.Install, a.Audit)
	return err
}

// forget drops what this process has in memory of a workspace that ends.
func (a *App) forget(ws desk.ID, accounts []desk.Account) {
	for _, acct := range accounts {
		a.Intake.Forget(acct.Kind, acct.OutsideID)
	}
	a.Knowledge.Forget(ws)
}

// operator says who runs the install and whom people ask.
func (a *App) operator(ctx context.Context) (name, contact string, err error) {
	p, err := a.Promise.Profile(ctx)
	return p.Name, p.PrivacyMail, err
}
