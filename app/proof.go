package app

import (
	"context"
	"time"

	"sidestep/salesforce/catchup"
	"sidestep/salesforce/logins"
)

// Logins tells what the org knows of a user's sign-ins since a day.
func (o *Org) Logins(ctx context.Context, username string, since time.Time) (logins.History, error) {
	return o.client.Logins(ctx, username, since)
}

// Count asks how many records changed in a period.
func (o *Org) Count(ctx context.Context, p catchup.Period) (int, error) {
	return o.client.Count(ctx, p)
}
