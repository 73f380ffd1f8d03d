#!/usr/bin/env bash
# A receiver of Salesforce outbound messages that needs no session id: a CGI program
# of bash and curl. Its settings: SF_ORG_ID (18 characters), SF_CLIENT_ID,
# SF_DOMAIN (https://acme.my.salesforce.com), SF_CLIENT_SECRET, STORE (a folder that the
# web server does not serve). Every minute, from cron: receiver.sh work
set -euo pipefail
umask 077
mkdir -p "$STORE/inbox" "$STORE/done"
id='[a-zA-Z0-9]{18}'

refuse() {
  printf 'Status: %s\r\nContent-Type: text/plain\r\n\r\n%s\n' "$1" "$2"
  exit 0
}

# receive checks, stores, and only then acknowledges. No document type, comment or
# CDATA section gets in, so that what looks like an element is one.
receive() {
  local body item
  [[ ${REQUEST_METHOD:-} = POST && ${CONTENT_LENGTH:-0} -le 1048576 ]] || refuse 403 'not for us'
  body=$(head -c "$CONTENT_LENGTH" | tr -d '\000\r\n')
  [[ $body != *'<!'* && ${#SF_ORG_ID} = 18 && $body == *"OrganizationId>$SF_ORG_ID</"* ]] || refuse 403 'not for us'
  while [[ $body =~ \<([A-Za-z0-9]+:)?Notification\> ]]; do
    body=${body#*"${BASH_REMATCH[0]}"}
    item=${body%%Notification>*}
    [[ $item =~ ^[[:space:]]*\<([A-Za-z0-9]+:)?Id\>($id)\</ ]] || refuse 500 'not stored'
    local notification=${BASH_REMATCH[2]}
    [[ $item =~ sObject[^\>]*\>[[:space:]]*\<[A-Za-z0-9]+:Id\>($id)\</ ]] || refuse 500 'not stored'
    store "$notification" "${BASH_REMATCH[1]}" || refuse 500 'not stored' # no Ack: Salesforce sends again
  done
  printf 'Status: 200\r\nContent-Type: text/xml; charset=utf-8\r\n\r\n'
  printf '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>'
  printf '<notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>true</Ack></notificationsResponse></soapenv:Body></soapenv:Envelope>'
}

# store keeps a notification once: Salesforce may send it several times.
store() {
  [[ -e $STORE/inbox/$1 || -e $STORE/done/$1 ]] && return
  local fresh
  fresh=$(mktemp "$STORE/new.XXXXXX") && printf %s "$2" >"$fresh" && sync "$fresh" && mv "$fresh" "$STORE/inbox/$1"
}

# work does what is in the inbox. What fails stays there and is tried again.
work() {
  exec 9>"$STORE/lock"
  flock -n 9 || exit 0 # the run before is still at it
  local file
  for file in "$STORE"/inbox/*; do
    [[ -e $file ]] || continue
    if with_token "$(cat "$file")"; then mv "$file" "$STORE/done/"; else echo "${file##*/}: HTTP $status" >&2; fi
  done
}

# with_token calls the org, and once more with a new token if the cached one is refused.
with_token() {
  local attempt
  for attempt in 1 2; do
    # Cached from run to run: a user may log in 3,600 times an hour.
    [[ -s $STORE/token ]] || log_in || return
    call "$1"
    [[ $status = 200 ]] && return
    [[ $status = 401 ]] || grep -q INVALID_SESSION_ID "$STORE/answer" || return
    rm "$STORE/token"
  done
  return 1
}

# ask sends; what is secret comes from stdin, since arguments can be seen by others.
ask() { status=$(curl -sS --max-time 30 -o "$STORE/answer" -w '%{http_code}' -K - "$@") || status="none, curl error $?"; }

# log_in asks the My Domain that is configured, never a host out of a message.
log_in() {
  ask "$SF_DOMAIN/services/oauth2/token" -d grant_type=client_credentials <<CONFIG
data-urlencode = "client_id=$SF_CLIENT_ID"
data-urlencode = "client_secret=$SF_CLIENT_SECRET"
CONFIG
  [[ $(cat "$STORE/answer") =~ \"access_token\"[[:space:]]*:[[:space:]]*\"([^\"\\]+)\" ]] || return # tokens hold nothing that JSON escapes
  printf %s "${BASH_REMATCH[1]}" >"$STORE/token"
}

# call is where your own work goes. This one reads the record.
call() {
  local soql="SELECT Id FROM Account WHERE Id = '$1'"
  # [rest]
  ask "$SF_DOMAIN/services/data/v66.0/query" -G --data-urlencode "q=$soql" <<<"header = \"Authorization: Bearer $(cat "$STORE/token")\""
  # [soap]
  # The token goes where the message's SessionId went. Nothing else changes.
  printf '%s' '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:p="urn:partner.soap.sforce.com"><e:Header><p:SessionHeader><p:sessionId>' \
    "$(cat "$STORE/token")" "</p:sessionId></p:SessionHeader></e:Header><e:Body><p:query><p:queryString>$soql</p:queryString></p:query></e:Body></e:Envelope>" >"$STORE/request"
  ask "$SF_DOMAIN/services/Soap/u/66.0" -H 'Content-Type: text/xml; charset=UTF-8' -H 'SOAPAction: ""' --data-binary "@$STORE/request" </dev/null
  # [end]
}

if [[ ${1:-} = work ]]; then work; else receive; fi
