package org

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// Usage is how much of the org's daily API calls is used, as its last answer
// said (header Sforce-Limit-Info). Max is 0 while no answer said it.
type Usage struct{ Used, Max int }

// noteUsage reads Sforce-Limit-Info: api-usage=10018/100000 (REST API guide,
// "Limit Info Header"), which may list further kinds of usage.
func (c *Client) noteUsage(header string) {
	for part := range strings.SplitSeq(header, ";") {
		numbers, found := strings.CutPrefix(strings.TrimSpace(part), "api-usage=")
		if !found {
			continue
		}
		used, of, _ := strings.Cut(numbers, "/")
		u, err := strconv.Atoi(used)
		m, err2 := strconv.Atoi(of)
		if err != nil || err2 != nil || u < 0 || m <= 0 {
			continue
		}
		c.mu.Lock()
		c.usage = Usage{Used: u, Max: m}
		c.mu.Unlock()
	}
}

func (c *Client) lastUsage() Usage {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.usage
}

// askUsage asks for the usage, for where no answer told it: those of the Metadata
// API never do. It costs one call ("Limits" of the REST API guide), is asked a single
// time, and nothing depends on it.
func (c *Client) askUsage(ctx context.Context, version float64) {
	t, _ := c.current()
	_ = c.once(ctx, call{path: "/services/data/v" + versionText(version) + "/limits", limit: maxJSON, read: func(resp *http.Response, body io.Reader) error {
		var limits struct{ DailyAPIRequests struct{ Max, Remaining int } }
		if err := json.NewDecoder(body).Decode(&limits); err != nil {
			return err
		}
		day := limits.DailyAPIRequests
		if resp.StatusCode == http.StatusOK && c.lastUsage().Max == 0 && day.Max > 0 && day.Remaining >= 0 {
			c.mu.Lock()
			c.usage = Usage{Used: max(0, day.Max-day.Remaining), Max: day.Max}
			c.mu.Unlock()
		}
		return nil
	}}, t)
}
