import type { Clock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import { toPolicyDocument } from '../canonical-form.ts';
import { HeldBack, type Send } from '../client/exchange.ts';
import { type GraphWay, readPages } from '../client/read-pages.ts';
import { contractOf } from '../contracts/list.ts';
import type { GraphReader, GraphUsage } from '../port.ts';
import { readApprovalPolicies } from './approval-policies.ts';
import { readGroupNames } from './group-names.ts';
import { findGroupsNamed, listGroups } from './list-groups.ts';
import { listPolicies } from './list-policies.ts';
import { readWholePolicy } from './read-policy.ts';
import { listRequest } from './requests.ts';

/** The port of a reading run. What it offers is all there is: nothing here could write. */
export function createReader(
  way: GraphWay,
  face: Pick<GraphReader, 'connection' | 'usage' | 'grantedToWrite'>,
  clock: Clock,
): GraphReader {
  return {
    ...face,
    list: (type, signal) => listPolicies(way, type, clock, signal),
    async read(type, graphId, signal) {
      const raw = await readWholePolicy(way, contractOf(type), graphId, signal);
      return toPolicyDocument(type, raw, clock.now());
    },
    groupNames: (ids, signal) => readGroupNames(way, ids, signal),
    listGroups: (signal) => listGroups(way, signal),
    groupsNamed: (name, signal) => findGroupsNamed(way, name, signal),
    approvalPolicies: (signal) => readApprovalPolicies(way, signal),
    async probe(type, signal) {
      const first = listRequest(contractOf(type), signal, '$top=1');
      // The first page alone: whether it may be read at all is the question.
      const page = await readPages(way, first).next();
      if (page.done) throw new AppError('graph.answer_unreadable', { reason: 'page' });
    },
  };
}

/** Counts what a run costs: below the budget, so that only what was sent is counted. */
export function countUsage(next: Send, usage: GraphUsage): Send {
  return async (request) => {
    const answer = await next(request).catch((error: unknown) => {
      if (!(error instanceof HeldBack)) usage.calls += 1;
      throw error;
    });
    usage.calls += 1;
    if (answer.status === 429) usage.throttled += 1;
    if (answer.wasRoundTripSaved) usage.callsSaved += 1;
    return answer;
  };
}
