// Package cost says what a plan costs: a month of what it builds, without data, and what a gigabyte
// costs on each link, beside the other ways to reach the same backend. It holds the neutral types and
// the arithmetic; each target counts its own parts. A price that nobody knows stays unknown: the sum
// then says what is missing from it, and nothing is guessed. It reads plans and changes nothing.
package cost

import (
	"fmt"
	"math"
	"strings"

	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/schema"
)

// Version is the version of the sheet's JSON form.
const Version = 1

// Hours of a month, as the clouds' own calculators count.
const Hours = 730

// USD is an amount in millionths of a US dollar. Its JSON form is a decimal number in quotes.
type USD int64

// Parse reads a decimal number of dollars, with at most six digits after the point.
func Parse(text string) (USD, error) {
	whole, fraction, _ := strings.Cut(text, ".")
	if len(fraction) > 6 || whole == "" || len(whole) > 9 {
		return 0, fmt.Errorf("%q is no price", text)
	}
	var amount USD
	for _, digit := range whole + fraction + strings.Repeat("0", 6-len(fraction)) {
		if digit < '0' || digit > '9' {
			return 0, fmt.Errorf("%q is no price", text)
		}
		amount = amount*10 + USD(digit-'0')
	}
	return amount, nil
}

// String is the amount in dollars and cents; more digits where it has them.
func (u USD) String() string {
	text := fmt.Sprintf("%d.%06d", u/1e6, u%1e6)
	for strings.HasSuffix(text, "0") && len(text)-strings.Index(text, ".") > 3 {
		text = text[:len(text)-1]
	}
	return text
}

// MarshalText is the JSON form.
func (u USD) MarshalText() ([]byte, error) { return []byte(u.String()), nil }

// Rate is the price of an item in a region. Sure is "declared" where the topology says it, else as in
// the catalogue; where it is missing, no price is known.
type Rate struct {
	Item   string `json:"item"`
	Region string `json:"region"`
	Unit   string `json:"unit"`
	USD    USD    `json:"usd,omitempty"`
	Sure   string `json:"sure,omitempty"`
	Source string `json:"source,omitempty"`
}

// Known reports whether there is a price.
func (r Rate) Known() bool { return r.Sure != "" }

// Monthly is what a number of units cost in a month; of a gigabyte, what that many cost.
func (r Rate) Monthly(count int) Sum {
	units := count
	if strings.HasSuffix(r.Item, "-hour") {
		units *= Hours
	}
	if !r.Known() {
		return Sum{Unknown: []string{r.Item + " in " + r.Region}}
	}
	if r.USD > 0 && USD(units) > math.MaxInt64/r.USD {
		panic("a sum of money overflows; this is a bug in obslink")
	}
	return Sum{USD: r.USD * USD(units), Recalled: r.Sure == "recalled"}
}

// Prices finds rates: what the plan says, else the catalogue.
type Prices struct {
	declared  map[[2]string]plan.Price
	catalogue *schema.Prices
}

// PricesOf are the prices of a plan on a cloud's catalogue.
func PricesOf(p *plan.Plan, catalogue *schema.Prices) *Prices {
	all := &Prices{declared: map[[2]string]plan.Price{}, catalogue: catalogue}
	for _, price := range p.Prices {
		all.declared[[2]string{price.Item, price.Region}] = price
	}
	return all
}

// DeclaredRate is the price of an item in a region that the catalogue's prices are not for: what the plan
// says, if it does.
func (p *Prices) DeclaredRate(item, region string) Rate {
	rate := Rate{Item: item, Region: region, Unit: p.catalogue.Items[item].Unit}
	for _, where := range []string{region, "*"} {
		if d, ok := p.declared[[2]string{item, where}]; ok {
			rate.USD, _ = Parse(d.USD)
			rate.Sure, rate.Source = "declared", d.Source
			return rate
		}
	}
	return rate
}

// Rate is the price of an item in a region.
func (p *Prices) Rate(item, region string) Rate {
	rate := p.DeclaredRate(item, region)
	if rate.Known() {
		return rate
	}
	row := p.catalogue.Items[item]
	for _, where := range []string{region, "*"} {
		if listed, ok := row.Prices[where]; ok {
			rate.USD, _ = Parse(listed.USD)
			rate.Sure, rate.Source = listed.Sure, p.catalogue.Sources[listed.Source]
			return rate
		}
	}
	return rate
}
