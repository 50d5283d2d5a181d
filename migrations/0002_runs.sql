-- Runs: what a click creates. Runs are the truth; the queue engine's jobs are only tickets.

create table runs (
  tenant_id uuid not null references tenants (id),
  id uuid not null,
  type text not null,
  target text not null,
  input jsonb not null,
  input_hash bytea not null check (octet_length(input_hash) = 32),
  lane text not null check (lane in ('interactive', 'bulk')),
  priority integer not null default 100,
  phase text not null default 'queued' check (phase in ('queued', 'running', 'ended')),
  outcome text check (outcome in ('succeeded', 'partial', 'failed', 'cancelled', 'blocked')),
  -- why it was blocked or failed as a whole, or what it waits for while queued
  code text,
  items_total integer not null default 0,
  items_succeeded integer not null default 0,
  items_skipped integer not null default 0,
  items_failed integer not null default 0,
  items_unknown integer not null default 0,
  next_seq integer not null default 1,
  graph_calls integer not null default 0,
  graph_calls_saved integer not null default 0,
  throttled integer not null default 0,
  initiator_kind text not null check (initiator_kind in ('user', 'token', 'schedule', 'system')),
  initiator_id uuid,
  initiator_label text not null,
  -- raised by every slice and every takeover; a write that carries an older one is refused
  fence integer not null default 0,
  worker_id uuid,
  takeovers integer not null default 0,
  -- takeovers whose suspects have been marked: see ARCHITECTURE.md, poison
  takeovers_seen integer not null default 0,
  -- failures of the run as a whole, outside any item
  attempts integer not null default 0,
  -- slices in a row that never came to their last transaction and settled nothing: a run that ends
  -- its workers before any item can be blamed must not go on for ever
  crashes integer not null default 0,
  run_at timestamptz not null default now(),
  cancel_requested_at timestamptz,
  -- grows with each visible change; the event id of live views
  revision bigint not null default 1,
  planned_at timestamptz,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  ended_at timestamptz,
  -- a fleet start; no foreign key, the batch is only a label
  batch_id uuid,
  connection_id uuid,
  policy_id uuid,
  backup_id uuid,
  primary key (tenant_id, id),
  check ((phase = 'ended') = (outcome is not null)),
  check ((phase = 'ended') = (ended_at is not null)),
  check ((phase = 'running') = (worker_id is not null)),
  check (outcome is distinct from 'blocked' or started_at is null),
  check (items_succeeded + items_skipped + items_failed + items_unknown <= items_total),
  -- no run ends well with an item that nobody settled
  check (outcome is null or outcome not in ('succeeded', 'partial')
    or items_succeeded + items_skipped + items_failed + items_unknown = items_total)
) with (fillfactor = 80);
-- One live run per (tenant, type, target): the law itself.
create unique index runs_live on runs (tenant_id, type, target) where phase <> 'ended';
create index runs_next on runs (tenant_id, lane, priority, run_at, id) where phase = 'queued';
create index runs_working on runs (worker_id) where phase = 'running';
create index runs_live_by_id on runs (tenant_id, id) where phase <> 'ended';
create index runs_by_type on runs (tenant_id, type, id);
create index runs_ended on runs (tenant_id, ended_at) where phase = 'ended';
alter table runs enable row level security;
alter table runs force row level security;
create policy tenant_wall on runs to atlas_tenant
  using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
create policy system_duties on runs to atlas_system using (true) with check (true);
grant select, insert, update, delete on runs to atlas_tenant;
grant select, update on runs to atlas_system;

create table run_items (
  tenant_id uuid not null,
  run_id uuid not null,
  seq integer not null,
  subject_kind text not null,
  subject_id text not null,
  label text not null,
  -- working it may add more items: a listing
  discovers boolean not null default false,
  outcome text not null default 'pending'
    check (outcome in ('pending', 'succeeded', 'skipped', 'failed', 'unknown')),
  code text,
  details jsonb,
  -- retries after failures that may pass
  attempts smallint not null default 0,
  -- it was perhaps in work when a worker died: it is worked alone until it is done
  is_suspect boolean not null default false,
  crashes smallint not null default 0,
  started_at timestamptz,
  ended_at timestamptz,
  primary key (tenant_id, run_id, seq),
  unique (tenant_id, run_id, subject_kind, subject_id),
  foreign key (tenant_id, run_id) references runs (tenant_id, id) on delete cascade,
  check ((outcome = 'pending') = (ended_at is null))
) with (fillfactor = 80);
create index run_items_pending on run_items (tenant_id, run_id, seq) where outcome = 'pending';
create index run_items_discovering on run_items (tenant_id, run_id, seq)
  where outcome = 'pending' and discovers;
create index run_items_suspect on run_items (tenant_id, run_id, seq)
  where outcome = 'pending' and is_suspect;
create index run_items_by_outcome on run_items (tenant_id, run_id, outcome, seq);
alter table run_items enable row level security;
alter table run_items force row level security;
create policy tenant_wall on run_items to atlas_tenant
  using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
