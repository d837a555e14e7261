package port_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/audit"
	"parley/internal/blob"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/privacy"
	"parley/internal/privacy/port"
	"parley/internal/store"
	"parley/test/storetest"
)

var ctx = context.Background()

func member() desk.Actor { return desk.Actor{Kind: desk.ByMember, ID: 9} }

// install is one of those that a workspace moves between.
type install struct {
	*storetest.World
	files  *blob.Folder
	ending *privacy.Ending
	port   *port.Port
}

func newInstall(t *testing.T, seed, url string) *install {
	t.Helper()
	w := storetest.Open(t, storetest.Options{Root: seed, URL: url})
	w.Fake.Advance(time.Duration(len(seed)) * time.Hour) // ids are made of the time
	files, err := blob.Open(filepath.Join(w.Dir, "files"), w.Vault(), w.Clock)
	if err != nil {
		t.Fatal(err)
	}
	log := audit.NewLog(w.DB)
	in := &install{World: w, files: files}
	in.ending = privacy.NewEnding(privacy.EndingParts{DB: w.DB, Keys: w.Keys, Flow: flow.New(flow.Config{DB: w.DB, Clock: w.Clock}), Audit: log, By: log, Files: files})
	in.port = &port.Port{DB: w.DB, Blobs: files, Audit: log, Cleaner: in.ending}
	return in
}

func (in *install) write(t *testing.T, ws desk.ID, fn func(tx *store.Tx) error) {
	t.Helper()
	if err := in.In(ws).Write(ctx, fn); err != nil {
		t.Fatal(err)
	}
}

// business fills a workspace through the verbs that fill any.
func (in *install) business(t *testing.T, name string, people int) desk.ID {
	t.Helper()
	h := storetest.Workspace(t, in.DB, name)
	chat, page := storetest.Account(t, h, "widget", "pk_"+name), storetest.Account(t, h, "messenger", "page_"+name)
	in.write(t, h.Workspace(), func(tx *store.Tx) error {
		s := store.Source{ID: tx.NewID(), Kind: "faq", Name: "Delivery", URL: "https://" + name + ".example/faq", State: store.SourceReady}
		item := &store.Item{ItemFacts: store.ItemFacts{Name: "Lamp"}}
		_, settings := tx.AddAISettings(desk.AISettings{History: 4, Temperature: 0.25}, member())
		errs := []error{
			tx.InsertMember(desk.Member{ID: tx.NewID(), Name: "Ada", Email: "ada@" + name + ".example", Role: desk.RoleOwner, Active: true}, []byte("slow hash")),
			tx.SetCard(page.ID, store.Card{Details: desk.AccountDetails{DisplayName: "Page"}}),
			tx.SetTemplates(page.ID, store.TemplateList{Templates: []desk.Template{{Name: "hello"}}}),
			tx.PutSynonyms("en", [][]string{{"lamp", "light"}}),
			tx.InsertSavedReply(store.SavedReply{ID: tx.NewID(), Name: "Thanks", Body: "Thank you!"}, "thanks"),
			tx.InsertSource(s, "delivery", []byte(`{"pairs":[]}`)),
			tx.ReplacePassages(s.ID, []store.Passage{{PassageBody: store.PassageBody{Question: "How long?", Text: "Three days."}, Language: "en", Item: item}}),
			tx.InsertCrawl(store.Crawl{Source: s.ID, Schedule: "daily", Limit: 9, Robots: []byte("User-agent: *")}),
			settings,
		}
		return errors.Join(errs...)
	})
	for n := range people {
		in.person(t, h, chat, page, fmt.Sprint(name, n))
	}
	return h.Workspace()
}

