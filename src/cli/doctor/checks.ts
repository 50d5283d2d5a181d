import type { Config } from '../../app/config.ts';
import { inspectMigrations } from '../../app/inspect-migrations.ts';
import { type OpenDatabase, roleOf } from '../../app/open-database.ts';
import { requireWall } from '../../db/check-wall.ts';
import { withOwner } from '../../db/owner-client.ts';
import { AppError, ERRORS } from '../../kernel/errors.ts';
import { readKeyFile } from '../../tenants/key-file.ts';

/** What a check found; a fix is there when something has to be done. */
export interface Finding {
  readonly found: string;
  readonly fix: string | null;
}

/** What the checks look at; the database is null when it could not be reached, with the reason. */
export interface Patient {
  readonly config: Config;
  readonly database: OpenDatabase | null;
  readonly databaseFailure: unknown;
  readonly nodeVersion: string;
}

export interface Check {
  readonly name: string;
  look(patient: Patient): Promise<Finding>;
}

const NODE_MAJOR_MIN = 24;
const POSTGRES_MIN = 150_000;

/** The five things that everything else rests on, each with its fix. */
export const CHECKS: readonly Check[] = [
  { name: 'Node', look: lookAtNode },
  { name: 'Database', look: lookAtDatabase },
  { name: 'Schema and tenant wall', look: lookAtSchema },
  { name: 'Key file', look: lookAtKeyFile },
  { name: 'Worker', look: lookAtWorker },
];

/** The words for a failure, where the code itself says what to do. */
export function findingOf(error: unknown): Finding {
  const facts = ERRORS[error instanceof AppError ? error.code : 'internal'];
  const details = error instanceof AppError ? Object.values(error.details).map(String) : [];
  const about = details.length > 0 ? ` (${details.join(', ')})` : '';
  return { found: `${facts.message}${about}`, fix: facts.next };
}

async function lookAtNode({ nodeVersion }: Patient): Promise<Finding> {
  const isYoung = Number(nodeVersion.split('.')[0]) >= NODE_MAJOR_MIN;
  return {
    found: nodeVersion,
    fix: isYoung ? null : `Install Node ${NODE_MAJOR_MIN} or newer, or start it by npm run.`,
  };
}

async function lookAtDatabase(patient: Patient): Promise<Finding> {
  const { ownerUrl, loginUrl } = reachedDatabase(patient);
  const version = await withOwner(ownerUrl, async (owner) => {
    const { rows } = await owner.query<{ text: string; number: string }>(
      `select current_setting('server_version') as text,
        current_setting('server_version_num') as number`,
    );
    return rows[0];
  });
  // The second address must work as well: it is the one that is used all day.
  await withOwner(loginUrl, (login) => login.query('select 1'));
  if (Number(version?.number) < POSTGRES_MIN) throw new AppError('database.too_old');
  const kind = patient.config.database.kind;
  return { found: `PostgreSQL ${version?.text} (${kind})`, fix: null };
}

async function lookAtSchema(patient: Patient): Promise<Finding> {
  const { ownerUrl, loginUrl } = reachedDatabase(patient);
  const state = await withOwner(ownerUrl, inspectMigrations);
  if (state === null) return { found: 'not set up yet', fix: 'Start "tenantatlas serve" once.' };
  if (state.unknown.length > 0) throw new AppError('database.newer');
  if (state.missing.length > 0) {
    const found = `${state.missing.length} migrations have not been run`;
    return { found, fix: 'Start "tenantatlas serve" once; it runs them.' };
  }
  await requireWall(ownerUrl, roleOf(loginUrl));
  return { found: 'up to date, no hole', fix: null };
}

async function lookAtKeyFile({ config }: Patient): Promise<Finding> {
  try {
    await readKeyFile(config.keyFile);
    return { found: config.keyFile, fix: null };
  } catch (error) {
    const isMissing = error instanceof AppError && error.details['reason'] === 'missing';
    if (!isMissing) throw error;
    const fix = 'The first "tenant add" makes it. If there are tenants already, put it back.';
    return { found: `${config.keyFile} is not there`, fix };
  }
}

async function lookAtWorker(patient: Patient): Promise<Finding> {
  const { ownerUrl } = reachedDatabase(patient);
  const beating = await withOwner(ownerUrl, async (owner) => {
    const table = await owner.query<{ found: string | null }>(
      "select to_regclass('public.workers')::text as found",
    );
    if (table.rows[0]?.found === null) return 0;
    const { rows } = await owner.query<{ count: number }>(
      `select count(*)::integer as count from workers
        where beat_at > clock_timestamp() - make_interval(secs => $1)`,
      [patient.config.worker.deadAfterMs / 1000],
    );
    return rows[0]?.count ?? 0;
  });
  const fix = beating > 0 ? null : 'Start "tenantatlas serve", or "serve --worker-only".';
  return { found: beating === 1 ? '1 is beating' : `${beating} are beating`, fix };
}

function reachedDatabase(patient: Patient): OpenDatabase {
  if (patient.database === null) throw patient.databaseFailure;
  return patient.database;
}
