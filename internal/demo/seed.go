package demo

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"parley/internal/app"
	"parley/internal/desk"
	"parley/internal/kit/secret"
	"parley/internal/knowledge"
	"parley/internal/store"
)

//go:embed content
var content embed.FS

// seed fills an empty install; one that was filled before stays as it is.
type seed struct {
	app  *app.App
	shop string
	h    store.Handle
}

const (
	shopName   = "Northwind Goods"
	ownerName  = "Selin Koç"
	ownerEmail = "selin@northwind.example"
	noteName   = "demo.json"
)

// note is what a filled demo remembers of itself, in the data folder.
type note struct {
	Ready
	WidgetKey string `json:"widget_key"`
}

func (s *seed) run(ctx context.Context) (Ready, string, error) {
	n, err := s.remembered()
	if err != nil {
		return Ready{}, "", err
	}
	if n.WorkspaceID != 0 {
		s.h = s.app.DB.In(n.WorkspaceID)
		return s.here(n.Ready), n.WidgetKey, s.allowShop(ctx)
	}
	if n, err = s.fill(ctx); err != nil {
		return Ready{}, "", err
	}
	return s.here(n.Ready), n.WidgetKey, s.remember(n)
}

// here puts the addresses of this run in.
func (s *seed) here(r Ready) Ready {
	r.Shop, r.Dashboard = s.shop, s.app.Config.PublicURL
	return r
}

func (s *seed) path() string { return filepath.Join(s.app.Config.Data, noteName) }

func (s *seed) remembered() (note, error) {
	var n note
	raw, err := os.ReadFile(s.path())
	if errors.Is(err, fs.ErrNotExist) {
		return n, nil
	}
	if err == nil {
		err = json.Unmarshal(raw, &n)
	}
	if err != nil {
		return n, fmt.Errorf("%s cannot be read (%w); delete the folder to begin anew", s.path(), err)
	}
	return n, nil
}

