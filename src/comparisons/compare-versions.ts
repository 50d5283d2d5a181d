import { parseBody } from '../backups/parse-body.ts';
import { readVersionBodies } from '../backups/read-version.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import { compareBodies, type Difference } from '../graph/compare-bodies.ts';
import { AppError } from '../kernel/errors.ts';
import type { VersionId } from '../kernel/ids.ts';
import { findSideBefore, findVersionSide, type VersionSide } from './find-version.ts';

export interface ComparedVersions {
  /** Null for the first version of its policy, when no other is named. */
  readonly before: VersionSide | null;
  readonly after: VersionSide;
  readonly differences: readonly Difference[];
}

/**
 * Compares two versions of this tenant, of one policy or of two of a type: its cost is that of two
 * bodies, so a request may do it.
 * @throws AppError comparison.types_differ, snapshot.damaged; forbidden when there is no such one
 */
export async function compareVersions(
  tx: TenantTx,
  afterId: VersionId,
  beforeId: VersionId | undefined,
): Promise<ComparedVersions> {
  const after = await findVersionSide(tx, afterId);
  if (after === undefined) throw new AppError('forbidden');
  const before =
    beforeId === undefined ? await findSideBefore(tx, after) : await findVersionSide(tx, beforeId);
  if (before === undefined && beforeId !== undefined) throw new AppError('forbidden');
  if (before === undefined) return { before: null, after, differences: [] };
  if (before.type !== after.type) throw new AppError('comparison.types_differ');
  if (before.content_hash.equals(after.content_hash)) return { before, after, differences: [] };
  const bodies = await readVersionBodies(tx, [before.content_hash, after.content_hash]);
  const body = ({ content_hash }: VersionSide) =>
    parseBody(bodies.get(content_hash.toString('hex')));
  return { before, after, differences: compareBodies(after.type, body(before), body(after)) };
}
