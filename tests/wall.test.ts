import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findWallHoles, requireWall } from '../src/db/check-wall.ts';
import type { Secret } from '../src/kernel/secret.ts';
import { type ApiWorld, setupApi } from './setup/api-fixture.ts';
import { seedTenant } from './setup/matrix-world.ts';
import { addRestoreRows } from './setup/restore-rows.ts';
import { createTestDatabase } from './setup/test-server.ts';
import { WALL_HOLES } from './setup/wall-holes.ts';

let world: ApiWorld;
let tables: string[];
beforeAll(async () => {
  world = await setupApi();
  await seedTenant(world, world.acme);
  await seedTenant(world, world.globex);
  for (const tenant of [world.acme, world.globex]) {
    await tenant.as('operator').post(
      `${tenant.path}/runs/test.note`,
      { book: 'seed' },
      {
        'Idempotency-Key': 'seed',
      },
    );
    await addRestoreRows(world, tenant.id);
  }
  const found = await world.asAdmin(
    `select table_name::text as name from information_schema.columns
     where table_schema = 'public' and column_name = 'tenant_id' order by 1`,
  );
  tables = found.rows.map((row) => row.name);
});
afterAll(() => world.close());

describe('the catalog', () => {
  test('shows a wall without holes', async () => {
    expect(await findWallHoles(world.database.ownerUrl)).toEqual([]);
  });

  test.each(WALL_HOLES)('finds the hole: $hole', async ({ punch, found }) => {
    const database = await createTestDatabase();
    await asUser(database.adminUrl, (client) => client.query(punch));
    expect((await findWallHoles(database.ownerUrl)).join('\n')).toMatch(found);
    await expect(requireWall(database.ownerUrl, 'atlas_login')).rejects.toMatchObject({
      code: 'database.wall_broken',
    });
    await database.drop();
  });

  test('a login that can walk through the wall is refused', async () => {
    await expect(requireWall(world.database.ownerUrl, 'postgres')).rejects.toMatchObject({
      code: 'database.role_too_strong',
    });
  });
});

describe('outside a tenant', () => {
  test('the application’s login reads no table at all', async () => {
    await asUser(world.database.loginUrl, async (client) => {
      const all = await world.asAdmin(
        `select table_name::text as name from information_schema.tables
         where table_schema = 'public'`,
      );
      expect(all.rows.length).toBeGreaterThan(20);
      for (const { name } of all.rows) {
        const state = await stateOf(client, `select from public.${name}`);
        expect([name, state]).toEqual([name, '42501']);
      }
    });
  });

  test('the tenant role without a tenant gets an error, never an empty answer', async () => {
    await asUser(world.database.loginUrl, async (client) => {
      await client.query('set role atlas_tenant');
      for (const name of tables) {
        expect([name, await stateOf(client, `select from ${name}`)]).toEqual([name, '42501']);
      }
    });
  });

  test('no role of a transaction can be taken back to a stronger one', async () => {
    await asUser(world.database.loginUrl, async (client) => {
      for (const role of ['atlas_owner', 'postgres']) {
        expect(await stateOf(client, `set role ${role}`)).toBe('42501');
      }
    });
  });
});

describe('inside a tenant', () => {
  test('no query sees a row of another tenant', async () => {
    await inAcme(async (client) => {
      const table = fc.constantFrom(...tables);
      const filter = fc.constantFrom(
        'true',
        'a.tenant_id is not null',
        `a.tenant_id = '${world.globex.id}'`,
        `a.tenant_id <> '${world.acme.id}' or true`,
        'a.tenant_id in (select id from tenants)',
        'exists (select from users)',
        'b.tenant_id <> a.tenant_id',
      );
      const kind = fc.constantFrom('join', 'left join', 'full join');
      await fc.assert(
        fc.asyncProperty(table, table, kind, filter, async (a, b, join, where) => {
          const { rows } = await client.query(
            `select a.tenant_id as a, b.tenant_id as b
             from ${a} a ${join} ${b} b on a.tenant_id = b.tenant_id where ${where}`,
          );
          const seen = new Set(rows.flatMap((row) => [row.a, row.b]));
          seen.delete(null);
          expect([...seen].filter((id) => id !== world.acme.id)).toEqual([]);
        }),
        { numRuns: 150 },
      );
      const people = await client.query('select name from users order by name');
      expect(people.rows.map((row) => row.name)).toEqual(
        ['manager', 'operator', 'owner', 'readonly'].map((role) => `${role} of Acme`),
      );
    });
  });

  test('no statement changes a row of another tenant', async () => {
    const before = await fingerprintOfGlobex();
    for (const name of tables) {
      for (const statement of [
        `update ${name} set tenant_id = tenant_id where tenant_id = '${world.globex.id}'`,
        `update ${name} set tenant_id = '${world.globex.id}'`,
        `delete from ${name} where tenant_id = '${world.globex.id}'`,
        `insert into ${name} select * from ${name} where tenant_id = '${world.globex.id}'`,
      ]) {
        await inAcme((client) => client.query(statement).catch(() => undefined));
      }
    }
    expect(await fingerprintOfGlobex()).toEqual(before);
  });

  test('no row can be made for another tenant', async () => {
    await inAcme(async (client) => {
      const statement = `insert into directory_groups (tenant_id, graph_id, name)
        values ('${world.globex.id}', 'planted', 'Planted')`;
      expect(await stateOf(client, statement)).toBe('42501');
    });
  });

  test('another tenant’s token, person or denial is out of reach', async () => {
    await inAcme(async (client) => {
      for (const name of ['api_tokens', 'security_events']) {
        expect([name, await stateOf(client, `select from ${name}`)]).toEqual([name, '42501']);
      }
    });
  });
});

