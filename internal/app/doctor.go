package app

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
	"parley/web"
)

// Finding is one thing doctor looked at.
type Finding struct {
	Name  string `json:"name"`
	State State  `json:"state"`
	Text  string `json:"text"` // what is so, and what to do when it is not well
}

// State of a finding.
type State string

// States: Warn works but deserves a look, Fail does not work.
const (
	OK   State = "ok"
	Warn State = "warn"
	Fail State = "fail"
)

// Doctor implements Control: every check is made anew. Channel accounts are asked
// at their providers, and what they say is kept as after a check on the screen.
func (a *App) Doctor(ctx context.Context) ([]Finding, error) {
	all := []Finding{a.checkDatabase(ctx), a.checkKeys(ctx), a.checkDisk(), a.checkRootKey(), a.checkKeyAges(ctx), a.checkAddress(), a.checkContact(), a.checkFrontEnd(), a.checkOwner(ctx), a.checkOperator(ctx), a.checkMail(), a.checkBackups(ctx)}
	all = append(all, a.checkLanes(ctx)...)
	return append(append(append(all, a.checkScanner(ctx), a.checkPlaces()), a.checkCertificate()...), a.checkAccounts(ctx)...), nil
}

func verdict(name string, err error, well string) Finding {
	if err != nil {
		return Finding{name, Fail, err.Error()}
	}
	return Finding{name, OK, well}
}

func (a *App) checkDatabase(ctx context.Context) Finding {
	start := a.Clock.Now()
	err := a.DB.In(0).Write(ctx, func(*store.Tx) error { return nil })
	return verdict("database", err, fmt.Sprintf("%s reads and writes (%s)", a.DB.Engine(), a.Clock.Now().Sub(start).Round(time.Millisecond)))
}

func (a *App) checkKeys(ctx context.Context) Finding {
	_, err := a.Keys.Floor(ctx)
	if err == nil {
		_, err = a.Vault.Hash(ctx, 0, "doctor", "doctor")
	}
	return verdict("keys", err, "the key store and key custody open")
}

// roomWarn is when little disk space deserves a look; below roomFail writes are
// about to be refused.
const (
	roomWarn = 1 << 30
	roomFail = 64 << 20
)

func (a *App) checkDisk() Finding {
	var st syscall.Statfs_t
	if err := syscall.Statfs(a.Config.Data, &st); err != nil {
		return Finding{"disk", Fail, err.Error()}
	}
	free := st.Bavail * uint64(st.Bsize)
	text := fmt.Sprintf("%d MB free in the data folder", free>>20)
	switch {
	case free < roomFail:
		return Finding{"disk", Fail, text + ": new messages are about to be refused; make room"}
	case free < roomWarn:
		return Finding{"disk", Warn, text + ": make room soon"}
	}
	return Finding{"disk", OK, text}
}

func (a *App) checkRootKey() Finding {
	if a.Config.RootKey.Reveal() != "" {
		return Finding{"root key", OK, "from PARLEY_ROOT_KEY"}
	}
	path := a.rootKeyFile()
	if _, err := os.Stat(path); err != nil {
		return Finding{"root key", Fail, err.Error()}
	}
	return Finding{"root key", Warn, "lies in the data folder: copy " + path + " and " + filepath.Join(a.Config.Data, "custody") + " to a safe place, without them nothing stored can be read"}
}

func (a *App) checkAddress() Finding {
	u, err := url.Parse(a.Config.PublicURL)
	if err != nil {
		return Finding{"address", Fail, "PARLEY_PUBLIC_URL is not an address"}
	}
	if u.Scheme == "https" || loopback(u.Hostname()) {
		return Finding{"address", OK, a.Config.PublicURL}
	}
	return Finding{"address", Warn, a.Config.PublicURL + " is not https: nobody can sign in from another machine; set PARLEY_TLS_CERT and PARLEY_TLS_KEY, or put a proxy with TLS in front and set PARLEY_PUBLIC_URL and PARLEY_TRUSTED_PROXIES"}
}

// checkContact: who finds a weakness of an install that others reach must be able
// to tell somebody (H-79).
func (a *App) checkContact() Finding {
	if u, err := url.Parse(a.Config.PublicURL); a.Config.SecurityContact == "" && err == nil && !loopback(u.Hostname()) {
		return Finding{"security contact", Warn, "/.well-known/security.txt names nobody: set PARLEY_SECURITY_CONTACT, for example to mailto:security@" + u.Hostname()}
	}
	return Finding{"security contact", OK, cmp.Or(a.Config.SecurityContact, "nobody but this machine reaches the install")}
}

// loopback reports whether a host is this machine itself.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && ip.IsLoopback()
}

func (a *App) checkFrontEnd() Finding {
	if _, err := fs.Stat(web.FS(), "w/widget.js"); err != nil {
		return Finding{"front end", Fail, "this program was built without its screens: run make build"}
	}
	return Finding{"front end", OK, "the dashboard and the website chat are inside"}
}

func (a *App) checkOwner(ctx context.Context) Finding {
	needed, err := a.Roster.Needed(ctx)
	if err == nil && needed {
		return Finding{"owner", Warn, "nobody can sign in yet: open the link that `parley serve` printed, or run `parley user add`"}
	}
	return verdict("owner", err, "somebody can sign in")
}

func (a *App) checkLanes(ctx context.Context) []Finding {
	workspaces, err := a.DB.Workspaces(ctx)
	if err != nil {
		return []Finding{{"work", Fail, err.Error()}}
	}
	var found []Finding
	for _, ws := range workspaces {
		found = append(found, a.lanesOf(ctx, ws)...)
	}
	if len(found) == 0 {
		found = append(found, Finding{"work", OK, "no work has been given up"})
	}
	return found
}

func (a *App) lanesOf(ctx context.Context, ws desk.Workspace) []Finding {
	dead, err := a.Flow.Dead(ctx, ws.ID)
	if err != nil {
		return []Finding{{"work", Fail, err.Error()}}
	}
	if len(dead) == 0 {
		return nil
	}
	return []Finding{{"work", Warn, fmt.Sprintf("workspace %s: %d pieces of work failed too often and wait for a person", ws.ID, len(dead))}}
}

func (a *App) checkMail() Finding {
	if !a.Notify.On() {
		return Finding{"mail", Warn, "PARLEY_SMTP_URL is not set: nobody is mailed, so who forgets a password needs an owner; set it and run parley mail test ADDRESS"}
	}
	return Finding{"mail", OK, "letters leave by " + a.Notify.Server.Address + "; parley mail test ADDRESS sends one"}
}
