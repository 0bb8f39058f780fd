package aws

import (
	"strings"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
)

// share is the share that an input names; it is made by the account of the resource, unless that accepts it.
func (l *lifting) share(r *manifest.Resource, path string) *manifest.Resource {
	name, ok := l.Named(r.Text(path), "arn")
	if !ok || l.View.Named(name).Type != shareType {
		l.Problem(r, path, "%v is not the ARN of a share that is there", r.Inputs[path])
		return nil
	}
	share := l.View.Named(name)
	if has, where := l.placeOf(r), l.placeOf(share); r.Type != shareAccepterType && has != where || has.region != where.region {
		l.Problem(r, path, "is in %s, the resource in %s", where, has)
		return nil
	}
	return share
}

// shared puts a transit gateway of its own account into a share.
func (l *lifting) shared(r *manifest.Resource) {
	l.share(r, "resourceShareArn")
	for _, router := range l.g.Routers {
		if l.holdsGateway(r, router.Ref) {
			l.here(r, "resourceArn", l.place(router.Ref))
			return
		}
	}
	l.Problem(r, "resourceArn", "%v is no transit gateway that is there", r.Inputs["resourceArn"])
}

// holdsGateway reports whether a share's resource is that gateway.
func (l *lifting) holdsGateway(r *manifest.Resource, gateway plan.Ref) bool {
	if gateway.Part != "" {
		return r.Text("resourceArn") == "${"+gateway.Part+".arn}"
	}
	where := l.place(gateway)
	return r.Text("resourceArn") == strings.Join([]string{"arn:aws:ec2", where.region, where.account, "transit-gateway/" + gateway.Existing}, ":")
}

func (l *lifting) sharePrincipal(r *manifest.Resource) {
	l.share(r, "resourceShareArn")
	if !oneAccount.MatchString(r.Text("principal")) {
		l.Problem(r, "principal", "%v is no account", r.Inputs["principal"])
	}
}

// shareAccepter accepts an invitation: there is none where a share is for one organization.
func (l *lifting) shareAccepter(r *manifest.Resource) {
	if share := l.share(r, "shareArn"); share != nil && !l.flag(share, "allowExternalPrincipals", false) {
		l.Problem(r, "shareArn", "%s invites nobody", share.Name)
	}
}

// isShared reports whether an account may attach its VPCs to a gateway: an existing one that this manifest
// shares with nobody is taken to be shared already.
func (l *lifting) isShared(gateway plan.Ref, with place) bool {
	shared := gateway.Existing != ""
	for _, r := range l.View.OfType(sharedType) {
		if !l.holdsGateway(r, gateway) {
			continue
		}
		shared = false
		for _, p := range l.View.OfType(sharePrincipalType) {
			if p.Text("principal") == with.account && p.Text("resourceShareArn") == r.Text("resourceShareArn") {
				return l.hasShare(r.Text("resourceShareArn"), with)
			}
		}
	}
	return shared
}

// hasShare reports whether an account that a share is given to has it: one that is invited must accept.
func (l *lifting) hasShare(arn string, account place) bool {
	share := l.View.Referred(arn)
	if share == nil || share.Type != shareType || !l.flag(share, "allowExternalPrincipals", false) {
		return share != nil
	}
	for _, a := range l.View.OfType(shareAccepterType) {
		if a.Text("shareArn") == arn && l.placeOf(a) == account {
			return true
		}
	}
	return false
}

// acceptsItself reports whether a gateway takes in what other accounts attach. Of an existing one the
// look-up says it.
func (l *lifting) acceptsItself(gateway plan.Ref) bool {
	if r := l.View.Named(gateway.Part); r != nil {
		return r.Text("autoAcceptSharedAttachments") == "enable"
	}
	for _, a := range l.View.Assumptions {
		if id, _ := a.Args["id"].(string); id == gateway.Existing && a.Expected["autoAcceptSharedAttachments"] == "disable" {
			return false
		}
	}
	return true
}
