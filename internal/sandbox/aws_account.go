package sandbox

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var regionForm = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-[0-9]$`)

// configure turns a provider's settings into who it acts as.
func configure(cloud string, settings map[string]any) (identity, error) {
	if cloud == "azure" {
		s, _ := settings["subscriptionId"].(string)
		if s == "" {
			return identity{}, no("azure-no-subscription")
		}
		environment, _ := settings["environment"].(string)
		return identity{cloud: cloud, account: s, environment: or(environment, "public")}, nil
	}
	region, _ := settings["region"].(string)
	if !regionForm.MatchString(region) {
		return identity{}, no("aws-no-region", region)
	}
	allowed, err := accountList(settings["allowedAccountIds"])
	if err != nil {
		return identity{}, no("aws-bad-configuration", "allowedAccountIds", err)
	}
	account, err := assumedAccount(settings)
	if err != nil {
		return identity{}, err
	}
	switch {
	case account != "" && len(allowed) > 0 && !slices.Contains(allowed, account):
		return identity{}, no("aws-account-not-allowed", account)
	case account == "" && len(allowed) == 1:
		account = allowed[0]
	case account == "":
		return identity{}, no("aws-no-account")
	}
	return identity{cloud: cloud, account: account, region: region}, nil
}

// jsonSetting: nested settings travel as JSON text; newer engines send them as they are too.
func jsonSetting(v any) (any, error) {
	s, ok := v.(string)
	if !ok || s == "" {
		return v, nil
	}
	var out any
	err := json.Unmarshal([]byte(s), &out)
	return out, err
}

func accountList(v any) ([]string, error) {
	v, err := jsonSetting(v)
	if err != nil || v == nil || v == "" {
		return nil, err
	}
	l, ok := v.([]any)
	if !ok {
		return nil, fmt.Errorf("want a list of account ids, got %T", v)
	}
	return strs(map[string]any{"l": l}, "l"), nil
}

// assumedAccount: the last role of the chain is who acts. Its ARN is arn:aws:iam::ACCOUNT:role/NAME.
func assumedAccount(settings map[string]any) (string, error) {
	for _, key := range []string{"assumeRoles", "assumeRole"} {
		v, err := jsonSetting(settings[key])
		if err != nil {
			return "", no("aws-bad-configuration", key, err)
		}
		if l, ok := v.([]any); ok && len(l) > 0 {
			v = l[len(l)-1]
		}
		role, ok := v.(map[string]any)
		if !ok || str(role, "roleArn") == "" {
			continue
		}
		parts := strings.Split(str(role, "roleArn"), ":")
		if len(parts) < 6 || parts[0] != "arn" || parts[4] == "" {
			return "", no("aws-bad-configuration", key, fmt.Sprintf("%q is not the ARN of a role", str(role, "roleArn")))
		}
		return parts[4], nil
	}
	return "", nil
}

func (c *call) arn(kind, id string) string {
	return fmt.Sprintf("arn:aws:ec2:%s:%s:%s/%s", c.who.region, c.who.account, kind, id)
}

// aws finds an object that this connection can see: of its account and its region.
func (c *call) aws(token, id string) *Object {
	return c.objects[awsKey(c.who.account, c.who.region, token, id)]
}

// prefix judges a CIDR as the AWS provider does before it asks AWS.
func awsPrefix(s string) error {
	p, ok := parsePrefix(s)
	if !ok {
		return no("aws-cidr-syntax", s, s)
	}
	if p != p.Masked() {
		return no("aws-cidr-host-bits", s, p.Masked())
	}
	return nil
}

// cidrProblems applies it to the inputs that are known.
func (c *call) cidrProblems(keys ...string) []problem {
	var out []problem
	for _, k := range keys {
		s := c.str(k)
		if s == "" {
			continue
		}
		if err := awsPrefix(s); err != nil {
			out = append(out, problem{k, err})
		}
	}
	return out
}
