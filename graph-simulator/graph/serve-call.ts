import type { Fault } from '../faults/fault-rule.ts';
import type { Hidden } from '../faults/fault-store.ts';
import { answerInstead, spoilAnswer } from '../faults/faulty-answer.ts';
import type { Kind } from '../kinds/kind.ts';
import type { LogEntry } from '../log/call-log.ts';
import { identifyCaller, isRefused } from '../sign-in/identify-caller.ts';
import { rolesOf, type Simulator } from '../simulator.ts';
import { findObject } from '../state/collection.ts';
import { type AppUse, collectionOf } from '../state/tenant.ts';
import type { Charge } from '../throttle/limits.ts';
import type { Verdict } from '../throttle/throttle.ts';
import { retryAfterSeconds, throttledAnswer } from '../throttle/throttled-answer.ts';
import { isObject, textOf } from '../values/json.ts';
import { nowMs } from '../values/time.ts';
import { answerBatch, isBatch } from './answer-batch.ts';
import { answerGraph } from './answer-graph.ts';
import type { Answer, Caller, GraphCall } from './graph-call.ts';
import { type Route, resolveRoute } from './route.ts';

/** An answer, and how much later than usual it is sent. */
export interface Served {
  readonly answer: Answer;
  readonly delayMs: number;
}

/** Serves one request from the bearer token to the answer: each step may end it. */
export function serveCall(simulator: Simulator, call: GraphCall): Served {
  const rules = {
    world: simulator.world,
    mode: simulator.auth,
    rolesOf: (tenant: Caller['tenant'], use: AppUse) => rolesOf(simulator, tenant, use),
  };
  const caller = identifyCaller(rules, call);
  if (isRefused(caller)) {
    const entry = beginEntry(simulator, call, undefined, null);
    return { answer: finishEntry(simulator, entry, caller), delayMs: 0 };
  }
  if (isBatch(call)) return serveBatch(simulator, caller, call);
  const route = resolveRoute(call);
  const kind = route.to === 'nothing' ? undefined : route.kind;
  const charge = chargeOf(call, caller, route, kind);
  const entry = beginEntry(simulator, call, caller, charge.bucket);
  const verdict = simulator.throttle.charge(charge, nowMs());
  const throttled = refuseOverLimit(simulator, call, caller, charge, verdict, entry);
  if (throttled !== undefined) {
    return { answer: finishEntry(simulator, entry, throttled), delayMs: 0 };
  }
  const { delayMs, hidden, fault } = simulator.faults.befall(call, caller.tenant);
  entry.fault = fault?.kind ?? hidden?.kind ?? (delayMs > 0 ? 'delay' : null);
  const execute = () => {
    const done = answerGraph(simulator.world, caller, call, route);
    if (hidden !== undefined) hideCreated(caller, kind, done, hidden);
    return done;
  };
  const answer =
    throttleOnRequest(simulator, call, charge, entry, fault) ??
    answerInstead(call, kind, fault) ??
    spoilAnswer(call, fault, execute());
  const headers = { ...unitHeaders(charge, verdict), ...answer.headers };
  return { answer: finishEntry(simulator, entry, { ...answer, headers }), delayMs };
}

/** The outer request is charged nothing; its parts are served one by one. */
function serveBatch(simulator: Simulator, caller: Caller, call: GraphCall): Served {
  const entry = beginEntry(simulator, call, caller, 'batch');
  const { delayMs, fault } = simulator.faults.befall(call, caller.tenant);
  entry.fault = fault?.kind ?? null;
  const instead = answerInstead(call, undefined, fault);
  if (instead !== undefined) {
    return { answer: finishEntry(simulator, entry, instead), delayMs };
  }
  const seed = simulator.world.seed;
  const batch = answerBatch(call, entry.seq, seed, (part) => serveCall(simulator, part));
  const answer = spoilAnswer(call, fault, batch.answer);
  return {
    answer: finishEntry(simulator, entry, answer),
    delayMs: delayMs + batch.delayMs,
  };
}

