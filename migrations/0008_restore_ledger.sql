-- Restores that are carried out: who confirmed one, what became of each item, and the ledger of
-- every write to Graph. src/restores/writing/ says how it is kept.

-- One live writing run per tenant, whatever its type: the law itself.
create unique index runs_one_writer on runs (tenant_id)
  where phase <> 'ended' and target = 'tenant-write';

-- As in 0003, but a run that writes to the tenant is never joined, and any live one is in its way.
create or replace function start_run(
  p_id uuid, p_type text, p_target text, p_input jsonb, p_input_hash bytea, p_lane text,
  p_priority integer, p_initiator_kind text, p_initiator_id uuid, p_initiator_label text,
  p_connection_id uuid, p_policy_id uuid, p_backup_id uuid, p_batch_id uuid,
  out run_id uuid, out status text) language plpgsql
set search_path = pg_catalog, public as $$
declare
  live runs;
begin
  -- bounded: each further try means that a live run ended just between two statements
  for tries in 1..20 loop
    insert into runs (tenant_id, id, type, target, input, input_hash, lane, priority,
      initiator_kind, initiator_id, initiator_label, connection_id, policy_id, backup_id, batch_id)
    values (current_tenant(), p_id, p_type, p_target, p_input, p_input_hash, p_lane, p_priority,
      p_initiator_kind, p_initiator_id, p_initiator_label, p_connection_id, p_policy_id,
      p_backup_id, p_batch_id)
    -- either of the two live indexes
    on conflict do nothing;
    if found then
      run_id := p_id;
      status := 'created';
      perform ensure_ticket(p_lane, now());
      return;
    end if;
    select r.* into live from runs r
      where r.tenant_id = current_tenant() and r.target = p_target and r.phase <> 'ended'
        and (r.type = p_type or p_target = 'tenant-write');
    continue when not found;
    run_id := live.id;
    status := case when live.input_hash = p_input_hash and p_target <> 'tenant-write'
      then 'joined' else 'conflict' end;
    if status = 'conflict' then return; end if;
    if live.lane = 'bulk' and p_lane = 'interactive' then perform hasten_run(live.id); end if;
    -- The end of the run waits for this join to commit, so it tells the joiner too.
    perform 1 from runs where tenant_id = current_tenant() and id = live.id and phase <> 'ended'
      for share;
    if found then return; end if;
  end loop;
  raise exception 'run % keeps ending while it is joined', run_id;
end $$;

alter table restores
  drop constraint restores_state_check,
  -- executing: a run has begun to write; ended: it is over, whatever came of it. Both for good.
  add constraint restores_state_check
    check (state in ('draft', 'planned', 'executing', 'ended')),
  -- made from another restore: its failed items again, its undoing, or the repair of references
  add column origin_kind text check (origin_kind in ('retry', 'undo', 'repair')),
  add column origin_id uuid,
  -- who confirmed which preview, and why; forgotten with the preview
  add column confirmed_at timestamptz,
  add column confirmed_by text,
  add column confirmed_user_id uuid,
  add column confirmed_fingerprint bytea check (octet_length(confirmed_fingerprint) = 32),
  add column confirm_reason text check (length(confirm_reason) between 1 and 500),
  -- the run that carried it out, and how it ended
  add column execute_run_id uuid,
  add column began_at timestamptz,
  add column ended_at timestamptz,
  add column outcome text,
  -- what its updates overwrote
  add column safety_backup_id uuid,
  -- items by what became of them
  add column result_counts jsonb,
  add foreign key (tenant_id, origin_id) references restores (tenant_id, id),
  add foreign key (tenant_id, execute_run_id) references runs (tenant_id, id)
    on delete set null (execute_run_id),
  add foreign key (tenant_id, safety_backup_id) references backups (tenant_id, id)
    on delete set null (safety_backup_id),
  add check ((origin_kind is null) = (origin_id is null)),
  add check ((confirmed_at is null) = (confirmed_fingerprint is null)
    and (confirmed_at is null) = (confirmed_by is null)
    and (confirmed_at is null) = (confirm_reason is null)),
  add check (state in ('draft', 'planned') or began_at is not null),
  add check ((state = 'ended') = (ended_at is not null)),
  -- nobody writes what nobody confirmed
  add check (began_at is null or coalesce(confirmed_fingerprint = fingerprint, false));
create index restores_origin on restores (tenant_id, origin_id) where origin_id is not null;
create index restores_execute_run on restores (tenant_id, execute_run_id);
create index restores_safety_backup on restores (tenant_id, safety_backup_id);