func (in *install) person(t *testing.T, h store.Handle, chat, page desk.Account, who string) {
	t.Helper()
	c := desk.Contact{ID: in.NewID(), Name: "Ana " + who, Email: who + "@example.com", Phone: `{"not": "a number"}`}
	in.write(t, h.Workspace(), func(tx *store.Tx) error {
		talk := desk.Conversation{ID: tx.NewID(), Contact: c.ID, Account: chat.ID, State: desk.Open}
		err := errors.Join(tx.InsertContact(c), tx.SetContactTerms(c.ID, []string{who}),
			tx.InsertIdentity(desk.Identity{ID: tx.NewID(), Contact: c.ID, Account: chat.ID, Kind: "visitor", Value: who}),
			tx.PutProfile(desk.ContactProfile{Contact: c.ID, Account: page.ID, Username: who, Followers: 7}), tx.InsertConversation(talk))
		if err != nil {
			return err
		}
		row, err := tx.LockConversation(talk.ID)
		if err != nil {
			return err
		}
		m := desk.Message{ID: tx.NewID(), Direction: desk.In, Author: desk.Author{Kind: desk.FromContact}, Kind: desk.KindText,
			Body: desk.Body("Where is my parcel, " + who + "? {\"a\": 1}"), Status: desk.StatusDelivered, ExternalID: who,
			Files: []desk.MediaRef{{Kind: desk.MediaImage, ID: "outside"}}}
		file, err := in.files.Create(ctx, blob.Place{Workspace: h.Workspace(), Media: m.ID + 1, Subject: c.ID})
		if err != nil {
			return err
		}
		_, err = file.Write([]byte("picture of " + who))
		name, kept := file.Keep()
		picture := desk.Media{ID: m.ID + 1, Contact: c.ID, Conversation: talk.ID, Message: m.ID, Kind: desk.MediaImage, State: desk.MediaReady, Blob: name, Mime: "image/png", Name: "a.png"}
		return errors.Join(err, kept, tx.AppendMessage(&row, &m), tx.SaveConversation(row), tx.InsertMedia(&picture),
			tx.IndexMessages([]store.MessageTerms{{Message: m.ID, Terms: []string{"parcel", who}}}),
			tx.PutDraft(row, desk.Draft{ID: tx.NewID(), Body: "It comes tomorrow."}))
	})
}

func (in *install) export(t *testing.T, ws desk.ID) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := in.port.Export(ctx, ws, member(), &b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (in *install) bring(raw []byte, name string) error {
	_, err := in.port.Import(ctx, bytes.NewReader(raw), int64(len(raw)), member(), name)
	return err
}

// unpack gives the files of an export.
func unpack(t *testing.T, raw []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r)
		if err := errors.Join(err, r.Close()); err != nil {
			t.Fatal(err)
		}
		all[f.Name] = string(body)
	}
	return all
}

