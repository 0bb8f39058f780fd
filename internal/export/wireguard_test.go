package export_test

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/obslink/obslink/internal/export"
)

func TestWireGuard(t *testing.T) {
	in := export.Input{Stack: "prod", Site: "home", PlanDigest: "sha256:abc", WireGuard: &export.WireGuard{
		PrivateKey: "home-wg", PublicKey: "b2JzbGluay1leGFtcGxlLXB1YmxpYy1rZXktMDAwMDE=", Endpoint: "vpn.example.net:51820", PeerAddress: "203.0.113.7",
		AllowedIPs: []netip.Prefix{netip.MustParsePrefix("192.168.2.64/27"), netip.MustParsePrefix("192.168.2.96/28")}, Accepted: []netip.Prefix{netip.MustParsePrefix("192.168.1.0/24")},
	}}
	want := `# Written by obslink for stack "prod", site "home". Changes made here are lost.
# plan sha256:abc
[Interface]
# Put the key in place of the reference, or keep it in a file: PostUp = wg set %i private-key FILE
PrivateKey = ${secret:home-wg}

[Peer]
PublicKey = b2JzbGluay1leGFtcGxlLXB1YmxpYy1rZXktMDAwMDE=
Endpoint = vpn.example.net:51820
AllowedIPs = 192.168.2.64/27, 192.168.2.96/28
# Keeps a NAT before the site open for answers.
PersistentKeepalive = 25

# The gateway's own configuration is not obslink's. It needs: ListenPort = 51820, and for this site
# [Peer] PublicKey = that of the site's key, AllowedIPs = 192.168.1.0/24
# It lets this site's packets in from 203.0.113.7 alone.
`
	if got := write(t, "wireguard", in); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	in.WireGuard.PrivateKey = ""
	if got := write(t, "wireguard", in); !strings.Contains(got, "private-key /etc/wireguard/%i.key\n") || strings.Contains(got, "PrivateKey =") {
		t.Errorf("a site that keeps its key: got\n%s", got)
	}
	f, _ := export.Find("wireguard")
	in.WireGuard.Endpoint = "vpn.example.net:51820\nPostUp = rm"
	if err := f.Write(&strings.Builder{}, in); err == nil {
		t.Error("a line break got into the file")
	}
	if err := f.Write(&strings.Builder{}, export.Input{Site: "home"}); err == nil {
		t.Error("a site without a tunnel has a configuration")
	}
}
