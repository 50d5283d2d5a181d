import { generateKeyPairSync } from 'node:crypto';
import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CliWorld, openCliWorld } from './setup/cli-process.ts';
import { createTestDatabase, type TestDatabase } from './setup/test-server.ts';

const ENTRA = '5b1e2f6c-58a4-4f4c-9a57-0c6a1f0e7a01';
const CLIENT = '5b1e2f6c-58a4-4f4c-9a57-0c6a1f0e7a02';
const SECRET = 'kept~0123456789abcdefghij';

let database: TestDatabase;
let world: CliWorld;
beforeAll(async () => {
  database = await createTestDatabase();
  world = await openCliWorld(database);
  await world.run(['user', 'add', 'Anna', '--admin']);
  await world.run(['tenant', 'add', 'Contoso', '--owner', 'Anna']);
});
afterAll(async () => {
  await world.close();
  await database.drop();
});

async function rowsOf(query: string): Promise<Record<string, unknown>[]> {
  const admin = new Client({ connectionString: database.adminUrl.reveal() });
  await admin.connect();
  try {
    return (await admin.query(query)).rows;
  } finally {
    await admin.end();
  }
}

test('whoever adds a tenant owns it, and the audit says so', async () => {
  const owners = await rowsOf(`select u.name, m.role from memberships m
    join users u on u.id = m.user_id`);
  expect(owners).toContainEqual({ name: 'Anna', role: 'owner' });
  const audit = await rowsOf('select action, actor_label from audit_entries');
  expect(audit).toContainEqual({ action: 'tenant.added', actor_label: 'Anna' });
});

test('the key that seals credentials is a file that only its owner can read', async () => {
  const { mode } = await stat(join(world.home, 'keys/main.key'));
  expect(mode & 0o777).toBe(0o600);
});

test('a name that is taken is refused in words that help', async () => {
  const again = await world.run(['user', 'add', 'Anna']);
  expect(again.code).toBe(3);
  expect(again.stderr).toMatch(/already a user of this name[\s\S]*Choose another name/);
  expect(again.stderr).not.toMatch(/at .*\.ts:\d+/);
});

test.each([
  [['member', 'add', '--tenant', 'Nowhere', '--user', 'Anna', '--role', 'owner'], '--tenant'],
  [['token', 'create', '--user', 'Anna', '--tenants', 'Nowhere'], '--tenant'],
])('%j is a usage error that names %s', async (args, named) => {
  const ending = await world.run(args);
  expect(ending.stderr).toContain(named);
  expect(ending).toMatchObject({ code: 2, stdout: '' });
});

function connection(...more: string[]): string[] {
  const known = ['--tenant', 'Contoso', '--entra-tenant', ENTRA, '--client-id', CLIENT];
  return ['connection', 'add', ...known, ...more];
}

test('a secret is sealed, and is found neither in the output nor in the database', async () => {
  const ending = await world.run(connection('--secret-stdin'), `${SECRET}\n`);
  expect(ending).toMatchObject({ code: 0, stderr: '' });
  expect(ending.stdout).not.toContain(SECRET);
  const [row] = await rowsOf('select sealed_credential from connections');
  expect(String(row?.['sealed_credential'])).not.toContain(SECRET);
  const second = await world.run(connection('--secret-stdin', '--json'), SECRET);
  expect(second.code).toBe(3);
  expect(second.stderr).toMatch(/already has a connection/);
});

test('a certificate whose key is another one is refused without quoting either', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const keyFile = join(world.home, 'key.pem');
  const certificateFile = join(world.home, 'certificate.pem');
  await writeFile(keyFile, pem);
  await writeFile(certificateFile, 'no certificate');
  await world.run(['tenant', 'add', 'Fabrikam', '--owner', 'Anna']);
  const files = ['--certificate-file', certificateFile, '--key-file', keyFile];
  const args = ['--tenant', 'Fabrikam', '--entra-tenant', ENTRA, '--client-id', CLIENT, ...files];
  const ending = await world.run(['connection', 'add', ...args]);
  expect(ending.code).toBe(3);
  expect(ending.stderr).toMatch(/certificate_unreadable/);
  expect(ending.stderr).not.toContain(pem.slice(40, 80));
});

