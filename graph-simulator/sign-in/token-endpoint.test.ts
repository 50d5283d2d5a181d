import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Connected, connect, errorOf, fetchToken, postForm } from '../testing/connect.ts';
import { readJwtPart } from './access-token.ts';

let client: Connected;
beforeAll(async () => {
  client = await connect();
});
afterAll(() => client.close());

const ask = (form: Record<string, string>, tenant = client.tenant.id) =>
  postForm(`${client.running.url}/${tenant}/oauth2/v2.0/token`, {
    grant_type: 'client_credentials',
    scope: 'https://graph.microsoft.com/.default',
    client_id: client.tenant.apps.read.clientId,
    ...form,
  });

test('the right secret gives a token that names tenant, app and roles', async () => {
  const { status, body } = await ask({ client_secret: client.tenant.apps.read.clientSecret });
  expect(status).toBe(200);
  expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599 });
  const claims = readJwtPart(String(body['access_token']).split('.')[1] ?? '');
  expect(claims).toMatchObject({ tid: client.tenant.id, appid: client.tenant.apps.read.clientId });
  expect(claims?.['roles']).toContain('DeviceManagementConfiguration.Read.All');
});

test.each([
  ['a wrong secret', { client_secret: 'wrong' }, 401, 7000215],
  ['no proof at all', {}, 401, 7000216],
  ['an unknown app', { client_id: 'nobody', client_secret: 'x' }, 400, 700016],
  ['another grant', { grant_type: 'password' }, 400, 70003],
  ['a scope without .default', { scope: 'https://graph.microsoft.com/User.Read' }, 400, 1002012],
  ['an assertion that is no JWT', assertion('no.jwt.here'), 401, 700027],
])('%s is refused in the words of Entra', async (_what, form, status, code) => {
  const reply = await ask(form);
  expect(reply.status).toBe(status);
  expect(reply.body['error_codes']).toEqual([code]);
  expect(reply.body['error_description']).toMatch(new RegExp(`^AADSTS${code}: `));
});

test('an unknown tenant is refused', async () => {
  const reply = await ask({ client_secret: 'x' }, '00000000-0000-4000-8000-000000000000');
  expect(reply.body['error_codes']).toEqual([90002]);
});

test('a well-formed assertion is accepted, an expired one is not', async () => {
  const inAnHour = Math.floor(Date.now() / 1000) + 3600;
  expect((await ask(assertion(jwt(inAnHour)))).status).toBe(200);
  expect((await ask(assertion(jwt(1)))).body['error_codes']).toEqual([700027]);
});

test('a forged token and none are both answered 401', async () => {
  const path = `${client.running.url}/beta/organization`;
  const bare = await fetch(path);
  expect(bare.status).toBe(401);
  expect(bare.headers.get('www-authenticate')).toMatch(/^Bearer/);
  const token = await fetchToken(client.running.url, client.tenant);
  const [header, payload = '', signature] = token.split('.');
  const claims = { ...readJwtPart(payload), roles: ['Everything'] };
  const changed = Buffer.from(JSON.stringify(claims)).toString('base64url');
  const headers = { authorization: `Bearer ${header}.${changed}.${signature}` };
  const forged = await fetch(path, { headers });
  expect(forged.status).toBe(401);
  expect(await forged.json()).toMatchObject({ error: { code: 'InvalidAuthenticationToken' } });
});

test('what a tenant no longer grants is lost to the old token too', async () => {
  await client.arm({
    match: { tenant: client.tenant.id },
    fault: { kind: 'roles', roles: ['Policy.Read.All'] },
  });
  const refused = await client.get('/beta/deviceManagement/configurationPolicies');
  expect(refused.status).toBe(403);
  expect(errorOf(refused).message).toContain('one of the following scopes');
  expect((await client.get('/beta/identity/conditionalAccess/namedLocations')).status).toBe(200);
  await client.control('DELETE', 'faults');
  expect((await client.get('/beta/deviceManagement/configurationPolicies')).status).toBe(200);
});

test('the second application has a secret of its own, and may be granted less', async () => {
  const { write } = client.tenant.apps;
  await client.arm({ fault: { kind: 'roles', roles: ['Policy.Read.All'], app: 'write' } });
  const token = await fetchToken(client.running.url, client.tenant, 'write');
  const claims = readJwtPart(token.split('.')[1] ?? '');
  expect(claims).toMatchObject({ appid: write.clientId, roles: ['Policy.Read.All'] });
  const page = '/beta/deviceManagement/configurationPolicies';
  const headers = { authorization: `Bearer ${token}` };
  expect((await fetch(client.running.url + page, { headers })).status).toBe(403);
  expect((await client.get(page)).status).toBe(200);
  await client.control('DELETE', 'faults');

  const { read } = client.tenant.apps;
  const mixed = await ask({ client_id: write.clientId, client_secret: read.clientSecret });
  expect(mixed.body['error_codes']).toEqual([7000215]);
});

test('sign-in goes wrong when a rule names its path, and only then', async () => {
  const right = { client_secret: client.tenant.apps.read.clientSecret };
  await client.arm({ fault: { kind: 'status', status: 500 } });
  expect((await ask(right)).status).toBe(200);
  await client.control('DELETE', 'faults');
  await client.arm({ match: { path: '/token$' }, fault: { kind: 'status', status: 503 } });
  expect((await ask(right)).status).toBe(503);
  await client.arm({ match: { path: '/token$' }, fault: { kind: 'reset' } });
  await expect(ask(right)).rejects.toThrow();
  expect((await ask(right)).status).toBe(200);
});

test('a token of a short life is refused once it is over', async () => {
  await client.arm({ fault: { kind: 'tokenLife', seconds: 1 } });
  const { body } = await ask({ client_secret: client.tenant.apps.read.clientSecret });
  await client.control('DELETE', 'faults');
  expect(body['expires_in']).toBe(1);
  const headers = { authorization: `Bearer ${String(body['access_token'])}` };
  const read = async () => {
    const response = await fetch(`${client.running.url}/beta/organization`, { headers });
    return response.status === 401 ? response.text() : undefined;
  };
  await expect.poll(read, { timeout: 10_000 }).toContain('the token is expired');
});

test('with --auth any a bearer may just name its tenant', async () => {
  const any = await connect({ auth: 'any' });
  const { tenants } = any.running.simulator.world;
  const named = async (bearer: string) => {
    const headers = { authorization: `Bearer ${bearer}` };
    const response = await fetch(`${any.running.url}/beta/organization`, { headers });
    return response.text();
  };
  expect(await named('Alder Legal')).toContain(String(tenants[1]?.id));
  expect(await named('whatever')).toContain(String(tenants[0]?.id));
  await any.close();
});

function assertion(value: string): Record<string, string> {
  return {
    client_assertion: value,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  };
}

function jwt(exp: number): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const { clientId } = client.tenant.apps.read;
  const aud = `https://login.microsoftonline.com/${client.tenant.id}/oauth2/v2.0/token`;
  const claims = { iss: clientId, sub: clientId, aud, exp };
  return `${part({ alg: 'PS256', 'x5t#S256': 'thumb' })}.${part(claims)}.c2lnbmF0dXJl`;
}
