import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createToken, revokeToken } from '../src/access/tokens.ts';
import { problemSchema } from '../src/api/problem.ts';
import { allCapabilities } from '../src/kernel/capabilities.ts';
import {
  type ApiAnswer,
  ApiClient,
  type ApiWorld,
  readAnswer,
  setupApi,
} from './setup/api-fixture.ts';
import { userOf } from './setup/matrix-world.ts';

let world: ApiWorld;
beforeAll(async () => {
  world = await setupApi();
});
afterAll(() => world.close());

type Headers = Readonly<Record<string, string>>;
type Body = string | Uint8Array<ArrayBuffer>;
const JSON_TYPE: Headers = { 'content-type': 'application/json' };

/** A start whose body is these bytes. */
async function sends(body: Body, headers = JSON_TYPE) {
  return sendsTo(world.acme.path, body, headers);
}

async function sendsTo(tenantPath: string, body: Body, headers = JSON_TYPE): Promise<ApiAnswer> {
  const token = world.acme.as('operator').authorization();
  return readAnswer(
    await world.app.request(`${tenantPath}/runs/test.note`, {
      method: 'POST',
      headers: { ...headers, ...token },
      body,
    }),
  );
}

describe('a field that is not valid is named by its JSON pointer', () => {
  test.each([
    [{}, ['/book']],
    [{ book: '' }, ['/book']],
    [{ book: 'a', page: 'one' }, ['/page']],
    [{ book: 5, page: 0 }, ['/book', '/page']],
    [{ book: 'a', color: 'red' }, ['/color']],
    [{ book: 'a', 'a/b~c': 1 }, ['/a~1b~0c']],
    [{ book: 'a\u0000b' }, ['/book']],
    [{ book: 'a\ud800' }, ['/book']],
    [[], ['']],
    ['text', ['']],
  ])('%j', async (input, pointers) => {
    const { acme } = world;
    const answer = await acme.as('operator').post(`${acme.path}/runs/test.note`, input);
    expect(answer.status).toBe(422);
    const problem = answer.as(problemSchema);
    expect(problem).toMatchObject({ code: 'request.invalid', pointer: pointers[0] });
    expect(problem.errors?.map((error) => error.pointer)).toEqual(pointers);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
  });

  test.each([
    ['/runs?limit=0', '/limit'],
    ['/runs?limit=201', '/limit'],
    ['/runs?limit=many', '/limit'],
    ['/runs?phase=sleeping', '/phase'],
    ['/runs?colour=red', '/colour'],
    ['/policies?type=spaceship', '/type'],
    ['/policies?q=%00', '/q'],
    ['/policies?sort=size', '/sort'],
    ['?colour=red', '/colour'],
  ])('in the query %s', async (query, pointer) => {
    const { acme } = world;
    const answer = await acme.as('readonly').get(acme.path + query);
    expect(answer.status).toBe(422);
    expect(answer.as(problemSchema)).toMatchObject({ pointer, errors: [{ in: 'query' }] });
  });
});

test('rights come before validation: a bad body in a foreign tenant is forbidden', async () => {
  const { globex } = world;
  for (const body of ['{"book":""}', '{', new Uint8Array([0xff]), 'x'.repeat(2 ** 20 + 1)]) {
    const answer = await sendsTo(globex.path, body);
    expect([answer.status, answer.code]).toEqual([403, 'forbidden']);
  }
});

describe('a body that cannot be read', () => {
  test('is not JSON', async () => {
    expect((await sends('{"book":')).code).toBe('request.malformed');
  });
  test('is not said to be JSON', async () => {
    const answer = await sends('{"book":"a"}', { 'content-type': 'text/plain' });
    expect([answer.status, answer.code]).toEqual([400, 'request.malformed']);
  });
  test('is not UTF-8', async () => {
    expect((await sends(new Uint8Array([0x22, 0xff, 0x22]))).code).toBe('request.malformed');
  });
  test('is larger than a megabyte, said or unsaid', async () => {
    const large = JSON.stringify({ book: 'x'.repeat(2 ** 20) });
    expect((await sends(large)).status).toBe(413);
    expect((await sends(large, { ...JSON_TYPE, 'content-length': '10' })).status).toBe(413);
  });
  test('no body at all is an empty input', async () => {
    const { acme } = world;
    const answer = await acme.as('owner').send('POST', `${acme.path}/runs/test.many`);
    expect(answer.status).toBe(201);
  });
});

