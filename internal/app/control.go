package app

import (
	"context"
	"time"

	"parley/internal/connect"
	"parley/internal/desk"
	"parley/internal/member"
	"parley/internal/privacy"
	"parley/internal/privacy/port"
	"parley/internal/promise"
	"parley/internal/promise/looks"
)

// Control is what the command line asks of an install: of a running one through
// its socket, or of one opened for the purpose.
type Control interface {
	AddUser(ctx context.Context, in AddUser) (UserAdded, error)
	AddKey(ctx context.Context, in AddKey) (KeyAdded, error)
	ResetFactors(ctx context.Context, in ResetFactors) (UserAdded, error)
	SetWorkspace(ctx context.Context, in SetWorkspace) (WorkspaceSet, error)
	SuspendWorkspace(ctx context.Context, in SuspendWorkspace) (WorkspaceSuspended, error)
	Doctor(ctx context.Context) ([]Finding, error)
	DocumentKey(ctx context.Context) (DocumentKey, error)
	ImportDeletions(ctx context.Context, in ImportDeletions) (DeletionsImported, error)
	EraseContact(ctx context.Context, in EraseContact) (ContactErased, error)
	ExportWorkspace(ctx context.Context, in ExportWorkspace) (WorkspacePorted, error)
	ImportWorkspace(ctx context.Context, in ImportWorkspace) (WorkspacePorted, error)
	ImportPerson(ctx context.Context, in ImportPerson) (port.PersonIn, error)
	MailIn(ctx context.Context, in MailIn) (MailTaken, error)
	RotateKeys(ctx context.Context, in RotateKeys) (KeysRotated, error)
	ListKeys(ctx context.Context) ([]KeyAge, error)
	VerifyAudit(ctx context.Context, in VerifyAudit) ([]ChainChecked, error)
	Backup(ctx context.Context) ([]BackedUp, error)
	ListBackups(ctx context.Context) ([]BackedUp, error)
	MarkAudit(ctx context.Context) ([]ChainMark, error)
	KeepRun(ctx context.Context, in promise.Run) (promise.Recorded, error)
	Look(ctx context.Context) ([]looks.Seen, error)
}

// ImportDeletions are ids of users whose data a provider asks to have deleted.
type ImportDeletions struct {
	IDs []string `json:"ids"` // at most privacy.ListStep
}

// DeletionsImported says what became of each, with where its status can be read.
type DeletionsImported struct {
	Status string           `json:"status"` // address before a code
	Listed []privacy.Listed `json:"listed"`
}

// ImportDeletions implements Control.
func (a *App) ImportDeletions(ctx context.Context, in ImportDeletions) (DeletionsImported, error) {
	all, err := a.Cases.Import(ctx, in.IDs)
	return DeletionsImported{Status: a.Config.PublicURL + "/privacy/status/", Listed: all}, err
}

// KeepRun implements Control: the result of a run of the checks is signed and kept.
func (a *App) KeepRun(ctx context.Context, in promise.Run) (promise.Recorded, error) {
	return a.Promise.Keep(ctx, in, desk.Actor{Kind: desk.BySystem, Name: "parley prove"})
}

// DocumentKey is the install's public key for signed documents, in base64.
type DocumentKey struct {
	PublicKey []byte `json:"public_key"`
}

// DocumentKey implements Control.
func (a *App) DocumentKey(ctx context.Context) (DocumentKey, error) {
	key, err := a.Audit.DocumentKey(ctx)
	return DocumentKey{PublicKey: key}, err
}

// AddUser adds a member; the workspace is made when absent.
type AddUser struct {
	Workspace string    `json:"workspace"`
	Email     string    `json:"email"`
	Name      string    `json:"name"`
	Role      desk.Role `json:"role"`
	Password  string    `json:"password"`
}

// UserAdded answers AddUser.
type UserAdded struct {
	WorkspaceID desk.ID `json:"workspace_id"`
	MemberID    desk.ID `json:"member_id"`
}

