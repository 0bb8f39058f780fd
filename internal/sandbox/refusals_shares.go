package sandbox

// shareRefusals are those of AWS RAM, by which a transit gateway is shared with other accounts.
var shareRefusals = []refusal{
	{"aws-share-not-found", "UnknownResourceException: ResourceShare %s could not be found.", "RAM API error codes, text recalled", "2026-11", ""},
	{"aws-share-resource", "MalformedArnException: The specified resource ARN %s is not valid or the resource does not exist.", "RAM API error codes, text recalled", "2026-11", ""},
	{"aws-share-principal", "InvalidParameterException: Principal ID %s is malformed.", "RAM API error codes, text recalled", "2026-11", ""},
	{"aws-share-external", "OperationNotPermittedException: The resource share cannot be shared with principal %s, which is outside of your organization.", "rule: RAM CreateResourceShare allowExternalPrincipals; text inferred", "2026-11", ""},
	{"aws-share-invitation", "no RAM Resource Share (%s) invitation found", "terraform-provider-aws ram_resource_share_accepter, recalled; it adds that inside an organization none is needed", "2026-11", ""},
}