describe('who calls', () => {
  test.each([
    undefined,
    '',
    'Bearer',
    'Bearer ta_short',
    `Bearer ta_${'A'.repeat(43)}`,
    `Basic ta_${'A'.repeat(43)}`,
    `Bearer ta_${'A'.repeat(43)} extra`,
  ])('is not known by %j', async (authorization) => {
    const headers = authorization === undefined ? {} : { authorization };
    const answer = await readAnswer(await world.app.request('/api/tenants', { headers }));
    expect([answer.status, answer.code]).toEqual([401, 'unauthorized']);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  test.each([
    ['has expired', "update api_tokens set expires_at = now() - interval '1 second'"],
    ['is of a disabled person', 'update users set disabled_at = now()'],
  ])('is not known when the token %s', async (_why, statement) => {
    const member = await world.acme.hasMember('owner');
    expect((await member.get('/api/tenants')).status).toBe(200);
    const column = statement.includes('users') ? 'id' : 'user_id';
    await world.asAdmin(`${statement} where ${column} = $1`, [member.userId]);
    expect((await member.get('/api/tenants')).code).toBe('unauthorized');
  });

  test('is not known when the token was revoked; other tokens go on', async () => {
    const member = await world.acme.hasMember('owner');
    const userId = userOf(member);
    const expiresAt = new Date(Date.now() + 60_000);
    const token = { userId, name: 'second', scopes: allCapabilities(), tenantIds: null, expiresAt };
    const { id, text } = await world.asOwner((owner) => createToken(owner, token));
    const second = new ApiClient(world.app, text, userId);
    expect((await second.get(world.acme.path)).status).toBe(200);
    await world.asOwner((owner) => revokeToken(owner, id));
    expect((await second.get(world.acme.path)).code).toBe('unauthorized');
    expect((await member.get(world.acme.path)).status).toBe(200);
  });

  test('the database holds no token, only hashes', async () => {
    const { rows } = await world.asAdmin('select t::text as row from api_tokens t');
    expect(rows.some(({ row }) => row.includes('ta_'))).toBe(false);
  });

  test('a token made for one tenant sees no other, in lists neither', async () => {
    const { acme, globex } = world;
    const member = await acme.hasMember('owner', { tenantIds: [globex.id] });
    expect((await member.get(acme.path)).code).toBe('forbidden');
    expect((await member.get('/api/tenants')).json()).toEqual({ items: [], nextCursor: null });
  });
});

describe('addresses without anything', () => {
  test.each([
    ['operator', '/api/nothing', 'route.unknown'],
    ['unauthenticated', '/api/nothing', 'unauthorized'],
    ['operator', '/api/tenants/{acme}/nothing', 'route.unknown'],
    ['operator', '/api/tenants/{globex}/nothing', 'forbidden'],
    ['operator', '/api/tenants/nonsense/nothing', 'forbidden'],
    ['unauthenticated', '/api/tenants/{acme}/nothing', 'unauthorized'],
    ['unauthenticated', '/nothing', 'route.unknown'],
  ] as const)('%s at %s: %s', async (caller, path, code) => {
    const { acme, globex } = world;
    const full = path.replace('{acme}', acme.id).replace('{globex}', globex.id);
    expect((await acme.as(caller).get(full)).code).toBe(code);
  });

  test('an unknown run type is nothing, and only for those who may know the tenant', async () => {
    const { acme, globex } = world;
    const operator = acme.as('operator');
    expect((await operator.post(`${acme.path}/runs/no.such`, {})).code).toBe('route.unknown');
    expect((await operator.post(`${globex.path}/runs/no.such`, {})).code).toBe('forbidden');
  });
});

test('every answer carries an id of its own and is kept by nobody', async () => {
  const { acme } = world;
  const answers = [
    await acme.as('operator').get('/healthz'),
    await acme.as('operator').get('/api/tenants'),
    await acme.as('none').get(acme.path),
  ];
  const ids = answers.map(({ headers }) => headers.get('x-request-id'));
  expect(new Set(ids).size).toBe(3);
  for (const { headers } of answers) {
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  }
});

test('what we did not expect is logged with its cause, and told to nobody', async () => {
  const { acme } = world;
  await world.asAdmin('alter table connections rename to hidden');
  const answer = await acme.as('owner').get(`${acme.path}/connections`);
  await world.asAdmin('alter table hidden rename to connections');
  expect([answer.status, answer.code]).toEqual([500, 'internal']);
  expect(answer.text).not.toContain('connections');
  expect(world.logged).toMatchObject([
    {
      message: 'a request failed',
      requestId: answer.headers.get('x-request-id'),
      route: 'GET /api/tenants/{tenant}/connections',
      error: { code: '42P01' },
    },
  ]);
});
