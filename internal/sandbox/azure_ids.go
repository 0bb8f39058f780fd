package sandbox

import (
	"regexp"
	"strings"
)

// armID builds an id; a type with several parts takes as many names: Microsoft.Network/virtualNetworks/subnets.
func armID(subscription, group, kind string, names ...string) string {
	parts := strings.Split(kind, "/")
	id := "/subscriptions/" + subscription + "/resourceGroups/" + group + "/providers/" + parts[0]
	for i, p := range parts[1:] {
		name := ""
		if i < len(names) {
			name = names[i]
		}
		id += "/" + p + "/" + name
	}
	return id
}

func groupID(subscription, group string) string {
	return "/subscriptions/" + subscription + "/resourceGroups/" + group
}

// groupOf reads the resource group from an id.
func groupOf(id string) string {
	parts := strings.Split(id, "/")
	for i, p := range parts {
		if strings.EqualFold(p, "resourcegroups") && i+1 < len(parts) {
			return parts[i+1]
		}
	}
	return ""
}

func baseOf(id string) string { return id[strings.LastIndexByte(id, '/')+1:] }

// parentOf takes the last type and name off.
func parentOf(id string) string {
	for range 2 {
		if i := strings.LastIndexByte(id, '/'); i >= 0 {
			id = id[:i]
		}
	}
	return id
}

// arm finds an object of one type by its id, in whatever subscription it says.
func (c *call) arm(token, id string) *Object {
	if o := c.objects[azureKey(id)]; o != nil && o.Type == token {
		return o
	}
	return nil
}

// located is a row's answer to where its objects may lie.
type located int

const (
	nowhere  located = iota // lies where its parent does
	regional                // anywhere; by default where the resource group is
	global                  // the type knows no regions
)

var locationForm = regexp.MustCompile(`^[a-z][a-z0-9]+$`)

func region(location string) string { return strings.ToLower(strings.ReplaceAll(location, " ", "")) }

// armObject starts an object: the resource group and the parent must be there, the object must not.
func (c *call) armObject(kind string, where located, attributes map[string]any, refs ...*Object) (*Object, error) {
	id := c.row.id(c)
	group := c.arm(groupTypeToken, groupID(c.who.account, c.str("resourceGroupName")))
	if group == nil {
		return nil, no("azure-group-missing", c.str("resourceGroupName"))
	}
	if strings.Count(kind, "/") > 1 && c.objects[azureKey(parentOf(id))] == nil {
		return nil, no("azure-parent-missing", kind, baseOf(parentOf(id)))
	}
	if c.objects[azureKey(id)] != nil {
		return nil, no("azure-exists", id)
	}
	location, err := c.location(kind, where, group)
	if err != nil {
		return nil, err
	}
	a := merged(map[string]any{"name": baseOf(id), "type": kind, "provisioningState": "Succeeded"}, attributes)
	if where != nowhere {
		a["location"] = location
	}
	o := c.object(id, baseOf(id), a, append(refs, group)...)
	o.Region = location
	return o, nil
}

func (c *call) location(kind string, where located, group *Object) (string, error) {
	l := region(c.str("location"))
	if l == "" { // azure-native fills in the group's
		l = group.attr("location")
	}
	switch {
	case where == global && l != "global":
		return "", no("azure-location", l, kind)
	case where == regional && (l == "global" || !locationForm.MatchString(l)):
		return "", no("azure-location-unknown", l)
	}
	return l, c.elsewhere(l)
}

// reference finds what an input's {id: …} points at; it must be in the same region where region is given.
func (c *call) reference(o *Object, token, id, region string) (*Object, error) {
	target := c.arm(token, id)
	if target == nil || (region != "" && target.Region != region) {
		return nil, no("azure-reference", id, o.ID)
	}
	return target, nil
}

func refID(m map[string]any, key string) string { return str(sub(m, key), "id") }
