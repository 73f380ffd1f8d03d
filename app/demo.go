package app

import (
	"bytes"
	"context"
	"math"
	"os"
	"runtime/debug"
	"sync"
	"time"

	"sidestep/salesforce"
	"sidestep/salesforce/demoorg"
	"sidestep/salesforce/files"
)

// Demo is the built-in org, as the interface asks for it.
type Demo struct {
	Server *demoorg.Server
	load   func(context.Context) (demoorg.Backup, error)
}

// demoRoom is about what the built-in org takes of this process's memory at 10,000
// messages.
const demoRoom = 32 << 20

// makeRoom lets the org have memory beside the program's own limit. Where that is
// close to what lives, the collector runs at every tenth key.
var makeRoom = sync.OnceFunc(func() {
	limit := debug.SetMemoryLimit(-1)
	if os.Getenv("GOMEMLIMIT") == "" && limit < math.MaxInt64-demoRoom {
		debug.SetMemoryLimit(limit + demoRoom)
	}
})

// StartDemo starts the built-in org on a port of its own.
func StartDemo(ctx context.Context, o demoorg.Options) (*Demo, error) {
	makeRoom()
	s, err := demoorg.Start(ctx, o)
	if err != nil {
		return nil, err
	}
	d := &Demo{Server: s}
	var once sync.Mutex
	var got *demoorg.Backup
	d.load = func(ctx context.Context) (demoorg.Backup, error) {
		once.Lock()
		defer once.Unlock()
		if got != nil {
			return *got, nil
		}
		b, err := s.Backup(ctx)
		if err == nil {
			got = &b
		}
		return b, err
	}
	return d, nil
}

// Host is where to sign in.
func (d *Demo) Host() string { return d.Server.URL() }

// Approve plays the admin's browser.
func (d *Demo) Approve(ctx context.Context, link string) error { return d.Server.Approve(ctx, link) }

// Backup names the org's source repository and its date.
func (d *Demo) Backup() (string, time.Time) {
	return "Northwind's source repository of 17 January 2026", time.Date(2026, 1, 17, 0, 0, 0, 0, time.UTC)
}

// ReadBackup fetches the source repository from the org and reads it.
func (d *Demo) ReadBackup(ctx context.Context) (salesforce.Findings, error) {
	b, err := d.load(ctx)
	if err != nil {
		return salesforce.Findings{}, err
	}
	return files.ReadZip(ctx, bytes.NewReader(b.Zip), int64(len(b.Zip)), files.Options{AsOf: b.AsOf, Name: b.Name})
}
