import { emptyStats } from '../log/call-log.ts';
import type { Simulator } from '../simulator.ts';
import { findTenant } from '../state/world.ts';
import { answerFaults } from './answer-faults.ts';
import { answerObjects } from './answer-objects.ts';
import { type ControlAnswer, problem } from './control-answer.ts';

/** The simulator's own pages: never charged, never logged. */
export function answerControl(
  simulator: Simulator,
  method: string,
  path: string,
  text: string | undefined,
): ControlAnswer {
  const url = new URL(path, 'http://simulator');
  const [, , page, ...rest] = url.pathname.split('/').map((part) => decodeURIComponent(part));
  switch (page) {
    case 'tenants':
      return method === 'GET' ? ok(tenantRows(simulator)) : wrongMethod();
    case 'log':
      return answerLog(simulator, method, url.searchParams);
    case 'stats':
      return method === 'GET' ? ok({ tenants: statRows(simulator) }) : wrongMethod();
    case 'corpus':
      return method === 'GET' ? ok(simulator.corpus) : wrongMethod();
    case 'faults':
      return answerFaults(simulator.faults, method, text);
    case 'objects':
      return answerObjects(simulator, method, rest, url.searchParams, text);
    default:
      return problem(404, 'No such page: tenants, log, stats, corpus, faults, objects.');
  }
}

function tenantRows(simulator: Simulator) {
  return {
    tenants: simulator.world.tenants.map((tenant) => ({
      id: tenant.id,
      name: tenant.name,
      domain: tenant.domain,
      clientId: tenant.apps.read.clientId,
      clientSecret: tenant.apps.read.clientSecret,
      writeClientId: tenant.apps.write.clientId,
      writeClientSecret: tenant.apps.write.clientSecret,
      objects: Object.fromEntries(
        [...tenant.collections].map(([name, collection]) => [name, collection.objects.size]),
      ),
    })),
  };
}

function statRows(simulator: Simulator) {
  const stats = simulator.log.stats();
  return simulator.world.tenants.map((tenant) => ({
    tenantId: tenant.id,
    name: tenant.name,
    ...(stats.get(tenant.id) ?? emptyStats()),
  }));
}

function answerLog(simulator: Simulator, method: string, query: URLSearchParams): ControlAnswer {
  if (method === 'DELETE') {
    simulator.log.clear();
    return ok({ cleared: true });
  }
  if (method !== 'GET') return wrongMethod();
  const since = Number(query.get('since') ?? '0');
  if (!Number.isInteger(since)) return problem(400, 'since must be a whole number.');
  const word = query.get('tenant');
  const tenant = word === null ? undefined : findTenant(simulator.world, word);
  if (word !== null && tenant === undefined) return problem(404, `No tenant ${word}.`);
  return ok(simulator.log.read(since, tenant?.id));
}

function ok(body: unknown): ControlAnswer {
  return { status: 200, body };
}

function wrongMethod(): ControlAnswer {
  return problem(405, 'This page does not know that method.');
}
