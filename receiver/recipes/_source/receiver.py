"""A receiver of Salesforce outbound messages that needs no session id. Its settings:
SF_ORG_ID (18 characters), SF_DOMAIN (https://acme.my.salesforce.com), SF_CLIENT_ID,
SF_CLIENT_SECRET, HOOK_PATH (long and secret, as in /sf/8f2c41), PORT, STORE (a folder).
Standard library only."""
import json, os, re, sys, tempfile, threading, time
import urllib.error, urllib.parse, urllib.request
import xml.etree.ElementTree as ElementTree
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NS = "{http://soap.sforce.com/2005/09/outbound}"
SF = "{urn:sobject.enterprise.soap.sforce.com}"
ACK = (b'<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/">'
       b'<soapenv:Body><notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>true</Ack>'
       b'</notificationsResponse></soapenv:Body></soapenv:Envelope>')
DOMAIN, STORE = os.environ["SF_DOMAIN"], os.environ["STORE"]
INBOX, DONE = os.path.join(STORE, "inbox"), os.path.join(STORE, "done")
ID = re.compile(r"[a-zA-Z0-9]{18}")
token = None  # cached: a user may log in 3,600 times an hour


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        """Checks, stores, and only then acknowledges."""
        try:
            body = self.rfile.read(min(int(self.headers["Content-Length"]), 1 << 20))
            if b"<!DOCTYPE" in body:  # no entities, of whatever kind
                raise ValueError("document type")
            message = ElementTree.fromstring(body).find(f".//{NS}notifications")
            if self.path != os.environ["HOOK_PATH"] or message.findtext(f"{NS}OrganizationId") != os.environ["SF_ORG_ID"]:
                raise ValueError("not for us")
        except Exception:
            return self.answer(403, b"not for us")
        try:
            for item in message.iter(f"{NS}Notification"):
                store(item.findtext(f"{NS}Id"), item.findtext(f"{NS}sObject/{SF}Id"))
        except Exception as problem:
            print("not stored:", problem, file=sys.stderr)
            return self.answer(500, b"not stored")  # no Ack: Salesforce sends again
        self.answer(200, ACK)

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "text/xml; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, *_):
        """The path is a secret: it does not belong in a log."""


def store(notification, record):
    """Keeps a notification once: Salesforce may send it several times."""
    if not ID.fullmatch(notification) or not ID.fullmatch(record):
        raise ValueError("no ids")
    if any(os.path.exists(os.path.join(folder, notification)) for folder in (INBOX, DONE)):
        return
    with tempfile.NamedTemporaryFile("w", dir=STORE, delete=False) as file:
        file.write(record)
        file.flush()
        os.fsync(file.fileno())
    os.replace(file.name, os.path.join(INBOX, notification))


def work():
    """Does what is in the inbox. What fails stays there and is tried again."""
    while True:
        for name in os.listdir(INBOX):
            try:
                with open(os.path.join(INBOX, name)) as file:
                    with_token(file.read())
                os.replace(os.path.join(INBOX, name), os.path.join(DONE, name))
                print(name, "done", file=sys.stderr)
            except Exception as problem:
                print(name, problem, file=sys.stderr)
        time.sleep(1)


def with_token(record):
    """Calls the org, and once more with a new token if the cached one is refused."""
    global token
    for attempt in (1, 2):
        token = token or log_in()
        try:
            return call(record)
        except urllib.error.HTTPError as refusal:
            if attempt == 2 or refusal.code != 401 and b"INVALID_SESSION_ID" not in refusal.read():
                raise
            token = None


def log_in():
    """Asks the My Domain that is configured, never a host out of a message."""
    form = {"grant_type": "client_credentials", "client_id": os.environ["SF_CLIENT_ID"], "client_secret": os.environ["SF_CLIENT_SECRET"]}
    with urllib.request.urlopen(DOMAIN + "/services/oauth2/token", urllib.parse.urlencode(form).encode(), timeout=30) as answer:
        return json.load(answer)["access_token"]


def call(record):
    """Is where your own work goes. This one reads the record."""
    soql = f"SELECT Id FROM Account WHERE Id = '{record}'"
    # [rest]
    request = urllib.request.Request(DOMAIN + "/services/data/v66.0/query?" + urllib.parse.urlencode({"q": soql}),
                                     headers={"Authorization": "Bearer " + token})
    # [soap]
    # The token goes where the message's SessionId went. Nothing else changes.
    soap = (f'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:p="urn:partner.soap.sforce.com"><e:Header><p:SessionHeader>'
            f'<p:sessionId>{token}</p:sessionId></p:SessionHeader></e:Header><e:Body><p:query><p:queryString>{soql}</p:queryString></p:query></e:Body></e:Envelope>')
    request = urllib.request.Request(DOMAIN + "/services/Soap/u/66.0", soap.encode(), {"Content-Type": "text/xml; charset=UTF-8", "SOAPAction": '""'})
    # [end]
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read()


if not ID.fullmatch(os.environ["SF_ORG_ID"]):
    sys.exit("SF_ORG_ID needs 18 characters")
for folder in (INBOX, DONE):
    os.makedirs(folder, 0o700, exist_ok=True)
threading.Thread(target=work, daemon=True).start()
ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Receiver).serve_forever()  # TLS ends before it
