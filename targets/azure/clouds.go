package azure

import (
	"cmp"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/topology"
	"github.com/obslink/obslink/schema"
)

// cloudOf is the cloud that an account's subscription is of: each has names, zones and regions of its own,
// and resources of one cannot name those of another.
func cloudOf(t *topology.Topology, key string) string {
	if a := t.Accounts[key]; a != nil && a.Kind == Name {
		return cmp.Or(compile.Decode[account](a.Body).Cloud, schema.AzurePublic)
	}
	return schema.AzurePublic
}

// builtIn reports whether obslink knows the names of a cloud.
func builtIn(cloud string) bool {
	other, found := schema.AzureMonitor().OtherClouds[cloud]
	return cloud == schema.AzurePublic || found && other.Refused == ""
}

// nameOfCloud is what people call a cloud.
func nameOfCloud(cloud string) string {
	if other, found := schema.AzureMonitor().OtherClouds[cloud]; found {
		return other.Name
	}
	return "Azure's public cloud"
}

// backendClouds are the clouds of the backends that an account or an endpoint's network gives one.
func backendClouds(t *topology.Topology) map[string]string {
	clouds := map[string]string{}
	for _, h := range compile.Hostings(t, Name) {
		clouds[h.Backend] = cmp.Or(clouds[h.Backend], cloudOf(t, t.Networks[h.Network].Account))
	}
	for key, b := range topology.Sorted(t.Backends) {
		if b.Kind != kindMonitor && b.Kind != kindArc {
			continue
		}
		if of := compile.Decode[struct{ Account string }](b.Body).Account; of != "" {
			clouds[key] = cloudOf(t, of)
		}
	}
	return clouds
}

// cloud is the one that a resource's provider works in.
func (l *lifting) cloud(r *manifest.Resource) string {
	if p := l.View.Named(r.Provider); p != nil {
		return cmp.Or(p.Text("environment"), schema.AzurePublic)
	}
	return schema.AzurePublic
}