test('no foreign key lets a row of one tenant point at a row of another', async () => {
  const keys = await world.asAdmin(
    `select t.relname::text as child, f.relname::text as parent,
       array(select a.attname::text from unnest(k.conkey) with ordinality as u(n, i)
         join pg_attribute a on a.attrelid = t.oid and a.attnum = u.n order by u.i) as columns,
       array(select a.attname::text from unnest(k.confkey) with ordinality as u(n, i)
         join pg_attribute a on a.attrelid = f.oid and a.attnum = u.n order by u.i) as named
     from pg_constraint k join pg_class t on t.oid = k.conrelid
       join pg_class f on f.oid = k.confrelid
     where k.contype = 'f' and t.relname = any($1) and f.relname = any($1)`,
    [tables],
  );
  expect(keys.rows.length).toBeGreaterThan(10);
  for (const { child, parent, columns, named } of keys.rows) {
    const set = columns.slice(1).join(', ');
    const what = named.slice(1).join(', ');
    await asUser(world.database.adminUrl, async (client) => {
      await client.query(`begin; alter table ${child} disable trigger user`);
      const statement = `update ${child} set (${set}) = (select ${what} from ${parent}
          where tenant_id = '${world.globex.id}' and (${what}) is not null limit 1)
        where ctid = (select ctid from ${child} where tenant_id = '${world.acme.id}' limit 1)
        returning 1`;
      expect([child, set, await stateOf(client, statement)]).toEqual([child, set, '23503']);
      await client.query('rollback');
    });
  }
});

describe('what is written for good', () => {
  test.each(['audit_entries', 'snapshots', 'policy_versions'])(
    'cannot be changed or removed by the application: %s',
    async (name) => {
      for (const statement of [
        `update ${name} set tenant_id = tenant_id`,
        `delete from ${name}`,
        `truncate ${name}`,
      ]) {
        await inAcme(async (client) => expect(await stateOf(client, statement)).toBe('42501'));
      }
    },
  );

  test.each(['audit_entries', 'snapshots'])(
    'cannot be changed even by an administrator who does not mean to: %s',
    async (name) => {
      await asUser(world.database.adminUrl, async (client) => {
        const statement = `update ${name} set tenant_id = tenant_id`;
        expect(await stateOf(client, statement)).toBe('42501');
      });
    },
  );
});

/** The SQLSTATE that the statement fails with, or `done`. */
async function stateOf(client: pg.Client, statement: string): Promise<string> {
  await client.query('savepoint here').catch(() => undefined);
  try {
    const { rowCount } = await client.query(statement);
    return `done, ${rowCount} rows`;
  } catch (error) {
    await client.query('rollback to here').catch(() => undefined);
    return error instanceof pg.DatabaseError ? (error.code ?? '') : String(error);
  }
}

async function asUser<T>(url: Secret<string>, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url.reveal() });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** A transaction of the application in Acme, rolled back. */
async function inAcme<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  return asUser(world.database.loginUrl, async (client) => {
    await client.query('begin');
    await client.query(
      `select set_config('role', 'atlas_tenant', true), set_config('app.tenant_id', $1, true)`,
      [world.acme.id],
    );
    return work(client);
  });
}

async function fingerprintOfGlobex(): Promise<unknown[]> {
  const prints = [];
  for (const name of tables) {
    const { rows } = await world.asAdmin(
      `select count(*), md5(string_agg(t::text, '|' order by t::text)) from ${name} t
       where tenant_id = $1`,
      [world.globex.id],
    );
    prints.push([name, rows[0]]);
  }
  return prints;
}
