import { AppError } from '../kernel/errors.ts';
import type { Secret } from '../kernel/secret.ts';
import { withOwner } from './owner-client.ts';

/** Tables without a tenant: each is here because its rows belong to no customer. */
const TENANTLESS = [
  'users',
  'api_tokens',
  'security_events',
  'installation_entries',
  'identities',
  'passwords',
  'sessions',
  'one_time_links',
  'sign_in_failures',
  'workers',
  'migrations',
];

/**
 * What is wrong with the tenant wall, as the catalog tells it: one sentence per hole, none when it
 * is whole. Read at start-up, and by the test that punches holes.
 */
export function findWallHoles(ownerUrl: Secret<string>): Promise<string[]> {
  return withOwner(ownerUrl, async (client) => {
    const holes: string[] = [];
    for (const question of QUESTIONS) {
      const { rows } = await client.query<{ hole: string }>(question, [TENANTLESS]);
      holes.push(...rows.map((row) => row.hole));
    }
    return holes;
  });
}

/**
 * @throws AppError database.wall_broken naming up to ten holes; database.role_too_strong when the
 *   login could walk through the wall.
 */
export async function requireWall(ownerUrl: Secret<string>, loginRole: string): Promise<void> {
  const holes = await findWallHoles(ownerUrl);
  if (holes.length > 0) throw new AppError('database.wall_broken', { holes: holes.slice(0, 10) });
  await withOwner(ownerUrl, async (client) => {
    const { rows } = await client.query<{ strong: boolean }>(
      'select rolsuper or rolbypassrls as strong from pg_roles where rolname = $1',
      [loginRole],
    );
    if (rows[0]?.strong !== false) throw new AppError('database.role_too_strong', {});
  });
}

const TENANT_TABLES = `
  select c.oid, c.relname, c.relrowsecurity, c.relforcerowsecurity, c.relacl,
    case c.relname when 'tenants' then 'id' else 'tenant_id' end as key
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'public' and c.relkind in ('r', 'p') and c.relname <> all ($1::text[])`;

const QUESTIONS = [
  `select relname || ': has no tenant_id' as hole from (${TENANT_TABLES}) t
   where not exists (select 1 from pg_attribute a where a.attrelid = t.oid and a.attname = t.key
     and a.attnotnull and not a.attisdropped)`,
  `select relname || ': row-level security is not forced' as hole from (${TENANT_TABLES}) t
   where not (relrowsecurity and relforcerowsecurity)`,
  `select relname || ': no tenant_wall policy for all commands' as hole from (${TENANT_TABLES}) t
   where not exists (select 1 from pg_policy p where p.polrelid = t.oid
     and p.polname = 'tenant_wall' and p.polcmd = '*'
     and p.polroles = array['atlas_tenant'::regrole::oid]
     and pg_get_expr(p.polqual, p.polrelid) = '(' || t.key || ' = current_tenant())'
     and pg_get_expr(p.polwithcheck, p.polrelid) = '(' || t.key || ' = current_tenant())')`,
  `select relname || ': policy ' || p.polname || ' is open to '
     || coalesce(r.rolname, 'everybody') as hole
   from (${TENANT_TABLES}) t join pg_policy p on p.polrelid = t.oid
     cross join unnest(p.polroles) as granted(oid) left join pg_roles r on r.oid = granted.oid
   where p.polname <> 'tenant_wall' and (r.rolname is null
     or r.rolname not in ('atlas_system', 'atlas_person')
     or (r.rolname = 'atlas_system' and t.relname not in
       ('runs', 'run_items', 'lanes', 'idempotency_keys')))`,
  `select relname || ': primary key does not begin with ' || t.key as hole from (${TENANT_TABLES}) t
   where not exists (select 1 from pg_index i join pg_attribute a
     on a.attrelid = t.oid and a.attnum = i.indkey[0]
     where i.indrelid = t.oid and i.indisprimary and a.attname = t.key)`,
  `select t.relname || ': foreign key ' || k.conname || ' leaves the tenant out' as hole
   from (${TENANT_TABLES}) t join (${TENANT_TABLES}) f on f.relname <> 'tenants'
     join pg_constraint k on k.contype = 'f' and k.conrelid = t.oid and k.confrelid = f.oid
   where not exists (select 1 from pg_attribute a, pg_attribute b
     where a.attrelid = t.oid and a.attname = 'tenant_id' and a.attnum = k.conkey[1]
       and b.attrelid = f.oid and b.attname = 'tenant_id' and b.attnum = k.confkey[1])`,
  `select t.relname || ': foreign key ' || k.conname || ' has no index' as hole
   from (${TENANT_TABLES}) t join pg_constraint k on k.contype = 'f' and k.conrelid = t.oid
   where not exists (select 1 from pg_index i where i.indrelid = t.oid
     and (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey)`,
  `select c.relname || ': atlas_login holds a grant' as hole from pg_class c
     join pg_namespace n on n.oid = c.relnamespace, aclexplode(c.relacl) a
   where n.nspname = 'public' and a.grantee in (0, (select oid from pg_roles
     where rolname = 'atlas_login')) and cardinality($1::text[]) >= 0`,
  `select c.relname || ': a view that reads with the rights of its owner' as hole
   from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where n.nspname = 'public' and cardinality($1::text[]) >= 0 and (c.relkind = 'm'
     or c.relkind = 'v' and not coalesce(c.reloptions, '{}') @> '{security_invoker=true}')`,
  // What opens something is found by its hash only, through functions.
  `select c.relname || ': granted to ' || coalesce(r.rolname, 'everybody') as hole
   from pg_class c join pg_namespace n on n.oid = c.relnamespace, aclexplode(c.relacl) a
     left join pg_roles r on r.oid = a.grantee
   where n.nspname = 'public' and a.grantee <> c.relowner and cardinality($1::text[]) >= 0
     and c.relname in ('api_tokens', 'identities', 'passwords', 'sessions', 'one_time_links',
       'sign_in_failures', 'migrations')`,
  `select p.proname || ': a definer function open to everyone or without a search_path' as hole
   from pg_proc p join pg_namespace n on n.oid = p.pronamespace
   where n.nspname = 'public' and p.prosecdef and cardinality($1::text[]) >= 0
     and (p.proconfig is null or not exists (select 1 from unnest(p.proconfig) c
       where c like 'search_path=%') or p.proacl is null
       or exists (select 1 from aclexplode(p.proacl) a where a.grantee = 0))`,
];
