package sandbox

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
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

// complete does the provider's part of Check: defaults and made-up names.
func (c *call) complete(olds, news map[string]any, seed []byte) map[string]any {
	out := merged(news)
	for k, v := range c.row.defaults {
		if out[k] == nil {
			out[k] = v
		}
	}
	if k := c.row.autoname; k != "" && out[k] == nil {
		switch name := str(olds, k); {
		case name != "":
			out[k] = name
		case c.row.naming == dashAndSeven:
			out[k] = c.name + "-" + digest(string(seed), c.urn)[:7]
		case c.row.naming == eightHex:
			out[k] = c.name + digest(string(seed), c.urn)[:8]
		default:
			out[k] = c.name
		}
	}
	return out
}

// problems judges inputs as the provider does before it asks its cloud.
func (c *call) problems(inputs map[string]any) []problem {
	if c.in == nil {
		c.in = bareMap(public(inputs))
	}
	var out []problem
	for _, k := range sortedKeys(public(inputs)) {
		if !c.row.accepts(k) && !off(inputs[k]) {
			known := slices.Sorted(slices.Values(slices.Concat(c.row.required, c.row.inputs)))
			out = append(out, problem{k, no("unknown-input", k, c.row.token, strings.Join(known, ", "))})
		}
	}
	for _, k := range c.row.required {
		if inputs[k] != nil {
			continue
		}
		if c.row.cloud() == "aws" {
			out = append(out, problem{k, no("aws-missing-input", snake(k), c.name, k)})
		} else {
			out = append(out, problem{k, no("azure-missing-input", k)})
		}
	}
	if c.row.check != nil {
		out = append(out, c.row.check(c)...)
	}
	return out
}

// off: an input that is not simulated may be sent as long as it asks for nothing; the typed SDKs send such defaults.
func off(v any) bool {
	v = bare(v)
	return empty(v) || v == false || v == ""
}

// outputs joins what the program said and what the cloud added. Secrets of the program stay secret.
func (c *call) outputs(o *Object, inputs map[string]any) map[string]any {
	attributes := o.Attributes
	if c.row.refresh != nil {
		_, more := c.row.refresh(c, o)
		attributes = merged(attributes, more)
	}
	out := c.visible(inputs)
	for k, v := range attributes {
		if !strings.HasPrefix(k, "_") {
			out[k] = reveal(v, inputs[k])
		}
	}
	return out
}

func (c *call) visible(inputs map[string]any) map[string]any {
	out := public(inputs)
	for _, k := range c.row.hidden {
		delete(out, k)
	}
	if c.row.cloud() == "aws" && c.row.accepts("tags") {
		out["tagsAll"] = map[string]any{}
		if out["tags"] != nil {
			out["tagsAll"] = out["tags"]
		}
	}
	return out
}

// currentInputs are the inputs as the cloud now has them, for a refresh or an import.
func (c *call) currentInputs(o *Object, engines map[string]any) map[string]any {
	kept := o.Inputs
	if c.row.refresh != nil {
		changed, _ := c.row.refresh(c, o)
		kept = merged(kept, changed)
	}
	out := reveal(kept, engines).(map[string]any)
	for k, v := range engines {
		if strings.HasPrefix(k, "__") {
			out[k] = v
		}
	}
	return out
}

// preview gives the outputs of what has not happened: what only the cloud can say is unknown.
func (c *call) preview(inputs, olds map[string]any, computed []string) map[string]any {
	out := merged(public(olds), c.visible(inputs))
	for _, k := range computed {
		if inputs[k] == nil {
			out[k] = unknown{}
		}
	}
	return out
}

var madeUp = regexp.MustCompile(`^-?[0-9a-f]{7,8}$`)

// mustDeleteFirst: a name that the user chose cannot exist twice, so the old object has to go before the new one comes.
func (c *call) mustDeleteFirst(olds, news map[string]any) bool {
	c.in = bareMap(news)
	name := c.str(c.row.autoname)
	if rest, ok := strings.CutPrefix(name, c.name); ok && c.row.naming != keepLogical && madeUp.MatchString(rest) {
		return false
	}
	if c.row.id != nil {
		id := c.row.id(c)
		c.in = bareMap(olds)
		return strings.EqualFold(id, c.row.id(c))
	}
	return c.row.oneName && name != ""
}

func snake(s string) string {
	var b strings.Builder
	for _, r := range s {
		if unicode.IsUpper(r) {
			b.WriteByte('_')
			r = unicode.ToLower(r)
		}
		b.WriteRune(r)
	}
	return b.String()
}
