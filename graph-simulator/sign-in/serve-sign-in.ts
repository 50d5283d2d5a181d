import { answerInstead, spoilAnswer } from '../faults/faulty-answer.ts';
import { type Answer, type GraphCall, readGraphCall } from '../graph/graph-call.ts';
import type { Served } from '../graph/serve-call.ts';
import { rolesOf, type Simulator } from '../simulator.ts';
import type { AppUse, Tenant } from '../state/tenant.ts';
import { findTenant } from '../state/world.ts';
import { answerTokenRequest } from './token-endpoint.ts';

/** Serves one request for a token: logged and subject to faults like any other call. */
export function serveSignIn(
  simulator: Simulator,
  tenantWord: string,
  path: string,
  text: string,
): Served {
  const tenant = findTenant(simulator.world, tenantWord);
  const form = new URLSearchParams(text);
  const call = signInCall(path);
  const entry = simulator.log.begin({
    tenantId: tenant?.id ?? null,
    appId: form.get('client_id'),
    method: 'POST',
    path,
    bucket: 'signIn',
    batchOf: null,
    clientRequestId: call.clientRequestId,
  });
  const { delayMs, fault } =
    tenant === undefined ? { delayMs: 0, fault: undefined } : simulator.faults.befall(call, tenant);
  entry.fault = fault?.kind ?? (delayMs > 0 ? 'delay' : null);
  const terms = {
    rolesOf: (found: Tenant, use: AppUse) => rolesOf(simulator, found, use),
    lifeSecondsOf: (found: Tenant) => simulator.faults.tokenLifeSeconds(found),
  };
  const answer =
    answerInstead(call, undefined, fault) ??
    spoilAnswer(call, fault, answerTokenRequest(simulator.world, tenantWord, form, terms));
  entry.status = isCut(answer) ? 0 : answer.status;
  simulator.log.finish(entry);
  return { answer, delayMs };
}

/** Faults look at method and path only; there is no Graph behind this call. */
function signInCall(path: string): GraphCall {
  const call = readGraphCall({
    method: 'POST',
    path: '/v1.0',
    headers: {},
    body: undefined,
    origin: '',
    batchOf: null,
  });
  if (call === undefined) throw new Error('not an address of Graph');
  return { ...call, path };
}

function isCut(answer: Answer): boolean {
  return answer.wire === 'reset' || answer.wire === 'hang';
}
