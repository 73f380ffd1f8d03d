// Uses the built-in org through jsforce, a client that others wrote.
// node jsforce.mjs FOLDER-OF-PACKAGES ORG TOKEN
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [packages, org, accessToken] = process.argv.slice(2);
const require = createRequire(join(packages, 'package.json'));
const { Connection, OAuth2 } = require('jsforce');
const { version } = require('jsforce/package.json');

const conn = new Connection({ instanceUrl: org, accessToken, version: '66.0' });
let listed;

async function check(name, ask) {
  try {
    console.log(`ok    jsforce ${version} ${name}: ${await ask()}`);
  } catch (e) {
    console.log(`FAIL  jsforce ${version} ${name}: ${e.stack}`);
    process.exitCode = 1;
  }
}

const one = (v) => (Array.isArray(v) ? v : v ? [v] : []);

await check('metadata.describe', async () => {
  const d = await conn.metadata.describe('66.0');
  const workflow = d.metadataObjects.find((o) => o.xmlName === 'Workflow');
  assert.ok(one(workflow.childXmlNames).includes('WorkflowOutboundMessage'));
  return `${d.metadataObjects.length} types`;
});

await check('metadata.list', async () => {
  listed = await conn.metadata.list([{ type: 'WorkflowOutboundMessage' }, { type: 'ApprovalProcess' }], '66.0');
  const messages = listed.filter((p) => p.type === 'WorkflowOutboundMessage');
  assert.equal(messages.length, 18);
  assert.equal(listed.length, 19);
  listed = messages.map((p) => p.fullName);
  assert.equal((await conn.metadata.list({ type: 'WorkflowAlert' }, '66.0')).length, 0);
  return '18 outbound messages, 1 approval process, 0 alerts';
});

await check('metadata.list of 4 types', async () => {
  const four = ['Workflow', 'Flow', 'ApprovalProcess', 'EntitlementProcess'].map((type) => ({ type }));
  await assert.rejects(conn.metadata.list(four, '66.0'), /LIMIT_EXCEEDED/);
  return 'refused';
});

for (const n of [1, 10]) {
  await check(`metadata.read of ${n}`, async () => {
    const names = listed.slice(0, n);
    const read = one(await conn.metadata.read('WorkflowOutboundMessage', n === 1 ? names[0] : names));
    assert.deepEqual(read.map((m) => m.fullName), names);
    for (const m of read) {
      assert.match(m.endpointUrl, /^https?:/);
      assert.equal(String(m.includeSessionId), 'false');
    }
    return `${read.length} of ${n}, ${read[0].fullName} first`;
  });
}

await check('metadata.read of 11', async () => {
  await assert.rejects(conn.metadata.read('WorkflowOutboundMessage', listed.slice(0, 11)), /EXCEEDED_ID_LIMIT/);
  return 'refused';
});

await check('metadata.retrieve', async () => {
  conn.metadata.pollInterval = 100;
  const r = await conn.metadata
    .retrieve({ apiVersion: '66.0', singlePackage: true, unpackaged: { types: [{ members: ['*'], name: 'Workflow' }], version: '66.0' } })
    .complete();
  assert.equal(String(r.success), 'true');
  const zip = Buffer.from(r.zipFile, 'base64');
  assert.equal(zip.subarray(0, 2).toString(), 'PK');
  const files = one(r.fileProperties).map((f) => f.fileName);
  assert.equal(files.length, 13);
  assert.ok(files.includes('unpackaged/workflows/Account.workflow'));
  return `${files.length} files`;
});

await check('query', async () => {
  const q = await conn.query('SELECT Id, Username, Profile.Name FROM User');
  assert.equal(q.records.length, q.totalSize);
  assert.equal(q.records[0].Profile.Name, 'System Administrator');
  await assert.rejects(conn.query('SELECT Nope FROM User'), { errorCode: 'INVALID_FIELD' });
  return `${q.totalSize} users`;
});

await check('tooling.query', async () => {
  const q = await conn.tooling.query('SELECT Id, Name, EntityDefinition.QualifiedApiName FROM WorkflowOutboundMessage');
  assert.equal(q.totalSize, 18);
  const { records } = await conn.tooling.query(`SELECT FullName, Metadata FROM WorkflowOutboundMessage WHERE Id = '${q.records[0].Id}'`);
  assert.match(records[0].Metadata.endpointUrl, /^https?:/);
  await assert.rejects(conn.tooling.query('SELECT Metadata FROM WorkflowOutboundMessage'), { errorCode: 'MALFORMED_QUERY' });
  await assert.rejects(conn.tooling.query('SELECT EndpointUrl FROM WorkflowOutboundMessage'), { errorCode: 'INVALID_FIELD' });
  return `${q.totalSize} messages, ${records[0].FullName} alone with its metadata`;
});

// signIn is the person at the sign-in page.
async function signIn(oauth2) {
  const page = await (await fetch(oauth2.getAuthorizationUrl({ scope: 'api id refresh_token', state: 'a&b' }))).text();
  const request = page.match(/name="request" value="([^"]*)"/)[1];
  const body = new URLSearchParams({ request, decision: 'login' });
  const answer = await fetch(`${org}/services/oauth2/authorize`, { method: 'POST', body, redirect: 'manual' });
  const back = new URL(answer.headers.get('location'));
  assert.equal(back.searchParams.get('state'), 'a&b');
  return back.searchParams.get('code');
}

const oauth2 = new OAuth2({ loginUrl: org, clientId: 'PlatformCLI', redirectUri: 'http://localhost:1717/OauthRedirect', useVerifier: true });
let tokens;

await check('oauth2.requestToken', async () => {
  const code = await signIn(oauth2);
  tokens = await oauth2.requestToken(code);
  assert.equal(tokens.instance_url, org);
  await assert.rejects(oauth2.requestToken(code), /expired authorization code/);
  return `scope ${tokens.scope}; the code works once`;
});

await check('identity', async () => {
  const signedIn = new Connection({ oauth2, instanceUrl: org, accessToken: tokens.access_token, version: '66.0' });
  const who = await signedIn.identity();
  assert.equal(who.username, 'admin@northwind.example');
  assert.equal(tokens.id, who.id);
  return `${who.username} of ${who.organization_id}`;
});

await check('refresh of an expired session', async () => {
  const stale = new Connection({ oauth2, instanceUrl: org, accessToken: 'stale', refreshToken: tokens.refresh_token, version: '66.0' });
  let renewed = 0;
  stale.on('refresh', () => renewed++);
  assert.equal((await stale.query('SELECT Id FROM Organization')).totalSize, 1);
  assert.equal((await stale.metadata.list({ type: 'WorkflowOutboundMessage' }, '66.0')).length, 18);
  assert.equal(renewed, 1);
  const soapFirst = new Connection({ oauth2, instanceUrl: org, accessToken: 'stale', refreshToken: tokens.refresh_token, version: '66.0' });
  soapFirst.on('refresh', () => renewed++);
  assert.equal((await soapFirst.metadata.list({ type: 'WorkflowOutboundMessage' }, '66.0')).length, 18);
  assert.equal(renewed, 2);
  return 'once for REST, once for SOAP';
});

await check('oauth2.revokeToken', async () => {
  await oauth2.revokeToken(tokens.refresh_token);
  await assert.rejects(oauth2.refreshToken(tokens.refresh_token), { name: 'invalid_grant' });
  await assert.rejects(new Connection({ instanceUrl: org, accessToken: tokens.access_token, version: '66.0' }).query('SELECT Id FROM User'), { errorCode: 'INVALID_SESSION_ID' });
  return 'neither token works any more';
});
