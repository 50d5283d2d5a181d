import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Contract } from './define-contract.ts';
import { APPROVAL_POLICIES, DEVIATIONS, DIRECTORY_LOOKUP, GROUPS } from './directory-lookup.ts';
import { CONTRACTS, contractOf, indexContracts, POLICY_TYPES, policyTypeSchema } from './list.ts';

/** 4,442 path templates of the beta API, gathered by others: what it lacks must be explained. */
const ORACLE_FILE = new URL('../../../../shared/graph/beta-paths.json', import.meta.url);
const oracleSchema = z.record(
  z.string(),
  z.object({ methods: z.record(z.string(), z.unknown()), query: z.array(z.string()) }),
);
/** Without the file the registry's own use of paths stands in: the test then checks their form. */
const oracle = existsSync(ORACLE_FILE)
  ? oracleSchema.parse(JSON.parse(readFileSync(ORACLE_FILE, 'utf8')))
  : undefined;

interface Use {
  readonly path: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  readonly option?: '$expand';
}

const deviations = [
  ...DEVIATIONS,
  ...CONTRACTS.flatMap((contract: Contract) => contract.deviations ?? []),
];

const USES: readonly Use[] = [
  ...CONTRACTS.flatMap(usesOf),
  ...CONTRACTS.flatMap(writesOf),
  { path: DIRECTORY_LOOKUP.path, method: 'POST' },
  { path: GROUPS.path, method: 'GET' },
  { path: GROUPS.path, method: 'POST' },
  { path: APPROVAL_POLICIES.path, method: 'GET' },
  { path: '/$batch', method: 'POST' },
];

test.each(USES)('$method $path $option exists in Graph, or says why we think so', (use) => {
  expect(use.path).toMatch(/^\/(?:[a-zA-Z$]+|\{id\})(?:\/(?:[a-zA-Z]+|\{id\}))*$/);
  const explained = deviations.some(
    ({ path, method }) => path === use.path && (method === undefined || method === use.method),
  );
  const entry = oracle?.[use.path];
  const isKnown =
    entry !== undefined &&
    use.method in entry.methods &&
    (use.option === undefined || entry.query.includes(use.option));
  // A deviation that the oracle has caught up with is not one any more.
  expect(oracle === undefined || isKnown !== explained).toBe(true);
});

test('every type has one contract, found by its name', () => {
  expect(POLICY_TYPES).toHaveLength(8);
  for (const type of POLICY_TYPES) expect(contractOf(type).type).toBe(type);
  expect(policyTypeSchema.safeParse('configurationPolicy').success).toBe(true);
  expect(policyTypeSchema.safeParse('intent').success).toBe(false);
});

test('a second contract of the same type stops the process', () => {
  expect(() => indexContracts([contractOf('namedLocation'), contractOf('namedLocation')])).toThrow(
    'two contracts for namedLocation',
  );
});

test.each(CONTRACTS)('$type: parts, permissions and titles make sense', (contract: Contract) => {
  expect(contract.title).toMatch(/^[A-Z]/);
  expect(contract.permissions.read.length).toBeGreaterThan(0);
  expect(contract.volatile).toContain('id');
  // A complete listing that still needs parts would be a contradiction.
  expect(contract.listing.isComplete && contract.parts.length > 0).toBe(false);
  for (const part of contract.parts) expect(part.query).not.toMatch(/^\?/);
});

test.each(CONTRACTS)('$type: what is told about writing makes sense', (contract: Contract) => {
  const { restore, actions, update, alwaysSent } = contract.writing;
  expect(restore.mode === 'full' || restore.reason !== undefined).toBe(true);
  const parts = contract.parts.map(({ name }) => name);
  for (const { part } of actions) expect(parts).toContain(part);
  // A whole PUT sends everything anyway.
  if (update === 'whole') expect(alwaysSent).toEqual([]);
  expect(contract.permissions.write.length).toBeGreaterThan(0);
});

function writesOf({ path, writing }: Contract): Use[] {
  const item = `${path}/{id}`;
  return [
    { path, method: 'POST' },
    { path: item, method: writing.update === 'whole' ? 'PUT' : 'PATCH' },
    ...writing.actions.map(({ action }): Use => ({ path: `${item}/${action}`, method: 'POST' })),
  ];
}

function usesOf(contract: Contract): Use[] {
  const item = `${contract.path}/{id}`;
  const uses: Use[] = [
    { path: contract.path, method: 'GET' },
    { path: item, method: 'GET' },
  ];
  for (const part of contract.parts) {
    const own = `${item}/${part.name}`;
    uses.push({ path: own, method: 'GET' });
    if (part.how === 'expanded') uses.push({ path: item, method: 'GET', option: '$expand' });
    const nested = /\$expand=(\w+)/.exec(part.query)?.[1];
    if (nested !== undefined) uses.push({ path: `${own}/{id}/${nested}`, method: 'GET' });
  }
  return uses;
}
