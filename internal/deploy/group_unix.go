//go:build unix

package deploy

import (
	"bytes"
	"errors"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// ownGroup puts a child into a process group of its own.
func ownGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// running reports whether the process that had this id at that time still lives on this host. A
// process that started later only got the same number.
func running(pid int, at time.Time) bool {
	if err := syscall.Kill(pid, 0); err != nil {
		return errors.Is(err, syscall.EPERM)
	}
	state, started, ok := processState(pid)
	if !ok {
		return true // no /proc to look into: say the careful thing
	}
	return state != "Z" && !started.After(at.Add(2*time.Second))
}

// processState reads a process's state and start from /proc/PID/stat, whose fields are described in
// proc_pid_stat(5): the name in parentheses may hold spaces; start is field 22, in ticks of 1/100 s
// since boot.
func processState(pid int) (state string, started time.Time, ok bool) {
	raw, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	end := bytes.LastIndexByte(raw, ')')
	if err != nil || end < 0 {
		return "", time.Time{}, false
	}
	fields := strings.Fields(string(raw[end+1:]))
	boot, ok := bootTime()
	if len(fields) < 20 || !ok {
		return "", time.Time{}, false
	}
	ticks, err := strconv.ParseInt(fields[19], 10, 64)
	return fields[0], boot.Add(time.Duration(ticks) * (time.Second / 100)), err == nil
}

func bootTime() (time.Time, bool) {
	raw, err := os.ReadFile("/proc/stat")
	if err != nil {
		return time.Time{}, false
	}
	for line := range strings.Lines(string(raw)) {
		if text, found := strings.CutPrefix(line, "btime "); found {
			seconds, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
			return time.Unix(seconds, 0), err == nil
		}
	}
	return time.Time{}, false
}
