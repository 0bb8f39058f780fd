package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"time"
)

// command is one process to measure.
type command struct {
	label string
	path  string
	args  []string
	env   []string // added to the environment
}

// cost is what a process took.
type cost struct {
	wall time.Duration
	cpu  time.Duration // user and system, which a busy machine changes least
	peak int64         // bytes of resident memory
}

// measureOnce runs a command in dir with its output to a file nobody reads. Peak memory is that of
// the process itself as the kernel counted it. The kernel starts the count at the size of the
// process that forks, so this program keeps nothing large.
func measureOnce(dir string, c command) (cost, error) {
	discard, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return cost{}, err
	}
	defer discard.Close()
	return measureInto(discard, dir, c)
}

// measureOutput runs a command in dir and keeps its output, which must be short.
func measureOutput(dir string, c command) (cost, []byte, error) {
	var out bytes.Buffer
	measured, err := measureInto(&out, dir, c)
	return measured, out.Bytes(), err
}

func measureInto(out io.Writer, dir string, c command) (cost, error) {
	cmd := exec.Command(c.path, c.args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), c.env...)
	var talk bytes.Buffer
	cmd.Stdout, cmd.Stderr = out, &talk
	began := time.Now()
	err := cmd.Run()
	wall := time.Since(began)
	if err != nil {
		return cost{}, fmt.Errorf("%s %s: %w\n%s", c.path, strings.Join(c.args, " "), err, talk.String())
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return cost{}, fmt.Errorf("this system does not count the memory of processes")
	}
	state := cmd.ProcessState
	return cost{wall: wall, cpu: state.UserTime() + state.SystemTime(), peak: usage.Maxrss << 10}, nil // in KB on Linux
}

// measure runs the commands in turn, so that a slow minute of the machine hits all of them, and
// returns the medians by label.
func measure(dir string, commands []command, runs int) (map[string]cost, error) {
	all := map[string][]cost{}
	for range runs {
		for _, c := range commands {
			once, err := measureOnce(dir, c)
			if err != nil {
				return nil, err
			}
			all[c.label] = append(all[c.label], once)
		}
	}
	return mediansOf(all), nil
}

func mediansOf(all map[string][]cost) map[string]cost {
	medians := map[string]cost{}
	for label, costs := range all {
		medians[label] = cost{
			wall: median(costs, func(c cost) time.Duration { return c.wall }),
			cpu:  median(costs, func(c cost) time.Duration { return c.cpu }),
			peak: median(costs, func(c cost) int64 { return c.peak }),
		}
	}
	return medians
}

func median[T int64 | time.Duration](costs []cost, of func(cost) T) T {
	values := make([]T, len(costs))
	for i, c := range costs {
		values[i] = of(c)
	}
	slices.Sort(values)
	return values[len(values)/2]
}
