import type { RunId, TenantId } from '../../kernel/ids.ts';
import type { Lane } from './runs.ts';

/** At most one ticket a lane: see 0003_lane_tickets.sql. */
export interface LanesTable {
  tenant_id: TenantId;
  lane: Lane;
  ticket_no: string;
  ticket_at: Date | null;
  busy_run_id: RunId | null;
}
