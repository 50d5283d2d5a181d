import { sql } from 'kysely';
import { z } from 'zod';
import { contractOf, POLICY_TYPES, policyTypeSchema } from '../graph/contracts/list.ts';
import { MINUTE } from '../kernel/durations.ts';
import { AppError } from '../kernel/errors.ts';
import { connectionIdSchema } from '../kernel/ids.ts';
import { defineRunType, type ItemEnding, type SliceTx, succeeded } from '../runs/run-type.ts';
import { requireConnection } from './find-connection.ts';
import { findCoverage, recordCoverage } from './record-coverage.ts';

/** Finds out whether the connection signs in, and what it may see of each policy type. */
export const verifyConnection = defineRunType({
  name: 'connection.verify',
  title: 'Verify connection',
  input: z.strictObject({ connectionId: connectionIdSchema }),
  target: (input) => `connection:${input.connectionId}`,
  subject: (input) => ({ connectionId: input.connectionId }),
  capability: 'connections:verify',
  graph: 'read',
  attemptsMax: 4,
  itemTimeoutMs: 2 * MINUTE,
  concurrency: 4,
  perform: {
    async *plan(ctx) {
      const connection = await ctx.inTenant(requireConnection);
      if (connection.id !== ctx.input.connectionId) throw new AppError('connection.missing');
      for (const type of POLICY_TYPES) {
        yield { kind: 'permission', id: type, label: contractOf(type).title };
      }
    },

    async item(ctx, item) {
      const { connectionId, version } = ctx.graph.connection;
      if (connectionId !== ctx.input.connectionId) throw new AppError('connection.missing');
      const type = policyTypeSchema.parse(item.id);
      const finding = await ctx.graph.probe(type, ctx.signal).then(() => undefined, answerIn);
      return ctx.inTenant(async (tx) => {
        await recordCoverage(tx, type, finding?.state ?? 'covered', finding?.code);
        return withVersion(finding?.ending ?? succeeded(), version);
      });
    },

    async finish(ctx) {
      await ctx.inTenant(markVerified);
    },
  },
});

/** The finding in what a probe threw; what is none is thrown on, to be retried as its code says. */
function answerIn(error: unknown) {
  const finding = findCoverage(error);
  if (finding === undefined) throw error;
  return finding;
}

function withVersion(ending: ItemEnding, connectionVersion: number): ItemEnding {
  return { ...ending, details: { ...ending.details, connectionVersion } };
}

/**
 * Verified when Graph answered a probe, whatever it allowed: then sign-in works. Not when the
 * credential was replaced since Graph was opened: the probes say nothing about the new one.
 */
async function markVerified(tx: SliceTx): Promise<void> {
  await sql`
    update connections c set verified_at = clock_timestamp()
    from runs r
    where c.tenant_id = ${tx.tenantId} and r.tenant_id = c.tenant_id and r.id = ${tx.runId}
      and r.connection_id = c.id
      and exists (select 1 from run_items i where i.tenant_id = r.tenant_id and i.run_id = r.id
        and i.details ? 'connectionVersion')
      and not exists (select 1 from run_items i where i.tenant_id = r.tenant_id and i.run_id = r.id
        and i.details -> 'connectionVersion' <> to_jsonb(c.version))`.execute(tx.db);
}
