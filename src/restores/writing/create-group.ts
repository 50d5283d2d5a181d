import { sql } from 'kysely';
import { recordAudit, SYSTEM_ACTOR } from '../../audit/record-audit.ts';
import type { DirectoryGroup } from '../../graph/port.ts';
import { ERRORS, type ErrorCode } from '../../kernel/errors.ts';
import { readInstant } from '../../policies/database-instant.ts';
import { observeGroups } from '../../policies/groups/observe-groups.ts';
import { failed, type ItemEnding, succeeded, unknown, type Waiting } from '../../runs/run-type.ts';
import { codeOf, later } from './end-item.ts';
import {
  type GroupWrite,
  groupMade,
  groupNotMade,
  intendGroup,
  loadGroup,
  moveGroup,
} from './group-ledger.ts';
import { reach } from './points.ts';
import { sendRequest } from './send-step.ts';
import { WRITE_ATTEMPTS_MAX, type WritingContext } from './writing-context.ts';

/** Looks again this often until the time is over within which a group may turn up. */
const LOOKS = 12;

/**
 * Makes a group that was ticked, once: the same machine as for an object (create-object.ts), found
 * again by its name. Two groups of a name are not made, whoever made the first.
 */
export async function createGroup(
  ctx: WritingContext,
  sourceId: string,
): Promise<ItemEnding | Waiting> {
  const group = await ctx.inTenant((tx) => loadGroup(tx, ctx.input.restoreId, sourceId));
  switch (group.state) {
    case 'planned':
      return attempt(ctx, group);
    case 'intent':
      return lookForGroup(ctx, group);
    case 'applied':
      return verifyGroup(ctx, group);
    case 'verified':
      return succeeded();
    case 'failed':
      return failed(codeOf(group.writeCode));
    case 'unknown':
      return unknown('restore.decision_needed');
  }
}

async function attempt(ctx: WritingContext, planned: GroupWrite): Promise<ItemEnding | Waiting> {
  const namesakes = await ctx.graph.groupsNamed(planned.name, ctx.signal);
  if (namesakes.length > 0) return fail(ctx, planned, 'restore.drifted');
  if (planned.failures >= WRITE_ATTEMPTS_MAX) return fail(ctx, planned, 'graph.unavailable');
  reach('before_intent');
  const existing = namesakes.map(({ id }) => id);
  const group = await ctx.inTenant((tx) => intendGroup(tx, planned, existing));
  reach('after_intent');
  const request = { step: group.step, target: {}, clientRequestId: group.clientRequestId ?? '' };
  const result = await sendRequest(ctx, { ...request, secrets: [] }, (tx, why) =>
    groupNotMade(tx, group, 'not_sent', why),
  );
  if (result.kind === 'applied') {
    reach('before_record');
    const id = (result.graphId ?? '').toLowerCase();
    return verifyGroup(ctx, await ctx.record((tx) => groupMade(tx, group, id, false)));
  }
  const { code } = result;
  if (result.kind === 'ambiguous') {
    reach('answer_lost');
    return lookForGroup(ctx, group);
  }
  const isFailure = code !== 'graph.throttled';
  const back = await ctx.record((tx) => groupNotMade(tx, group, 'refused', { code, isFailure }));
  const told = result.details['retryAfterSeconds'];
  if (!isFailure) return later(ctx, typeof told === 'number' ? told * 1000 : 1000, code);
  if (ERRORS[code].retry === 'later') return later(ctx, 1000 * 2 ** back.failures, code);
  return fail(ctx, back, code);
}

/**
 * New security groups of the name with the description that was sent: nobody else's in a minute.
 */
async function lookForGroup(ctx: WritingContext, group: GroupWrite): Promise<ItemEnding | Waiting> {
  const known = new Set(group.existingIds);
  const found = (await ctx.graph.groupsNamed(group.name, ctx.signal)).filter(
    (one) => !known.has(one.id),
  );
  reach('during_reconcile');
  const [only] = found;
  if (only !== undefined && found.length === 1 && isAsSent(group, only)) {
    reach('before_adopt');
    return verifyGroup(ctx, await ctx.record((tx) => groupMade(tx, group, only.id, true)));
  }
  const windowMs = ctx.graph.lateVisibilityMs('group');
  const ageMs = group.ageMs ?? 0;
  if (found.length === 0 && ageMs < windowMs) {
    return later(ctx, Math.min(windowMs - ageMs, windowMs / LOOKS), 'restore.answer_lost');
  }
  if (found.length === 0) {
    const why = { code: 'restore.answer_lost', isFailure: true };
    return attempt(ctx, await ctx.record((tx) => groupNotMade(tx, group, 'not_found', why)));
  }
  const code = 'restore.decision_needed';
  await ctx.record((tx) =>
    moveGroup(tx, group, ['intent'], sql`state = 'unknown', write_code = ${code}`),
  );
  return unknown(code);
}

function isAsSent({ name, step }: GroupWrite, found: DirectoryGroup): boolean {
  const description = step.body['description'] ?? null;
  return found.kind === 'security' && found.name === name && found.description === description;
}

/** A group that was just made is not known everywhere at once: what names it waits for that. */
async function verifyGroup(ctx: WritingContext, group: GroupWrite): Promise<ItemEnding | Waiting> {
  reach('after_record');
  const id = group.madeGraphId ?? '';
  const lookedAt = await ctx.record(readInstant);
  const names = await ctx.graph.groupNames([id], ctx.signal);
  if (names.size === 0) {
    const isLate = (group.ageMs ?? 0) >= ctx.graph.lateVisibilityMs('group');
    return isLate ? failed('restore.not_visible') : later(ctx, 1000, 'restore.not_visible_yet');
  }
  const { name } = group;
  await ctx.record(async (tx) => {
    await moveGroup(tx, group, ['applied'], sql`state = 'verified'`);
    const description = String(group.step.body['description'] ?? '') || null;
    const seen = { id, name, description, membershipRule: null, kind: 'security' } as const;
    await observeGroups(tx, [seen], lookedAt);
    await recordAudit(tx, SYSTEM_ACTOR, {
      action: 'restore.object_written',
      subject: { kind: 'restore', id: group.restoreId },
      details: { type: 'group', action: 'create', sourceId: group.sourceId, graphId: id },
    });
  });
  reach('after_settle');
  return succeeded();
}

async function fail(ctx: WritingContext, group: GroupWrite, code: ErrorCode): Promise<ItemEnding> {
  await ctx.record((tx) =>
    moveGroup(tx, group, ['planned'], sql`state = 'failed', write_code = ${code}`),
  );
  return failed(code);
}
