import type { JsonObject, JsonValue } from '../../kernel/canonical-json.ts';
import type { Clock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import { walkBody } from '../body-paths.ts';
import { policyFace, toPolicyDocument } from '../canonical-form.ts';
import { UNSAFE_NUMBER } from '../client/exchange.ts';
import { type GraphWay, readPages } from '../client/read-pages.ts';
import { contractOf, type PolicyType } from '../contracts/list.ts';
import type { PolicyDocument } from '../policy-document.ts';
import type { ListedPolicy } from '../port.ts';
import { listRequest } from './requests.ts';

/** Lists a type page by page; never holds more than one page. */
export async function* listPolicies(
  way: GraphWay,
  type: PolicyType,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<readonly ListedPolicy[], void, undefined> {
  const request = listRequest(contractOf(type), signal);
  for await (const rows of readPages(way, request)) {
    const readAt = clock.now();
    yield rows.map((raw) => toListedPolicy(type, raw, readAt));
  }
}

function toListedPolicy(type: PolicyType, raw: JsonObject, readAt: Date): ListedPolicy {
  const face = policyFace(type, raw);
  if (face.graphId === '') throw new AppError('graph.answer_unreadable', { reason: 'row' });
  const isComplete = contractOf(type).listing.isComplete;
  return { ...face, document: isComplete ? documentOf(type, raw, readAt) : undefined };
}

function documentOf(type: PolicyType, raw: JsonObject, readAt: Date): PolicyDocument | Error {
  if (holdsUnsafeNumber(raw)) return new AppError('graph.number_unsafe');
  return toPolicyDocument(type, raw, readAt);
}

function holdsUnsafeNumber(raw: JsonValue): boolean {
  let isFound = false;
  walkBody(raw, (value) => {
    if (value === UNSAFE_NUMBER) isFound = true;
    return !isFound;
  });
  return isFound;
}
