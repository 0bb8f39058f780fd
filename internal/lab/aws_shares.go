package lab

import "github.com/obslink/obslink/compiler/manifest"

const ram = "aws:ram/"

// awsShareTypes are read by the attachments that need them.
func awsShareTypes() []resourceType {
	read := func(*reader, *manifest.Resource) {}
	return []resourceType{
		{ram + "resourceShare:ResourceShare", "allowExternalPrincipals", "", after, read},
		{ram + "resourceAssociation:ResourceAssociation", "resourceShareArn resourceArn", "", after, read},
		{ram + "principalAssociation:PrincipalAssociation", "resourceShareArn principal", "", after, read},
		{ram + "resourceShareAccepter:ResourceShareAccepter", "shareArn", "", after, read},
	}
}

// granted reports whether an account may use another one's gateway: some share holds it and names the
// account, which has accepted where the share goes beyond the organization. Of a gateway that was there
// before, shares may have been too.
func (r *reader) granted(gateway *manifest.Resource, account string) bool {
	if gateway == nil {
		return true
	}
	given := map[*manifest.Resource]bool{} // shares that name the account
	for _, p := range r.view.OfType(ram + "principalAssociation:PrincipalAssociation") {
		if share := r.view.Referred(p.Inputs["resourceShareArn"]); share != nil && p.Text("principal") == account {
			given[share] = !boolean(share, "allowExternalPrincipals", false)
		}
	}
	for _, a := range r.view.OfType(ram + "resourceShareAccepter:ResourceShareAccepter") {
		share := r.view.Referred(a.Inputs["shareArn"])
		if _, invited := given[share]; invited && r.account(a) == account {
			given[share] = true
		}
	}
	for _, a := range r.view.OfType(ram + "resourceAssociation:ResourceAssociation") {
		if r.view.Referred(a.Inputs["resourceArn"]) == gateway && given[r.view.Referred(a.Inputs["resourceShareArn"])] {
			return true
		}
	}
	return false
}
