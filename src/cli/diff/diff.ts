import { z } from 'zod';
import { versionDifferencesSchema } from '../../api/comparisons.ts';
import type { RunDetail } from '../../api/runs.ts';
import type { ApiClient } from '../client/api-client.ts';
import { chooseTenant } from '../client/choose-tenant.ts';
import { addClientOptions, clientOptionsSchema, openClient } from '../client/client-options.ts';
import { followQuietly } from '../client/follow-quietly.ts';
import { exitCodeOfRun } from '../client/start-run.ts';
import { type Cli, defineCommand, UsageError } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { makeComparison, type PlacedSide } from './compare-tenants.ts';
import { findPolicy, findVersionId } from './find-policy.ts';
import { isSame, printComparison, printVersions } from './print-comparison.ts';
import { readComparison, turnAround } from './read-comparison.ts';
import { SIDES_HELP, type Side, sideSchema } from './side.ts';

const tenantSchema = z.string().min(1, 'must be a name or an id').optional();

/** `diff A B`: what is not the same on both sides, setting by setting. */
export const diffCommand = defineCommand({
  describe(command) {
    command
      .argument('<a>', 'the side before')
      .argument('<b>', 'the side after')
      .option('--tenant <tenant>', 'name or id; may be left out when there is only one')
      .option('--from-tenant <tenant>', 'whose the first side is, when it is of another tenant');
    addClientOptions(command);
    command.addHelpText('after', SIDES_HELP);
  },
  options: clientOptionsSchema.extend({
    a: sideSchema,
    b: sideSchema,
    tenant: tenantSchema,
    fromTenant: tenantSchema,
  }),
  async run(cli, { a, b, tenant, fromTenant, ...options }) {
    if (isWhole(a) !== isWhole(b)) {
      throw new UsageError(
        '<b>: a policy is compared with a policy, a backup or a tenant with another',
      );
    }
    const api = await openClient(options);
    const asked = {
      a: await place(api, a, fromTenant ?? tenant),
      b: await place(api, b, tenant),
      isJson: options.json,
    };
    if (asked.a.tenant.id !== asked.b.tenant.id) return compareTenants(cli, api, asked);
    if (a.kind === 'backup' && b.kind === 'backup') {
      const start = { type: 'backup.compare', input: { before: a.id, after: b.id } };
      return compareInRun(cli, api, { ...asked, ...start, isTurned: false });
    }
    if (a.kind === 'live' || b.kind === 'live') return compareLive(cli, api, asked);
    return compareVersions(cli, api, asked);
  },
});

interface Asked {
  readonly a: PlacedSide;
  readonly b: PlacedSide;
  readonly isJson: boolean;
}

function isWhole({ kind }: Side): boolean {
  return kind === 'backup' || kind === 'tenant';
}

async function place(
  api: ApiClient,
  side: Side,
  tenantName: string | undefined,
): Promise<PlacedSide> {
  const named = side.kind === 'tenant' ? side.tenant : tenantName;
  return { side, tenant: await chooseTenant(api, named) };
}

async function compareVersions(cli: Cli, api: ApiClient, { a, b, isJson }: Asked) {
  if (!isVersion(a.side) || !isVersion(b.side)) {
    throw new UsageError(
      '<b>: a tenant is compared with another one; within one tenant compare two backups',
    );
  }
  const before = await findVersionId(api, a.tenant, a.side);
  const after = await findVersionId(api, b.tenant, b.side);
  const path = `/api/tenants/${b.tenant.id}/versions/${after}/differences`;
  const found = await api.get(path, versionDifferencesSchema, { since: before });
  if (isJson) cli.output.json({ isSame: found.differenceCount === 0, ...found });
  else printVersions(cli.output, found);
  return EXIT.ok;
}

function isVersion(side: Side) {
  return side.kind === 'version' || side.kind === 'versionId';
}

async function compareLive(cli: Cli, api: ApiClient, asked: Asked): Promise<ExitCode> {
  const isTurned = asked.a.side.kind === 'live';
  const [live, other] = isTurned ? [asked.a, asked.b] : [asked.b, asked.a];
  if (live.side.kind !== 'live' || !isVersion(other.side)) {
    throw new UsageError('<b>: one side at most can be live; the other one is a version');
  }
  const policy = await findPolicy(api, live.tenant, live.side.policy);
  const versionId = await findVersionId(api, other.tenant, other.side);
  const start = { type: 'policy.compare_live', input: { policyId: policy.id, versionId } };
  return compareInRun(cli, api, { ...asked, ...start, isTurned });
}

async function compareTenants(cli: Cli, api: ApiClient, asked: Asked): Promise<ExitCode> {
  const { id: comparisonId } = await makeComparison(api, asked.a, asked.b);
  const start = { type: 'tenant.compare', input: { comparisonId }, comparisonId };
  return compareInRun(cli, api, { ...asked, ...start, isTurned: false });
}

interface InRun extends Asked {
  readonly type: string;
  readonly input: object;
  /** Without it the comparison bears the id of its run. */
  readonly comparisonId?: string;
  readonly isTurned: boolean;
}

async function compareInRun(cli: Cli, api: ApiClient, asked: InRun): Promise<ExitCode> {
  const { tenant } = asked.b;
  const run = await followQuietly(cli, api, { ...asked, tenant });
  if (!hasResult(run)) {
    if (asked.isJson) cli.output.json({ isSame: null, run });
    return exitCodeOfRun(run);
  }
  const path = `/api/tenants/${tenant.id}/comparisons/${asked.comparisonId ?? run.id}`;
  const read = await readComparison(api, path);
  const found = asked.isTurned ? turnAround(read) : read;
  const { comparison, items, groupNames } = found;
  if (asked.isJson) {
    const names = Object.fromEntries(groupNames);
    cli.output.json({
      isSame: isSame(comparison, items),
      ...comparison,
      items,
      groupNames: names,
      run,
    });
  } else printComparison(cli.output, found);
  return exitCodeOfRun(run);
}

/** What was cancelled or failed as a whole has nothing to show. */
function hasResult({ outcome }: RunDetail): boolean {
  return outcome === 'succeeded' || outcome === 'partial';
}
