# Sourced by the scripts beside it: serves the built-in org and puts the Salesforce
# CLI into a home of its own. Sets work, org, token; everything ends with the shell.
work=$(mktemp -d)
served= keychain=
finish() {
  for each in $served $keychain; do kill "$each" 2>/dev/null || true; done
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 143' TERM INT

# serve BINARY [FLAG...] starts the org on a free port.
serve() {
  local binary=$1
  shift
  SIDESTEP_HOME=$work/sidestep "$binary" demo --serve 127.0.0.1:0 "$@" >"$work/org.out" 2>"$work/org.err" &
  served=$!
  for _ in $(seq 100); do
    [ "$(wc -l <"$work/org.out")" -ge 2 ] && break
    kill -0 "$served" 2>/dev/null || { cat "$work/org.err"; return 1; }
    sleep 0.1
  done
  org=$(sed -n '1s/^org //p' "$work/org.out")
  token=$(sed -n '2s/^token //p' "$work/org.out")
  [ -n "$org" ] && [ -n "$token" ]
}

# The CLI must find nothing of this user's, tell nobody, and fetch nothing.
export SF_USE_GENERIC_UNIX_KEYCHAIN=true SF_DISABLE_TELEMETRY=true SF_DISABLE_LOG_FILE=true
export SF_AUTOUPDATE_DISABLE=true SF_SKIP_NEW_VERSION_CHECK=true NODE_NO_WARNINGS=1 NO_COLOR=1
mkdir -p "$work/home" "$work/bin" "$work/project/force-app"
printf '{"packageDirectories":[{"path":"force-app","default":true}],"sourceApiVersion":"66.0"}\n' >"$work/project/sfdx-project.json"
sf() {
  (cd "$work/project" && HOME=$work/home XDG_CACHE_HOME=$work/home/.cache XDG_CONFIG_HOME=$work/home/.config XDG_DATA_HOME=$work/home/.local \
    timeout 60 node "$packages/node_modules/@salesforce/cli/bin/run.js" "$@")
}
