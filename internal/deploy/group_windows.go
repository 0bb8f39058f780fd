//go:build windows

package deploy

import (
	"os"
	"syscall"
	"time"
)

// ownGroup puts a child into a process group of its own.
func ownGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}

// running reports whether a process with this id lives on this host.
func running(pid int, _ time.Time) bool {
	process, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	_ = process.Release()
	return true
}
