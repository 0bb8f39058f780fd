package cost_test

import (
	"reflect"
	"testing"

	"github.com/obslink/obslink/compiler/cost"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/schema"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		"0.014": "0.014", "3": "3.00", "0.5": "0.50", "0.000001": "0.000001", "0": "0.00", "999999999": "999999999.00", "0.10": "0.10",
	} {
		if got, err := cost.Parse(text); err != nil || got.String() != want {
			t.Errorf("%s: got %s, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "-1", "0.0000001", "1e3", ".5", "1.2.3", "9999999999", "+1"} {
		if got, err := cost.Parse(text); err == nil {
			t.Errorf("%q is taken as %s", text, got)
		}
	}
}

var catalogue = &schema.Prices{
	Sources: map[string]string{"page": "a page"},
	Items: map[string]schema.PriceItem{
		"thing-hour": {Unit: "thing and hour", Prices: map[string]schema.Price{
			"east": {USD: "0.01", Sure: "confirmed", Source: "page"}, "west": {USD: "0.02", Sure: "recalled", Source: "page"},
		}},
		"thing-gb": {Unit: "GB", Prices: map[string]schema.Price{"*": {USD: "0.004", Sure: "confirmed", Source: "page"}}},
	},
}

func TestRate(t *testing.T) {
	p := cost.PricesOf(&plan.Plan{Prices: []plan.Price{
		{Item: "thing-hour", Region: "east", USD: "0.5", Source: "an invoice"},
		{Item: "thing-gb", Region: "*", USD: "1", Source: "an invoice"},
	}}, catalogue)
	for _, test := range []struct {
		item, region, usd, sure string
		three                   cost.Sum
	}{
		{"thing-hour", "east", "0.50", "declared", cost.Sum{USD: 3 * 365e6}},
		{"thing-hour", "west", "0.02", "recalled", cost.Sum{USD: 438e5, Recalled: true}},
		{"thing-hour", "south", "0.00", "", cost.Sum{Unknown: []string{"thing-hour in south"}}},
		{"thing-gb", "south", "1.00", "declared", cost.Sum{USD: 3e6}},
		{"other", "east", "0.00", "", cost.Sum{Unknown: []string{"other in east"}}},
	} {
		r := p.Rate(test.item, test.region)
		if r.USD.String() != test.usd || r.Sure != test.sure || r.Known() != (test.sure != "") {
			t.Errorf("%s in %s: %+v", test.item, test.region, r)
		}
		if got := r.Monthly(3); !reflect.DeepEqual(got, test.three) {
			t.Errorf("3 of %s in %s: %+v", test.item, test.region, got)
		}
	}
}

func TestLines(t *testing.T) {
	p := cost.PricesOf(&plan.Plan{}, catalogue)
	var lines cost.Lines
	lines.Add("b", "dd", p.Rate("thing-hour", "east"), 2)
	lines.Add("a", "dd", p.Rate("thing-hour", "south"), 1)
	lines.Add("b", "dd", p.Rate("thing-hour", "east"), 1)
	s := cost.Of(&plan.Plan{Stack: "t"}, []cost.Counted{{Lines: lines.All()}})
	if len(s.Lines) != 2 || s.Lines[0].Network != "a" || s.Lines[1].Count != 3 || s.Total.USD != 219e5 {
		t.Errorf("%+v", s)
	}
	if !reflect.DeepEqual(s.Total.Unknown, []string{"thing-hour in south"}) {
		t.Errorf("the total hides what is not known: %v", s.Total)
	}
}
