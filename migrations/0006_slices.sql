-- What a slice writes, under its fence, and what caretakers do when it never came to its end.

-- Every transaction of a slice begins here. The shared lock makes a takeover wait for this
-- transaction, so that nothing of an old fence commits after it.
-- Raises TA001 fence lost, TA002 cancel requested, TA003 nobody holds the right any more. Without
-- roles only the fence is looked at: for what the slice itself does when it stops.
create function enter_slice(p_id uuid, p_fence integer, p_roles text[]) returns void
language plpgsql set search_path = pg_catalog, public as $$
declare
  current_run runs;
begin
  perform pg_advisory_xact_lock_shared(hashtextextended(p_id::text, 1));
  perform set_config('app.fence', p_fence::text, true);
  select * into current_run from runs where tenant_id = current_tenant() and id = p_id;
  if current_run.phase is distinct from 'running' or current_run.fence <> p_fence then
    raise exception 'run fence lost' using errcode = 'TA001';
  end if;
  if p_roles is null then return; end if;
  if current_run.cancel_requested_at is not null then
    raise exception 'run cancelled' using errcode = 'TA002';
  end if;
  if not run_has_right(p_id, p_roles) then
    raise exception 'rights lost' using errcode = 'TA003';
  end if;
end $$;
grant execute on function enter_slice(uuid, integer, text[]) to atlas_tenant;

-- The last transaction of a slice begins here: the exclusive lock waits for whatever the slice
-- still writes, also for an item that was given up, so that nothing of it commits after the end.
create function leave_slice(p_id uuid, p_fence integer) returns void
language plpgsql set search_path = pg_catalog, public as $$
begin
  perform pg_advisory_xact_lock(hashtextextended(p_id::text, 1));
  perform enter_slice(p_id, p_fence, null);
end $$;
grant execute on function leave_slice(uuid, integer) to atlas_tenant;

-- Does anybody who asked for the run still hold one of the roles? Schedules ask for nobody.
create function run_has_right(p_id uuid, p_roles text[]) returns boolean language sql stable
set search_path = pg_catalog, public as $$
  select exists (
      select 1 from run_requesters q
      join memberships m on m.tenant_id = q.tenant_id and m.user_id = q.user_id
      join users u on u.id = m.user_id
      where q.tenant_id = current_tenant() and q.run_id = p_id
        and m.role = any (p_roles) and u.disabled_at is null)
    or exists (
      select 1 from runs r where r.tenant_id = current_tenant() and r.id = p_id
        and r.initiator_kind in ('schedule', 'system'))
$$;
grant execute on function run_has_right(uuid, text[]) to atlas_tenant;

-- Adds what a run is to work through; what is there already stays as it is, so planning may be
-- repeated after a crash. Items may arrive with their outcome. The run's row is locked first: the
-- sequence numbers and the counts come from it.
create function add_run_items(p_id uuid, p_fence integer, p_items jsonb) returns integer
language plpgsql set search_path = pg_catalog, public as $$
declare
  v_seq integer;
  v_added integer;
begin
  perform set_config('app.fence', p_fence::text, true);
  select next_seq into v_seq from runs
    where tenant_id = current_tenant() and id = p_id and fence = p_fence and phase = 'running'
    for no key update;
  if not found then raise exception 'run fence lost' using errcode = 'TA001'; end if;
  with given as (
    select i.*, g.n from jsonb_array_elements(p_items) with ordinality as g (value, n),
      jsonb_to_record(g.value) as i (kind text, id text, label text, discovers boolean,
        outcome text, code text, details jsonb)
  ), added as (
    insert into run_items (tenant_id, run_id, seq, subject_kind, subject_id, label, discovers,
      outcome, code, details, started_at, ended_at)
    select current_tenant(), p_id, v_seq + n - 1, kind, id, label, discovers, outcome, code,
      details,
      case when outcome <> 'pending' then clock_timestamp() end,
      case when outcome <> 'pending' then clock_timestamp() end
    from given order by n
    on conflict (tenant_id, run_id, subject_kind, subject_id) do nothing
    returning outcome
  ), counted as (
    select count(*)::integer as total,
      (count(*) filter (where outcome = 'succeeded'))::integer as succeeded,
      (count(*) filter (where outcome = 'skipped'))::integer as skipped,
      (count(*) filter (where outcome = 'failed'))::integer as failed,
      (count(*) filter (where outcome = 'unknown'))::integer as unknown
    from added
  )
  update runs r set next_seq = v_seq + jsonb_array_length(p_items),
      items_total = r.items_total + c.total, items_succeeded = r.items_succeeded + c.succeeded,
      items_skipped = r.items_skipped + c.skipped, items_failed = r.items_failed + c.failed,
      items_unknown = r.items_unknown + c.unknown,
      crashes = case when c.total > 0 then 0 else r.crashes end, revision = r.revision + 1
    from counted c where r.tenant_id = current_tenant() and r.id = p_id
    returning c.total into v_added;
  return v_added;
end $$;
grant execute on function add_run_items(uuid, integer, jsonb) to atlas_tenant;

-- Writes a batch of outcomes and what they cost. An item no longer pending stays as it is.
create function checkpoint_items(p_id uuid, p_fence integer, p_results jsonb, p_calls integer,
  p_saved integer, p_throttled integer, p_plan_ended boolean) returns void
