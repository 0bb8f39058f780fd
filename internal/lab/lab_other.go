//go:build !linux

package lab

import (
	"context"
	"errors"
	"time"
)

// Lab is built on Linux only.
type Lab struct{ Timeout time.Duration }

// ErrUnsupported says that this machine cannot build a lab.
var ErrUnsupported = errors.New("lab: needs root on Linux, with nft, unbound and wireguard-go")

// Build fails.
func Build(context.Context, World, []Host) (*Lab, error) { return nil, ErrUnsupported }

// Usable fails.
func Usable() error { return ErrUnsupported }

// Try observes nothing.
func (l *Lab) Try(Host, string) Observation { return Observation{Err: ErrUnsupported} }

// TryWithin observes nothing.
func (l *Lab) TryWithin(Host, string, time.Duration) Observation {
	return Observation{Err: ErrUnsupported}
}

// Close does nothing.
func (l *Lab) Close() {}

// Sweep does nothing.
func Sweep() error { return nil }
