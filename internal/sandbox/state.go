package sandbox

import (
	"slices"
	"strings"
	"sync"
)

// Object is one thing that exists in a simulated cloud.
type Object struct {
	Cloud   string `json:"cloud"`            // "aws" or "azure"
	Account string `json:"account"`          // AWS account id or Azure subscription
	Region  string `json:"region,omitempty"` // "global" for Route 53 and for Azure's global types
	Type    string `json:"type"`             // the resource's token, or one of the sandbox's own for what a cloud makes by itself
	ID      string `json:"id"`
	Name    string `json:"name,omitempty"`

	Existing     bool           `json:"existing,omitempty"` // from world.json, not made by a program
	URN          string         `json:"urn,omitempty"`
	By           string         `json:"by,omitempty"`           // account and region of the provider that made it
	Acknowledged bool           `json:"acknowledged,omitempty"` // the engine has shown that it knows the id
	Inputs       map[string]any `json:"inputs,omitempty"`       // as the program gave them, secrets hashed
	Attributes   map[string]any `json:"attributes,omitempty"`   // what the cloud added
	Refs         []string       `json:"refs,omitempty"`         // keys of the objects that it lies in or points at
}

// Key is what an object is found by: Azure's ids say everything, AWS's only count within an account and a region.
func (o *Object) key() string {
	if o.Cloud == "azure" {
		return azureKey(o.ID)
	}
	return awsKey(o.Account, o.Region, o.Type, o.ID)
}

func awsKey(account, region, token, id string) string {
	return strings.Join([]string{"aws", account, region, token, id}, "|")
}

// azureKey: Azure compares ids without regard to case.
func azureKey(id string) string { return "azure|" + strings.ToLower(id) }

func (o *Object) attr(key string) string { return str(o.Attributes, key) }

// with gives a copy with some attributes changed; objects in the database are never changed in place, so that an
// operation that fails leaves nothing behind.
func (o *Object) with(attributes map[string]any) *Object {
	c := *o
	c.Attributes = merged(o.Attributes, attributes)
	return &c
}

// db holds all objects with the two indexes that keep every operation's cost independent of how many there are.
type db struct {
	mu       sync.Mutex
	journal  *journal
	objects  map[string]*Object
	children map[string]map[string]map[string]*Object // key of a parent → type → those that refer to it
	byID     map[string]map[string]*Object            // AWS id → objects that carry it, in whatever account
	byURN    map[string]map[string]*Object            // what one resource of a program has made
	counts   map[string]int                           // how often an identity has been created: part of the next id
	// organization are the AWS accounts of world.json that are in one.
	organization []string
	raised       map[string]int // quotas that world.json says were raised
}

func newDB() *db {
	return &db{
		objects:  map[string]*Object{},
		children: map[string]map[string]map[string]*Object{},
		byID:     map[string]map[string]*Object{},
		byURN:    map[string]map[string]*Object{},
		counts:   map[string]int{},
	}
}

func (d *db) index(o *Object) {
	key := o.key()
	d.objects[key] = o
	for _, r := range o.Refs {
		if d.children[r] == nil {
			d.children[r] = map[string]map[string]*Object{}
		}
		add(d.children[r], o.Type, key, o)
	}
	add(d.byID, strings.ToLower(o.ID), key, o)
	if o.URN != "" {
		add(d.byURN, o.URN, key, o)
	}
}

func (d *db) unindex(o *Object) {
	key := o.key()
	delete(d.objects, key)
	for _, r := range o.Refs {
		remove(d.children[r], o.Type, key)
		if len(d.children[r]) == 0 {
			delete(d.children, r)
		}
	}
	remove(d.byID, strings.ToLower(o.ID), key)
	remove(d.byURN, o.URN, key)
}

func add(index map[string]map[string]*Object, at, key string, o *Object) {
	if index[at] == nil {
		index[at] = map[string]*Object{}
	}
	index[at][key] = o
}

func remove(index map[string]map[string]*Object, at, key string) {
	delete(index[at], key)
	if len(index[at]) == 0 {
		delete(index, at)
	}
}

