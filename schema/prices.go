package schema

import (
	"maps"
	"sync"
)

// Prices is what things cost, in US dollars. A price that is not listed is not known.
type Prices struct {
	Version  int                  `json:"version"`
	AsOf     string               `json:"asOf"`
	Currency string               `json:"currency"`
	Sources  map[string]string    `json:"sources"`
	Items    map[string]PriceItem `json:"items"`
}

// PriceItem is one kind of thing that is paid for, with its prices by region; "*" is every region.
type PriceItem struct {
	What   string           `json:"what"`
	Unit   string           `json:"unit"`
	Prices map[string]Price `json:"prices"`
}

// Price is a decimal number of dollars and how sure it is: confirmed (the seller says so), reported
// (others say so) or recalled (nobody at hand says so).
type Price struct {
	USD    string `json:"usd"`
	Sure   string `json:"sure"`
	Source string `json:"source"`
}

// AWSPrices returns what AWS's things cost.
var AWSPrices = sync.OnceValue(func() *Prices { return read[Prices]("aws_prices") })

// AzurePrices returns what Azure's things cost.
var AzurePrices = sync.OnceValue(func() *Prices { return read[Prices]("azure_prices") })

// PriceItems are the items of every cloud.
var PriceItems = sync.OnceValue(func() map[string]PriceItem {
	all := maps.Clone(AWSPrices().Items)
	maps.Copy(all, AzurePrices().Items)
	return all
})

// KnownRegion reports whether any cloud has a region of that name.
func KnownRegion(name string) bool {
	if _, ok := AWS().Regions[name]; ok {
		return true
	}
	for _, region := range Azure().Regions {
		if region == name {
			return true
		}
	}
	return false
}