// pack makes an export of files, with a manifest that names them rightly.
func pack(t *testing.T, files map[string]string, change func(*port.Manifest)) []byte {
	t.Helper()
	var m port.Manifest
	if err := json.Unmarshal([]byte(files["manifest.json"]), &m); err != nil {
		t.Fatal(err)
	}
	m.Files = nil
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		body := files[name]
		if name != "manifest.json" {
			sum := sha256.Sum256([]byte(body))
			m.Files = append(m.Files, port.FileMark{Name: name, Bytes: int64(len(body)), SHA256: hex.EncodeToString(sum[:])})
			put(t, z, name, body)
		}
	}
	if change != nil {
		change(&m)
	}
	raw, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	put(t, z, "manifest.json", string(raw))
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func put(t *testing.T, z *zip.Writer, name, body string) {
	t.Helper()
	w, err := z.Create(name)
	if err == nil {
		_, err = io.WriteString(w, body)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// same wants two exports to tell the same of everything but where a file's bytes
// lie, the state of channels and the moment.
func same(t *testing.T, was, is []byte) {
	t.Helper()
	a, b := unpack(t, was), unpack(t, is)
	delete(a, "manifest.json")
	delete(b, "manifest.json")
	a["tables/channel_account.jsonl"] = strings.ReplaceAll(a["tables/channel_account.jsonl"], `"active"`, `"reconnect_needed"`)
	b["tables/channel_account.jsonl"] = strings.ReplaceAll(b["tables/channel_account.jsonl"], `"active"`, `"reconnect_needed"`)
	for _, name := range slices.Sorted(maps.Keys(a)) {
		if a[name] != b[name] {
			t.Errorf("%s is not what it was:\n%.900s\n%.900s", name, a[name], b[name])
		}
	}
	if len(a) != len(b) {
		t.Errorf("%d files became %d", len(a), len(b))
	}
}

// nothing wants no row, no key and no file of a workspace.
func (in *install) nothing(t *testing.T, ws desk.ID) {
	t.Helper()
	err := in.In(ws).Read(ctx, func(r *store.Rx) error {
		left, err := r.EndCounts(nil)
		if len(left) > 0 {
			t.Errorf("rows are left: %v", left)
		}
		return err
	})
	keys, e2 := in.Vault().List(ctx, int64(ws), 0, 10)
	if len(keys) > 0 {
		t.Errorf("%d keys are left", len(keys))
	}
	_, e3 := in.WorkspaceByID(ctx, ws)
	if !desk.IsNotFound(e3) {
		t.Errorf("the workspace's row: %v", e3)
	}
	files, e4 := filepath.Glob(filepath.Join(in.Dir, "files", ws.String(), "*", "*"))
	if len(files) > 0 {
		t.Errorf("files are left: %v", files)
	}
	if err := errors.Join(err, e2, e4); err != nil {
		t.Fatal(err)
	}
}

// covers A-14.1-05, A-19-07, H-84: a workspace is the same in another install, on
// whichever engine, with other keys: by export, and by what its verbs find.
func TestAWorkspaceIsTheSameElsewhere(t *testing.T) {
	t.Parallel()
	for name, urls := range map[string]func(t *testing.T) (from, to string){
		"sqlite to postgres": func(t *testing.T) (string, string) { return "", storetest.PostgreSQL(t) },
		"postgres to sqlite": func(t *testing.T) (string, string) { return storetest.PostgreSQL(t), "" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			from, to := urls(t)
			here, there := newInstall(t, "here", from), newInstall(t, "there", to)
			here.business(t, "southwind", 1)
			ws := here.business(t, "northwind", 3)
			neighbour := there.business(t, "eastwind", 2)
			before := there.export(t, neighbour)

			was := here.export(t, ws)
			for name, body := range unpack(t, was) {
				if strings.Contains(body, "southwind") || strings.Contains(body, "slow hash") {
					t.Errorf("%s tells of a neighbour, or a secret", name)
				}
			}
			if err := there.bring(was, ""); err != nil {
				t.Fatal(err)
			}
			same(t, was, there.export(t, ws))
			same(t, before, there.export(t, neighbour))
			lives(t, there, ws)
		})
	}
}

// lives wants the verbs to work on what was brought.
func lives(t *testing.T, in *install, ws desk.ID) {
	t.Helper()
	err := in.In(ws).Read(ctx, func(r *store.Rx) error {
		found, err := r.FindContacts([]string{"northwind1"}, 9)
		if len(found) != 1 || found[0].Name != "Ana northwind1" {
			t.Errorf("by a word are found %v", found)
			return err
		}
		talks, e2 := r.ConversationsWith(found[0].ID, 9)
		profiles, e3 := r.Profiles(found[0].ID)
		words, e4 := r.Synonyms()
		settings, e5 := r.AISettings()
		if len(talks) != 1 || len(profiles) != 1 || profiles[0].Followers != 7 || len(words) != 1 || settings.Temperature != 0.25 {
			t.Errorf("there are %v, %v, %v, %v", talks, profiles, words, settings)
		}
		accounts, e6 := r.Accounts()
		for _, a := range accounts {
			if want := map[string]desk.AccountState{"widget": desk.AccountActive, "messenger": desk.AccountReconnect}[a.Kind]; a.State != want {
				t.Errorf("the %s account is %s", a.Kind, a.State)
			}
		}
		return errors.Join(err, e2, e3, e4, e5, e6)
	})
	if err != nil {
		t.Fatal(err)
	}
	all, err := in.Seats(ctx, "ada@northwind.example")
	if err != nil || len(all) != 1 || !all[0].Member.Invited {
		t.Errorf("who signs in there: %+v %v", all, err)
	}
}
