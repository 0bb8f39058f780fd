package targets_test

import (
	"encoding/base64"
	"fmt"
	"math/rand"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/topologytest"
	"github.com/obslink/obslink/targets"
)

// canary stands where a person may paste a secret. It is 32 bytes, so that its base64 is a valid key.
const canary = "CANARY-0123456789-0123456789-XYZ"

// A secret that was pasted where only its name may stand is refused, and neither the message nor
// anything else repeats it: a build log is read by many.
func TestSecretsAreNotRepeated(t *testing.T) {
	key := base64.StdEncoding.EncodeToString([]byte(canary))
	wireguard := func(fields string) string {
		return `package stack
environment: "test"
accounts: jp: azure: subscription: "00000000-0000-0000-0000-000000000000"
networks: japan: {account: "jp", region: "japaneast", cidrs: ["192.168.2.0/24"], subnets: endpoints: cidr: "192.168.2.64/27"}
sites: home: {cidrs: ["192.168.1.0/24"], wireguard: {network: "japan", gateway: existing: "192.168.2.4", endpoint: "vpn.example.net:51820", ` + fields + `}}
`
	}
	const public = `publicKey: "b2JzbGluay1leGFtcGxlLXB1YmxpYy1rZXktMDAwMDE="`
	for _, fields := range []string{
		public + `, privateKey: "` + key + `"`,
		public + `, privateKey: secret: {value: "` + key + `"}`,
		public + `, privateKey: {secret: "home", value: "` + key + `"}`,
		public + `, privateKey: ["` + key + `"]`,
		public + `, privateKey: "` + key + `", privateKey: secret: "home"`,
		public + `, privateKey: "` + key + `", privateKey: "other"`,
		public + `, privateKey: secret: "home", privateKey: secret: "` + key + `"`,
		public + `, presharedKey: "` + key + `"`,
		`publicKey: "` + key[:40] + `"`,
		`publicKey: ["` + key + `"]`,
		`publicKey: "` + key + `", publicKey: "other"`,
	} {
		for name, text := range map[string]string{"stacks/prod/a.cue": wireguard(fields)} {
			r := compile.Stack(fstest.MapFS{name: {Data: []byte(text)}}, "stacks/prod", targets.All)
			if r.Plan != nil {
				t.Errorf("%s: no error", fields)
			}
			if said := fmt.Sprintf("%+v", r.Found); strings.Contains(said, key[:12]) {
				t.Errorf("%s: the secret is in %s", fields, said)
			}
		}
	}
}

// A plan knows the names of secrets and nothing else of them. The lock file, which a person edits,
// is not copied into it either.
func TestPlanHoldsNoSecret(t *testing.T) {
	each(t, func(t *testing.T, _ *rand.Rand, d topologytest.Doc) {
		for _, s := range d.Keys("sites") {
			if d.Has("sites", s, "wireguard", "privateKey") {
				name := d.At("sites", s, "wireguard", "privateKey")["secret"].(string)
				if plan := marshal(t, mustCompile(t, d)); !strings.Contains(plan, `"name": "`+name+`"`) {
					t.Errorf("the plan does not name secret %q", name)
				}
			}
		}
		locked := compileLocked(t, d, map[string]string{"note": canary, canary: "10.0.0.1"})
		if locked.Plan == nil || strings.Contains(marshal(t, locked.Plan), canary) {
			t.Errorf("found %v", locked.Found)
		}
	})
}
