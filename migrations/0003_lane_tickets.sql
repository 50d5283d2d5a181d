-- How runs move: start, claim, end of slice, cancel. 0006_slices.sql: what happens within a slice,
-- and takeover. Rules that all of them keep:
--  * lock order is the run's advisory lock, lanes, runs; only a start that inserts takes its new
--    run first, and a join that moves no run takes nothing after the run.
--  * every statement after a lock sees a new snapshot, so a lock and what it guards are never
--    one query.
--  * a ticket carries its number; any other number is stale and does nothing.
--  * the tenant is never a parameter where a tenant transaction calls: the transaction knows it.

-- The engine refuses add_job under row-level security, so its owner issues tickets for the others.
create function issue_ticket_for(p_tenant uuid, p_lane text, p_no bigint, p_at timestamptz)
returns void language sql security definer set search_path = pg_catalog, public as $$
  select graphile_worker.add_job(
    'lane', json_build_object('tenantId', p_tenant, 'lane', p_lane, 'ticketNo', p_no),
    run_at => p_at, max_attempts => 3,
    job_key => 'lane/' || p_tenant || '/' || p_lane || '/' || p_no,
    priority => case p_lane when 'interactive' then 0 else 10 end)
$$;
revoke execute on function issue_ticket_for(uuid, text, bigint, timestamptz) from public;
grant execute on function issue_ticket_for(uuid, text, bigint, timestamptz) to atlas_system;

create function issue_ticket(p_lane text, p_no bigint, p_at timestamptz)
returns void language sql security definer set search_path = pg_catalog, public as $$
  select issue_ticket_for(current_tenant(), p_lane, p_no, p_at)
$$;
revoke execute on function issue_ticket(text, bigint, timestamptz) from public;
grant execute on function issue_ticket(text, bigint, timestamptz) to atlas_tenant;

-- Is the job of this ticket still there and not given up? One fetched long ago and never claimed
-- is lost.
create function ticket_is_alive(p_tenant uuid, p_lane text, p_no bigint)
returns boolean language sql stable security definer set search_path = pg_catalog, public as $$
  select exists (
    select 1 from graphile_worker.jobs j
    where j.key = 'lane/' || p_tenant || '/' || p_lane || '/' || p_no
      and j.attempts < j.max_attempts
      and (j.locked_at is null or j.locked_at > now() - interval '5 seconds'))
$$;
revoke execute on function ticket_is_alive(uuid, text, bigint) from public;
grant execute on function ticket_is_alive(uuid, text, bigint) to atlas_system;

-- Frees the jobs that dead workers hold: they become stale tickets, are fetched, do nothing and go.
create function release_jobs(p_engine_ids text[])
returns void language sql security definer set search_path = pg_catalog, public as $$
  select graphile_worker.force_unlock_workers(p_engine_ids)
$$;
revoke execute on function release_jobs(text[]) from public;
grant execute on function release_jobs(text[]) to atlas_system;

-- Gives the lane a ticket for p_at unless it has an earlier one or is at work.
create function ensure_ticket(p_lane text, p_at timestamptz) returns void language plpgsql
set search_path = pg_catalog, public as $$
declare
  v_no bigint;
begin
  insert into lanes as l (tenant_id, lane, ticket_no, ticket_at)
    values (current_tenant(), p_lane, 1, p_at)
  -- locks the lane even where the condition is false: that serialises with the end of a slice
  on conflict (tenant_id, lane) do update
    set ticket_no = l.ticket_no + 1, ticket_at = excluded.ticket_at
    where l.busy_run_id is null and (l.ticket_at is null or l.ticket_at > excluded.ticket_at)
  returning l.ticket_no into v_no;
  if found then perform issue_ticket(p_lane, v_no, p_at); end if;
end $$;
grant execute on function ensure_ticket(text, timestamptz) to atlas_tenant;

