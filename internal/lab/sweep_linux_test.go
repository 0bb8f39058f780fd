package lab

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// left lists what labs of this process have on the machine.
func left(t *testing.T, pid int) (all []string) {
	t.Helper()
	for _, pattern := range []string{
		filepath.Join(os.TempDir(), fmt.Sprintf("%s%d-*", prefix, pid)),
		socketDir + "ob" + shortPID(pid) + "x*",
	} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, found...)
	}
	return all
}

func children(t *testing.T) string {
	t.Helper()
	var found string
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", os.Getpid()))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range tasks {
		raw, _ := os.ReadFile(file)
		found += string(raw)
	}
	return found
}

func TestNothingIsLeft(t *testing.T) {
	needLab(t)
	l, err := Build(t.Context(), sixNodes().World, sixNodes().hosts)
	if err != nil {
		t.Fatal(err)
	}
	if len(left(t, os.Getpid())) == 0 || children(t) == "" {
		t.Error("a lab that is up ought to have files and processes")
	}
	l.Close()
	l.Close()
	if found := left(t, os.Getpid()); len(found) > 0 || children(t) != "" {
		t.Errorf("left after Close: %q, processes %q", found, children(t))
	}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(30*time.Millisecond, cancel)
	if l, err := Build(ctx, sixNodes().World, sixNodes().hosts); err == nil {
		l.Close()
		t.Error("a build that is called off ought to fail")
	}
	if found := left(t, os.Getpid()); len(found) > 0 || children(t) != "" {
		t.Errorf("left after a build that was called off: %q, processes %q", found, children(t))
	}
}

// helperVariable makes the test binary build a lab and wait to be killed.
const helperVariable = "OBSLINK_LAB_HELPER"

func TestSweep(t *testing.T) {
	needLab(t)
	if os.Getenv(helperVariable) != "" {
		if _, err := Build(t.Context(), sixNodes().World, sixNodes().hosts); err != nil {
			t.Fatal(err)
		}
		fmt.Println("up")
		select {}
	}
	helper := exec.Command(os.Args[0], "-test.run=^TestSweep$")
	helper.Env = append(os.Environ(), helperVariable+"=1")
	out, err := helper.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := helper.Start(); err != nil {
		t.Fatal(err)
	}
	buffer := make([]byte, 100)
	if n, err := out.Read(buffer); err != nil || !strings.HasPrefix(string(buffer[:n]), "up") {
		t.Fatalf("the helper says %q (%v)", buffer[:n], err)
	}
	helper.Process.Kill()
	helper.Wait()
	if len(left(t, helper.Process.Pid)) == 0 {
		t.Fatal("a killed run ought to leave files")
	}
	// On a busy machine the killed run's own processes end a little later than it does.
	var found []string
	for range 50 {
		if err := Sweep(); err != nil {
			t.Fatal(err)
		}
		if found = left(t, helper.Process.Pid); len(found) == 0 {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Errorf("left after Sweep: %q", found)
}
