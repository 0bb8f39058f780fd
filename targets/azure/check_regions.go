package azure

import (
	"regexp"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
	"github.com/obslink/obslink/schema"
)

var (
	notRegion = diag.Code{
		ID: "OBS367", Severity: diag.Error, Title: "not the name of an Azure region",
		Cause:   "A region is named as `az account list-locations` lists it: lower-case letters and digits only.",
		Example: `japan: {account: "jp", region: "Japan East"}`,
		Mend:    `japan: {account: "jp", region: "japaneast"}`,
	}
	unknownRegion = diag.Code{
		ID: "OBS368", Severity: diag.Warning, Title: "a region that obslink does not know",
		Cause:   "The catalogue lists the regions of Azure's public cloud (2026-05) and of Azure Government. The region may be newer than that; a misspelt one is refused only when the stack is deployed.",
		Example: `japan: {account: "jp", region: "japannorth"}`,
		Mend:    `japan: {account: "jp", region: "japaneast"}`,
	}
	otherCloud = diag.Code{
		ID: "OBS369", Severity: diag.Error, Title: "a region of another Azure cloud",
		Cause:   "A subscription is of one cloud, and each cloud has regions, names and zones of its own. obslink knows those of the public cloud and of Azure Government; for Azure in China no zone of Azure Monitor is documented at all (private-endpoint-dns, 2025-08), so it is refused.",
		Example: "accounts: us: azure: subscription: \"…\"\nnetworks: gov: {account: \"us\", region: \"usgovvirginia\", …}",
		Mend:    `accounts: us: azure: {subscription: "…", cloud: "usgovernment"}`,
	}
)

var regionShape = regexp.MustCompile(`^[a-z]+[0-9]?$`)

// checkRegions checks the region of every network, backend and resource of a scope, and the cloud of every
// account.
func checkRegions(t *topology.Topology) diag.List {
	var found diag.List
	for key, a := range topology.Sorted(t.Accounts) {
		if cloud := cloudOf(t, key); a.Kind == Name && !builtIn(cloud) {
			at := "accounts." + key + ".azure.cloud"
			found = append(found, otherCloud.At(t.At(at), at, "account %q is of %s: %s", key, nameOfCloud(cloud), schema.AzureMonitor().OtherClouds[cloud].Refused).
				WithHint("use a subscription of the public cloud, or one of Azure Government with cloud: \"usgovernment\""))
		}
	}
	for key, n := range topology.Sorted(t.Networks) {
		if t.Kind(key) == Name {
			found = append(found, region(t, "networks."+key+".region", n.Region, cloudOf(t, n.Account))...)
		}
	}
	clouds := backendClouds(t)
	for key, b := range topology.Sorted(t.Backends) {
		if b.Kind != kindMonitor {
			continue
		}
		path := "backends." + key + ".azureMonitor"
		body := compile.Decode[monitor](b.Body)
		if body.Region != "" {
			found = append(found, region(t, path+".region", body.Region, clouds[key])...)
		}
		for _, r := range append(body.all(), body.queried()...) {
			if r.Region != "" {
				found = append(found, region(t, path+"."+r.path+".region", r.Region, clouds[key])...)
			}
		}
	}
	return found
}

// region checks one region of a cloud; cloud is empty where nothing says which.
func region(t *topology.Topology, path, value, cloud string) diag.List {
	if cloud != "" && !builtIn(cloud) {
		return nil // its account is reported
	}
	of, name := schema.Azure().CloudOf(value)
	known := schema.Azure().CloudRegions[cloud]
	if cloud == "" || cloud == schema.AzurePublic {
		known = schema.Azure().Regions
	}
	if name != "" && (of != cloud && cloud != "" || !builtIn(of)) {
		return diag.List{foreignRegion(t, path, value, cloud)}
	}
	if of == schema.AzurePublic || slices.Contains(schema.Azure().CloudRegions[of], value) {
		return nil
	}
	d := unknownRegion.At(t.At(path), path, "there is no region %q that obslink knows", value)
	if !regionShape.MatchString(value) {
		d = notRegion.At(t.At(path), path, "%q is not the name of a region", value)
	}
	plain := strings.ToLower(strings.NewReplacer(" ", "", "-", "", "_", "").Replace(value))
	if near := diag.DidYouMean(plain, known); near != "" {
		return diag.List{d.WithHint("did you mean %q?", near)}
	}
	return diag.List{d.WithHint("`az account list-locations --query '[].name'` prints those of your subscription")}
}

// foreignRegion is what is said of a region of another cloud than its account's.
func foreignRegion(t *topology.Topology, path, value, cloud string) diag.Diagnostic {
	of, name := schema.Azure().CloudOf(value)
	d := otherCloud.At(t.At(path), path, "region %q is in %s", value, name)
	switch {
	case cloud == "usgovernment":
		return d.WithHint("the account is of Azure Government: choose one of %s", strings.Join(schema.Azure().CloudRegions[cloud], ", "))
	case builtIn(of):
		return d.WithHint("say that the account is of that cloud, accounts: …: azure: cloud: %q, or choose a region of the public cloud", of)
	case of != "":
		return d.WithHint("choose a region of the public cloud or of Azure Government: %s", schema.AzureMonitor().OtherClouds[of].Refused)
	}
	return d.WithHint("choose a region of the public cloud or of Azure Government: nothing is published of that cloud")
}
