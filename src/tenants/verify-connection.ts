import { sql } from 'kysely';
import { z } from 'zod';
import { contractOf, POLICY_TYPES, policyTypeSchema } from '../graph/contracts/list.ts';
import type { RegistrationVersion } from '../graph/port.ts';
import { MINUTE } from '../kernel/durations.ts';
import { AppError } from '../kernel/errors.ts';
import { connectionIdSchema } from '../kernel/ids.ts';
import {
  defineRunType,
  type ItemEnding,
  type RunContext,
  type SliceTx,
  skipped,
  succeeded,
} from '../runs/run-type.ts';
import { requireConnection } from './find-connection.ts';
import { findCoverage, recordCoverage } from './record-coverage.ts';

const inputSchema = z.strictObject({ connectionId: connectionIdSchema });

/**
 * Finds out whether the connection signs in, what it may see of each policy type, and whether the
 * application that may write signs in, when there is one.
 */
export const verifyConnection = defineRunType({
  name: 'connection.verify',
  title: 'Verify connection',
  input: inputSchema,
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
      if (ctx.graph.connection.writeRegistration === undefined) return;
      yield { kind: 'write_registration', id: connection.id, label: 'Application that writes' };
    },

    async item(ctx, item) {
      const { connectionId, version } = ctx.graph.connection;
      if (connectionId !== ctx.input.connectionId) throw new AppError('connection.missing');
      if (item.kind === 'write_registration') return verifyWriting(ctx);
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

/** It need not be armed: signing in writes nothing. */
async function verifyWriting(
  ctx: RunContext<z.infer<typeof inputSchema>, 'read'>,
): Promise<ItemEnding> {
  const registration = ctx.graph.connection.writeRegistration;
  if (registration === undefined) return skipped('connection.write_registration_missing');
  const granted = await ctx.graph.grantedToWrite(ctx.signal);
  await ctx.inTenant((tx) => markWritingVerified(tx, registration, granted));
  return succeeded();
}

/** Of the credential that signed in, and no later one. */
async function markWritingVerified(
  tx: SliceTx,
  { id, version }: RegistrationVersion,
  granted: readonly string[] | null,
): Promise<void> {
  await tx.db
    .updateTable('write_registrations')
    .set({ verified_at: sql`clock_timestamp()`, granted })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .where('version', '=', version)
    .execute();
}

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
