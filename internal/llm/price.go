package llm

import "strings"

// Price is what a vendor asks for a million tokens, in millionths of the
// currency: 150_000 is 0.15.
type Price struct {
	Prefix   string // of the model's name; the longest that fits counts
	In, Out  int64
	Cached   int64 // input read from the vendor's short memory
	Written  int64 // input put into it
	Currency string
	AsOf     string // day the vendor's page was read, "2026-11-22"
}

// PricesAsOf is the day the table below was put together, from public lists that
// cite the vendors' price pages: list prices in dollars without discounts, tiers
// for long inputs or batches. A vendor that changed its price since makes the
// ledger wrong by that much; a model that is not here costs "unknown".
const PricesAsOf = "2026-11-22"

// Prices is the table, vendor by vendor.
func Prices() []Price {
	usd := func(prefix string, in, out, cached, written int64) Price {
		return Price{prefix, in, out, cached, written, "USD", PricesAsOf}
	}
	claude := func(prefix string, in, out int64) Price { return usd(prefix, in, out, in/10, in+in/4) }
	return []Price{
		usd("gpt-5.5", 5_000_000, 30_000_000, 500_000, 5_000_000),
		usd("gpt-5.4", 2_500_000, 15_000_000, 250_000, 2_500_000),
		usd("gpt-5.4-mini", 750_000, 4_500_000, 75_000, 750_000),
		usd("gpt-5.2", 1_750_000, 14_000_000, 175_000, 1_750_000),
		usd("gpt-5.1", 1_250_000, 10_000_000, 125_000, 1_250_000),
		usd("gpt-5", 1_250_000, 10_000_000, 125_000, 1_250_000),
		usd("gpt-5-mini", 250_000, 2_000_000, 25_000, 250_000),
		usd("gpt-5-nano", 50_000, 400_000, 5_000, 50_000),
		usd("gpt-4.1", 2_000_000, 8_000_000, 500_000, 2_000_000),
		usd("gpt-4.1-mini", 400_000, 1_600_000, 100_000, 400_000),
		usd("gpt-4.1-nano", 100_000, 400_000, 25_000, 100_000),
		usd("gpt-4o", 2_500_000, 10_000_000, 1_250_000, 2_500_000),
		usd("gpt-4o-mini", 150_000, 600_000, 75_000, 150_000),
		usd("o3", 2_000_000, 8_000_000, 500_000, 2_000_000),
		usd("o4-mini", 1_100_000, 4_400_000, 275_000, 1_100_000),
		usd("text-embedding-3-small", 20_000, 0, 20_000, 20_000),
		usd("text-embedding-3-large", 130_000, 0, 130_000, 130_000),
		claude("claude-opus-5", 5_000_000, 25_000_000),
		claude("claude-opus-4-8", 5_000_000, 25_000_000),
		claude("claude-opus-4-7", 5_000_000, 25_000_000),
		claude("claude-opus-4-6", 5_000_000, 25_000_000),
		claude("claude-opus-4-5", 5_000_000, 25_000_000),
		claude("claude-opus-4-1", 15_000_000, 75_000_000),
		claude("claude-sonnet-5", 2_000_000, 10_000_000),
		claude("claude-sonnet-4-6", 3_000_000, 15_000_000),
		claude("claude-sonnet-4-5", 3_000_000, 15_000_000),
		claude("claude-sonnet-4", 3_000_000, 15_000_000),
		claude("claude-haiku-4-5", 1_000_000, 5_000_000),
	}
}

// PriceOf gives the price of a model; false = the table has none. A name fits a
// prefix where it ends there or goes on with a date or a version ("-2026-01-01",
// "-latest"), so that gpt-5-codex never takes the price of gpt-5.
func PriceOf(model string) (Price, bool) {
	var best Price
	for _, p := range Prices() {
		rest, ok := strings.CutPrefix(model, p.Prefix)
		if ok && version(rest) && len(p.Prefix) > len(best.Prefix) {
			best = p
		}
	}
	return best, best.Prefix != ""
}

func version(rest string) bool {
	if rest == "" || rest == "-latest" {
		return true
	}
	return len(rest) >= 5 && rest[0] == '-' && strings.Trim(rest[1:], "0123456789-") == "" && strings.HasPrefix(rest, "-20")
}

// Cost is what calls took, in millionths of the currency. A call costs far less
// than a cent, so that minor units would round each to nothing.
type Cost struct {
	Micros   int64
	Currency string
	Known    bool // false: the table has no price, Micros is 0
}

// CostOf gives the cost of a call, rounded up.
func CostOf(model string, u Usage) Cost {
	p, ok := PriceOf(model)
	if !ok {
		return Cost{}
	}
	plain := int64(max(u.In-u.Cached-u.Written, 0))
	sum := plain*p.In + int64(u.Cached)*p.Cached + int64(u.Written)*p.Written + int64(u.Out)*p.Out
	return Cost{Micros: (sum + 999_999) / 1_000_000, Currency: p.Currency, Known: true}
}
