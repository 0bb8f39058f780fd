package export

import (
	"fmt"
	"io"
	"net/netip"
	"strings"
)

var wireGuard = Format{
	Name: "wireguard", File: "wg0.conf",
	About:  "the site's end of its WireGuard tunnel, for wg-quick; put it into /etc/wireguard/",
	Tunnel: true,
	Write:  writeWireGuard,
}

// WireGuard is what the topology says of a site's tunnel.
type WireGuard struct {
	// PrivateKey is the name of the stack's secret that holds the site's key; "" where the site keeps it.
	PrivateKey string
	// PublicKey and Endpoint are the gateway's, and AllowedIPs what the site sends into the tunnel.
	PublicKey, Endpoint string
	AllowedIPs          []netip.Prefix
	// Accepted is what the gateway accepts from the site, and PeerAddress the site's public address, or "".
	Accepted    []netip.Prefix
	PeerAddress string
}

// writeWireGuard writes no key: a file that is mailed around or committed must not hold one (DESIGN §5.12).
// wg-quick refuses the reference in its place. It makes a route to each of AllowedIPs by itself; without an
// Address the interface passes on packets of the site's own addresses.
func writeWireGuard(w io.Writer, in Input) error {
	t := in.WireGuard
	if t == nil {
		return fmt.Errorf("site %q has no WireGuard tunnel", in.Site)
	}
	for _, text := range []string{t.PrivateKey, t.PublicKey, t.Endpoint} {
		if strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '#' }) {
			return fmt.Errorf("%q cannot be written into a line of wg-quick", text)
		}
	}
	var b strings.Builder
	comments(&b, head(in))
	b.WriteString("[Interface]\n")
	if t.PrivateKey != "" {
		comments(&b, []string{"Put the key in place of the reference, or keep it in a file: PostUp = wg set %i private-key FILE"})
		fmt.Fprintf(&b, "PrivateKey = ${secret:%s}\n", t.PrivateKey)
	} else {
		comments(&b, []string{"The site keeps its own key:"})
		fmt.Fprintf(&b, "PostUp = wg set %%i private-key /etc/wireguard/%%i.key\n")
	}
	fmt.Fprintf(&b, "\n[Peer]\nPublicKey = %s\nEndpoint = %s\nAllowedIPs = %s\n", t.PublicKey, t.Endpoint, joined(t.AllowedIPs))
	comments(&b, []string{"Keeps a NAT before the site open for answers."})
	b.WriteString("PersistentKeepalive = 25\n\n")
	_, port, _ := strings.Cut(t.Endpoint, ":")
	comments(&b, []string{
		"The gateway's own configuration is not obslink's. It needs: ListenPort = " + port + ", and for this site",
		"[Peer] PublicKey = that of the site's key, AllowedIPs = " + joined(t.Accepted),
	})
	if t.PeerAddress != "" {
		comments(&b, []string{"It lets this site's packets in from " + t.PeerAddress + " alone."})
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func joined(prefixes []netip.Prefix) string {
	texts := make([]string, len(prefixes))
	for i, p := range prefixes {
		texts[i] = p.String()
	}
	return strings.Join(texts, ", ")
}
