package azure

import (
	"cmp"
	"net/netip"
	"regexp"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var (
	badSubscription = diag.Code{
		ID: "OBS351", Severity: diag.Error, Title: "not an Azure subscription id",
		Cause:   "A subscription's id is a GUID.",
		Example: `accounts: jp: azure: subscription: "my-subscription"`,
		Mend:    `accounts: jp: azure: subscription: "00000000-0000-0000-0000-000000000000"`,
	}
	existingShape = diag.Code{
		ID: "OBS352", Severity: diag.Error, Title: "an existing Azure network is not named by group and VNet",
		Cause:   "An existing VNet is found by its resource group and name; existing subnets stand in existing VNets.",
		Example: `japan: existing: vpc: "vpc-0a1b"`,
		Mend:    `japan: existing: {resourceGroup: "rg-net", virtualNetwork: "vnet-japan"}`,
	}
	endpointSubnets = diag.Code{
		ID: "OBS353", Severity: diag.Error, Title: "a private endpoint needs exactly one subnet",
		Cause:   "An Azure private endpoint stands in one subnet of its network.",
		Example: `japan: subnets: {a: cidr: "…", b: cidr: "…"}`,
		Mend:    `japan: subnets: {a: cidr: "…", b: {cidr: "…", endpoints: false}}`,
	}
	subnetTooSmall = diag.Code{
		ID: "OBS354", Severity: diag.Error, Title: "the subnet is too small for the private endpoint",
		Cause:   "An Azure Monitor private endpoint takes 8 addresses, 3 for each region with workspaces, 3 for each data collection endpoint, and one for each stamp that takes in the data of Application Insights components and for each of their regions (a support blog of the vendor, 2025-12), that of an Azure Monitor workspace 1, one of Arc 5 (counted from a guide's picture); Azure reserves 5 in each subnet, and the smallest supported subnet for Azure Monitor is /27 (private-link-configure, 2026-01). A subnet that is too small later must be made anew.",
		Example: `subnets: endpoints: cidr: "192.168.2.64/28"`,
		Mend:    `subnets: endpoints: cidr: "192.168.2.64/27"`,
	}
)

var addressFixed = diag.Code{
	ID: "OBS355", Severity: diag.Error, Title: "an address is fixed in an Azure subnet",
	Cause:   "The members of an Azure Monitor endpoint are not fully known before it is built, so Azure chooses their addresses; exports read them from outputs.",
	Example: `japan: subnets: endpoints: {cidr: "192.168.2.64/27", addresses: logs: api: "192.168.2.70"}`,
	Mend:    `japan: subnets: endpoints: cidr: "192.168.2.64/27"`,
}

var guid = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

func checkAccounts(t *topology.Topology) diag.List {
	var found diag.List
	for key, a := range topology.Sorted(t.Accounts) {
		if a.Kind != Name {
			continue
		}
		if id := compile.Decode[account](a.Body).Subscription; !guid.MatchString(id) {
			path := "accounts." + key + ".azure.subscription"
			found = append(found, badSubscription.At(t.At(path), path, "%q is not a subscription id", id).WithHint("paste the id from `az account show --query id`"))
		}
	}
	return found
}

func checkNetworks(t *topology.Topology) diag.List {
	var found diag.List
	for key, n := range topology.Sorted(t.Networks) {
		if t.Kind(key) != Name {
			continue
		}
		path := "networks." + key
		if e := n.Existing; e != nil && (e.ResourceGroup == "" || e.VirtualNetwork == "") {
			found = append(found, existingShape.At(t.At(path+".existing"), path+".existing", "existing network %q does not name its resource group and VNet", key).
				WithHint(`write existing: {resourceGroup: "…", virtualNetwork: "…"}`))
		}
		for sub, s := range topology.Sorted(n.Subnets) {
			if at := path + ".subnets." + sub + ".existing"; s.Existing != "" && n.Existing == nil {
				found = append(found, existingShape.At(t.At(at), at, "subnet %q is existing, but network %q is created by obslink", sub, key).
					WithHint("remove `existing` here, or declare the network as existing"))
			}
			if at := path + ".subnets." + sub + ".addresses"; fixesMonitor(t, s) {
				found = append(found, addressFixed.At(t.At(at), at, "addresses in Azure network %q cannot be fixed", key).WithHint("remove `addresses`; to keep those that Azure chose: backends: …: azureMonitor: pin: true"))
			}
		}
	}
	return found
}

// fixesMonitor reports whether a subnet fixes an address of another backend than Datadog.
func fixesMonitor(t *topology.Topology, s topology.Subnet) bool {
	for backend := range s.Addresses {
		if _, _, ok := datadogSite(t, backend); !ok {
			return true
		}
	}
	return false
}

// The counts of an Azure Monitor private endpoint (private-link-configure, 2026-01).
const (
	baseAddresses         = 8
	addressesPerRegion    = 3
	addressesPerCollector = 3
	azureReserved         = 5
	largestPrefix         = 27
)

// checkSubnets checks that each endpoint network has one subnet that is large enough.
func checkSubnets(t *topology.Topology) diag.List {
	var found diag.List
	needed, smallest := map[string]int{}, map[string]int{}
	for _, h := range compile.Hostings(t, Name) {
		switch b := t.Backends[h.Backend]; b.Kind {
		case kindMonitor:
			needed[h.Network] += addresses(t, h)
			smallest[h.Network] = largestPrefix
		case kindArc:
			needed[h.Network] += len(arcFacts(cloudOf(t, t.Networks[h.Network].Account)).Members)
		case datadogKind:
			body, site, _ := datadogSite(t, h.Backend)
			needed[h.Network] += len(intakes(body, site))
		}
	}
	for network, count := range topology.Sorted(needed) {
		n := t.Networks[network]
		var subnets []string
		for key, s := range topology.Sorted(n.Subnets) {
			if s.HoldsEndpoints() {
				subnets = append(subnets, key)
			}
		}
		path := "networks." + network + ".subnets"
		if len(subnets) != 1 {
			found = append(found, endpointSubnets.At(t.At(path), path, "network %q has %d subnets for the private endpoint, not one", network, len(subnets)).
				WithHint("declare one, and write `endpoints: false` on the others"))
			continue
		}
		found = append(found, size(t, path+"."+subnets[0]+".cidr", n.Subnets[subnets[0]].CIDR, count, cmp.Or(smallest[network], smallestSubnet))...)
	}
	return found
}

// addresses is how many addresses a backend's endpoint takes. The stamp of a component that obslink
// creates is not known yet: each counts as one of its own.
func addresses(t *topology.Topology, h *compile.Hosting) int {
	body := compile.Decode[monitor](t.Backends[h.Backend].Body)
	own := cmp.Or(body.Region, t.Networks[h.Network].Region)
	count := baseAddresses + addressesPerCollector*len(body.Collectors) + len(body.Prometheus)
	seen := map[string]bool{}
	once := func(what string, addresses int) {
		if !seen[what] {
			seen[what] = true
			count += addresses
		}
	}
	for _, r := range body.all() {
		switch region := cmp.Or(r.Region, own); r.kind {
		case kindWorkspace:
			once("workspaces "+region, addressesPerRegion)
		case kindComponent:
			once("stamp "+cmp.Or(r.host, r.key), 1)
			once("live "+region, 1)
		}
	}
	return count
}

// size checks that a subnet holds count addresses and is not smaller than a /bits.
func size(t *topology.Topology, path, value string, count, bits int) diag.List {
	cidr, err := netip.ParsePrefix(value)
	if err != nil {
		return nil
	}
	smallest := bits
	for bits > 8 && 1<<(32-bits)-azureReserved < count {
		bits--
	}
	if cidr.Bits() <= bits {
		return nil
	}
	return diag.List{subnetTooSmall.At(t.At(path), path, "%s has %d usable addresses; the endpoint takes %d, and /%d is the smallest supported", cidr,
		max(0, 1<<(32-cidr.Bits())-azureReserved), count, smallest).WithHint("use /%d or larger", bits)}
}
