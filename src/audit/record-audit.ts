import type { ActorKind } from '../db/tables/audit-entries.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import type { SafeDetails } from '../kernel/errors.ts';
import { auditIdSchema, newId } from '../kernel/ids.ts';

/** Who did it; the label is the name as it was. */
export interface Actor {
  readonly kind: ActorKind;
  readonly id: string | null;
  readonly label: string;
}

export const SYSTEM_ACTOR: Actor = { kind: 'system', id: null, label: 'TenantAtlas' };

export interface Deed {
  /** `noun.verb_past`: `run.started`, `connection.added`. */
  readonly action: string;
  readonly subject: { readonly kind: string; readonly id: string };
  readonly details?: SafeDetails;
}

/** Writes an audit entry in the transaction that does the deed. */
export async function recordAudit(tx: TenantTx, actor: Actor, deed: Deed): Promise<void> {
  await tx.db
    .insertInto('audit_entries')
    .values({
      tenant_id: tx.tenantId,
      id: newId(auditIdSchema),
      actor_kind: actor.kind,
      actor_id: actor.id,
      actor_label: actor.label,
      action: deed.action,
      subject_kind: deed.subject.kind,
      subject_id: deed.subject.id,
      details: JSON.stringify(deed.details ?? {}),
    })
    .execute();
}
