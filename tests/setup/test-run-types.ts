import { z } from 'zod';
import { backupIdSchema, connectionIdSchema, policyIdSchema } from '../../src/kernel/ids.ts';
import { defineRunType, once, type RunType, succeeded } from '../../src/runs/run-type.ts';

function doNothing<Input>() {
  return once<Input, 'none'>(
    async () => ({ kind: 'nothing', id: 'nothing', label: 'Nothing' }),
    async () => succeeded(),
  );
}
const limits = { graph: 'none', attemptsMax: 1, itemTimeoutMs: 1_000, concurrency: 1 } as const;

const noteInput = z.strictObject({
  book: z.string().min(1).max(50),
  page: z.int().min(1).default(1),
});

/** A run of nothing in particular. */
export const noteRun = defineRunType({
  ...limits,
  name: 'test.note',
  title: 'Take a note',
  input: noteInput,
  target: (input) => `book:${input.book}`,
  capability: 'policies:sync',
  perform: doNothing<z.infer<typeof noteInput>>(),
});

const policyInput = z.strictObject({
  policyId: policyIdSchema,
  reason: z.string().max(200).default(''),
});

/** A run on one policy, which is a column of the run. */
export const policyRun = defineRunType({
  ...limits,
  name: 'test.policy',
  title: 'Look at a policy',
  input: policyInput,
  target: (input) => `policy:${input.policyId}`,
  subject: (input) => ({ policyId: input.policyId }),
  capability: 'backups:create',
  perform: doNothing<z.infer<typeof policyInput>>(),
});

const manyInput = z.strictObject({
  connectionId: connectionIdSchema.nullable().default(null),
  selection: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('all') }),
      z.strictObject({
        kind: z.literal('some'),
        policyIds: z.array(policyIdSchema).max(10),
        backupId: backupIdSchema.nullable().default(null),
      }),
    ])
    .default({ kind: 'all' }),
});

/** A run that names records of every kind, at every depth. */
export const manyRun = defineRunType({
  ...limits,
  name: 'test.many',
  title: 'Look at many things',
  input: manyInput,
  target: (input) => `many:${JSON.stringify(input)}`,
  capability: 'connections:manage',
  perform: doNothing<z.infer<typeof manyInput>>(),
});

export const testRunTypes: readonly RunType[] = [noteRun, policyRun, manyRun];
