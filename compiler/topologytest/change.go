package topologytest

import (
	"cmp"
	"slices"
)

// Sections of a topology whose keys become parts of names.
var Sections = []string{"accounts", "networks", "sites", "backends", "links", "transitGateways"}

// Rename gives an element of a section another key, and follows every reference to it. With was,
// the element says what its key was before.
func (d Doc) Rename(section, old, now string, was bool) {
	rename(d.At(section), old, now, was)
	change := func(m map[string]any, field string) {
		if m[field] == old {
			m[field] = now
		}
	}
	switch section {
	case "accounts":
		for _, k := range d.Keys("networks") {
			change(d.At("networks", k), "account")
		}
		for _, k := range d.Keys("transitGateways") {
			change(d.At("transitGateways", k), "account")
		}
		for _, k := range d.Keys("backends") {
			for _, kind := range []string{"azureMonitor", "azureArc"} {
				if d.Has("backends", k, kind) {
					change(d.At("backends", k, kind), "account")
				}
			}
		}
	case "networks", "sites":
		for _, k := range d.Keys("backends") {
			if d.Has("backends", k, "azureMonitor", "exclusions", old) {
				rename(d.At("backends", k, "azureMonitor", "exclusions"), old, now, false)
			}
		}
		for _, k := range d.Keys("links") {
			change(d.At("links", k), "from")
			for mechanism, field := range map[string]string{"peering": "endpoints", "transitGateway": "endpoints", "endpoint": "network"} {
				if d.Has("links", k, "via", mechanism) {
					change(d.At("links", k, "via", mechanism), field)
				}
			}
		}
		for _, k := range d.Keys("sites") {
			if d.Has("sites", k, "dns") {
				change(d.At("sites", k, "dns"), "forwardTo")
			}
			for _, kind := range []string{"wireguard", "vpn", "existing"} {
				if d.Has("sites", k, kind) {
					change(d.At("sites", k, kind), "network")
				}
			}
		}
	case "transitGateways":
		for _, k := range d.Keys("networks") {
			if d.Has("networks", k, "attach") {
				change(d.At("networks", k, "attach"), "transitGateway")
			}
		}
		for _, k := range d.Keys("transitGateways") {
			if d.Has("transitGateways", k, "peers", old) {
				rename(d.At("transitGateways", k, "peers"), old, now, false)
			}
		}
	case "backends":
		for _, k := range d.Keys("links") {
			change(d.At("links", k), "to")
		}
		for _, n := range d.Keys("networks") {
			if d.Has("networks", n, "acknowledge", old) {
				rename(d.At("networks", n, "acknowledge"), old, now, false)
			}
			for _, s := range d.Keys("networks", n, "subnets") {
				if d.Has("networks", n, "subnets", s, "addresses", old) {
					rename(d.At("networks", n, "subnets", s, "addresses"), old, now, false)
				}
			}
		}
	}
}

// RenameIn gives the element of the map at a path, such as a subnet or workspace, another key.
func (d Doc) RenameIn(old, now string, was bool, path ...string) {
	rename(d.At(path...), old, now, was)
	if path[len(path)-1] == "workspaces" {
		for _, rule := range d.Collecting(path[1], old) {
			rename(d.At("backends", path[1], "azureMonitor", "dataCollectionRules", rule, "workspaces"), old, now, false)
		}
	}
	if path[len(path)-1] == "subnets" {
		d.attached(path[1], old, now)
		if d.text("networks", path[1], "vpnGateway", "subnet") == old {
			d.At("networks", path[1], "vpnGateway")["subnet"] = now
		}
		for _, in := range d.Keys("networks", path[1], "inbound") {
			if m := d.At("networks", path[1], "inbound", in); m["subnet"] == old {
				m["subnet"] = now
			}
		}
	}
}

// attached puts another subnet in the place of one in the attachment of a network, or none.
func (d Doc) attached(network, subnet, now string) {
	if !d.Has("networks", network, "attach") {
		return
	}
	attach := d.At("networks", network, "attach")
	var subnets []any
	for _, s := range attach["subnets"].([]any) {
		switch {
		case s != subnet:
			subnets = append(subnets, s)
		case now != "":
			subnets = append(subnets, now)
		}
	}
	attach["subnets"] = subnets
}

// ForgetSubnet takes a deleted subnet out of its network's attachment, and reports whether that still
// has one in each zone and neither a DNS inbound endpoint nor a VPN gateway stood in the subnet.
func (d Doc) ForgetSubnet(network, subnet string) bool {
	if d.answering(network, subnet) || d.text("networks", network, "vpnGateway", "subnet") == subnet {
		return false
	}
	d.attached(network, subnet, "")
	if !d.Has("networks", network, "attach") {
		return true
	}
	zones := map[string]bool{}
	for _, s := range d.At("networks", network, "attach")["subnets"].([]any) {
		zones[d.text("networks", network, "subnets", s.(string), "zone")] = true
	}
	for _, s := range d.Keys("networks", network, "subnets") {
		if !zones[d.text("networks", network, "subnets", s, "zone")] {
			return false
		}
	}
	return len(zones) > 0
}

func rename(m map[string]any, old, now string, was bool) {
	element := m[old]
	delete(m, old)
	m[now] = element
	if e, ok := element.(map[string]any); ok && was {
		e["was"] = old
	}
}

