package demoorg

import (
	"net/http"
	"strings"
)

func (s *Server) identityURL(u *user) string { return s.url + "/id/" + OrgID + "/" + u.ID }

// bearer is the token of a request: in the header, as "Bearer" or as "OAuth".
func bearer(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if strings.EqualFold(scheme, "Bearer") || strings.EqualFold(scheme, "OAuth") {
		return strings.TrimSpace(token)
	}
	return ""
}

// identified finds out who asks at the identity services, which take the token
// in the header or as a parameter and refuse in plain text.
func (s *Server) identified(w http.ResponseWriter, r *http.Request) *grant {
	token := bearer(r)
	for _, name := range []string{"oauth_token", "access_token"} {
		if token == "" {
			token = r.FormValue(name)
		}
	}
	if token == "" {
		http.Error(w, "Missing_OAuth_Token", http.StatusForbidden)
		return nil
	}
	g := s.grants.session(token, s.o.Now())
	if g == nil {
		http.Error(w, "Bad_OAuth_Token", http.StatusForbidden)
	}
	return g
}

// urls lists the services of the org; {version} stays for the client to fill in.
func (s *Server) urls(u *user) map[string]string {
	data := s.url + "/services/data/v{version}/"
	return map[string]string{
		"enterprise":    s.url + "/services/Soap/c/{version}/" + OrgID[:15],
		"metadata":      s.url + "/services/Soap/m/{version}/" + OrgID[:15],
		"partner":       s.url + "/services/Soap/u/{version}/" + OrgID[:15],
		"rest":          data,
		"sobjects":      data + "sobjects/",
		"query":         data + "query/",
		"search":        data + "search/",
		"tooling_rest":  data + "tooling/",
		"tooling_soap":  s.url + "/services/Soap/T/{version}/" + OrgID[:15],
		"profile":       s.url + "/" + u.ID,
		"custom_domain": s.url,
	}
}

// userinfo is OpenID Connect's view of the user.
func (s *Server) userinfo(w http.ResponseWriter, r *http.Request) {
	g := s.identified(w, r)
	if g == nil {
		return
	}
	u := g.user
	writeOAuth(w, http.StatusOK, map[string]any{
		"sub": s.identityURL(u), "user_id": u.ID, "organization_id": OrgID,
		"preferred_username": u.Username, "nickname": u.Alias, "name": u.name(),
		"given_name": u.First, "family_name": u.Last, "email": u.Username, "email_verified": true,
		"zoneinfo": "Europe/Berlin", "locale": "en_US", "language": "en_US", "utcOffset": 3600000,
		"profile": s.url + "/" + u.ID, "urls": s.urls(u),
		"active": u.Active, "user_type": "STANDARD", "is_app_installed": true,
		"updated_at": timestamp(u.Created),
	})
}

// identity is the identity URL, the "id" of a token answer.
func (s *Server) identity(w http.ResponseWriter, r *http.Request) {
	g := s.identified(w, r)
	if g == nil {
		return
	}
	u := g.user
	if !sameID(r.PathValue("org"), OrgID) || !sameID(r.PathValue("user"), u.ID) {
		http.Error(w, "Wrong_Id", http.StatusForbidden)
		return
	}
	writeOAuth(w, http.StatusOK, map[string]any{
		"id": s.identityURL(u), "asserted_user": true, "user_id": u.ID, "organization_id": OrgID,
		"username": u.Username, "nick_name": u.Alias, "display_name": u.name(),
		"email": u.Username, "email_verified": true, "first_name": u.First, "last_name": u.Last,
		"timezone": "Europe/Berlin", "locale": "en_US", "language": "en_US", "utcOffset": 3600000,
		"status": map[string]any{"created_date": nil, "body": nil}, "urls": s.urls(u),
		"active": u.Active, "user_type": "STANDARD", "is_lightning_login_user": false, "is_app_installed": true,
		"last_modified_date": timestamp(u.Created),
	})
}

// discovery is the OpenID configuration, with what this org really has.
func (s *Server) discovery(w http.ResponseWriter, _ *http.Request) {
	writeOAuth(w, http.StatusOK, map[string]any{
		"issuer":                                s.url,
		"authorization_endpoint":                s.url + "/services/oauth2/authorize",
		"token_endpoint":                        s.url + "/services/oauth2/token",
		"revocation_endpoint":                   s.url + "/services/oauth2/revoke",
		"userinfo_endpoint":                     s.url + "/services/oauth2/userinfo",
		"scopes_supported":                      []string{"api", "id", "refresh_token", "offline_access", "web"},
		"response_types_supported":              []string{"code"},
		"grant_types_supported":                 []string{"authorization_code", "refresh_token", grantClientCredentials, grantJWTBearer},
		"subject_types_supported":               []string{"public"},
		"token_endpoint_auth_methods_supported": []string{"none", "client_secret_post", "client_secret_basic"},
		"code_challenge_methods_supported":      []string{"S256"},
		"display_values_supported":              []string{"page"},
	})
}
