import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CliWorld, openCliWorld } from './setup/cli-process.ts';
import { createTestDatabase, type TestDatabase } from './setup/test-server.ts';

let database: TestDatabase;
let empty: TestDatabase;
let world: CliWorld;
beforeAll(async () => {
  database = await createTestDatabase();
  empty = await createTestDatabase('empty');
  world = await openCliWorld(database);
});
afterAll(async () => {
  await world.close();
  await database.drop();
  await empty.drop();
});

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly found: string;
  readonly fix: string | null;
}

async function examine(of: CliWorld): Promise<{ code: number | null; checks: Map<string, Check> }> {
  const { code, stdout } = await of.run(['doctor', '--json']);
  const checks: Check[] = JSON.parse(stdout).checks;
  return { code, checks: new Map(checks.map((check) => [check.name, check])) };
}

test('what is in order is said so, what is not comes with its fix', async () => {
  const { code, checks } = await examine(world);
  expect(code).toBe(1);
  expect(checks.size).toBe(5);
  expect(checks.get('Node')).toMatchObject({ ok: true });
  expect(checks.get('Database')).toMatchObject({ ok: true });
  expect(checks.get('Schema and tenant wall')).toMatchObject({ ok: true });
  expect(checks.get('Worker')).toMatchObject({ ok: false, fix: expect.stringMatching(/serve/) });
  const words = await world.run(['doctor']);
  expect(words.stdout).toMatch(/^ok {7}Node: 2\d/m);
  expect(words.stdout).toMatch(/^mend it {2}Worker: 0 are beating\n {9}Start/m);
});

test('a key file that others can read is found', async () => {
  const file = join(world.home, 'keys/main.key');
  await mkdir(join(world.home, 'keys'), { recursive: true });
  await writeFile(file, Buffer.alloc(32), { mode: 0o600 });
  expect((await examine(world)).checks.get('Key file')).toMatchObject({ ok: true });
  await chmod(file, 0o644);
  expect((await examine(world)).checks.get('Key file')).toMatchObject({ ok: false });
});

test('an empty database is told apart from a broken one', async () => {
  const fresh = await openCliWorld(empty);
  const { checks } = await examine(fresh);
  expect(checks.get('Database')).toMatchObject({ ok: true });
  expect(checks.get('Schema and tenant wall')).toMatchObject({
    ok: false,
    found: 'not set up yet',
  });
  await fresh.close();
});

test('without its database the rest is still looked at', async () => {
  const nowhere = await openCliWorld(null, {
    DATABASE_URL: 'postgresql://a:pw1@127.0.0.1:1/x',
    DATABASE_OWNER_URL: 'postgresql://b:pw2@127.0.0.1:1/x',
  });
  const { code, checks } = await examine(nowhere);
  expect(code).toBe(1);
  expect(checks.get('Node')).toMatchObject({ ok: true });
  expect(checks.get('Database')).toMatchObject({ ok: false });
  expect(checks.get('Worker')).toMatchObject({ ok: false });
  expect(JSON.stringify([...checks])).not.toMatch(/pw1|pw2/);
  await nowhere.close();
});
