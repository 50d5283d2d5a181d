import type { Generated } from 'kysely';
import type { JsonValue } from '../../kernel/canonical-json.ts';
import type { BackupId, ConnectionId, PolicyId, RunId, TenantId } from '../../kernel/ids.ts';
import type { ActorKind } from './audit-entries.ts';

export type Lane = 'interactive' | 'bulk';
export type Phase = 'queued' | 'running' | 'ended';
export type Outcome = 'succeeded' | 'partial' | 'failed' | 'cancelled' | 'blocked';

/** A run is written by the functions of 0003_lane_tickets.sql; features only read it. */
export interface RunsTable {
  tenant_id: TenantId;
  id: RunId;
  type: string;
  target: string;
  input: JsonValue;
  input_hash: Buffer;
  lane: Lane;
  priority: number;
  phase: Phase;
  outcome: Outcome | null;
  code: string | null;
  items_total: number;
  items_succeeded: number;
  items_skipped: number;
  items_failed: number;
  items_unknown: number;
  graph_calls: number;
  graph_calls_saved: number;
  throttled: number;
  initiator_kind: ActorKind;
  initiator_id: string | null;
  initiator_label: string;
  fence: number;
  worker_id: string | null;
  takeovers: number;
  takeovers_seen: number;
  attempts: number;
  crashes: number;
  run_at: Date;
  cancel_requested_at: Date | null;
  revision: string;
  planned_at: Date | null;
  created_at: Generated<Date>;
  started_at: Date | null;
  ended_at: Date | null;
  batch_id: string | null;
  connection_id: ConnectionId | null;
  policy_id: PolicyId | null;
  backup_id: BackupId | null;
}
