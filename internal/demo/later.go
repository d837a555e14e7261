package demo

import (
	"context"
	"embed"
	"io/fs"
	"path"

	"parley/internal/desk"
	"parley/internal/knowledge"
)

//go:embed later
var later embed.FS

// section is one heading of the club's page with what it says.
type section struct{ Name, Text string }

// clubSections is what the page about the shop's club says; nothing else of the
// demo says it, so that an answer shows that the page was read.
func clubSections(lang string) []section {
	if lang == "tr" {
		return []section{
			{"Northwind Kulübü'ne üyelik ücreti", "Northwind Kulübü üyeliği yılda 590 TL tutar. Ailede ikinci kişi yarısını öder."},
			{"Kulüp üyelerinin kazancı", "Kulüp üyeleri her alışverişte yüzde 5 puan kazanır ve yılda iki kez bir rehberle ücretsiz doğa yürüyüşüne katılır."},
			{"Kulüp üyeliğini sona erdirmek", "Kulüp üyeliği her ayın sonunda, iki satırlık bir mesajla sona erdirilir. Kalan aylar geri ödenir."},
		}
	}
	return []section{
		{"What membership in the Northwind Club costs", "Membership in the Northwind Club costs 24 EUR a year. A second person of the household pays half."},
		{"What club members get", "Club members collect 5 percent of every purchase as points, and join two guided walks a year free of charge."},
		{"How to end a club membership", "A club membership ends at the end of any month, by a message of two lines. The months that remain are paid back."},
	}
}

// addLater hands in what takes longer to read than anybody should wait for the
// demo: files that are opened in a process of their own, and pages of the shop.
// What was handed in before stays as it is.
func (s *seed) addLater(ctx context.Context) error {
	err := fs.WalkDir(later, "later", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := later.ReadFile(name)
		if err != nil {
			return err
		}
		lang := path.Base(path.Dir(name))
		title := map[string]string{"en": "Equipment for hire", "tr": "Kiralık ekipman"}[lang]
		_, err = s.app.Knowledge.AddFile(ctx, s.h.Workspace(), knowledge.Source{Name: title, Language: lang}, knowledge.Upload{Name: path.Base(name), Raw: raw})
		return unlessThere(err)
	})
	for lang, title := range map[string]string{"en": "Northwind Club", "tr": "Northwind Kulübü"} {
		if err == nil {
			_, err = s.app.Knowledge.AddSite(ctx, s.h.Workspace(), knowledge.Source{Name: title, Language: lang},
				knowledge.Site{Kind: knowledge.WebPage, URL: s.shop + "/club?lang=" + lang})
			err = unlessThere(err)
		}
	}
	return err
}

func unlessThere(err error) error {
	if desk.CodeOf(err) == desk.Conflict {
		return nil
	}
	return err
}
