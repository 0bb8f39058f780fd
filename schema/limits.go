package schema

import "sync"

// AWSLimits is what is known about AWS itself: its regions, and how many of a thing there may be.
type AWSLimits struct {
	Version int               `json:"version"`
	AsOf    string            `json:"asOf"`
	Sources map[string]string `json:"sources"`
	// Regions are those of the commercial partition.
	Regions       map[string]AWSRegion `json:"regions"`
	RegionsSource string               `json:"regionsSource"`
	// OtherPartitions share no network with the commercial one.
	OtherPartitions       []Prefixed `json:"otherPartitions"`
	OtherPartitionsSource string     `json:"otherPartitionsSource"`
	// ZonesWithoutCrossRegion are the ids of zones in which no endpoint stands for a service of another
	// region.
	ZonesWithoutCrossRegion       []string         `json:"zonesWithoutCrossRegion"`
	ZonesWithoutCrossRegionSource string           `json:"zonesWithoutCrossRegionSource"`
	Quotas                        map[string]Quota `json:"quotas"`
}

// AWSRegion is a region; Zones is what the ids of its availability zones begin with, such as use1.
type AWSRegion struct {
	Zones string `json:"zones"`
}

// Prefixed is what regions whose names begin alike belong to.
type Prefixed struct {
	Prefix string `json:"prefix"`
	Name   string `json:"name"`
	// Cloud is what a topology calls an Azure cloud; empty where none does.
	Cloud string `json:"cloud,omitempty"`
}

// Quota is how many of a thing there may be: by default, and at most where AWS raises it; Max is 0
// where AWS names no bound.
type Quota struct {
	Default int    `json:"default"`
	Max     int    `json:"max"`
	Name    string `json:"name"` // as Service Quotas lists it
	Source  string `json:"source"`
}

// AzureLimits is what is known about Azure itself: its regions, and how long names may be.
type AzureLimits struct {
	Version int               `json:"version"`
	AsOf    string            `json:"asOf"`
	Sources map[string]string `json:"sources"`
	// Regions are those of the public cloud.
	Regions       []string `json:"regions"`
	RegionsSource string   `json:"regionsSource"`
	// WithoutZones are regions without availability zones.
	WithoutZones       []string `json:"withoutZones"`
	WithoutZonesSource string   `json:"withoutZonesSource"`
	// VPNTunnels says how many sites a VPN gateway takes, by its SKU.
	VPNTunnels       map[string]int `json:"vpnTunnels"`
	VPNTunnelsSource string         `json:"vpnTunnelsSource"`
	// OtherClouds have subscriptions and zones of their own.
	OtherClouds       []Prefixed `json:"otherClouds"`
	OtherCloudsSource string     `json:"otherCloudsSource"`
	// CloudRegions are the regions of clouds other than the public one, by cloud.
	CloudRegions       map[string][]string    `json:"cloudRegions"`
	CloudRegionsSource string                 `json:"cloudRegionsSource"`
	NameLengths        map[string]AzureLength `json:"nameLengths"`
	// RuleLimits are how many of a thing a data collection rule, or one of its sources, takes.
	RuleLimits map[string]AzureLength `json:"ruleLimits"`
}

// AzureLength is how long the name of one kind of resource may be, or how many there may be of one.
type AzureLength struct {
	Max    int    `json:"max"`
	Source string `json:"source"`
}

// AWS returns what is known about AWS.
var AWS = sync.OnceValue(func() *AWSLimits { return read[AWSLimits]("aws_limits") })

// Azure returns what is known about Azure.
var Azure = sync.OnceValue(func() *AzureLimits { return read[AzureLimits]("azure_limits") })
