package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// options are the command line.
type options struct {
	obslink, cue string
	runs         int
	engine       bool
}

// run is the command; it returns the exit status.
func run(args []string, out, errOut io.Writer) int {
	var o options
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(errOut)
	flags.StringVar(&o.obslink, "obslink", "bin/obslink", "the obslink to measure")
	flags.StringVar(&o.cue, "cue", "bin/cue", "the stock cue to measure beside it")
	flags.IntVar(&o.runs, "runs", 0, "runs of each command; 0 chooses by size")
	flags.BoolVar(&o.engine, "engine", false, "measure preview and up on the sandbox instead of the compiler")
	nodes := flags.Int("proof", 0, "prove a topology of so many networks and sites in this process, and print what it took")
	if flags.Parse(args) != nil {
		return 1
	}
	if *nodes > 0 {
		if err := proveOnce(*nodes, out); err != nil {
			fmt.Fprintf(errOut, "error: %v\n", err)
			return 1
		}
		return 0
	}
	measured := compiler
	if o.engine {
		measured = engine
	}
	failed, err := measured(o, out)
	if err != nil {
		fmt.Fprintf(errOut, "error: %v\n", err)
		return 1
	}
	if failed > 0 {
		fmt.Fprintf(out, "\nFAIL: %d over the limit\n", failed)
		return 1
	}
	fmt.Fprintln(out, "\nPASS")
	return 0
}

// compiler measures load, check, lower and the manifest, and returns how many limits were missed.
func compiler(o options, out io.Writer) (failed int, err error) {
	obslink, cue, err := absolute(o.obslink, o.cue)
	if err != nil {
		return 0, err
	}
	project, err := os.MkdirTemp("", "obslink-bench-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(project)

	t := &table{out: out}
	example, err := measure(".", []command{{label: check, path: obslink, args: []string{"check", "prod"}}}, runsFor(o, 10))
	if err != nil {
		return 0, err
	}
	t.title("the worked example")
	t.duration("check prod", example[check].wall, exampleCheck)

	for _, s := range []shape{landing(50, 299), monitored(50, 200, 30)} {
		company, err := measureShape(project, s, obslink, cue, o)
		if err != nil {
			return 0, err
		}
		t.company(company)
	}

	bySites := map[int]map[string]cost{}
	for _, s := range []func() shape{
		func() shape { return sites(10) }, func() shape { return sites(100) }, func() shape { return sites(1_000) },
		func() shape { return sites(10_000) }, func() shape { return vpcs(1_000) },
	} {
		r, err := measureShape(project, s(), obslink, cue, o)
		if err != nil {
			return 0, err
		}
		bySites[r.sites] = r.medians
		t.shape(r)
	}
	small, large := bySites[1_000], bySites[10_000]
	if !(&table{out: io.Discard}).growth(small, large) { // once more, as shapes are
		if small, err = measure(project, commands("sites-1000", obslink, cue), 11); err != nil {
			return 0, err
		}
		if large, err = measure(project, commands("sites-10000", obslink, cue), 3); err != nil {
			return 0, err
		}
	}
	t.growth(small, large)
	return t.failed, proofs(t)
}

// result is what was measured of one shape.
type result struct {
	shape
	medians   map[string]cost
	resources int
}

// measureShape measures one topology. What misses a limit is measured again, twice, with twice the runs,
// since a busy minute of the machine is no fault of the program.
func measureShape(project string, s shape, obslink, cue string, o options) (result, error) {
	if err := writeProject(project, s); err != nil {
		return result{}, err
	}
	s.text = ""
	r := result{shape: s}
	var err error
	if r.resources, err = countResources(project, obslink, s.name); err != nil {
		return r, err
	}
	within := (*table).shape
	if s.company {
		within = (*table).company
	}
	runs := runsFor(o, s.sites)
	for _, times := range []int{runs, 2*runs + 1, 2*runs + 1} {
		if r.medians, err = measure(project, commands(s.name, obslink, cue), times); err != nil {
			return r, err
		}
		if !s.judged && !s.company || within(&table{out: io.Discard}, r) {
			break
		}
	}
	return r, nil
}

// The commands, by label.
const (
	export   = "cue export"
	check    = "check"
	plan     = "compile --emit plan"
	manifest = "compile --emit manifest"
)

func commands(stack, obslink, cue string) []command {
	return []command{
		{label: export, path: cue, args: []string{"export", "./stacks/" + stack}},
		{label: check, path: obslink, args: []string{"check", stack}},
		{label: plan, path: obslink, args: []string{"compile", stack, "--emit", "plan"}},
		{label: manifest, path: obslink, args: []string{"compile", stack, "--emit", "manifest"}},
	}
}

// runsFor is how often a command runs: short ones often, since they vary more.
func runsFor(o options, sites int) int {
	switch {
	case o.runs > 0:
		return o.runs
	case sites >= 10_000:
		return 3
	case sites == 10 || sites == 100:
		return 11
	default:
		return 5
	}
}

// absolute finds two files; the measured processes run in another folder.
func absolute(a, b string) (string, string, error) {
	for _, p := range []*string{&a, &b} {
		full, err := filepath.Abs(*p)
		if err != nil {
			return "", "", err
		}
		if _, err := os.Stat(full); err != nil {
			return "", "", fmt.Errorf("%w; `make bench` makes what it needs", err)
		}
		*p = full
	}
	return a, b, nil
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f s", d.Seconds()) }