func (s *seed) remember(n note) error {
	raw, err := json.MarshalIndent(n, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(s.path(), raw, 0o600)
}

// fill makes workspace, owner, key, knowledge, website chat and conversations.
func (s *seed) fill(ctx context.Context) (note, error) {
	n := note{Ready: Ready{Email: ownerEmail, Password: "northwind-" + secret.Token()[:24]}} // long: of twelve random characters one in some thousands looks easy to guess
	user, err := s.app.AddUser(ctx, app.AddUser{Workspace: shopName, Name: ownerName, Email: ownerEmail, Role: desk.RoleOwner, Password: n.Password})
	if err != nil {
		return n, err
	}
	n.WorkspaceID = user.WorkspaceID
	s.h = s.app.DB.In(user.WorkspaceID)
	key, err := s.app.AddKey(ctx, app.AddKey{Workspace: shopName, Name: "Demo key", Role: desk.RoleOwner})
	if err != nil {
		return n, err
	}
	n.APIKey = key.Token
	if err := s.h.Write(ctx, func(tx *store.Tx) error { return tx.Entitle("whatsapp", true) }); err != nil {
		return n, err
	}
	acct, err := s.widget(ctx)
	if err != nil {
		return n, err
	}
	n.WidgetKey = acct.OutsideID
	if err := s.knowledge(ctx); err != nil {
		return n, err
	}
	if err := s.replies(ctx); err != nil {
		return n, err
	}
	if err := s.policy(ctx); err != nil {
		return n, err
	}
	return n, s.conversations(ctx, acct, user.MemberID)
}

// replies keeps a few texts ready, as a team would.
func (s *seed) replies(ctx context.Context) error {
	for _, r := range []store.SavedReply{
		{Name: "Order number, please", Language: "en", Body: "Hello {{contact.name}}, could you send me your order number? Then I can look it up at once."},
		{Name: "Sipariş numarası", Language: "tr", Body: "Merhaba {{contact.name}}, sipariş numaranızı yazar mısınız? Hemen bakayım."},
		{Name: "Thanks and goodbye", Language: "en", Closes: true, Body: "Thank you, {{contact.name}}. If anything else comes up, just write again.\n{{member.name}}, {{business}}"},
	} {
		if _, err := s.app.Inbox.AddSaved(ctx, s.h.Workspace(), desk.Actor{Kind: desk.BySystem}, r); err != nil {
			return err
		}
	}
	return nil
}

func (s *seed) settings() (json.RawMessage, error) {
	return s.app.CheckSettings("widget", json.RawMessage(fmt.Sprintf(`{"domains":[%q],"consent":"ask",
"greeting":{"en":"Hello. What can we help you with?","tr":"Merhaba. Size nasıl yardımcı olabiliriz?"},
"prompt":{"en":"Ask about orders, sizes or returns.","tr":"Sipariş, beden veya iade hakkında sorun."}}`, s.shop)))
}

func (s *seed) widget(ctx context.Context) (desk.Account, error) {
	set, err := s.settings()
	if err != nil {
		return desk.Account{}, err
	}
	acct := desk.Account{Kind: "widget", OutsideID: "wk_" + secret.Token()[:20], Name: shopName, State: desk.AccountActive, Settings: set}
	err = s.h.Write(ctx, func(tx *store.Tx) error {
		acct.ID, acct.Workspace, acct.ConnectedAt = tx.NewID(), s.h.Workspace(), tx.Now()
		return tx.InsertAccount(acct)
	})
	return acct, err
}

// allowShop adds the shop's address of this run to the chat's domains: its port
// may have changed.
func (s *seed) allowShop(ctx context.Context) error {
	set, err := s.settings()
	if err != nil {
		return err
	}
	return s.h.Write(ctx, func(tx *store.Tx) error {
		all, err := tx.Accounts()
		if err != nil || len(all) == 0 || strings.Contains(string(all[0].Settings), `"`+s.shop+`"`) {
			return err
		}
		_, err = tx.ChangeAccount(all[0].ID, func(a *desk.Account) error { a.Settings = set; return nil })
		return err
	})
}

// knowledge adds every file below content and waits until it was read.
func (s *seed) knowledge(ctx context.Context) error {
	err := fs.WalkDir(content, "content", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := content.ReadFile(name)
		if err != nil {
			return err
		}
		title := titles()[strings.TrimSuffix(path.Base(name), path.Ext(name))]
		up := knowledge.Upload{Name: name, Raw: raw}
		if path.Ext(name) == ".csv" {
			up.Kind = knowledge.Catalogue
		}
		_, err = s.app.Knowledge.AddFile(ctx, s.h.Workspace(), knowledge.Source{Name: title, Language: path.Base(path.Dir(name))}, up)
		return err
	})
	if err != nil {
		return err
	}
	return s.until(ctx, "the knowledge is read", func() (bool, error) {
		all, err := s.app.Knowledge.Sources(ctx, s.h.Workspace(), 0, 100)
		for _, src := range all {
			if src.State == store.SourceFailed {
				return false, fmt.Errorf("%s: %s", src.Name, src.Reason)
			}
			if src.State != store.SourceReady {
				return false, nil
			}
		}
		return true, err
	})
}

// titles are the names of the sources, as members and visitors see them.
func titles() map[string]string {
	return map[string]string{
		"orders-and-payment.faq": "Orders and payment", "products": "Products and prices", "returns-and-exchanges.faq": "Returns and exchanges",
		"shipping": "Shipping", "sizes-and-care": "Sizes and care", "stores": "Stores", "spare-parts": "Spare parts",
		"siparis-ve-odeme.faq": "Sipariş ve ödeme", "urunler": "Ürünler ve fiyatlar", "iade-ve-degisim.faq": "İade ve değişim",
		"kargo": "Kargo ve teslimat", "beden-ve-bakim": "Beden ve bakım", "magazalar": "Mağazalar", "yedek-parca": "Yedek parça",
	}
}

// until asks again after each commit until done, for half a minute at most.
func (s *seed) until(ctx context.Context, what string, done func() (bool, error)) error {
	changed := make(chan struct{}, 1)
	stop := s.app.DB.Watch(func(store.Commit) {
		select {
		case changed <- struct{}{}:
		default:
		}
	})
	defer stop()
	patience := s.app.Clock.NewTimer(30 * time.Second)
	defer patience.Stop()
	for {
		ok, err := done()
		if ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-patience.C():
			return errors.New("waited 30 s until " + what)
		case <-changed:
		}
	}
}
