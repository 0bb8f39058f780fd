package drift

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// NoCredentials says that a place could not be entered.
type NoCredentials struct {
	Place Place
	Err   error
}

func (e *NoCredentials) Error() string {
	return fmt.Sprintf("no credentials for account %s: %v", e.Place.Account, e.Err)
}

func (e *NoCredentials) Unwrap() error { return e.Err }

// OtherAccount says that the credentials are of another account than the topology declares.
type OtherAccount struct {
	Place Place
	Is    string
}

func (e *OtherAccount) Error() string {
	return fmt.Sprintf("the credentials are of account %s, the topology declares %s", e.Is, e.Place.Account)
}

// Open enters a place with the credentials that the AWS CLI would use: environment, shared
// configuration, SSO, the instance's role; then the declared profile and role.
func Open(ctx context.Context, p Place) (Cloud, error) {
	options := []func(*config.LoadOptions) error{config.WithRegion(p.Region)}
	if p.Profile != "" {
		options = append(options, config.WithSharedConfigProfile(p.Profile))
	}
	cfg, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return nil, &NoCredentials{p, err}
	}
	if p.AssumeRole != "" {
		cfg.Credentials = aws.NewCredentialsCache(stscreds.NewAssumeRoleProvider(sts.NewFromConfig(cfg), p.AssumeRole))
	}
	if _, err := cfg.Credentials.Retrieve(ctx); err != nil {
		return nil, &NoCredentials{p, shortest(err)}
	}
	who, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return nil, &NoCredentials{p, shortest(err)}
	}
	if is := aws.ToString(who.Account); is != p.Account {
		return nil, &OtherAccount{p, is}
	}
	return &EC2{&api{endpoint: endpoint(cfg, p.Region), region: p.Region, credentials: cfg.Credentials, client: &http.Client{Timeout: 30 * time.Second}, pause: time.Second}}, nil
}

// shortest is the innermost error, which names the cause; the outer ones name the SDK's operations.
func shortest(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}

// endpoint is where EC2 answers; the variables are those that every AWS SDK reads.
func endpoint(cfg aws.Config, region string) string {
	for _, name := range []string{"AWS_ENDPOINT_URL_EC2", "AWS_ENDPOINT_URL"} {
		if e := os.Getenv(name); e != "" {
			return e
		}
	}
	if cfg.BaseEndpoint != nil {
		return *cfg.BaseEndpoint
	}
	return "https://ec2." + region + ".amazonaws.com/"
}

// api is one region of EC2's Query API.
type api struct {
	endpoint, region string
	credentials      aws.CredentialsProvider
	client           *http.Client
	pause            time.Duration // before the first repetition
}

const attempts = 4

// call makes a call and reads its answer into v. It is repeated where EC2 asks for it.
func (a *api) call(ctx context.Context, form url.Values, v any) error {
	form.Set("Version", "2016-11-15")
	pause := a.pause
	for i := 1; ; i++ {
		body, err := a.once(ctx, form.Encode())
		if err == nil {
			if err := xml.Unmarshal(body, v); err != nil {
				return fmt.Errorf("EC2's answer does not read: %w", err)
			}
			return nil
		}
		if i == attempts || !isCode(err, "RequestLimitExceeded", "Throttling", "Unavailable", "InternalError") {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
			pause *= 2
		}
	}
}

func (a *api) once(ctx context.Context, form string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, a.endpoint, strings.NewReader(form))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	credentials, err := a.credentials.Retrieve(ctx)
	if err != nil {
		return nil, shortest(err)
	}
	hash := sha256.Sum256([]byte(form))
	if err := v4.NewSigner().SignHTTP(ctx, credentials, request, hex.EncodeToString(hash[:]), "ec2", a.region, time.Now()); err != nil {
		return nil, err
	}
	response, err := a.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 16<<20))
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		return nil, readError(response.Status, body)
	}
	return body, nil
}

func isCode(err error, codes ...string) bool {
	var e *APIError
	if !errors.As(err, &e) {
		return false
	}
	for _, code := range codes {
		if e.Code == code {
			return true
		}
	}
	return false
}
