// Package targets is the one list of clouds, on the side that is pure: their checks,
// their lowering and their lifting. A new cloud is a folder here, a line in this list and a line in
// internal/deploy/programs.go.
package targets

import (
	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/targets/aws"
	"github.com/obslink/obslink/targets/azure"
)

// All are the targets, in the order of their names.
var All = []compile.Target{
	{Name: aws.Name, Package: aws.Name, Checks: aws.Checks, Lower: aws.Lower, Choose: aws.Choose, Lock: aws.Lock, Cost: aws.Cost, Lift: aws.Lift},
	{Name: azure.Name, Package: azure.Package, Checks: azure.Checks, Lower: azure.Lower, Choose: azure.Choose, Pin: azure.Pin, Cost: azure.Cost, Lift: azure.Lift},
}
