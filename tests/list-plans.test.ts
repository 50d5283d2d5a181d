import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { runTypes } from '../src/app/run-types.ts';
import { allRoutes } from '../src/http/all-routes.ts';
import { recordKindsIn } from '../src/http/record-ids.ts';
import type { Route } from '../src/http/route.ts';
import { type ApiWorld, setupApi } from './setup/api-fixture.ts';
import { recordQueries, type SentQuery } from './setup/count-queries.ts';
import { type Ids, OTHER_PARAMS } from './setup/matrix-samples.ts';
import { userOf } from './setup/matrix-world.ts';
import { fillWithMillions } from './setup/million-items.ts';

/**
 * Scanned or sorted for a page of at most 200 rows. More means that an index does not fit its
 * query, or that a set without a bound is sorted.
 */
const ROWS_LOOKED_AT_MAX = 1_500;
/** A person's thousand tenants on one page, each with its policy types. */
const ROWS_OF_OVERVIEW_MAX = 20_000;
/** A search looks at every name of one tenant until its page is full; the tenant has 5,000. */
const ROWS_SEARCHED_MAX = 5_100;

const pages = allRoutes(runTypes).filter(
  ({ method, capability, path }) =>
    method === 'get' &&
    !['public', 'admin'].includes(capability) &&
    !['/api/session', '/api/events'].includes(path),
);
let world: ApiWorld;
let ids: Ids;
let login: pg.Client;
let tenantTables: Set<string>;

beforeAll(async () => {
  world = await setupApi(runTypes.all());
  ids = await fillWithMillions(world, world.acme);
  login = new pg.Client({ connectionString: world.database.loginUrl.reveal() });
  await login.connect();
  const found = await world.asAdmin(
    `select table_name::text as name from information_schema.columns
     where table_schema = 'public' and column_name = 'tenant_id'`,
  );
  tenantTables = new Set(['tenants', ...found.rows.map(({ name }) => name)]);
}, 240_000);
afterAll(async () => {
  await login.end();
  await world.close();
});

test('there are a million run items', async () => {
  const { rows } = await world.asAdmin('select count(*)::integer as items from run_items');
  expect(rows[0].items).toBe(1_000_000);
});

test.each(pages.map((route) => [route.path, route] as const))(
  'every query of %s has its index',
  async (_path, route) => {
    const faults: string[] = [];
    for (const query of queriesOf(route)) {
      const rowsMax = rowsMaxOf(route, query);
      for (const address of await bothPages(route, query)) {
        const sent = await recordQueries(() => expectOk(address));
        faults.push(...(await findFaults(sent, rowsMax)));
      }
    }
    expect([...new Set(faults)]).toEqual([]);
  },
);

function rowsMaxOf({ path }: Route, query: string): number {
  if (path === '/api/overview') return ROWS_OF_OVERVIEW_MAX;
  return /\b(q|nameContains)=/.test(query) ? ROWS_SEARCHED_MAX : ROWS_LOOKED_AT_MAX;
}

/** The first page and the one after it, if there is one. */
async function bothPages(route: Route, query: string): Promise<string[]> {
  const path = route.path.replace(/\{(\w+)\}/g, (_all, name: string) => {
    if (name === 'tenant') return world.acme.id;
    return z.record(z.string(), z.string()).parse(ids)[name] ?? OTHER_PARAMS[name]?.['own'] ?? '';
  });
  const first = `${path}?${query}`;
  if (!('cursor' in route.query.shape)) return [first];
  const page = await world.acme.as('owner').get(first);
  const { nextCursor } = page.as(z.object({ nextCursor: z.string().nullable() }));
  return nextCursor === null ? [first] : [first, `${first}&cursor=${nextCursor}`];
}

async function expectOk(address: string): Promise<void> {
  expect((await world.acme.as('owner').get(address)).status).toBe(200);
}

/** Every filter alone, and every two of them together. */
function queriesOf(route: Route): string[] {
  const filters = Object.entries(route.query.shape).flatMap(([name, schema]) =>
    name === 'limit' || name === 'cursor' ? [] : [samplesOf(route, name, schema)],
  );
  const single = filters.flat();
  const pairs = filters.flatMap((some, index) =>
    filters
      .slice(index + 1)
      .flatMap((others) => some.flatMap((one) => others.map((other) => `${one}&${other}`))),
  );
  return ['limit' in route.query.shape ? 'limit=200' : '', ...single, ...pairs];
}

const TEXT_SAMPLES: Readonly<Record<string, readonly string[]>> = {
  q: ['ab', 'nowhere'],
  nameContains: ['ab', 'nowhere'],
  type: ['policy.sync', 'no.such'],
};

/** A filter without a sample fails the test: a new one is explained, too. */
function samplesOf(route: Route, name: string, schema: z.core.$ZodType): string[] {
  const [kind] = recordKindsIn(schema);
  const plain = unwrap(schema);
  const values =
    kind !== undefined
      ? [ids[kind]]
      : plain instanceof z.ZodEnum
        ? plain.options.filter((value) => route.path.includes('runs') || isSeeded(value))
        : TEXT_SAMPLES[name];
  if (values === undefined) throw new Error(`no sample for ${name} of ${route.path}`);
  return values.map((value) => `${name}=${value}`);
}

function isSeeded(value: string | number): boolean {
  const types = ['configurationPolicy', 'namedLocation', 'conditionalAccessPolicy'];
  return (
    types.includes(String(value)) || !/Policy$|Configuration$|Tag$|Filter$/.test(String(value))
  );
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  const isWrapper = schema instanceof z.ZodOptional || schema instanceof z.ZodDefault;
  return isWrapper ? unwrap(schema.unwrap()) : schema;
}

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows'?: number;
  readonly 'Actual Loops'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** What is wrong with the plans of these statements, each explained as the role that sent it. */
async function findFaults(sent: readonly SentQuery[], rowsMax: number): Promise<string[]> {
  const faults: string[] = [];
  let role = '';
  for (const query of sent) {
    role = /set_config\('role', '(\w+)'/.exec(query.text)?.[1] ?? role;
    const isRead = /^\s*select/i.test(query.text) && !query.text.includes('set_config');
    if (!isRead) continue;
    const nodes = flatten(await explain(query, role));
    const found = nodes.flatMap((node) => faultsOf(node, rowsMax));
    faults.push(...found.map((fault) => `${fault}: ${query.text}`));
  }
  return faults;
}

async function explain(query: SentQuery, role: string): Promise<PlanNode> {
  await login.query('begin');
  await login.query(
    `select set_config('role', $1, true), set_config('app.tenant_id', $2, true),
       set_config('app.user_id', $3, true)`,
    [role, world.acme.id, userOf(world.acme.as('owner'))],
  );
  const explained = await login.query({
    text: `explain (analyze, timing off, format json) ${query.text}`,
    values: [...query.values],
  });
  await login.query('rollback');
  return explained.rows[0]['QUERY PLAN'][0].Plan;
}

function faultsOf(node: PlanNode, rowsMax: number): string[] {
  const kind = node['Node Type'];
  const table = node['Relation Name'] ?? '';
  const loops = node['Actual Loops'] ?? 1;
  const rows = ((node['Actual Rows'] ?? 0) + (node['Rows Removed by Filter'] ?? 0)) * loops;
  const faults = [];
  if (kind === 'Seq Scan' && tenantTables.has(table)) faults.push(`sequential scan of ${table}`);
  if (rows > rowsMax) faults.push(`${rows} rows of ${table || kind} looked at`);
  return faults;
}

function flatten(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(flatten)];
}