create policy system_duties on run_items for select to atlas_system using (true);
-- no delete: an item goes with its run only, or the counts would not be what the items say
grant select, insert, update on run_items to atlas_tenant;
grant select on run_items to atlas_system;

-- Whoever asked for the run, first or by joining: each is notified, and the run keeps its right to
-- go on while any of them holds it.
create table run_requesters (
  tenant_id uuid not null,
  run_id uuid not null,
  user_id uuid not null references users (id) on delete cascade,
  label text not null,
  requested_at timestamptz not null default now(),
  primary key (tenant_id, run_id, user_id),
  foreign key (tenant_id, run_id) references runs (tenant_id, id) on delete cascade
);
create index run_requesters_user on run_requesters (user_id);
alter table run_requesters enable row level security;
alter table run_requesters force row level security;
create policy tenant_wall on run_requesters to atlas_tenant
  using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
grant select, insert on run_requesters to atlas_tenant;

create table notifications (
  tenant_id uuid not null,
  id uuid not null,
  user_id uuid not null references users (id) on delete cascade,
  run_id uuid not null,
  state text not null check (state in ('queued', 'running', 'ended')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  read_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, run_id, user_id),
  foreign key (tenant_id, run_id) references runs (tenant_id, id) on delete cascade
);
create index notifications_of_user on notifications (user_id, id);
create index notifications_of_user_in_tenant on notifications (tenant_id, user_id, id);
alter table notifications enable row level security;
alter table notifications force row level security;
create policy tenant_wall on notifications to atlas_tenant
  using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
create policy own_notifications on notifications for select to atlas_person
  using (user_id = current_person() and exists (
    select 1 from memberships m
    where m.tenant_id = notifications.tenant_id and m.user_id = current_person()));
grant select, insert, update on notifications to atlas_tenant;
grant select on notifications to atlas_person;

create table idempotency_keys (
  tenant_id uuid not null references tenants (id),
  principal_id uuid not null,
  route text not null,
  key text not null check (length(key) between 1 and 200),
  body_hash bytea not null check (octet_length(body_hash) = 32),
  -- the answer, written in the transaction that reserved the key
  status integer not null,
  response jsonb not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, principal_id, route, key)
);
create index idempotency_keys_age on idempotency_keys (tenant_id, created_at);
alter table idempotency_keys enable row level security;
alter table idempotency_keys force row level security;
create policy tenant_wall on idempotency_keys to atlas_tenant
  using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
create policy system_duties on idempotency_keys to atlas_system using (true);
grant select, insert, update, delete on idempotency_keys to atlas_tenant;
grant select, delete on idempotency_keys to atlas_system;

-- Two lanes a tenant. The row lock orders starters against the end of a slice.
create table lanes (
  tenant_id uuid not null references tenants (id),
  lane text not null check (lane in ('interactive', 'bulk')),
  ticket_no bigint not null default 0,
  ticket_at timestamptz,
  busy_run_id uuid,
  primary key (tenant_id, lane),
  foreign key (tenant_id, busy_run_id) references runs (tenant_id, id)
    on delete set null (busy_run_id)
) with (fillfactor = 70);
create index lanes_waiting on lanes (lane, ticket_at)
  where ticket_at is not null and busy_run_id is null;
create index lanes_busy on lanes (tenant_id, busy_run_id) where busy_run_id is not null;
alter table lanes enable row level security;
alter table lanes force row level security;
create policy tenant_wall on lanes to atlas_tenant
  using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
create policy system_duties on lanes to atlas_system using (true) with check (true);
grant select, insert, update on lanes to atlas_tenant;
grant select, insert, update on lanes to atlas_system;

-- Inserted once at start, then beaten by update only: no row means declared dead.
create table workers (
  id uuid primary key,
  -- by what name the queue engine locks jobs for this process
  engine_id text not null,
  beat_at timestamptz not null default clock_timestamp(),
  started_at timestamptz not null default clock_timestamp()
);
grant select on workers to atlas_tenant;
grant select, insert, update, delete on workers to atlas_system;

-- An item or its outcome may be written only under the current fence. Code cannot forget it: the
-- lock is the one of enter_slice, so a takeover waits for this transaction whoever wrote it.
create function refuse_stale_fence() returns trigger language plpgsql
set search_path = pg_catalog, public as $$
begin
  perform pg_advisory_xact_lock_shared(hashtextextended(c.run_id::text, 1))
    from (select distinct run_id from changed) c;
  if exists (
    select 1 from (select distinct tenant_id, run_id from changed) c
    join runs r on r.tenant_id = c.tenant_id and r.id = c.run_id
    where r.phase <> 'running' or r.fence::text is distinct from current_setting('app.fence', true)
  ) then
    raise exception 'run fence lost' using errcode = 'TA001';
  end if;
  return null;
end $$;
create trigger fence_insert after insert on run_items
  referencing new table as changed for each statement execute function refuse_stale_fence();
create trigger fence_update after update on run_items
  referencing new table as changed for each statement execute function refuse_stale_fence();
