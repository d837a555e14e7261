package api

import "testing"

func TestATotalIsExactOrAbsent(t *testing.T) {
	t.Parallel()
	line := func(n int64, price, currency string) BasketLine { return BasketLine{"p", n, price, currency} }
	for name, c := range map[string]struct {
		lines         []BasketLine
		sum, currency string
	}{
		"one":              {[]BasketLine{line(2, "149.90", "TRY")}, "299.80", "TRY"},
		"no float is used": {[]BasketLine{line(3, "0.1", "EUR"), line(1, "0.20", "EUR")}, "0.50", "EUR"},
		"whole":            {[]BasketLine{line(4, "12", "JPY")}, "48", "JPY"},
		"large":            {[]BasketLine{line(1_000_000_000, "999999999999.99", "TRY")}, "999999999999990000000.00", "TRY"},
		"two currencies":   {[]BasketLine{line(1, "1", "TRY"), line(1, "1", "EUR")}, "", ""},
		"a price missing":  {[]BasketLine{line(1, "1", "TRY"), line(1, "", "TRY")}, "", ""},
		"no currency":      {[]BasketLine{line(1, "1", "")}, "", ""},
		"no quantity":      {[]BasketLine{line(0, "1", "TRY")}, "", ""},
		"a comma":          {[]BasketLine{line(1, "1,50", "TRY")}, "", ""},
		"a fraction":       {[]BasketLine{line(1, "1/3", "TRY")}, "", ""},
		"an exponent":      {[]BasketLine{line(1, "1e999999999", "TRY")}, "", ""},
		"a sign":           {[]BasketLine{line(1, "-1", "TRY")}, "", ""},
		"digits no end":    {[]BasketLine{line(1, "1234567890123456789", "TRY")}, "", ""},
		"nothing":          {nil, "", ""},
	} {
		if sum, currency := total(c.lines); sum != c.sum || currency != c.currency {
			t.Errorf("%s: %q %q, want %q %q", name, sum, currency, c.sum, c.currency)
		}
	}
}