alter table restore_items
  drop constraint restore_items_choice_check,
  drop constraint restore_items_action_check,
  add constraint restore_items_choice_check
    check (choice in ('create', 'update', 'skip', 'delete')),
  add constraint restore_items_action_check
    check (action in ('create', 'update', 'unchanged', 'skip', 'blocked', 'delete')),
  -- an object that another restore made: it is deleted only while it is as that one left it, by
  -- this hash, or as it was sent where it was never read back
  add column is_made boolean not null default false,
  add column made_hash bytea check (octet_length(made_hash) = 32),
  -- What became of it, once; a decision about an unknown item opens it again.
  add column result text
    check (result in ('verified', 'differs', 'failed', 'unknown', 'not_written', 'removed')),
  add column result_code text,
  -- where what was read back is not what was sent
  add column result_differences json not null default '[]',
  -- objects of which one may be ours, when that cannot be told
  add column result_candidates jsonb not null default '[]',
  add column result_graph_id text,
  add column before_hash bytea check (octet_length(before_hash) = 32),
  add column after_hash bytea check (octet_length(after_hash) = 32),
  -- the version that keeps what an update overwrites
  add column safety_version_id uuid,
  add column settled_at timestamptz,
  -- what a person decided about an unknown item; gone when it has been carried out
  add column decision text
    check (decision in ('adopt', 'delete_ours', 'create_anew', 'look_again')),
  add column decision_graph_id text,
  add column decided_by text,
  add column decided_user_id uuid,
  add column decided_at timestamptz,
  add foreign key (tenant_id, safety_version_id) references policy_versions (tenant_id, id),
  add check ((result is null) = (settled_at is null)),
  add check ((decision is null) = (decided_at is null)),
  add check (decision is null or result = 'unknown' or result is null),
  add check (decision not in ('adopt', 'delete_ours') or decision_graph_id is not null);
create index restore_items_by_result
  on restore_items (tenant_id, restore_id, result, position, version_id);
create index restore_items_safety on restore_items (tenant_id, safety_version_id);

-- The ledger: one row per write of an item, in the order of the writes. planned -> intent ->
-- applied -> verified | failed | unknown. Back from intent to planned only with the proof that
-- nothing was done.
create table restore_writes (
  tenant_id uuid not null,
  restore_id uuid not null,
  version_id uuid not null,
  step integer not null check (step >= 0),
  -- the run that holds it; forgotten by retention
  run_id uuid,
  type text not null,
  name text not null,
  -- makes an object, so it may double: never sent again while it is not known what became of it
  is_create boolean not null,
  state text not null default 'planned'
    check (state in ('planned', 'intent', 'applied', 'verified', 'failed', 'unknown')),
  -- Of the last intent. The id is new for each attempt, and Graph logs it.
  attempt integer not null default 0,
  client_request_id uuid,
  intent_at timestamptz,
  -- objects that bore the name when the intent was written down
  existing_ids text[],
  -- why a write that was begun is known not to have been done
  proof text check (proof in ('refused', 'not_sent', 'not_found', 'read_again', 'decided')),
  graph_id text,
  was_adopted boolean not null default false,
  -- attempts that came to nothing for another reason than having to wait
  failures integer not null default 0,
  code text,
  primary key (tenant_id, restore_id, version_id, step),
  foreign key (tenant_id, restore_id, version_id)
    references restore_items (tenant_id, restore_id, version_id) on delete cascade,
  foreign key (tenant_id, run_id) references runs (tenant_id, id) on delete set null (run_id),
  unique (tenant_id, client_request_id),
  check ((attempt = 0) = (client_request_id is null)),
  check ((attempt = 0) = (intent_at is null)),
  check (state <> 'intent' or attempt > 0),
  check (state <> 'planned' or attempt = 0 or proof is not null),
  check (state <> 'intent' or not is_create or existing_ids is not null),
  check (state not in ('applied', 'verified') or graph_id is not null)
);
create index restore_writes_run on restore_writes (tenant_id, run_id);
-- No object is taken for the work of two creates.
create unique index restore_writes_created on restore_writes (tenant_id, restore_id, type, graph_id)
  where is_create and graph_id is not null;
alter table restore_writes enable row level security;
alter table restore_writes force row level security;
create policy tenant_wall on restore_writes to atlas_tenant
  using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
grant select, insert, update on restore_writes to atlas_tenant;

-- A write is written down under the fence of a run that is at work, and moves only as it may: code
-- cannot forget either. The lock is the one of enter_slice, so a takeover waits for this.
create function guard_write() returns trigger language plpgsql
set search_path = pg_catalog, public as $$
begin
  if tg_op = 'UPDATE' and new.run_id is null then
    -- retention forgets the run, and nothing else
    if (to_jsonb(new) - 'run_id') = (to_jsonb(old) - 'run_id') then return new; end if;
  end if;
  perform pg_advisory_xact_lock_shared(hashtextextended(new.run_id::text, 1));
  if not exists (
    select 1 from runs r where r.tenant_id = new.tenant_id and r.id = new.run_id
      and r.phase = 'running' and r.fence::text = current_setting('app.fence', true)
  ) then
    raise exception 'run fence lost' using errcode = 'TA001';
  end if;
  if tg_op = 'INSERT' then
    if new.state <> 'planned' or new.attempt <> 0 then
      raise exception 'a write begins planned' using errcode = '23514';
    end if;
    return new;
  end if;
  if old.state <> new.state and not (
    (old.state = 'planned' and new.state in ('intent', 'applied', 'failed'))
    or (old.state = 'intent' and new.state in ('planned', 'applied', 'failed', 'unknown'))
    or (old.state = 'applied' and new.state in ('verified', 'failed'))
    -- a person decided
    or (old.state = 'unknown' and new.state in ('intent', 'planned', 'applied', 'failed'))
  ) then
    raise exception 'a write does not go from % to %', old.state, new.state using errcode = '23514';
  end if;
  if old.state = 'planned' and new.state = 'intent'
      and (new.attempt <> old.attempt + 1 or new.client_request_id = old.client_request_id) then
    raise exception 'an intent is a new attempt' using errcode = '23514';
  end if;
  return new;
end $$;
create trigger guard before insert or update on restore_writes
  for each row execute function guard_write();
