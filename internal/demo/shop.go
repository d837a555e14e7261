package demo

import (
	"context"
	_ "embed"
	"errors"
	"html/template"
	"net"
	"net/http"
	"strings"
	"time"

	"parley/internal/kit/secret"
)

//go:embed shop.html
var shopPage string

//go:embed club.html
var clubPage string

// product is one card of the sample shop.
type product struct {
	Name, Note, Price string
	Ground            string
	Art               template.HTML
}

// shopView is what the page shows.
type shopView struct {
	Lang     string
	T        map[string]string
	Products []product
	Club     []section
	Nonce    string
	Parley   string
	Key      string
}

// serveShop serves the sample shop until ctx ends.
func serveShop(ctx context.Context, l net.Listener, parley, key string) error {
	pages, err := template.New("shop").Parse(shopPage)
	if err == nil {
		_, err = pages.New("club").Parse(clubPage)
	}
	if err != nil {
		return errors.Join(err, l.Close())
	}
	srv := &http.Server{Handler: shopHandler(pages, parley, key), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: time.Minute}
	done := make(chan error, 1)
	go func() { done <- srv.Serve(l) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return srv.Close()
	}
}

func shopHandler(pages *template.Template, parley, key string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", showPage(pages.Lookup("shop"), parley, key))
	mux.HandleFunc("GET /club", showPage(pages.Lookup("club"), parley, key))
	return mux
}

func showPage(page *template.Template, parley, key string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		lang := "en"
		if asked := r.URL.Query().Get("lang"); asked == "tr" || asked == "" && strings.HasPrefix(r.Header.Get("Accept-Language"), "tr") {
			lang = "tr"
		}
		v := shopView{Lang: lang, T: shopTexts(lang), Products: products(lang), Club: clubSections(lang), Nonce: secret.Token(), Parley: parley, Key: key}
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Cache-Control", "no-store")
		// As strict as a careful shop would be: the chat needs its script and its
		// frame, nothing more.
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'nonce-"+v.Nonce+"'; style-src 'nonce-"+v.Nonce+"'; img-src 'self' data:; frame-src "+parley)
		if err := page.Execute(w, v); err != nil {
			return // the browser went away
		}
	}
}
