import { expect, test } from 'vitest';
import type { JsonValue } from '../../kernel/canonical-json.ts';
import { classifyWriteFailure, failureOf } from './answer-failure.ts';

const INNER = { date: '2026-11-20T00:00:00', 'request-id': 'aaaa-1', 'client-request-id': 'b' };

test.each([
  [401, 'InvalidAuthenticationToken', '', 'graph.sign_in_failed'],
  [401, 'Unauthorized', '', 'graph.permission_missing'],
  [403, 'Authorization_RequestDenied', 'Insufficient privileges', 'graph.permission_missing'],
  [403, 'Forbidden', 'User is not licensed for this', 'graph.not_licensed'],
  [400, 'BadRequest', 'Request not applicable to target tenant.', 'graph.not_licensed'],
  [404, 'ResourceNotFound', '', 'graph.not_found'],
  [404, 'No method match route template', '', 'graph.route_unknown'],
  [400, 'No method match route template', '', 'graph.route_unknown'],
  [400, 'BadRequest', "Resource not found for the segment 'x'.", 'graph.route_unknown'],
  [400, 'BadRequest', "1001: 'id' is a readonly field", 'graph.refused'],
  [409, 'Conflict', '', 'graph.conflict'],
  [429, 'Too Many Requests', '', 'graph.throttled'],
  [408, '', '', 'graph.unavailable'],
  [500, 'InternalServerError', '', 'graph.unavailable'],
  [503, '', '', 'graph.unavailable'],
])('%i %s %s is %s', (status, code, message, expected) => {
  const body = { error: { code, message, innerError: INNER } };
  expect(failureOf(answer(status, body)).code).toBe(expected);
});

test("Intune's message is a JSON text, read only to tell what kind it is", () => {
  const message = JSON.stringify({ _version: 3, Message: 'Not licensed for tenant Contoso' });
  const failure = failureOf(answer(400, { error: { code: 'BadRequest', message } }));
  expect(failure.code).toBe('graph.not_licensed');
  expect(JSON.stringify(failure)).not.toContain('Contoso');
  expect(failure.message).not.toContain('Contoso');
});

test('only ids and codes that look like ids and codes are kept', () => {
  const error = { code: 'Secret value: hunter2', message: 'hunter2', innererror: INNER };
  expect(failureOf(answer(403, { error })).details).toEqual({ status: 403, requestId: 'aaaa-1' });
  const odd = { code: 'BadRequest', innerError: { 'request-id': '<script>' } };
  expect(failureOf(answer(400, { error: odd })).details).toEqual({
    status: 400,
    graphCode: 'BadRequest',
  });
});

test('the wait that was asked for is handed on, rounded up', () => {
  expect(failureOf(answer(429, undefined), 2_128).details).toMatchObject({ retryAfterSeconds: 3 });
});

test.each([undefined, null, 'text', [], { error: 'text' }, { error: { code: 5 } }])(
  'an answer %j that is no error envelope is still classified',
  (body) => {
    expect(failureOf(answer(404, body)).code).toBe('graph.not_found');
  },
);

test.each([400, 401, 403, 404, 405, 412, 413, 415, 422, 429])(
  '%i proves that nothing was done',
  (status) => {
    expect(classifyWriteFailure({ status })).toBe('not_executed');
  },
);

test.each([408, 409, 500, 502, 503, 504, 507, 302, 418])('%i proves nothing', (status) => {
  expect(classifyWriteFailure({ status })).toBe('ambiguous');
});

test('a lost answer proves nothing', () => {
  expect(classifyWriteFailure({ network: true })).toBe('ambiguous');
});

function answer(status: number, body: JsonValue | undefined) {
  return { status, headers: {}, body, signInSerial: 1, wasRoundTripSaved: false };
}