// Delete removes an element of a section and everything that cannot be without it. It returns the
// keys whose parts may change because of it.
func (d Doc) Delete(section, key string) []string {
	affected := []string{key}
	switch section {
	case "backends":
		affected = append(affected, d.inSubscription(key))
		for _, n := range d.Keys("networks") {
			if d.Has("networks", n, "acknowledge") {
				delete(d.At("networks", n, "acknowledge"), key)
			}
			for _, s := range d.Keys("networks", n, "subnets") {
				if d.Has("networks", n, "subnets", s, "addresses") {
					delete(d.At("networks", n, "subnets", s, "addresses"), key)
				}
			}
		}
	case "networks": // the account's provider in that region may go with its last network
		affected = append(affected, d.text("networks", key, "account"))
	case "links":
		via, _ := d.Via(key)
		to := d.text("links", key, "to")
		affected = append(affected, d.text("links", key, "from"), to, via, d.inSubscription(to))
	}
	if section == "transitGateways" {
		affected = append(affected, d.forgetGateway(key)...)
	}
	from, forwardsTo := key, ""
	if section == "links" {
		from = d.text("links", key, "from")
	}
	if section == "links" || section == "sites" {
		forwardsTo = d.text("sites", from, "dns", "forwardTo")
	}
	delete(d.At(section), key)
	if forwardsTo != "" {
		affected = append(affected, d.forgetForwarding(from, forwardsTo)...)
	}
	for _, s := range d.Keys("sites") {
		if section == "networks" && d.ends(s) == key {
			affected = append(affected, d.Delete("sites", s)...)
		}
	}
	for _, l := range d.Keys("links") {
		network, _ := d.Via(l)
		if slices.Contains([]string{d.text("links", l, "from"), d.text("links", l, "to"), network}, key) {
			affected = append(affected, d.Delete("links", l)...)
		}
	}
	d.forgetExclusions()
	return append(affected, d.forgetRules()...)
}

// forgetRules removes data collection rules that no machine follows any more, and returns their backends.
func (d Doc) forgetRules() []string {
	followed := map[string]bool{}
	for _, l := range d.Keys("links") {
		if from := d.text("links", l, "from"); d.Has("sites", from, "machines") && len(d.Keys("sites", from, "machines")) > 0 {
			followed[d.text("links", l, "to")] = true
		}
	}
	var affected []string
	for _, b := range d.Keys("backends") {
		if !followed[b] && d.Has("backends", b, "azureMonitor", "dataCollectionRules") {
			delete(d.At("backends", b, "azureMonitor"), "dataCollectionRules")
			affected = append(affected, b)
		}
	}
	return affected
}

// forgetExclusions removes what backends say of endpoints that no link makes any more.
func (d Doc) forgetExclusions() {
	made := map[[2]string]bool{}
	for _, l := range d.Keys("links") {
		via, _ := d.Via(l)
		made[[2]string{d.text("links", l, "to"), via}] = true
	}
	for _, b := range d.Keys("backends") {
		if !d.Has("backends", b, "azureMonitor", "exclusions") {
			continue
		}
		for _, network := range d.Keys("backends", b, "azureMonitor", "exclusions") {
			if !made[[2]string{b, network}] {
				delete(d.At("backends", b, "azureMonitor", "exclusions"), network)
			}
		}
	}
}

// inSubscription is the account that a backend names for itself.
func (d Doc) inSubscription(backend string) string {
	return cmp.Or(d.text("backends", backend, "azureMonitor", "account"), d.text("backends", backend, "azureArc", "account"))
}

// forgetGateway removes what cannot be without a transit gateway.
func (d Doc) forgetGateway(key string) []string {
	affected := []string{d.text("transitGateways", key, "account")}
	for _, l := range d.Keys("links") {
		from, hub := d.text("links", l, "from"), d.text("links", l, "via", "transitGateway", "endpoints")
		if hub != "" && (d.text("networks", from, "attach", "transitGateway") == key || d.text("networks", hub, "attach", "transitGateway") == key) {
			affected = append(affected, d.Delete("links", l)...)
		}
	}
	for _, n := range d.Keys("networks") {
		if d.text("networks", n, "attach", "transitGateway") == key {
			delete(d.At("networks", n), "attach")
		}
	}
	for _, g := range d.Keys("transitGateways") {
		if d.Has("transitGateways", g, "peers") {
			delete(d.At("transitGateways", g, "peers"), key)
		}
	}
	return affected
}

// Via returns the network that holds the endpoints of a link, and whether it is joined with the client's.
func (d Doc) Via(link string) (network string, peering bool) {
	for _, mechanism := range []string{"peering", "transitGateway"} {
		if d.Has("links", link, "via", mechanism) {
			return d.text("links", link, "via", mechanism, "endpoints"), true
		}
	}
	if d.Has("links", link, "via") {
		return d.text("links", link, "via", "endpoint", "network"), false
	}
	from := d.text("links", link, "from")
	return cmp.Or(d.ends(from), from), false
}

// ends is the network that a site's connection ends in; "" for what is no site.
func (d Doc) ends(site string) string {
	return cmp.Or(d.text("sites", site, "wireguard", "network"), d.text("sites", site, "vpn", "network"), d.text("sites", site, "existing", "network"))
}

// ForgetAddresses removes the fixed addresses of one service of a backend.
func (d Doc) ForgetAddresses(backend, service string) {
	for _, n := range d.Keys("networks") {
		for _, s := range d.Keys("networks", n, "subnets") {
			if d.Has("networks", n, "subnets", s, "addresses", backend) {
				delete(d.At("networks", n, "subnets", s, "addresses", backend), service)
			}
		}
	}
}
