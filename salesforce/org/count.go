package org

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"sidestep/salesforce/catchup"
)

// Count asks how many records of an object changed in a period. Records that the
// user may not see are not counted.
func (c *Client) Count(ctx context.Context, p catchup.Period) (int, error) {
	q, err := p.CountQuery()
	if err != nil {
		return 0, err
	}
	v, err := c.apiVersion(ctx)
	if err != nil {
		return 0, err
	}
	// An answer without a number is no answer, and not none.
	found, err := get[struct {
		TotalSize *int
		Done      bool
	}](ctx, c, fmt.Sprintf("/services/data/v%s/query/?q=%s", versionText(v), url.QueryEscape(q)), false)
	switch {
	case err != nil:
		return 0, err
	case found.TotalSize == nil || *found.TotalSize < 0 || !found.Done:
		return 0, broken(errors.New("it holds no number"))
	}
	return *found.TotalSize, nil
}

// whole is a query whose answer must hold all of its rows on one page.
func whole[T any](ctx context.Context, c *Client, soql string) ([]T, error) {
	found, err := query[T](ctx, c, "", soql)
	switch {
	case err != nil:
		return nil, err
	case !found.Done || found.TotalSize != len(found.Records):
		return nil, broken(fmt.Errorf("it holds %d of %d rows", len(found.Records), found.TotalSize))
	}
	return found.Records, nil
}
