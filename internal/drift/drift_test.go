package drift

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
)

const (
	metrics = "com.amazonaws.vpce.us-east-1.vpce-svc-09a8006e245d1e7b8"
	account = "123456789012"
)

// fakeEC2 answers as EC2's and STS's Query APIs do (EC2 API reference: DescribeVpcEndpointServices,
// DescribeAvailabilityZones, error codes; read 2026-08).
type fakeEC2 struct {
	t     *testing.T
	rows  map[string]string // what stands in an item of serviceDetailSet, by service
	fail  []string          // error codes that the next calls answer
	pages bool              // one service a page, the asked one last
	asked []url.Values
}

func (f *fakeEC2) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, _ := io.ReadAll(r.Body)
	form, err := url.ParseQuery(string(raw))
	if err != nil || r.Method != http.MethodPost || !strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential=AKID/") {
		f.t.Errorf("not a signed POST of a form: %s %q", r.Method, r.Header)
	}
	f.asked = append(f.asked, form)
	w.Header().Set("Content-Type", "text/xml;charset=UTF-8")
	if len(f.fail) > 0 {
		code := f.fail[0]
		f.fail = f.fail[1:]
		refuse(w, code)
		return
	}
	switch form.Get("Action") {
	case "GetCallerIdentity":
		fmt.Fprintf(w, `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::%[1]s:user/u</Arn><UserId>U</UserId><Account>%[1]s</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></GetCallerIdentityResponse>`, account)
	case "DescribeAvailabilityZones":
		io.WriteString(w, `<DescribeAvailabilityZonesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r</requestId><availabilityZoneInfo>`+
			`<item><zoneName>us-east-1a</zoneName><zoneId>use1-az6</zoneId></item><item><zoneName>us-east-1b</zoneName><zoneId>use1-az1</zoneId></item></availabilityZoneInfo></DescribeAvailabilityZonesResponse>`)
	case "DescribeVpcEndpointServices":
		f.describe(w, form)
	default:
		refuse(w, "InvalidAction")
	}
}

func (f *fakeEC2) describe(w http.ResponseWriter, form url.Values) {
	name := form.Get("ServiceName.1")
	row, ok := f.rows[name]
	if !ok {
		refuse(w, "InvalidServiceName")
		return
	}
	next := ""
	if f.pages && form.Get("NextToken") == "" {
		name, row, next = "com.amazonaws.us-east-1.logs", "", "<nextToken>page 2</nextToken>"
	}
	fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?>
<DescribeVpcEndpointServicesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r</requestId><serviceNameSet><item>%[1]s</item></serviceNameSet>
<serviceDetailSet><item><serviceName>%[1]s</serviceName>%[2]s</item></serviceDetailSet>%[3]s</DescribeVpcEndpointServicesResponse>`, name, row, next)
}

func refuse(w http.ResponseWriter, code string) {
	w.WriteHeader(map[string]int{"RequestLimitExceeded": 503, "UnauthorizedOperation": 403}[code] + map[bool]int{true: 400}[code != "RequestLimitExceeded" && code != "UnauthorizedOperation"])
	fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?><Response><Errors><Error><Code>%s</Code><Message>said %s</Message></Error></Errors><RequestID>r</RequestID></Response>`, code, code)
}

func item(kind, name string, zones ...string) string {
	s := "<serviceId>vpce-svc-09a8006e245d1e7b8</serviceId><serviceType><item><serviceType>" + kind + "</serviceType></item></serviceType><availabilityZoneSet>"
	for _, z := range zones {
		s += "<item>" + z + "</item>"
	}
	return s + "</availabilityZoneSet><owner>464622532012</owner><privateDnsName>" + name + "</privateDnsName><privateDnsNameSet><item><privateDnsName>" + name + "</privateDnsName></item></privateDnsNameSet>"
}

