import type { GraphCall } from '../graph/graph-call.ts';
import type { AppUse, Tenant } from '../state/tenant.ts';
import { tenantWords } from '../state/world.ts';
import type { RetryAfterStyle } from '../throttle/throttled-answer.ts';
import { seededRandom } from '../values/random.ts';
import type { Fault, FaultRule } from './fault-rule.ts';

/** A rule that was set, and how far it has come. */
export interface ArmedRule {
  readonly id: number;
  readonly rule: FaultRule;
  readonly path: RegExp | undefined;
  /** Requests that matched, the skipped ones too. */
  seen: number;
  hits: number;
}

export type Hidden = Extract<Fault, { readonly kind: 'visibleAfter' }>;

/** What befalls one request. */
export interface Befallen {
  readonly delayMs: number;
  /** How long what is created stays hidden. */
  readonly hidden: Hidden | undefined;
  readonly fault: Fault | undefined;
}

export interface FaultStore {
  add(rule: FaultRule): ArmedRule;
  list(): readonly ArmedRule[];
  clear(): void;
  /** Counts the request against the rules and says what befalls it. */
  befall(call: GraphCall, tenant: Tenant): Befallen;
  retryAfterStyle(call: GraphCall, tenant: Tenant): RetryAfterStyle | undefined;
  rolesOf(tenant: Tenant, use: AppUse): readonly string[] | undefined;
  tokenLifeSeconds(tenant: Tenant): number | undefined;
}

/** An empty list of rules. The first one that is due wins; delays and hiding come beside it. */
export function createFaultStore(seed: number): FaultStore {
  let rules: ArmedRule[] = [];
  let idNext = 1;
  return {
    add(rule) {
      const path = rule.match.path === undefined ? undefined : new RegExp(rule.match.path);
      const armed = { id: idNext, rule, path, seen: 0, hits: 0 };
      idNext += 1;
      rules.push(armed);
      return armed;
    },
    list: () => rules,
    clear: () => {
      rules = [];
    },
    befall(call, tenant) {
      let delayMs = 0;
      let hidden: Hidden | undefined;
      let fault: Fault | undefined;
      for (const armed of rules) {
        const next = armed.rule.fault;
        if (isStanding(next) || !isMatch(armed, call, tenant)) continue;
        if (!isBeside(next) && fault !== undefined) continue;
        if (!isDue(seed, armed)) continue;
        if (next.kind === 'delay') delayMs += next.ms;
        else if (next.kind === 'visibleAfter') hidden ??= next;
        else fault = next;
      }
      return { delayMs, hidden, fault };
    },
    retryAfterStyle(call, tenant) {
      for (const armed of rules.toReversed()) {
        const { fault } = armed.rule;
        if (fault.kind === 'retryAfterStyle' && isMatch(armed, call, tenant)) return fault.style;
      }
      return undefined;
    },
    rolesOf(tenant, use) {
      for (const { rule } of rules.toReversed()) {
        const { fault } = rule;
        if (fault.kind !== 'roles' || !isTenant(rule, tenant)) continue;
        if (fault.app === undefined || fault.app === use) return fault.roles;
      }
      return undefined;
    },
    tokenLifeSeconds(tenant) {
      for (const { rule } of rules.toReversed()) {
        if (rule.fault.kind === 'tokenLife' && isTenant(rule, tenant)) return rule.fault.seconds;
      }
      return undefined;
    },
  };
}

function isStanding(fault: Fault): boolean {
  return ['roles', 'retryAfterStyle', 'tokenLife'].includes(fault.kind);
}

/** Goes together with another fault. */
function isBeside(fault: Fault): boolean {
  return fault.kind === 'delay' || fault.kind === 'visibleAfter';
}

function isDue(seed: number, armed: ArmedRule): boolean {
  const { times, skip, chance } = armed.rule;
  armed.seen += 1;
  if (armed.seen <= skip || (times !== 'always' && armed.hits >= times)) return false;
  if (chance < 1 && seededRandom(seed, 'fault', armed.id, armed.seen)() >= chance) return false;
  armed.hits += 1;
  return true;
}

function isMatch(armed: ArmedRule, call: GraphCall, tenant: Tenant): boolean {
  const { match } = armed.rule;
  if (match.method !== undefined && match.method.toUpperCase() !== call.method) return false;
  if (match.batched !== undefined && match.batched !== (call.batchOf !== null)) return false;
  if (!isTenant(armed.rule, tenant)) return false;
  // Sign-in goes wrong only when a rule names its path: most rules are about Graph.
  if (isSignIn(call) && armed.path === undefined) return false;
  return armed.path === undefined || armed.path.test(call.path);
}

function isTenant(rule: FaultRule, tenant: Tenant): boolean {
  const wanted = rule.match.tenant?.toLowerCase();
  if (wanted === undefined) return true;
  return tenantWords(tenant).includes(wanted);
}

function isSignIn(call: GraphCall): boolean {
  // msal sends a query along.
  return call.path.split('?')[0]?.endsWith('/oauth2/v2.0/token') === true;
}