// change is what one operation writes: all of it, or nothing.
type change struct {
	Put   []*Object      `json:"put,omitempty"`
	Drop  []string       `json:"drop,omitempty"`
	Count map[string]int `json:"count,omitempty"`
	Ack   []string       `json:"ack,omitempty"`
}

func (d *db) replay(c change) {
	for _, key := range c.Drop {
		if o := d.objects[key]; o != nil {
			d.unindex(o)
		}
	}
	for _, o := range c.Put {
		if old := d.objects[o.key()]; old != nil {
			d.unindex(old)
		}
		d.index(o)
	}
	for k, n := range c.Count {
		d.counts[k] = n
	}
	for _, key := range c.Ack {
		if o := d.objects[key]; o != nil {
			o.Acknowledged = true
		}
	}
}

// tx is one operation's view of the database; the lock is held for as long as it lives.
type tx struct {
	*db
	undo    []func()
	touched map[string]bool
	count   map[string]int
}

// update runs one operation: when it fails, in the cloud's logic or in writing the file, nothing has happened.
func (d *db) update(operation func(*tx) error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	t := &tx{db: d, touched: map[string]bool{}, count: map[string]int{}}
	err := operation(t)
	if err == nil && len(t.touched) > 0 {
		c := change{Count: t.count}
		for _, key := range sortedKeys(t.touched) {
			if o := d.objects[key]; o != nil {
				c.Put = append(c.Put, o)
			} else {
				c.Drop = append(c.Drop, key)
			}
		}
		err = d.journal.append(c, true)
	}
	if err != nil {
		for _, undo := range slices.Backward(t.undo) {
			undo()
		}
	}
	return err
}

func (d *db) view(read func(*tx) error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return read(&tx{db: d})
}

func (t *tx) put(o *Object) {
	key := o.key()
	old := t.objects[key]
	if old != nil {
		t.unindex(old)
	}
	t.index(o)
	t.touched[key] = true
	t.undo = append(t.undo, func() {
		t.unindex(o)
		if old != nil {
			t.index(old)
		}
	})
	t.referenced(o)
}

func (t *tx) drop(o *Object) {
	o = t.objects[o.key()]
	if o == nil {
		return
	}
	t.unindex(o)
	t.touched[o.key()] = true
	t.undo = append(t.undo, func() { t.index(o) })
}

// incarnation counts how often an identity has been created, this time included.
func (t *tx) incarnation(identity string) int {
	n := t.counts[identity] + 1
	t.counts[identity], t.count[identity] = n, n
	t.undo = append(t.undo, func() { t.counts[identity] = n - 1 })
	return n
}

// of gives the objects of one type that refer to a parent, in a fixed order.
func (t *tx) of(parent *Object, token string) []*Object {
	return inOrder(t.children[parent.key()][token])
}

func (t *tx) number(parent *Object, token string) int { return len(t.children[parent.key()][token]) }

// inside gives all that refer to a parent.
func (t *tx) inside(parent *Object) []*Object {
	var out []*Object
	types := t.children[parent.key()]
	for _, token := range sortedKeys(types) {
		out = append(out, inOrder(types[token])...)
	}
	return out
}

func inOrder(objects map[string]*Object) []*Object {
	out := make([]*Object, 0, len(objects))
	for _, key := range sortedKeys(objects) {
		out = append(out, objects[key])
	}
	return out
}

// holds reports whether an AWS account has anything in a region.
func (t *tx) holds(account, region string) bool {
	for _, o := range t.objects {
		if o.Cloud == "aws" && o.Account == account && o.Region == region {
			return true
		}
	}
	return false
}

// everywhere finds an AWS id without regard to account and region; the caller must decide who may see it.
func (t *tx) everywhere(token, id string) []*Object {
	var out []*Object
	for _, o := range inOrder(t.byID[strings.ToLower(id)]) {
		if o.Type == token {
			out = append(out, o)
		}
	}
	return out
}
