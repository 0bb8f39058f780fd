package sandbox

import (
	"slices"
)

// A create that was interrupted is asked for again with the same URN, while the object is already there: the answer was
// lost, because this process died after writing it down or because the connection broke. EC2 knows such a repetition by
// its client token. Here an object is *unacknowledged* from its creation until the engine shows that it knows it:
//
//   - a Read, Update, Diff or Delete carries its id, or
//   - a Check carries old inputs, and they are the object's: the engine has it in its state (this is what comes first
//     in every run, also where a replacement is forced without a Diff), or
//   - AWS: another object's inputs name its id, which nobody can know who was not told. (Azure's ids are made of names,
//     which a program can write down beforehand, so there this shows nothing.)
//
// A Create with the URN of an unacknowledged object, by the same account and region, is a repetition: with the same inputs
// it gives that object, with others the orphan is deleted and a new one is made. An engine that was told and then
// forgot (killed before it saved) looks the same, and is served the same.

func (d *db) acknowledge(urn string, matches func(*Object) bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var keys []string
	for key, o := range d.byURN[urn] {
		if !o.Acknowledged && matches(o) {
			keys = append(keys, key)
		}
	}
	if len(keys) == 0 || d.journal == nil {
		return
	}
	slices.Sort(keys)
	for _, key := range keys {
		o := d.objects[key]
		d.unindex(o)
		d.index(o.acknowledged())
	}
	// Not synced, and an error changes nothing: when this line is lost, the next run's Check says it again.
	_ = d.journal.append(change{Ack: keys}, false)
}

func (o *Object) acknowledged() *Object {
	c := *o
	c.Acknowledged = true
	return &c
}

// referenced acknowledges what an AWS object's inputs name.
func (t *tx) referenced(o *Object) {
	if o.URN == "" || o.Cloud != "aws" {
		return
	}
	for _, r := range o.Refs {
		if p := t.objects[r]; p != nil && p.URN != "" && p.URN != o.URN && !p.Acknowledged {
			t.put(p.acknowledged())
		}
	}
}

func (c *call) orphan() *Object {
	for _, o := range inOrder(c.byURN[c.urn]) {
		if !o.Acknowledged && o.Type == c.row.kind() && o.By == c.by() {
			return o
		}
	}
	return nil
}

func (c *call) by() string { return c.who.account + "/" + c.who.region }

// begin gives a call its inputs.
func (c *call) begin(t *tx, inputs map[string]any) (kept map[string]any) {
	c.tx = t
	c.in = bareMap(public(inputs))
	return public(hidden(inputs, c.urn).(map[string]any))
}

func (d *db) create(c *call, inputs map[string]any) (made *Object, err error) {
	err = d.update(func(t *tx) error {
		kept := c.begin(t, inputs)
		if p := c.problems(inputs); len(p) > 0 {
			return p[0].err
		}
		if o := c.orphan(); o != nil {
			if same(o.Inputs, kept) {
				made = o
				return nil
			}
			if err := c.destroy(o); err != nil {
				return err
			}
		}
		o, err := c.row.create(c)
		if err != nil {
			return err
		}
		if o.URN != c.urn { // it was there before: AWS answers some repeated requests with the first one's result
			made = o
			return nil
		}
		o.Inputs, o.By = kept, c.by()
		t.put(o)
		made = o
		return nil
	})
	return made, err
}

func (d *db) change(c *call, id string, inputs map[string]any) (made *Object, err error) {
	err = d.update(func(t *tx) error {
		kept := c.begin(t, inputs)
		if p := c.problems(inputs); len(p) > 0 {
			return p[0].err
		}
		c.old = c.locate(id)
		if c.old == nil {
			return c.notFound(id)
		}
		o := c.old.with(nil)
		if c.row.update != nil {
			if o, err = c.row.update(c); err != nil {
				return err
			}
		}
		o.Inputs, o.Acknowledged = kept, true
		t.put(o)
		made = o
		return nil
	})
	return made, err
}

// delete of what is gone already has reached its goal.
func (d *db) delete(c *call, id string) error {
	return d.update(func(t *tx) error {
		c.begin(t, nil)
		if o := c.locate(id); o != nil {
			return c.destroy(o)
		}
		return nil
	})
}

func (c *call) destroy(o *Object) error {
	c.old = o
	defer func() { c.old = nil }()
	if c.row.remove != nil {
		if err := c.row.remove(c); err != nil {
			return err
		}
	}
	c.drop(o)
	return nil
}

func (c *call) notFound(id string) error {
	if c.row.cloud() == "azure" {
		return no("azure-not-found", id, groupOf(id))
	}
	return no(c.row.missing, id)
}
