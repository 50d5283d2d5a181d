-- The ledger of the groups that a restore makes: the same columns, moves and guard as
-- restore_writes (0008), one write a row.
alter table restore_groups
  add column run_id uuid,
  add column state text not null default 'planned'
    check (state in ('planned', 'intent', 'applied', 'verified', 'failed', 'unknown')),
  add column attempt integer not null default 0,
  add column client_request_id uuid,
  add column intent_at timestamptz,
  add column existing_ids text[],
  add column proof text check (proof in ('refused', 'not_sent', 'not_found')),
  add column was_adopted boolean not null default false,
  add column failures integer not null default 0,
  -- the group that was made; graph_id is one that was there
  add column made_graph_id text,
  -- why it was not made
  add column write_code text,
  add foreign key (tenant_id, run_id) references runs (tenant_id, id) on delete set null (run_id),
  add unique (tenant_id, client_request_id),
  add check (state = 'planned' or action = 'create'),
  add check ((attempt = 0) = (client_request_id is null)),
  add check ((attempt = 0) = (intent_at is null)),
  add check (state <> 'intent' or attempt > 0 and existing_ids is not null),
  add check (state <> 'planned' or attempt = 0 or proof is not null),
  add check (state not in ('applied', 'verified') or made_graph_id is not null);
create index restore_groups_run on restore_groups (tenant_id, run_id);
create trigger guard before update on restore_groups for each row
  when (new.state is distinct from old.state or new.attempt is distinct from old.attempt)
  execute function guard_write();
