import { expect, test } from 'vitest';
import type { JsonObject } from '../../kernel/canonical-json.ts';
import type { GraphRequest } from './exchange.ts';
import { refuseWrites } from './refuse-writes.ts';

const POLICIES = '/beta/deviceManagement/configurationPolicies';

test.each<[string, Partial<GraphRequest>]>([
  ['a POST to a collection', { method: 'POST', url: POLICIES, body: { name: 'x' } }],
  ['an assign', { method: 'POST', url: `${POLICIES}/1/assign`, body: {} }],
  ['a POST without a body', { method: 'POST', url: POLICIES }],
  ['a batch that holds a write', batchOf({ id: '1', method: 'PATCH', url: '/x' })],
  ['a batch whose GET has a body', batchOf({ id: '1', method: 'GET', url: '/x', body: {} })],
  ['a batch without requests', { method: 'POST', url: '/beta/$batch', body: {} }],
  ['a GET with a body', { method: 'GET', url: POLICIES, body: {} }],
  ['a path that only begins like a batch', { method: 'POST', url: '/beta/$batchX', body: {} }],
])('%s is refused before anything is sent', (_, request) => {
  expect(() => guarded(request)).toThrow(expect.objectContaining({ code: 'graph.write_refused' }));
});

test.each<[string, Partial<GraphRequest>]>([
  ['a GET', { method: 'GET', url: `${POLICIES}?$top=1` }],
  ['a batch of GETs', batchOf({ id: '1', method: 'GET', url: '/x' })],
  ['the look-up by ids', { method: 'POST', url: '/beta/directoryObjects/getByIds?$select=id' }],
])('%s passes', async (_, request) => {
  await expect(guarded(request)).resolves.toMatchObject({ status: 200 });
});

test.each(['PATCH', 'PUT', 'DELETE'])('%s does not even compile, and is refused', (method) => {
  const request = JSON.parse(JSON.stringify({ method, url: POLICIES }));
  expect(() => guarded(request)).toThrow();
});

function guarded(request: Partial<GraphRequest>) {
  const answer = { status: 200, headers: {}, body: {}, signInSerial: 1, wasRoundTripSaved: false };
  const send = refuseWrites(async () => answer);
  return send({
    method: 'GET',
    url: '/',
    template: '/',
    bucket: 'directory',
    cost: 1,
    isBatchable: false,
    unsafeNumbers: 'refuse',
    signal: new AbortController().signal,
    ...request,
  });
}

function batchOf(...requests: JsonObject[]): Partial<GraphRequest> {
  return { method: 'POST', url: '/beta/$batch', body: { requests } };
}
