package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"sidestep/salesforce"
	"sidestep/salesforce/clientapp"
	"sidestep/salesforce/credentials"
	"sidestep/state"
)

// askApp asks for what an app for one receiver needs, and shows its metadata files.
func askApp(s *session, v *state.EndpointView) tea.Cmd {
	a := clientapp.App{Flow: credentials.ClientCredentials, Description: "For the receiver at " + v.Address.Host + ": calls back without a session id."}
	fields := []field{
		{label: "Name", value: appName(v.Address.Host), placeholder: "its API name", check: required("a name for the app")},
		{label: "Contact", value: v.Owner.Email, placeholder: "whoever answers for it, an e-mail address", check: required("an e-mail address")},
	}
	jwt := v.Flow == flowJWT
	if jwt {
		a.Flow = credentials.JWTBearer
		fields = append(fields,
			field{label: "Permission set", placeholder: "API name of the one that approves its user", check: required("the API name of a permission set")},
			field{label: "Certificate", placeholder: "a PEM file, without the key", check: required("the file with the certificate")})
	} else {
		fields = append(fields,
			field{label: "Run as", placeholder: "username of the integration user", check: required("a username")},
			field{label: "Permission set", placeholder: "API name of the one that approves it, if any"})
	}
	key := appKey{v.Key, a.Flow}
	for i, typed := range s.appOf[key] {
		fields[i].value = typed
	}
	return s.push(newAsk(s, "The receiver's app", "Metadata files for the "+a.Flow.Name()+", to deploy by hand. No secret is inside: the org makes key and secret.", fields, func(values []string) tea.Cmd {
		s.appOf[key] = values
		a, certificate := a, ""
		a.Name, a.Contact = values[0], values[1]
		if jwt {
			a.PermissionSet, certificate = values[2], values[3]
		} else {
			a.RunAs, a.PermissionSet = values[2], values[3]
		}
		return s.push(newAppFiles(s, a, certificate))
	}).besideTheWork())
}

// appKey is an endpoint's app for one flow.
type appKey struct {
	endpoint string
	flow     credentials.Flow
}

// appName makes an API name of a host.
func appName(host string) string {
	parts := strings.FieldsFunc(host, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9')
	})
	name := strings.Join(parts, "_")
	if name = strings.TrimRight(name[:min(len(name), 40)], "_"); !salesforce.IsAPIName(name) {
		return ""
	}
	return name
}

// newAppFiles shows the metadata files of an app, one at a time.
func newAppFiles(s *session, a clientapp.App, certificate string) *sheets {
	checks := s.deps.Checks
	return &sheets{s: s, crumb: "app files", each: "file", writes: "write them all",
		load: func() ([]sheet, error) {
			files, err := checks.AppFiles(a, certificate)
			var all []sheet
			for _, f := range files {
				all = append(all, sheet{title: a.Name, file: f.Path, text: string(f.Content), about: appAbout})
			}
			return all, err
		},
		write: func(all []sheet, _ int) (string, error) {
			var files []clientapp.File
			for _, f := range all {
				files = append(files, clientapp.File{Path: f.file, Content: []byte(f.text)})
			}
			return checks.SaveApp(a.Name, files)
		}}
}

const appAbout = "No secret is inside. Deploy the folder by hand, in Metadata API format (sf project deploy start --metadata-dir FOLDER). The org makes key and secret: look them up in Setup."
