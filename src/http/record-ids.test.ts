import { expect, test } from 'vitest';
import { z } from 'zod';
import { AppError } from '../kernel/errors.ts';
import { backupIdSchema, newId, policyIdSchema, runIdSchema } from '../kernel/ids.ts';
import { findRecordIds, recordKindsIn } from './record-ids.ts';

const id = newId(policyIdSchema);
const other = newId(policyIdSchema);

test('ids are found at any depth, through every wrapper', () => {
  const schema = z.object({
    a: policyIdSchema.optional(),
    b: z.array(policyIdSchema.describe('a policy')).max(3),
    c: z.strictObject({ d: backupIdSchema.nullable().default(null) }).exactOptional(),
    e: runIdSchema.meta({ title: 'a run' }).readonly(),
    f: z.string().transform((text) => text.length),
  });
  const found = findRecordIds(schema, { a: id, b: [other], c: { d: id }, e: other, f: 'x' });
  expect(found).toEqual([
    { kind: 'policy', id },
    { kind: 'policy', id: other },
    { kind: 'backup', id },
    { kind: 'run', id: other },
  ]);
  expect([...recordKindsIn(schema)]).toEqual(['policy', 'backup', 'run']);
});

test('only the member of a union that is meant is looked into', () => {
  const schema = z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('all') }),
    z.strictObject({ kind: z.literal('some'), ids: z.array(policyIdSchema) }),
  ]);
  expect(findRecordIds(schema, { kind: 'all' })).toEqual([]);
  expect(findRecordIds(schema, { kind: 'some', ids: [id] })).toEqual([{ kind: 'policy', id }]);
  expect(() => findRecordIds(schema, { kind: 'some', ids: ['x'] })).toThrow(AppError);
  expect(() => findRecordIds(schema, { kind: 'none', ids: ['x'] })).toThrow(AppError);
});

test.each([5, true, {}, [], 'x', `${id}x`, `${id}\u0000`])('%j is a malformed id', (value) => {
  const schema = z.object({ policyId: policyIdSchema });
  expect(() => findRecordIds(schema, { policyId: value })).toThrow(AppError);
});

test('an absent id is left to validation, and so is a value of another shape', () => {
  const schema = z.object({ policyId: policyIdSchema, list: z.array(policyIdSchema) });
  for (const value of [{}, { policyId: null, list: 'x' }, [], 'x', 5, null]) {
    expect(findRecordIds(schema, value)).toEqual([]);
  }
});

test('a schema that cannot be looked into stops the start', () => {
  const node: z.ZodType = z.lazy(() => z.object({ id: policyIdSchema, child: node.optional() }));
  const changed = z.preprocess((value) => value, policyIdSchema);
  for (const schema of [node, changed, z.map(z.string(), policyIdSchema), z.any()]) {
    expect(() => recordKindsIn(z.object({ schema }))).toThrow(/may not hold a schema/);
  }
});
