import type { CorpusReport } from '../corpus/corpus-report.ts';
import { emptyCorpusReport } from '../corpus/corpus-report.ts';
import { loadCorpus } from '../corpus/load-corpus.ts';
import { createTenant } from '../state/tenant.ts';
import { createWorld, type World } from '../state/world.ts';
import { seededRandom } from '../values/random.ts';
import { addBulkPolicies } from './bulk-policies.ts';
import { makeAssignments } from './make-assignments.ts';
import { seedEmptyTenant, seedFoundations, seedTenant, type TenantSize } from './seed-tenant.ts';

interface WorldOptions {
  readonly seed: number;
  readonly tenants: number;
  /** Tenants after these that hold nothing but what a company has before Intune. */
  readonly empty?: number | undefined;
  /** The folder whose exports the first tenant holds instead of made-up policies. */
  readonly corpus?: string | undefined;
  /** Settings catalog policies added to the first tenant. */
  readonly policies?: number | undefined;
}

const FIRST_NAMES = ['Northwind Clinics', 'Alder Legal', 'Brightwater Bakery'];
const PLACES = ['Lakeside', 'Harbour', 'Hillcrest', 'Old Mill', 'Riverside', 'Stonebridge'];
const TRADES = ['Dental', 'Architects', 'Logistics', 'Optics', 'Foods', 'Print', 'Care', 'Tools'];
const SIZES: readonly TenantSize[] = ['large', 'middle', 'small'];

/** All tenants, the same for the same options. */
export function seedWorld(options: WorldOptions): { world: World; corpus: CorpusReport } {
  const { seed, empty = 0 } = options;
  const tenants = Array.from({ length: options.tenants + empty }, (_, place) =>
    createTenant(seed, place, tenantName(seed, place)),
  );
  let corpus = emptyCorpusReport();
  for (const [place, tenant] of tenants.entries()) {
    if (place >= options.tenants) {
      seedEmptyTenant(seed, tenant);
      continue;
    }
    if (place === 0 && options.corpus !== undefined) {
      seedFoundations(seed, tenant);
      corpus = loadCorpus(tenant, options.corpus, seed);
    } else {
      seedTenant(seed, tenant, SIZES[place] ?? 'small');
    }
    if (place === 0) addBulkPolicies(seed, tenant, options.policies ?? 0);
    makeAssignments(seed, tenant);
  }
  return { world: createWorld(seed, tenants), corpus };
}

/** The first three are fixed; the number keeps all others apart. */
function tenantName(seed: number, place: number): string {
  const fixed = FIRST_NAMES[place];
  if (fixed !== undefined) return fixed;
  const random = seededRandom(seed, 'name', place);
  const word = (list: readonly string[]) => list[Math.floor(random() * list.length)] ?? '';
  return `${word(PLACES)} ${word(TRADES)} ${place + 1}`;
}