// AddKey adds an API key; the workspace is made when absent.
type AddKey struct {
	Workspace string            `json:"workspace"`
	Name      string            `json:"name"`
	Role      desk.Role         `json:"role"`
	Scopes    []desk.Permission `json:"scopes,omitempty"` // empty = all of the role's
	Days      int               `json:"days,omitempty"`   // until it ends; 0 = a year
}

// KeyAdded answers AddKey; the token is shown this once.
type KeyAdded struct {
	WorkspaceID desk.ID   `json:"workspace_id"`
	KeyID       desk.ID   `json:"key_id"`
	Token       string    `json:"token"`
	ExpiresAt   time.Time `json:"expires_at"`
}

// AddUser implements Control.
func (a *App) AddUser(ctx context.Context, in AddUser) (UserAdded, error) {
	ws, m, err := a.Roster.Add(ctx, in.Workspace, member.Person{Name: in.Name, Email: in.Email, Role: in.Role, Password: in.Password})
	return UserAdded{WorkspaceID: ws.ID, MemberID: m.ID}, err
}

// ResetFactors takes every second factor from a member who lost them.
type ResetFactors struct {
	Workspace string `json:"workspace"`
	Email     string `json:"email"`
}

// ResetFactors implements Control.
func (a *App) ResetFactors(ctx context.Context, in ResetFactors) (UserAdded, error) {
	m, err := a.Roster.ResetFactorsOf(ctx, in.Workspace, in.Email)
	return UserAdded{WorkspaceID: m.Workspace, MemberID: m.ID}, err
}

// AddKey implements Control.
func (a *App) AddKey(ctx context.Context, in AddKey) (KeyAdded, error) {
	ws, err := a.Roster.Workspace(ctx, in.Workspace)
	if err != nil {
		return KeyAdded{}, err
	}
	k, err := a.Roster.AddKey(ctx, ws.ID, member.KeyWish{Name: in.Name, Role: in.Role, Scopes: in.Scopes, Term: time.Duration(in.Days) * 24 * time.Hour},
		commandLine())
	return KeyAdded{WorkspaceID: ws.ID, KeyID: k.ID, Token: k.Token, ExpiresAt: k.ExpiresAt}, err
}

// SetWorkspace says what a workspace may use; it stands in until plans do.
type SetWorkspace struct {
	Workspace   string   `json:"workspace"`
	Entitlement []string `json:"entitlement"`       // to add
	Without     []string `json:"without,omitempty"` // to take away
}

// WorkspaceSet answers SetWorkspace.
type WorkspaceSet struct {
	WorkspaceID desk.ID  `json:"workspace_id"`
	Entitlement []string `json:"entitlement"`
}

// SetWorkspace implements Control.
func (a *App) SetWorkspace(ctx context.Context, in SetWorkspace) (WorkspaceSet, error) {
	ws, err := a.Roster.Find(ctx, in.Workspace)
	if err != nil {
		return WorkspaceSet{}, err
	}
	all, err := a.Connect.Entitle(ctx, connect.Who{Workspace: ws.ID, Actor: commandLine()}, in.Entitlement, in.Without)
	return WorkspaceSet{WorkspaceID: ws.ID, Entitlement: all}, err
}

// SuspendWorkspace stops a workspace with a reason, or lifts that.
type SuspendWorkspace struct {
	Workspace string `json:"workspace"`
	Reason    string `json:"reason"`
	Lift      bool   `json:"lift"`
}

// WorkspaceSuspended answers SuspendWorkspace.
type WorkspaceSuspended struct {
	WorkspaceID desk.ID `json:"workspace_id"`
	Suspended   bool    `json:"suspended"`
}

// SuspendWorkspace implements Control.
func (a *App) SuspendWorkspace(ctx context.Context, in SuspendWorkspace) (WorkspaceSuspended, error) {
	ws, err := a.Roster.Find(ctx, in.Workspace)
	if err != nil {
		return WorkspaceSuspended{}, err
	}
	do, by := a.Roster.Suspend, member.Who{Actor: commandLine()}
	if in.Lift {
		do = a.Roster.Lift
	}
	h, err := do(ctx, ws.ID, in.Reason, by)
	return WorkspaceSuspended{WorkspaceID: ws.ID, Suspended: h.Workspace.Suspended}, err
}