test('a secret may come from a file; the second member is let in by name or id', async () => {
  const file = join(world.home, 'secret.txt');
  await writeFile(file, `${SECRET}\n`);
  const added = await world.run(['tenant', 'add', 'Tailspin', '--owner', 'Anna', '--json']);
  const { id } = JSON.parse(added.stdout);
  const entra = ['--entra-tenant', ENTRA, '--client-id', CLIENT, '--secret-file', file];
  const connected = await world.run(['connection', 'add', '--tenant', id, ...entra, '--json']);
  expect(connected).toMatchObject({ code: 0, stderr: '' });
  expect(connected.stdout).not.toContain(SECRET);
  await world.run(['user', 'add', 'Mia', '--json']);
  const member = ['member', 'add', '--user', 'Mia', '--role', 'manager', '--tenant'];
  expect((await world.run([...member, 'Tailspin'])).stdout).toMatch(/"Mia" is now manager/);
  const twice = await world.run([...member, id]);
  expect(twice.code).toBe(3);
  expect(twice.stderr).toMatch(/already a member/);
});

test('a token goes into a file of 0600 and is printed only when asked for', async () => {
  const file = join(world.home, 'token.json');
  const args = ['token', 'create', '--user', 'Anna', '--file', file];
  const made = await world.run(args);
  const { token } = JSON.parse(await readFile(file, 'utf8'));
  expect(made).toMatchObject({ code: 0 });
  expect(made.stdout + made.stderr).not.toContain(token);
  expect((await stat(file)).mode & 0o777).toBe(0o600);

  const tokensBefore = (await rowsOf('select id from api_tokens')).length;
  const again = await world.run(args);
  expect(again.code).toBe(2);
  expect(again.stderr).toMatch(/--force/);
  expect(JSON.parse(await readFile(file, 'utf8')).token).toBe(token);
  expect(await rowsOf('select id from api_tokens')).toHaveLength(tokensBefore);

  const shown = await world.run([...args, '--force', '--show', '--json']);
  const { token: newer } = JSON.parse(await readFile(file, 'utf8'));
  expect(JSON.parse(shown.stdout).token).toBe(newer);
  expect(newer).not.toBe(token);
});

test('a token is taken back by its id, a person by name; no such id is said so', async () => {
  await world.run(['user', 'add', 'Bert']);
  const file = join(world.home, 'berts.json');
  const made = await world.run(['token', 'create', '--user', 'Bert', '--file', file, '--json']);
  const { id } = JSON.parse(made.stdout);
  expect((await world.run(['token', 'revoke', id])).code).toBe(0);
  expect(
    await rowsOf(`select revoked_at is null as open from api_tokens where id = '${id}'`),
  ).toEqual([{ open: false }]);
  const unknown = await world.run(['token', 'revoke', '01890000-0000-7000-8000-000000000000']);
  expect(unknown.code).toBe(3);
  expect(unknown.stderr).toMatch(/no such token/);
  expect((await world.run(['token', 'revoke', 'x'])).code).toBe(2);
  expect((await world.run(['user', 'disable', 'Bert'])).code).toBe(0);
  expect((await world.run(['token', 'create', '--user', 'Bert', '--file', file])).code).toBe(2);
});

test('a token file that others can read is refused', async () => {
  const file = join(world.home, 'open.json');
  await world.run(['token', 'create', '--user', 'Anna', '--file', file]);
  await chmod(file, 0o640);
  const ending = await world.run(['runs', '--token-file', file]);
  expect(ending.code).toBe(2);
  expect(ending.stderr).toMatch(/chmod 600/);
});

test('a database that is not there is said in words, before anything is asked', async () => {
  const nowhere = await openCliWorld(null, {
    DATABASE_URL: 'postgresql://a:pw-login@127.0.0.1:1/x',
    DATABASE_OWNER_URL: 'postgresql://b:pw-owner@127.0.0.1:1/x',
  });
  const ending = await nowhere.run(['user', 'add', 'Anna']);
  expect(ending.code).toBe(3);
  expect(ending.stderr).toMatch(/database does not answer[\s\S]*doctor/);
  expect(ending.stderr).not.toMatch(/pw-/);
  await nowhere.close();
});

test('a password that PostgreSQL refuses is said so, without saying it', async () => {
  const url = new URL(database.ownerUrl.reveal());
  url.password = 'pw-wrong';
  const wrong = await openCliWorld(database, { DATABASE_OWNER_URL: url.href });
  const ending = await wrong.run(['user', 'add', 'Bea']);
  expect(ending.code).toBe(3);
  expect(ending.stderr).toMatch(/refuses the sign-in[\s\S]*DATABASE_OWNER_URL/);
  expect(ending.stderr).not.toMatch(/pw-/);
  await wrong.close();
});

test('a wrong variable is a usage error that names it', async () => {
  const wrong = await openCliWorld(null, { DATABASE_URL: 'mysql://root:hunter2@x' });
  const ending = await wrong.run(['serve']);
  expect(ending.code).toBe(2);
  expect(ending.stderr).toMatch(/^error: DATABASE_URL: /);
  expect(ending.stderr).not.toContain('hunter2');
  await wrong.close();
});