-- Creates the run, or joins the live one. status: created | joined | conflict.
create function start_run(
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
    on conflict (tenant_id, type, target) where phase <> 'ended' do nothing;
    if found then
      run_id := p_id;
      status := 'created';
      perform ensure_ticket(p_lane, now());
      return;
    end if;
    select r.* into live from runs r
      where r.tenant_id = current_tenant() and r.type = p_type and r.target = p_target
        and r.phase <> 'ended';
    continue when not found;
    run_id := live.id;
    status := case when live.input_hash = p_input_hash then 'joined' else 'conflict' end;
    if status = 'conflict' then return; end if;
    if live.lane = 'bulk' and p_lane = 'interactive' then perform hasten_run(live.id); end if;
    -- The end of the run waits for this join to commit, so it tells the joiner too.
    perform 1 from runs where tenant_id = current_tenant() and id = live.id and phase <> 'ended'
      for share;
    if found then return; end if;
  end loop;
  raise exception 'run % keeps ending while it is joined', run_id;
end $$;
grant execute on function start_run(uuid, text, text, jsonb, bytea, text, integer, text, uuid, text,
  uuid, uuid, uuid, uuid) to atlas_tenant;

-- A person joined a queued bulk run: it moves to the interactive lane, and to now unless it waits
-- for Graph.
create function hasten_run(p_id uuid) returns void language plpgsql
set search_path = pg_catalog, public as $$
declare
  v_at timestamptz;
begin
  perform 1 from lanes where tenant_id = current_tenant() order by lane for update;
  update runs set lane = 'interactive', revision = revision + 1,
      run_at = case when code = 'graph.throttled' then run_at else least(run_at, now()) end
    where tenant_id = current_tenant() and id = p_id and phase = 'queued' and lane = 'bulk'
    returning run_at into v_at;
  if found then perform ensure_ticket('interactive', v_at); end if;
end $$;
grant execute on function hasten_run(uuid) to atlas_tenant;

-- Caller holds the lane's row lock. Takes the next due run of the lane, or null.
create function claim_next(p_lane text, p_worker uuid) returns runs language plpgsql
set search_path = pg_catalog, public as $$
declare
  claimed runs;
  v_id uuid;
begin
  for tries in 1..3 loop
    select id into v_id from runs
      where tenant_id = current_tenant() and lane = p_lane and phase = 'queued'
        and run_at <= clock_timestamp()
      order by priority, run_at, id limit 1;
    exit when v_id is null;
    update runs set phase = 'running', fence = fence + 1, worker_id = p_worker, code = null,
        revision = revision + 1
      where tenant_id = current_tenant() and id = v_id and phase = 'queued' and lane = p_lane
      returning * into claimed;
    -- not found: cancelled or moved meanwhile, so look again
    exit when found;
  end loop;
  return claimed;
end $$;
grant execute on function claim_next(text, uuid) to atlas_tenant;

-- Caller holds the lane's row lock. Frees the lane; a new ticket if a run still waits in it.
-- A due run's ticket is for now, not for its old run_at, or old lanes would starve others.
-- `greatest` passes over nulls: without the case an idle lane would get ticket after ticket.
create function free_lane(p_lane text) returns void language plpgsql
set search_path = pg_catalog, public as $$
declare
  v_at timestamptz;
  v_no bigint;
begin
  select case when min(run_at) is not null then greatest(min(run_at), clock_timestamp()) end
    into v_at from runs
    where tenant_id = current_tenant() and lane = p_lane and phase = 'queued';
  update lanes set busy_run_id = null, ticket_at = v_at,
      ticket_no = ticket_no + case when v_at is null then 0 else 1 end
    where tenant_id = current_tenant() and lane = p_lane returning ticket_no into v_no;
  if v_at is not null then perform issue_ticket(p_lane, v_no, v_at); end if;
end $$;
grant execute on function free_lane(text) to atlas_tenant;

-- A worker turns up with a ticket. status: claimed | stale | dead | empty.
create function claim_run(p_lane text, p_ticket_no bigint, p_worker uuid,
  out status text, out run jsonb) language plpgsql
set search_path = pg_catalog, public as $$
declare
  held lanes;
  claimed runs;
begin
  select * into held from lanes
    where tenant_id = current_tenant() and lane = p_lane for update;
  if not found or held.ticket_no <> p_ticket_no or held.busy_run_id is not null
      or held.ticket_at is null then
    status := 'stale';
    return;
  end if;
  if not exists (select 1 from workers where id = p_worker) then
    status := 'dead';
    return;
  end if;
  claimed := claim_next(p_lane, p_worker);
  if claimed.id is null then
    perform free_lane(p_lane);
    status := 'empty';
    return;
  end if;
  update lanes set busy_run_id = claimed.id where tenant_id = current_tenant() and lane = p_lane;
  status := 'claimed';
  run := to_jsonb(claimed);
end $$;
grant execute on function claim_run(text, bigint, uuid) to atlas_tenant;

-- The last statement of a slice: ends or requeues the run, then hands the lane on. With p_go_on the
-- same worker gets the lane's next due run at once, so that short runs share a slice.
create function end_slice(p_id uuid, p_fence integer, p_phase text, p_outcome text, p_code text,
  p_run_at timestamptz, p_attempts integer, p_go_on boolean, p_worker uuid, out next_run jsonb)
language plpgsql set search_path = pg_catalog, public as $$
declare
  v_lane text;
  claimed runs;
begin
  select lane into v_lane from runs where tenant_id = current_tenant() and id = p_id;
  perform 1 from lanes where tenant_id = current_tenant() and lane = v_lane for update;
  update runs set phase = p_phase, outcome = p_outcome, code = p_code, worker_id = null,
      attempts = p_attempts, crashes = 0, revision = revision + 1,
      run_at = coalesce(p_run_at, clock_timestamp()),
      ended_at = case when p_phase = 'ended' then clock_timestamp() end
    where tenant_id = current_tenant() and id = p_id and fence = p_fence and phase = 'running';
  if not found then raise exception 'run fence lost' using errcode = 'TA001'; end if;
  if p_go_on then
    claimed := claim_next(v_lane, p_worker);
    if claimed.id is not null then
      update lanes set busy_run_id = claimed.id
        where tenant_id = current_tenant() and lane = v_lane;
      next_run := to_jsonb(claimed);
      return;
    end if;
  end if;
  perform free_lane(v_lane);
end $$;
grant execute on function end_slice(uuid, integer, text, text, text, timestamptz, integer, boolean,
  uuid) to atlas_tenant;

-- Cancels: a run that never began ends at once ('ended'); one at work, or between two slices, is
-- told to stop ('stopping') and its next slice ends it. Null when it had ended.
create function cancel_run(p_id uuid) returns text language plpgsql
set search_path = pg_catalog, public as $$
declare
  found_run runs;
begin
  -- both, in order: a join may just be moving the run from one to the other
  perform 1 from lanes where tenant_id = current_tenant() order by lane for update;
  select * into found_run from runs
    where tenant_id = current_tenant() and id = p_id and phase <> 'ended' for update;
  if not found then return null; end if;
  if found_run.phase = 'queued' and found_run.started_at is null then
    update runs set cancel_requested_at = clock_timestamp(), revision = revision + 1,
        phase = 'ended', outcome = 'cancelled', code = null, ended_at = clock_timestamp()
      where tenant_id = current_tenant() and id = p_id;
    return 'ended';
  end if;
  update runs set revision = revision + 1, run_at = least(run_at, clock_timestamp()),
      cancel_requested_at = coalesce(cancel_requested_at, clock_timestamp())
    where tenant_id = current_tenant() and id = p_id;
  if found_run.phase = 'queued' then
    perform ensure_ticket(found_run.lane, clock_timestamp());
  else
    perform pg_notify('run_cancel', p_id::text);
  end if;
  return 'stopping';
end $$;
grant execute on function cancel_run(uuid) to atlas_tenant;
