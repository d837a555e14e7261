package meta

import (
	"cmp"
	"slices"
	"time"
)

// Person is somebody of a business who signs in to Meta and connects accounts.
type Person struct {
	ID    string // app-scoped user id, the one of deauthorise and deletion callbacks
	Name  string
	sim   *Sim
	pages []*Page
	igs   []*Instagram
	wabas []*WABA
	// asked is when the person last said yes to the app (data access ends 90
	// days later).
	asked time.Time
}

// Page is a Facebook page.
type Page struct {
	ID, Name, Category string
	Instagram          *Instagram // linked professional account, nil = none
	sim                *Sim
	fields             []string // subscribed_apps of our app; nil = not subscribed
	withInstagram      bool     // and the app may read the linked account's messages
	restricted         bool
	routing            bool // conversation routing: one app owns a thread
	tasks              []string
}

// Instagram is a professional account.
type Instagram struct {
	ID             string // the id of webhooks (user_id)
	ScopedID       string // what /me?fields=id answers: app-scoped, never in a webhook
	Username, Name string
	AccountType    string
	Followers      int
	page           *Page
	sim            *Sim
	subscribed     bool // through Instagram login
	accessOff      bool // "connected tools → access to messages" is off in the app
}

// WABA is a WhatsApp business account.
type WABA struct {
	ID, Name   string
	Business   string // portfolio id, the scope of BSUIDs
	Numbers    []*Number
	sim        *Sim
	subscribed bool
	override   string
	templates  []*waTemplate
	locked     bool
}

// Number is a phone number that answers on WhatsApp.
type Number struct {
	ID, Display, VerifiedName string
	Quality                   string
	WABA                      *WABA
	sim                       *Sim
	digits                    string
	registered                bool
	pin                       string
	registrations             []time.Time
}

// Person adds somebody who may connect accounts.
func (s *Sim) Person(name string) *Person {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := &Person{ID: s.digits("1022", 17), Name: name, sim: s, asked: s.clk.Now()}
	s.people = append(s.people, p)
	return p
}

// Page adds a page that the person manages.
func (p *Person) Page(name string) *Page {
	s := p.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	page := &Page{ID: s.digits("1000", 15), Name: name, Category: "Shopping & retail", sim: s,
		tasks: []string{"ADVERTISE", "ANALYZE", "CREATE_CONTENT", "MESSAGING", "MODERATE", "MANAGE"}}
	s.pages[page.ID] = page
	p.pages = append(p.pages, page)
	return page
}

// Instagram adds a professional account that the person manages; page, when not
// nil, is the one it is linked to.
func (p *Person) Instagram(username string, page *Page) *Instagram {
	s := p.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	ig := &Instagram{ID: s.digits("178414", 17), ScopedID: s.digits("2609", 17), Username: username, Name: username,
		AccountType: "BUSINESS", Followers: 1284, page: page, sim: s}
	if page != nil {
		page.Instagram, ig.Name = ig, page.Name
	}
	s.accounts[ig.ID] = ig
	p.igs = append(p.igs, ig)
	return ig
}

// WABA adds a WhatsApp business account of the person with one registered
// number, written as digits with its country code.
func (p *Person) WABA(name, digits string) *WABA {
	s := p.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	w := &WABA{ID: s.digits("1021", 15), Name: name, Business: s.digits("5067", 15), sim: s}
	s.wabas[w.ID] = w
	p.wabas = append(p.wabas, w)
	w.add(digits)
	return w
}

// Number adds another registered number.
func (w *WABA) Number(digits string) *Number {
	w.sim.mu.Lock()
	defer w.sim.mu.Unlock()
	return w.add(digits)
}

func (w *WABA) add(digits string) *Number {
	n := &Number{ID: w.sim.digits("1065", 15), Display: "+" + digits, VerifiedName: w.Name, Quality: "GREEN", WABA: w,
		sim: w.sim, digits: digits, registered: true}
	w.Numbers = append(w.Numbers, n)
	w.sim.numbers[n.ID] = n
	return n
}

// Unregistered takes the number back to the state before /register.
func (n *Number) Unregistered() { n.sim.locked(func() { n.registered = false }) }

// Live says whether the app is live; before that it reaches its own testers only,
// which no customer is.
func (s *Sim) Live(on bool) { s.locked(func() { s.notLive = !on }) }

// Restrict stops (or lets) the page send, as Meta does to a page for a while.
func (p *Page) Restrict(on bool) { p.sim.locked(func() { p.restricted = on }) }

// Routing turns conversation routing on: one app owns a thread, others get
// standby.
func (p *Page) Routing(on bool) { p.sim.locked(func() { p.routing = on }) }

// Subscribed are the page's fields of our app, empty when not subscribed.
func (p *Page) Subscribed() []string {
	p.sim.mu.Lock()
	defer p.sim.mu.Unlock()
	return slices.Clone(p.fields)
}

// Unsubscribed takes our app's subscription off the page, as somebody does who
// removes it in the page's settings.
func (p *Page) Unsubscribed() { p.sim.locked(func() { p.fields = nil }) }

// Withdraws takes one permission back in the person's settings: every token that
// rests on them loses it.
func (p *Person) Withdraws(scope string) {
	p.sim.locked(func() {
		for _, t := range p.sim.tokens {
			if t.person == p {
				t.scopes = slices.DeleteFunc(slices.Clone(t.scopes), func(s string) bool { return s == scope })
			}
		}
	})
}

// MessageAccess switches "connected tools → access to messages" of the account.
func (ig *Instagram) MessageAccess(on bool) { ig.sim.locked(func() { ig.accessOff = !on }) }

// Subscribed reports whether events of the account reach our app.
func (ig *Instagram) Subscribed() bool {
	ig.sim.mu.Lock()
	defer ig.sim.mu.Unlock()
	return ig.subscribed || ig.throughPage()
}

// Subscribed reports whether events of the account reach our app.
func (w *WABA) Subscribed() bool {
	w.sim.mu.Lock()
	defer w.sim.mu.Unlock()
	return w.subscribed
}

// Lock stops the account from sending (131031), or lets it again.
func (w *WABA) Lock(on bool) { w.sim.locked(func() { w.locked = on }) }

// Subscribe connects everything the person manages to the app without a dialog
// or a call, as if it had been done before.
func (p *Person) Subscribe() {
	p.sim.locked(func() {
		for _, page := range p.pages {
			page.fields, page.withInstagram = slices.Clone(pageFields()), true
		}
		for _, ig := range p.igs {
			ig.subscribed = ig.page == nil
		}
		for _, w := range p.wabas {
			w.subscribed = true
		}
	})
}

func (s *Sim) person(id string) *Person {
	i := slices.IndexFunc(s.people, func(x *Person) bool { return x.ID == id })
	if i < 0 {
		return nil
	}
	return s.people[i]
}

func (s *Sim) owner(has func(*Person) bool) *Person {
	if i := slices.IndexFunc(s.people, has); i >= 0 {
		return s.people[i]
	}
	return nil
}

// throughPage reports whether events reach the app by the linked page: it is
// subscribed, and was so with a token that may read Instagram messages.
func (ig *Instagram) throughPage() bool {
	return ig.page != nil && len(ig.page.fields) > 0 && ig.page.withInstagram
}

func (ig *Instagram) title() string { return cmp.Or(ig.Name, ig.Username) }
