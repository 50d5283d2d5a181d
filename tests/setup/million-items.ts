import type { ApiTenant, ApiWorld } from './api-fixture.ts';
import type { Ids } from './matrix-samples.ts';
import { userOf } from './matrix-world.ts';

/** A thousand tenants; ten of them are large, and Acme is one of those. */
const SMALL_TENANTS = 1_000;
const RUNS = 2_000;
const POLICIES = 5_000;
const ITEMS_PER_LONG_RUN = 5_000;
const LONG_RUNS = 20;

/**
 * An installation as it is after a year: one million run items over ten large tenants, with all
 * that belongs to them. Written past triggers and keys, as the administrator, for speed.
 */
export async function fillWithMillions(world: ApiWorld, acme: ApiTenant): Promise<Ids> {
  const userId = userOf(acme.as('owner'));
  await world.asAdmin('set session_replication_role = replica');
  await world.asAdmin(
    `insert into tenants (id, name) select uuidv7(), 'tenant ' || n
     from generate_series(1, ${SMALL_TENANTS}) n`,
  );
  const values = { acme: acme.id, userId };
  for (const statement of STATEMENTS) {
    await world.asAdmin(
      statement.replace(/\$\{(\w+)\}/g, (_all, name: string) =>
        name === 'acme' ? values.acme : values.userId,
      ),
    );
  }
  await world.asAdmin('set session_replication_role = origin');
  await world.asAdmin('analyze');
  const id = async (statement: string): Promise<string> => {
    const { rows } = await world.asAdmin(`${statement} limit 1`, [acme.id]);
    return rows[0].id;
  };
  return {
    run: await id('select run_id as id from run_items where tenant_id = $1'),
    policy: await id('select policy_id as id from policy_versions where tenant_id = $1'),
    version: await id('select id from policy_versions where tenant_id = $1'),
    backup: await id('select backup_id as id from backup_items where tenant_id = $1'),
    restore: await id('select restore_id as id from restore_items where tenant_id = $1'),
    comparison: await id('select comparison_id as id from comparison_items where tenant_id = $1'),
    connection: await id('select id from connections where tenant_id = $1'),
    notification: await id('select id from notifications where tenant_id = $1'),
  };
}

/** The ten large tenants. */
const LARGE = `(select '\${acme}'::uuid as tenant_id
  union all (select id from tenants where name like 'tenant %' order by name limit 9)) as large`;
const EVERY = `(select id as tenant_id from tenants) as every`;