func TestCheck(t *testing.T) {
	good := item("Interface", "metrics.agent.datadoghq.com", "us-east-1a", "us-east-1b")
	for _, test := range []struct {
		name, row string
		fail      []string
		pages     bool
		region    string
		state     string
		found     string
	}{
		{name: "as the catalogue says", row: good, state: Holds},
		{name: "on the second page", row: good, pages: true, state: Holds},
		{name: "asked again", row: good, fail: []string{"RequestLimitExceeded", "RequestLimitExceeded"}, state: Holds},
		{name: "from another region", row: item("Interface", "metrics.agent.datadoghq.com"), region: "us-east-1", state: Holds},
		{name: "gone", state: Drifted, found: "there is no such endpoint service for this account"},
		{name: "another name", row: item("Interface", "beige.intake.datadoghq.com", "us-east-1a", "us-east-1b"), state: Drifted, found: "it answers beige.intake.datadoghq.com, not metrics.agent.datadoghq.com"},
		{name: "another type", row: item("GatewayLoadBalancer", "metrics.agent.datadoghq.com", "us-east-1a", "us-east-1b"), state: Drifted, found: "it is of type GatewayLoadBalancer, not Interface"},
		{name: "fewer zones", row: item("Interface", "metrics.agent.datadoghq.com", "us-east-1b"), state: Drifted, found: "it is not offered in zone use1-az6, only in use1-az1"},
		{name: "not allowed", row: good, fail: []string{"UnauthorizedOperation"}, state: Unknown, found: "UnauthorizedOperation: said UnauthorizedOperation"},
		{name: "always too fast", row: good, fail: slices.Repeat([]string{"RequestLimitExceeded"}, attempts), state: Unknown, found: "RequestLimitExceeded: said RequestLimitExceeded"},
	} {
		t.Run(test.name, func(t *testing.T) {
			fake := &fakeEC2{t: t, rows: map[string]string{}, fail: test.fail, pages: test.pages}
			if test.row != "" {
				fake.rows[metrics] = test.row
			}
			server := httptest.NewServer(fake)
			defer server.Close()
			open := func(context.Context, Place) (Cloud, error) {
				return &EC2{&api{server.URL, "us-east-1", credentials.NewStaticCredentialsProvider("AKID", "secret", ""), server.Client(), time.Millisecond}}, nil
			}
			answers, err := Check(t.Context(), []Use{{
				Service: Service{Key: "metrics", Name: metrics, Region: test.region, PrivateDNSName: "metrics.agent.datadoghq.com"},
				From:    Place{Account: account, Region: "us-east-1"}, Zones: []string{"use1-az1", "use1-az6"},
			}}, open)
			if err != nil || len(answers) != 1 {
				t.Fatal(answers, err)
			}
			if a := answers[0]; a.State != test.state || strings.Join(a.Found, "; ") != test.found || (a.State != Holds) != (a.Hint != "") {
				t.Errorf("%s: %q (hint %q), want %s: %q", a.State, a.Found, a.Hint, test.state, test.found)
			}
			if got := fake.asked[0].Get("ServiceRegion.1"); got != test.region || fake.asked[0].Get("Version") != "2016-11-15" {
				t.Errorf("asked %v", fake.asked[0])
			}
		})
	}
}

// TestNotEC2: a proxy's page is no answer.
func TestNotEC2(t *testing.T) {
	for _, status := range []int{http.StatusOK, http.StatusBadGateway} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			io.WriteString(w, "<html><p>please sign in")
		}))
		e := &EC2{&api{server.URL, "us-east-1", credentials.NewStaticCredentialsProvider("AKID", "secret", ""), server.Client(), 0}}
		if d, err := e.Describe(t.Context(), metrics, ""); err == nil || !strings.Contains(err.Error(), "EC2") {
			t.Errorf("status %d: %v %v", status, d, err)
		}
		server.Close()
	}
}

// TestOpen: credentials are found as by the AWS CLI, must be of the declared account, and one message
// says that there are none.
func TestOpen(t *testing.T) {
	fake := &fakeEC2{t: t, rows: map[string]string{metrics: item("Interface", "metrics.agent.datadoghq.com")}}
	server := httptest.NewServer(fake)
	defer server.Close()
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": server.URL, "AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_EC2_METADATA_DISABLED": "true",
		"AWS_CONFIG_FILE": t.TempDir() + "/config", "AWS_SHARED_CREDENTIALS_FILE": t.TempDir() + "/credentials", "AWS_PROFILE": "",
	} {
		t.Setenv(name, value)
	}
	cloud, err := Open(t.Context(), Place{Account: account, Region: "us-east-1"})
	if err != nil {
		t.Fatal(err)
	}
	if d, err := cloud.Describe(t.Context(), metrics, ""); err != nil || d == nil {
		t.Error(d, err)
	}
	if _, err := Open(t.Context(), Place{Account: "210987654321", Region: "us-east-1"}); err == nil || err.Error() != "the credentials are of account 123456789012, the topology declares 210987654321" {
		t.Error(err)
	}
	if _, err := Open(t.Context(), Place{Account: account, Region: "us-east-1", Profile: "absent"}); err == nil || !strings.Contains(err.Error(), "no credentials for account 123456789012") || strings.Contains(err.Error(), "\n") {
		t.Error(err)
	}
	t.Setenv("AWS_ACCESS_KEY_ID", "")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "")
	if _, err := Open(t.Context(), Place{Account: account, Region: "us-east-1"}); err == nil || !strings.HasPrefix(err.Error(), "no credentials for account 123456789012: ") {
		t.Error(err)
	}
}
