import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { firstDifference } from '../scripts/schema/first-difference.ts';
import { printSchema } from '../scripts/schema/print-schema.ts';
import { createTestDatabase, type TestDatabase } from './setup/test-server.ts';

let database: TestDatabase;
let client: Client;
beforeAll(async () => {
  database = await createTestDatabase('empty');
  client = new Client({ connectionString: database.ownerUrl.reveal() });
  await client.connect();
  await client.query(`
    create type colour as enum ('red', 'blue');
    create table things (id int primary key, name text not null default 'x', hue colour,
      constraint named check (name <> ''));
    create index things_name on things (name);
    alter table things enable row level security, force row level security;
    create policy wall on things for select using (id > 0);
    create function touch() returns trigger language plpgsql as 'begin return new; end';
    create trigger touched before update on things for each row execute function touch();
    create view names as select name from things;
    grant select on things to atlas_login;
  `);
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

test.each([
  'alter table things add column more int',
  'alter table things alter name drop not null',
  `alter table things alter name set default 'y'`,
  'alter table things alter name type varchar(9) using name::varchar',
  'alter table things drop constraint named',
  'drop index things_name',
  'alter table things no force row level security',
  'alter table things disable row level security',
  'alter policy wall on things using (true)',
  'alter policy wall on things to atlas_login',
  'drop trigger touched on things',
  `create or replace function touch() returns trigger language plpgsql as 'begin return null; end'`,
  'alter function touch() security definer',
  'revoke execute on function touch() from public',
  'grant insert on things to atlas_login',
  'grant update (name) on things to atlas_login',
  'grant usage on schema public to atlas_login',
  'create or replace view names as select name from things where id > 1',
  `alter type colour add value 'green'`,
  'create table others (id int)',
])('the page shows: %s', async (change) => {
  const before = await printSchema(client);
  await client.query('begin');
  if (change.includes('alter name type')) await client.query('drop view names');
  await client.query(change);
  const after = await printSchema(client);
  await client.query('rollback');
  expect(firstDifference(before, after)).not.toBeNull();
  expect(firstDifference(before, await printSchema(client))).toBeNull();
});
