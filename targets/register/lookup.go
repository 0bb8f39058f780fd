package register

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
)

// atOnce bounds the look-ups under way: enough to hide a cloud's half second, too few to be throttled.
const atOnce = 8

// Ask is one look-up of an existing object; it returns where cloud and topology disagree.
type Ask func() diag.List

// AskAll makes every look-up and returns all that they found, in the order of the asks.
func AskAll(asks []Ask) diag.List {
	found := make([]diag.List, len(asks))
	slots := make(chan struct{}, atOnce)
	var done sync.WaitGroup
	for i, ask := range asks {
		slots <- struct{}{}
		done.Go(func() {
			found[i] = ask()
			<-slots
		})
	}
	done.Wait()
	return slices.Concat(found...)
}

// Through makes a look-up with the explicit provider of that name.
func (b *Book) Through(provider string) pulumi.InvokeOption {
	return pulumi.Provider(b.Provider(provider))
}

// Failed is the finding of a look-up that got no answer: the object is not there, or the cloud would
// not say. what names the object, where the place that was searched.
func Failed(origin plan.Origin, what, where string, err error) diag.List {
	if !Absent(err) {
		return diag.List{manifest.NotFound.At(origin.Pos, origin.Path, "%s cannot be looked up in %s: %s", what, where, firstLine(err)).
			WithHint("check that the account, the region and the credentials are the right ones, and that they may read it")}
	}
	return diag.List{manifest.NotFound.At(origin.Pos, origin.Path, "%s was not found in %s", what, where).
		WithHint("write the id of an object that is there, or leave out \"existing\" to have it created")}
}

// Absent reports whether the error is a cloud's way to say that there is no such object. The AWS
// provider says "no matching EC2 VPC found" or passes on InvalidVpcID.NotFound; ARM says
// ResourceNotFound, NotFound or "was not found" (seen with aws 6.83 and azure-native 2.90).
func Absent(err error) bool {
	text := strings.ToLower(err.Error())
	for _, phrase := range []string{"notfound", "not found", "no matching", "code=404", "nosuchhostedzone"} {
		if strings.Contains(text, phrase) {
			return true
		}
	}
	return false
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(strings.TrimSpace(err.Error()), "\n")
	return line
}

// Quoted lists values in one order, so that two sets can be compared and printed.
func Quoted(values []string) string {
	quoted := make([]string, len(values))
	for i, value := range values {
		quoted[i] = strconv.Quote(value)
	}
	slices.Sort(quoted)
	return strings.Join(slices.Compact(quoted), ", ")
}

// QuotedPrefixes is Quoted for prefixes.
func QuotedPrefixes(prefixes []netip.Prefix) string {
	values := make([]string, len(prefixes))
	for i, prefix := range prefixes {
		values[i] = prefix.String()
	}
	return Quoted(values)
}