function chargeOf(call: GraphCall, caller: Caller, route: Route, kind: Kind | undefined): Charge {
  const isIntune = call.segments[0]?.toLowerCase().startsWith('device') === true;
  return {
    tenantId: caller.tenant.id,
    appId: caller.appId,
    family: kind?.family ?? (isIntune ? 'intune' : 'directory'),
    bucket: kind?.bucket ?? 'unknown',
    isWrite: call.method !== 'GET' && route.to !== 'getByIds',
    units: route.to === 'getByIds' ? 3 : 1,
  };
}

function refuseOverLimit(
  simulator: Simulator,
  call: GraphCall,
  caller: Caller,
  charge: Charge,
  verdict: Verdict,
  entry: LogEntry,
): Answer | undefined {
  if (!verdict.isThrottled) return undefined;
  entry.throttled = true;
  entry.early = verdict.isEarly;
  // Documented: Conditional Access gives no Retry-After; Intune and the directory do.
  const usual = charge.family === 'conditionalAccess' ? 'absent' : 'whole';
  const style = simulator.faults.retryAfterStyle(call, caller.tenant) ?? usual;
  const seconds = retryAfterSeconds(style, verdict.waitMs);
  if (seconds !== null && !verdict.isPromised) {
    simulator.throttle.promise(charge, verdict.scope, seconds, nowMs());
  }
  return throttledAnswer(call, charge, verdict.scope, seconds);
}

/** Only the directory says what a call cost and how near its limit is. */
function unitHeaders(charge: Charge, verdict: Verdict): Record<string, string> {
  if (charge.family !== 'directory') return {};
  const cost = { 'x-ms-resource-unit': String(charge.units) };
  if (verdict.share <= 0.8) return cost;
  return { ...cost, 'x-ms-throttle-limit-percentage': verdict.share.toFixed(2) };
}

/** A 429 that a fault asks for; its Retry-After is a promise like any other. */
function throttleOnRequest(
  simulator: Simulator,
  call: GraphCall,
  charge: Charge,
  entry: LogEntry,
  fault: Fault | undefined,
): Answer | undefined {
  if (fault?.kind !== 'throttle') return undefined;
  entry.throttled = true;
  const seconds = fault.retryAfter === undefined ? 1 : fault.retryAfter;
  const scope = charge.isWrite ? 'write' : 'read';
  if (seconds !== null) simulator.throttle.promise(charge, scope, seconds, nowMs());
  return throttledAnswer(call, charge, scope, seconds);
}

/** Eventual consistency: what was just made is not found yet. */
function hideCreated(caller: Caller, kind: Kind | undefined, answer: Answer, hidden: Hidden): void {
  const id = isObject(answer.body) ? textOf(answer.body['id']) : undefined;
  if (kind === undefined || id === undefined || answer.headers['location'] === undefined) return;
  const stored = findObject(collectionOf(caller.tenant, kind), id);
  if (stored === undefined) return;
  stored.visibleInGetAtMs = nowMs() + hidden.getMs;
  stored.visibleInListAtMs = nowMs() + hidden.listMs;
}

function beginEntry(
  simulator: Simulator,
  call: GraphCall,
  caller: Caller | undefined,
  bucket: string | null,
): LogEntry {
  return simulator.log.begin({
    tenantId: caller?.tenant.id ?? null,
    appId: caller?.appId ?? null,
    method: call.method,
    path: call.path,
    bucket,
    batchOf: call.batchOf,
    clientRequestId: call.clientRequestId,
  });
}

function finishEntry(simulator: Simulator, entry: LogEntry, answer: Answer): Answer {
  const isCut = answer.wire === 'reset' || answer.wire === 'hang';
  entry.status = isCut ? 0 : answer.status;
  simulator.log.finish(entry);
  const headers = { 'client-request-id': entry.clientRequestId, ...answer.headers };
  return { ...answer, headers };
}
