package lab

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// Sweep removes what killed runs left: processes, sockets and folders. Namespaces end with their
// processes. Labs of processes that still run are let be.
func Sweep() error {
	dirs, err := filepath.Glob(filepath.Join(os.TempDir(), prefix+"*"))
	if err != nil {
		return err
	}
	var failed []error
	for _, dir := range dirs {
		pid, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(dir), prefix), "-")
		if number, err := strconv.Atoi(pid); err != nil || alive(number) {
			continue
		}
		failed = append(failed, killUnder(dir), os.RemoveAll(dir))
	}
	sockets, err := filepath.Glob(socketDir + "ob*x*.sock")
	if err != nil {
		return err
	}
	for _, file := range sockets {
		pid, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(file), "ob"), "x")
		if number, err := strconv.ParseInt(pid, 36, 64); err == nil && !alive(int(number)) {
			failed = append(failed, os.Remove(file))
		}
	}
	return errors.Join(failed...)
}

func alive(pid int) bool { return !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) }

// killUnder ends the processes that a folder's lab started, by the list it kept there.
func killUnder(dir string) error {
	started, err := filepath.Glob(filepath.Join(dir, "*.pid"))
	if err != nil {
		return err
	}
	for _, file := range started {
		pid, err := strconv.Atoi(strings.TrimSuffix(filepath.Base(file), ".pid"))
		if err != nil {
			continue
		}
		was, _ := os.ReadFile(file)
		is, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "cmdline"))
		// The number may be another process's by now.
		if len(was) > 0 && string(was) == string(is) {
			if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
				return err
			}
		}
	}
	return nil
}
