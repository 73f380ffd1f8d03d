// A receiver of Salesforce outbound messages that needs no session id. Its settings:
// SF_ORG_ID (18 characters), SF_DOMAIN (https://acme.my.salesforce.com), SF_CLIENT_ID,
// SF_CLIENT_SECRET, HOOK_PATH (long and secret, as in /sf/8f2c41), PORT, STORE (a folder).
// No packages: Salesforce's messages have one fixed form, which is all that is read.
import http from 'node:http'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const { SF_ORG_ID, SF_DOMAIN, SF_CLIENT_ID, SF_CLIENT_SECRET, HOOK_PATH, PORT, STORE } = process.env
const inbox = join(STORE, 'inbox'), done = join(STORE, 'done')
const ack = '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/">' +
  '<soapenv:Body><notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>true</Ack></notificationsResponse></soapenv:Body></soapenv:Envelope>'
let token // cached: a user may log in 3,600 times an hour

// read takes ids out of a message. No document type, comment or CDATA section gets
// in, so that what looks like an element is one.
function read(xml) {
  if (/<!/.test(xml)) throw new Error('not as Salesforce writes it')
  const [head, ...items] = xml.split(/<(?:\w+:)?Notification>/)
  const org = /<(?:\w+:)?OrganizationId>([a-zA-Z0-9]{18})</.exec(head)
  return {
    org: org?.[1],
    items: items.map(item => {
      const id = /^\s*<(?:\w+:)?Id>([a-zA-Z0-9]{18})</.exec(item), record = /<\w+:Id>([a-zA-Z0-9]{18})</.exec(item.split(/<(?:\w+:)?sObject[\s>]/)[1])
      if (!id || !record) throw new Error('no ids')
      return [id[1], record[1]]
    }),
  }
}

// receive checks, stores, and only then acknowledges.
function receive(request, response) {
  const chunks = []
  let size = 0
  request.on('data', chunk => (size += chunk.length) > 1 << 20 ? request.destroy() : chunks.push(chunk))
  request.on('end', () => {
    const answer = (status, text) => response.writeHead(status, { 'Content-Type': 'text/xml; charset=utf-8' }).end(text)
    let message
    try {
      message = read(Buffer.concat(chunks).toString('utf8'))
    } catch { }
    if (request.method !== 'POST' || request.url !== HOOK_PATH || message?.org !== SF_ORG_ID) return answer(403, 'not for us')
    try {
      for (const [id, record] of message.items) store(id, record)
    } catch (problem) {
      console.error('not stored:', problem.message)
      return answer(500, 'not stored') // no Ack: Salesforce sends again
    }
    answer(200, ack)
  })
}

// store keeps a notification once: Salesforce may send it several times.
function store(id, record) {
  if (existsSync(join(inbox, id)) || existsSync(join(done, id))) return
  writeFileSync(join(STORE, id), record, { mode: 0o600, flush: true })
  renameSync(join(STORE, id), join(inbox, id))
}

// work does what is in the inbox. What fails stays there and is tried again.
async function work() {
  for (const name of readdirSync(inbox)) {
    try {
      await withToken(readFileSync(join(inbox, name), 'utf8'))
      renameSync(join(inbox, name), join(done, name))
      console.error(name, 'done')
    } catch (problem) {
      console.error(name, problem.message)
    }
  }
  setTimeout(work, 1000)
}

// withToken calls the org, and once more with a new token if the cached one is refused.
async function withToken(record) {
  for (let attempt = 1; ; attempt++) {
    token ??= await logIn()
    const response = await call(record), text = await response.text()
    if (response.ok) return text
    if (attempt === 2 || response.status !== 401 && !text.includes('INVALID_SESSION_ID')) throw new Error(`HTTP ${response.status} ${text.slice(0, 200)}`)
    token = undefined
  }
}

// logIn asks the My Domain that is configured, never a host out of a message.
async function logIn() {
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: SF_CLIENT_ID, client_secret: SF_CLIENT_SECRET })
  const answer = await (await fetch(SF_DOMAIN + '/services/oauth2/token', { method: 'POST', body, signal: AbortSignal.timeout(30000) })).json()
  if (!answer.access_token) throw new Error('no token: ' + answer.error)
  return answer.access_token
}

// call is where your own work goes. This one reads the record.
function call(record) {
  const soql = `SELECT Id FROM Account WHERE Id = '${record}'`, signal = AbortSignal.timeout(30000)
  // [rest]
  return fetch(`${SF_DOMAIN}/services/data/v66.0/query?q=${encodeURIComponent(soql)}`, { headers: { Authorization: 'Bearer ' + token }, signal })
  // [soap]
  // The token goes where the message's SessionId went. Nothing else changes.
  const body = '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:p="urn:partner.soap.sforce.com"><e:Header><p:SessionHeader>' +
    `<p:sessionId>${token}</p:sessionId></p:SessionHeader></e:Header><e:Body><p:query><p:queryString>${soql}</p:queryString></p:query></e:Body></e:Envelope>`
  return fetch(SF_DOMAIN + '/services/Soap/u/66.0', { method: 'POST', body, headers: { 'Content-Type': 'text/xml; charset=UTF-8', SOAPAction: '""' }, signal })
  // [end]
}

if (!/^[a-zA-Z0-9]{18}$/.test(SF_ORG_ID)) throw new Error('SF_ORG_ID needs 18 characters')
for (const folder of [inbox, done]) mkdirSync(folder, { recursive: true, mode: 0o700 })
work()
http.createServer(receive).listen(PORT, '127.0.0.1') // TLS ends before it
