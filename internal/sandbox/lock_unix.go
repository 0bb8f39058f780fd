//go:build unix

package sandbox

import (
	"os"
	"syscall"
)

// lockFile: two servers on one state file would each write over what the other knows. The kernel lets go of the lock when
// the process ends, however it ends, so no stale lock can remain.
func lockFile(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}
