package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"parley/internal/channel"
	"parley/internal/channel/instagram"
	"parley/internal/channel/messenger"
	"parley/internal/channel/meta"
	"parley/internal/channel/whatsapp"
	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/kit/httpx"
	"parley/internal/kit/secret"
	"parley/internal/store"
	"parley/test/storm"
)

// Deliveries come as Meta sends them, for a page, an Instagram account and a
// WhatsApp number.
const (
	metaSecret = "bench app secret"
	metaPath   = "/hooks/meta"
	metaPeople = 50
)

func metaAccounts() []storm.Account {
	return []storm.Account{{Kind: storm.Page, ID: "1088000000000001"}, {Kind: storm.Instagram, ID: "17841400000000001"},
		{Kind: storm.WhatsApp, ID: "1099000000000001", Number: "1066000000000001", Phone: "902125550142"}}
}

// signed is a delivery with what proves it.
func signed(events ...storm.Event) channel.Raw { return signedBody(storm.Body(events...)) }

func signedBody(body []byte) channel.Raw {
	return channel.Raw{Header: map[string]string{strings.ToLower(storm.SignatureHeader): storm.Signature(metaSecret, body)}, Body: body}
}

// metaDeliveries are n signed deliveries of one message each, about 1.3 KB, from
// people taking turns, a second apart since 60 days ago.
func metaDeliveries(now time.Time, first, n int) []channel.Raw {
	all := make([]channel.Raw, n)
	for i, e := range storm.Talk(metaAccounts(), metaPeople, first, n, now.AddDate(0, 0, -60)) {
		all[i] = signed(e.Long())
	}
	return all
}

// graph stands in for Meta's Graph under load: it answers everything after a
// while, and knows nobody.
type graph struct {
	clk   clock.Clock
	delay time.Duration
	n     atomic.Int64
}

func (g *graph) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if g.delay > 0 {
		<-g.clk.After(g.delay)
	}
	w.Header().Set("Content-Type", "application/json")
	if r.Method != http.MethodPost {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"error":{"message":"Unsupported get request","type":"GraphMethodException","code":100,"error_subcode":33}}`))
		return
	}
	mid := strconv.FormatInt(g.n.Add(1), 10)
	_ = json.NewEncoder(w).Encode(map[string]any{"recipient_id": "1", "message_id": "m_" + mid,
		"messaging_product": "whatsapp", "contacts": []map[string]string{}, "messages": []map[string]string{{"id": "wamid." + mid}}})
}

// serve opens the stand-in on loopback.
func (g *graph) serve() (url string, stop func() error, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	srv := &http.Server{Handler: g, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = srv.Serve(l) }() // until Close
	return "http://" + l.Addr().String(), srv.Close, nil
}

// metaChannels are Meta's three channels with a stand-in behind them.
func metaChannels(clk clock.Clock, graphURL string) (*channel.Registry, error) {
	app := meta.App{ID: "1", Secret: secret.New(metaSecret), GraphURL: graphURL, InstagramURL: graphURL}
	rules, err := app.Rules()
	if err != nil {
		return nil, err
	}
	out, err := httpx.New(clk, rules...)
	if err != nil {
		return nil, err
	}
	g := meta.NewGraph(app, out, clk)
	return channel.NewRegistry(messenger.New(g), instagram.New(g), whatsapp.New(g)), nil
}

// connectMeta adds the accounts that deliveries are for.
func connectMeta(ctx context.Context, ws store.Handle) error {
	kinds := map[storm.Kind]string{storm.Page: "messenger", storm.Instagram: "instagram", storm.WhatsApp: "whatsapp"}
	return ws.Write(ctx, func(tx *store.Tx) error {
		for _, a := range metaAccounts() {
			acct := desk.Account{ID: tx.NewID(), Workspace: ws.Workspace(), Kind: kinds[a.Kind], OutsideID: a.ID,
				Name: "Bench", State: desk.AccountActive, Settings: []byte("{}"), ConnectedAt: tx.Now().AddDate(-1, 0, 0)}
			details := desk.AccountDetails{Login: "facebook", PageID: "1088000000000001"}
			if a.Kind == storm.WhatsApp {
				acct.OutsideID, details = a.Number, desk.AccountDetails{Login: "whatsapp", WABA: a.ID, PhoneNumberID: a.Number}
			}
			if err := tx.InsertAccount(acct); err != nil {
				return fmt.Errorf("connect %s: %w", acct.Kind, err)
			}
			if err := tx.SetCard(acct.ID, store.Card{Details: details}); err != nil {
				return err
			}
			if err := tx.SetSecrets(acct.ID, map[string]secret.Text{channel.SecretToken: secret.New("bench token")}); err != nil {
				return err
			}
		}
		return nil
	})
}
