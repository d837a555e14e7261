package phones

import (
	"parley/sim/meta"
)

// Stage is the world the page shows: one business with an account on every
// channel, and the people who can write to it.
type Stage struct {
	Owner     *meta.Person
	Page      *meta.Page
	Instagram *meta.Instagram
	Number    *meta.Number
	Customers []*meta.Customer
}

// SetUp makes the sample shop's world.
func SetUp(sim *meta.Sim) Stage {
	owner := sim.Person("Selin Koç")
	page := owner.Page("Northwind Goods")
	st := Stage{Owner: owner, Page: page, Instagram: owner.Instagram("northwind.goods", page)}
	waba := owner.WABA("Northwind Goods", "902125550142")
	st.Number = waba.Numbers[0]
	st.Number.Display = "+90 212 555 01 42"
	waba.Template("order_ready", "en", "UTILITY", "Hello {{1}}, your order {{2}} is ready to collect.")
	waba.Template("order_ready", "tr", "UTILITY", "Merhaba {{1}}, {{2}} numaralı siparişiniz hazır.")
	for _, p := range []meta.Profile{
		{Name: "Ayşe Demir", Username: "aysedemir", Phone: "905325550107", Country: "TR", Locale: "tr_TR"},
		{Name: "Emma Clarke", Username: "emma.clarke", Phone: "447700900142", Country: "GB", Locale: "en_GB", Picture: meta.SamplePortrait()},
		{Name: "Noor Haddad", Username: "noor.h", Country: "DE", Locale: "en_US"}, // shows no phone number
	} {
		st.Customers = append(st.Customers, sim.Customer(p))
	}
	return st
}

// chats are a customer's three.
func (st Stage) chats(c *meta.Customer) map[meta.Channel]*meta.Chat {
	return map[meta.Channel]*meta.Chat{
		meta.OnInstagram: c.WritesInstagram(st.Instagram),
		meta.OnMessenger: c.Writes(st.Page),
		meta.OnWhatsApp:  c.WritesWhatsApp(st.Number),
	}
}

// connected says which accounts Parley is subscribed to.
func (st Stage) connected() map[meta.Channel]bool {
	return map[meta.Channel]bool{
		meta.OnInstagram: st.Instagram.Subscribed(),
		meta.OnMessenger: len(st.Page.Subscribed()) > 0,
		meta.OnWhatsApp:  st.Number.WABA.Subscribed(),
	}
}
