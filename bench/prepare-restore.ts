import { setTimeout as pause } from 'node:timers/promises';
import type { z } from 'zod';
import { type BackupItem, backupItemSchema, backupSchema } from '../src/api/backups.ts';
import { connectionSchema } from '../src/api/connections.ts';
import { type RestoreDetail, restoreDetailSchema } from '../src/api/restores.ts';
import { runDetailSchema, startedRunSchema } from '../src/api/runs.ts';
import type { ApiClient } from '../src/cli/client/api-client.ts';
import type { TenantId } from '../src/kernel/ids.ts';

const TYPE = 'configurationPolicy';
const LOOK_EVERY_MS = 100;

/** A tenant as its operator speaks of it. */
export interface BenchTenant {
  readonly api: ApiClient;
  readonly id: TenantId;
  readonly name: string;
}

/** Verifies the connection and backs up all settings catalog policies: the items of the backup. */
export async function backUp(tenant: BenchTenant): Promise<BackupItem[]> {
  const { api } = tenant;
  const { id: connectionId } = await firstOf(tenant, 'connections', connectionSchema);
  await work(tenant, 'connection.verify', { connectionId });
  await work(tenant, 'backup.create', { selection: { kind: 'types', types: [TYPE] } });
  const backup = await firstOf(tenant, 'backups', backupSchema);
  return Array.fromAsync(api.list(backup.links.items, backupItemSchema));
}

/** Previews the restore of these versions, arms the tenant and confirms what the preview says. */
export async function confirmRestoreOf(
  tenant: BenchTenant,
  items: readonly BackupItem[],
): Promise<RestoreDetail> {
  const { api } = tenant;
  const source = { kind: 'versions', versionIds: items.map(({ versionId }) => versionId) };
  const path = `/api/tenants/${tenant.id}/restores`;
  const { id, links } = await api.post(path, { name: 'Bench', source }, restoreDetailSchema);
  await work(tenant, 'restore.plan', { restoreId: id });
  const { fingerprint, counts } = await api.get(links.self, restoreDetailSchema);
  if (counts?.create !== items.length) throw new Error(`previewed: ${JSON.stringify(counts)}`);
  const { id: connectionId } = await firstOf(tenant, 'connections', connectionSchema);
  const arm = `/api/tenants/${tenant.id}/connections/${connectionId}/arm`;
  await api.post(arm, { hours: 1, reason: 'Bench' }, connectionSchema);
  const confirmation = { fingerprint, tenantName: tenant.name, reason: 'Bench' };
  return api.post(`${links.self}/confirm`, confirmation, restoreDetailSchema);
}

async function firstOf<S extends z.ZodType>(
  { api, id }: BenchTenant,
  list: string,
  schema: S,
): Promise<z.infer<S>> {
  for await (const item of api.list(`/api/tenants/${id}/${list}`, schema)) return item;
  throw new Error(`the tenant has no ${list}`);
}

/** Runs to the end, which has to be a good one. */
async function work({ api, id }: BenchTenant, type: string, input: object): Promise<void> {
  const { id: runId } = await api.post(`/api/tenants/${id}/runs/${type}`, input, startedRunSchema);
  for (;;) {
    const run = await api.get(`/api/tenants/${id}/runs/${runId}`, runDetailSchema);
    if (run.outcome === 'succeeded') return;
    if (run.phase === 'ended') throw new Error(`${type} ended ${run.outcome}: ${run.reason?.code}`);
    await pause(LOOK_EVERY_MS);
  }
}