language plpgsql set search_path = pg_catalog, public as $$
begin
  perform set_config('app.fence', p_fence::text, true);
  perform 1 from runs where tenant_id = current_tenant() and id = p_id and fence = p_fence
    and phase = 'running' for no key update;
  if not found then raise exception 'run fence lost' using errcode = 'TA001'; end if;
  with given as (
    select * from jsonb_to_recordset(p_results) as r (seq integer, outcome text, code text,
      details jsonb, attempts smallint, "startedAt" timestamptz, "endedAt" timestamptz)
  ), settled as (
    update run_items i set outcome = g.outcome, code = g.code, details = g.details,
        attempts = g.attempts, started_at = g."startedAt", is_suspect = false, crashes = 0,
        ended_at = case when g.outcome <> 'pending' then g."endedAt" end
      from given g
      where i.tenant_id = current_tenant() and i.run_id = p_id and i.seq = g.seq
        and i.outcome = 'pending'
      returning i.outcome
  ), counted as (
    select (count(*) filter (where outcome = 'succeeded'))::integer as succeeded,
      (count(*) filter (where outcome = 'skipped'))::integer as skipped,
      (count(*) filter (where outcome = 'failed'))::integer as failed,
      (count(*) filter (where outcome = 'unknown'))::integer as unknown,
      count(*) as written
    from settled
  )
  update runs r set items_succeeded = r.items_succeeded + c.succeeded,
      items_skipped = r.items_skipped + c.skipped, items_failed = r.items_failed + c.failed,
      items_unknown = r.items_unknown + c.unknown, graph_calls = r.graph_calls + p_calls,
      graph_calls_saved = r.graph_calls_saved + p_saved, throttled = r.throttled + p_throttled,
      crashes = case when c.written > 0 then 0 else r.crashes end, revision = r.revision + 1
    from counted c where r.tenant_id = current_tenant() and r.id = p_id;
  -- The total is final once the plan has come to its end and no item is left that may find more.
  if p_plan_ended then
    update runs r set planned_at = clock_timestamp()
      where r.tenant_id = current_tenant() and r.id = p_id and r.planned_at is null
        and not exists (select 1 from run_items i where i.tenant_id = current_tenant()
          and i.run_id = p_id and i.outcome = 'pending' and i.discovers);
  end if;
end $$;
grant execute on function checkpoint_items(uuid, integer, jsonb, integer, integer, integer, boolean)
  to atlas_tenant;

-- Gives back a run whose worker is gone, or which its worker p_left_by has left without a last
-- transaction. Waits for transactions of the old fence (enter_slice), before it locks the lane: the
-- old worker may be about to end its slice, and wants the lane for that.
create function take_back(p_id uuid, p_fence integer, p_left_by uuid) returns boolean
language plpgsql set search_path = pg_catalog, public as $$
declare
  v_lane text;
begin
  perform pg_advisory_xact_lock(hashtextextended(p_id::text, 1));
  select lane into v_lane from runs where tenant_id = current_tenant() and id = p_id;
  perform 1 from lanes where tenant_id = current_tenant() and lane = v_lane for update;
  update runs set phase = 'queued', fence = fence + 1, worker_id = null, crashes = crashes + 1,
      takeovers = takeovers + case when p_left_by is null then 1 else 0 end,
      run_at = clock_timestamp(), revision = revision + 1
    where tenant_id = current_tenant() and id = p_id and fence = p_fence and phase = 'running'
      and (worker_id = p_left_by or not exists (select 1 from workers w where w.id = worker_id));
  if not found then return false; end if;
  perform free_lane(v_lane);
  return true;
end $$;
grant execute on function take_back(uuid, integer, uuid) to atlas_tenant;

-- After a takeover whatever was perhaps in work is worked alone from now on: the first pending
-- items in working order. Items that wait to be tried again bear a code and come first in that
-- order without being in work, so that many of them would hide the others: both kinds are marked.
create function mark_suspects(p_id uuid, p_limit integer) returns void language sql
set search_path = pg_catalog, public as $$
  update run_items set is_suspect = true
    where tenant_id = current_tenant() and run_id = p_id and seq in (
      (select seq from run_items
        where tenant_id = current_tenant() and run_id = p_id and outcome = 'pending'
          and code is null
        order by discovers desc, seq limit p_limit)
      union all
      (select seq from run_items
        where tenant_id = current_tenant() and run_id = p_id and outcome = 'pending'
          and code is not null
        order by discovers desc, seq limit p_limit));
  update runs set takeovers_seen = takeovers where tenant_id = current_tenant() and id = p_id;
$$;
grant execute on function mark_suspects(uuid, integer) to atlas_tenant;

-- Mends one lane that a crash, a zombie or a lost completion left without a way on. p_ticket_no is
-- the one it was found with: any other means that it has gone on, or another caretaker was here.
create function mend_lane(p_lane text, p_ticket_no bigint) returns boolean language plpgsql
set search_path = pg_catalog, public as $$
declare
  held lanes;
begin
  -- only where there is none: an insert that conflicts would wait for whoever holds the row
  insert into lanes (tenant_id, lane) select current_tenant(), p_lane
    where not exists (select 1 from lanes where tenant_id = current_tenant() and lane = p_lane)
    on conflict do nothing;
  select * into held from lanes
    where tenant_id = current_tenant() and lane = p_lane for update skip locked;
  if not found or held.ticket_no <> p_ticket_no then return false; end if;
  if held.busy_run_id is not null and exists (
    select 1 from runs where tenant_id = current_tenant() and id = held.busy_run_id
      and phase = 'running') then
    return false;
  end if;
  perform free_lane(p_lane);
  return true;
end $$;
grant execute on function mend_lane(text, bigint) to atlas_tenant;

-- Tickets that failed too often stay in the engine for ever; their lanes have newer ones.
create function remove_given_up_tickets() returns void
language sql security definer set search_path = pg_catalog, public as $$
  select graphile_worker.complete_jobs(array(
    select id from graphile_worker.jobs
    where task_identifier = 'lane' and attempts >= max_attempts and locked_at is null
    limit 1000))
$$;
revoke execute on function remove_given_up_tickets() from public;
grant execute on function remove_given_up_tickets() to atlas_system;