const STATEMENTS = [
  `insert into memberships (tenant_id, user_id, role)
   select tenant_id, '\${userId}', 'owner' from ${EVERY} on conflict do nothing`,
  `insert into memberships (tenant_id, user_id, role)
   select tenant_id, md5('u' || n)::uuid, 'operator' from ${EVERY}, generate_series(1, 5) n`,
  `insert into connections (tenant_id, id, cloud, entra_tenant_id, client_id, credential_kind,
     sealed_credential)
   select tenant_id, uuidv7(), 'global', tenant_id, tenant_id, 'secret', 'x' from ${EVERY}`,
  `insert into write_registrations (tenant_id, connection_id, id, client_id, credential_kind,
     sealed_credential)
   select tenant_id, id, uuidv7(), tenant_id, 'secret', 'x' from connections`,
  `insert into coverage (tenant_id, policy_type, state)
   select tenant_id, 'type' || n, 'covered' from ${EVERY}, generate_series(1, 8) n`,
  `insert into policies (tenant_id, id, type, graph_id, name, missing_since)
   select tenant_id, uuidv7(),
     case n % 4 when 0 then 'roleScopeTag' when 1 then 'configurationPolicy'
       when 2 then 'namedLocation' else 'deviceConfiguration' end,
     n::text, 'Policy ' || md5(n::text), case when n % 50 = 0 then now() end
   from ${LARGE}, generate_series(1, ${POLICIES}) n`,
  `insert into snapshots (tenant_id, content_hash, body)
   select tenant_id, sha256(convert_to('[' || n || ']', 'UTF8')),
     convert_to('[' || n || ']', 'UTF8')
   from ${LARGE}, generate_series(1, ${POLICIES}) n`,
  `insert into policy_versions (tenant_id, id, policy_id, number, content_hash, assignments_hash,
     scope_tags_hash, name, reason, made_by, read_at, has_masked_secrets, meta, group_ids)
   select tenant_id, uuidv7(), id, v, sha256(convert_to('[' || graph_id || ']', 'UTF8')),
     sha256(''), sha256(''), name, 'nightly', 'a schedule', now(), false, '{}', '{}'
   from policies, generate_series(1, 3) v`,
  `insert into backups (tenant_id, id, name, selection, made_by)
   select tenant_id, uuidv7(), 'Nightly ' || n, '{}', 'a schedule'
   from ${LARGE}, generate_series(1, 500) n`,
  `insert into backup_items (tenant_id, backup_id, policy_id, version_id, is_new)
   select b.tenant_id, b.id, v.policy_id, v.id, right(v.policy_id::text, 1) = '0'
   from (select tenant_id, (array_agg(id))[1:3] as ids from backups group by 1) kept
     cross join unnest(ids) as chosen(id)
     join backups b on b.tenant_id = kept.tenant_id and b.id = chosen.id
     join policy_versions v on v.tenant_id = b.tenant_id and v.number = 1`,
  `insert into runs (tenant_id, id, type, target, input, input_hash, lane, phase, outcome, ended_at,
     initiator_kind, initiator_label, policy_id, backup_id)
   select l.tenant_id, uuidv7(), case n % 3 when 0 then 'policy.sync'
       when 1 then 'backup.create' else 'policy.capture_snapshot' end, 'target ' || n, '{}',
     sha256(''), 'bulk', case when n % 20 = 0 then 'queued' else 'ended' end,
     case when n % 20 = 0 then null else 'succeeded' end,
     case when n % 20 = 0 then null else now() end, 'schedule', 'a schedule', p.id, b.id
   from ${LARGE.replace('as large', 'as l')}
     cross join generate_series(1, ${RUNS}) n
     left join policies p on p.tenant_id = l.tenant_id and p.graph_id = (n % 100)::text
     left join backups b on b.tenant_id = l.tenant_id and b.name = 'Nightly ' || n % 100`,
  `insert into run_items (tenant_id, run_id, seq, subject_kind, subject_id, label, outcome,
     ended_at)
   select r.tenant_id, r.id, n, 'policy', n::text, 'Policy ' || n,
     case n % 10 when 0 then 'failed' when 1 then 'skipped' else 'succeeded' end, now()
   from (select tenant_id, id, row_number() over (partition by tenant_id order by id) as place
       from runs where phase = 'ended') r
     cross join generate_series(1, ${ITEMS_PER_LONG_RUN}) n
   where r.place <= ${LONG_RUNS}`,
  `insert into restores (tenant_id, id, name, source_kind, backup_id, selection, options, mapping,
     made_by)
   select tenant_id, uuidv7(), 'Restore ' || n, 'backup', null, '{}',
     '{"withAssignments": true, "namePrefix": "", "conditionalAccessState": "disabled"}', '{}',
     'a person'
   from ${LARGE}, generate_series(1, 500) n`,
  `insert into restore_items (tenant_id, restore_id, version_id, type, name, source_graph_id,
     content_hash, has_masked_secrets, group_ids, action, steps, steps_hash, position)
   select r.tenant_id, r.id, v.id, p.type, v.name, p.graph_id, v.content_hash, false, '{}',
     case right(p.graph_id, 1) when '0' then 'create' when '1' then 'blocked' else 'unchanged' end,
     case right(p.graph_id, 1) when '0' then '[]'::bytea end,
     case right(p.graph_id, 1) when '0' then sha256('[]') end, p.graph_id::integer
   from (select tenant_id, (array_agg(id))[1:3] as ids from restores group by 1) kept
     cross join unnest(ids) as chosen(id)
     join restores r on r.tenant_id = kept.tenant_id and r.id = chosen.id
     join policies p on p.tenant_id = r.tenant_id
     join policy_versions v on v.tenant_id = p.tenant_id and v.policy_id = p.id and v.number = 1`,
  `insert into restore_secrets (tenant_id, restore_id, version_id, place, id, sealed, keyed_hash,
     entered_by)
   select tenant_id, restore_id, version_id, '', uuidv7(), 's', sha256('h'), 'a person'
   from restore_items`,
  `insert into restore_dangling (tenant_id, restore_id, version_id, policy_id, at, kind, old_id,
     new_id)
   select i.tenant_id, i.restore_id, i.version_id, v.policy_id, 'assignments[0]', 'group', 'a', 'b'
   from restore_items i
     join policy_versions v on v.tenant_id = i.tenant_id and v.id = i.version_id`,
  `insert into comparisons (tenant_id, id, kind, state, before_label, after_label, made_by)
   select tenant_id, uuidv7(), 'copies', 'draft', 'another tenant', 'this one', 'a person'
   from ${LARGE}, generate_series(1, 500) n`,
  `insert into comparison_items (tenant_id, comparison_id, subject_id, type, name, kind,
     before_policy_id, after_policy_id, before_number, after_number, before_hash, after_hash)
   select c.tenant_id, c.id, p.id, p.type, p.name,
     case right(p.graph_id, 1) when '0' then 'changed' when '1' then 'new' else 'unchanged' end,
     p.id, p.id, 1, 1, v.content_hash, v.content_hash
   from (select tenant_id, (array_agg(id))[1:3] as ids from comparisons group by 1) kept
     cross join unnest(ids) as chosen(id)
     join comparisons c on c.tenant_id = kept.tenant_id and c.id = chosen.id
     join policies p on p.tenant_id = c.tenant_id
     join policy_versions v on v.tenant_id = p.tenant_id and v.policy_id = p.id and v.number = 1`,
  `insert into directory_groups (tenant_id, graph_id, name, missing_since)
   select tenant_id, md5(n::text), 'Group ' || md5(n::text), case when n % 50 = 0 then now() end
   from ${LARGE}, generate_series(1, ${POLICIES}) n`,
  `insert into restore_references (tenant_id, restore_id, kind, source_id, name, how, target,
     items)
   select r.tenant_id, r.id, case n % 10 when 3 then 'namedLocation' else 'group' end,
     md5(n::text), 'Group ' || md5((n / 3)::text), case n % 5 when 0 then 'nothing'
       when 1 then 'by_hand' when 2 then 'new_group' else 'same_name' end,
     case when n % 10 = 3 then n::text when n % 5 <> 0 then md5(n::text) end, 1
   from (select distinct tenant_id, restore_id as id from restore_items) r
     cross join generate_series(1, ${POLICIES}) n
   order by r.tenant_id, r.id, 3, 4`,
  `insert into notifications (tenant_id, id, user_id, run_id, state)
   select tenant_id, uuidv7(), u.id, r.id, 'ended'
   from runs r, (values ('\${userId}'::uuid), (md5('u1')::uuid)) as u(id)`,
  `insert into audit_entries (tenant_id, id, actor_kind, actor_label, action, subject_kind,
     subject_id)
   select tenant_id, uuidv7(), 'schedule', 'a schedule', 'run.started', 'run', n::text
   from ${LARGE}, generate_series(1, 5000) n`,
];
