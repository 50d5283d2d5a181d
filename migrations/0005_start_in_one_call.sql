-- A start with all that follows from it: the run and its ticket (start_run), who asked for it, what
-- tells them of it, and the audit entry. One call, since a person waits for it, and since its plans
-- are kept here: planned anew each time, these rows cost more than the run itself.
create function start_run_for(
  p_id uuid, p_type text, p_target text, p_input jsonb, p_input_hash bytea, p_lane text,
  p_priority integer, p_initiator_kind text, p_initiator_id uuid, p_initiator_label text,
  p_connection_id uuid, p_policy_id uuid, p_backup_id uuid, p_batch_id uuid,
  -- the person whose rights the run goes on with, if any, and ids of the rows to be made
  p_user_id uuid, p_notification_id uuid, p_audit_id uuid,
  out run_id uuid, out status text) language plpgsql
set search_path = pg_catalog, public as $$
declare
  v_person uuid;
  v_phase text := 'queued';
begin
  select s.run_id, s.status into run_id, status from start_run(p_id, p_type, p_target, p_input,
    p_input_hash, p_lane, p_priority, p_initiator_kind, p_initiator_id, p_initiator_label,
    p_connection_id, p_policy_id, p_backup_id, p_batch_id) s;
  if status = 'conflict' then return; end if;
  select u.id into v_person from users u where u.id = p_user_id;
  if found then
    insert into run_requesters (tenant_id, run_id, user_id, label)
      values (current_tenant(), start_run_for.run_id, v_person, p_initiator_label)
      on conflict do nothing;
    if status = 'joined' then
      select r.phase into v_phase from runs r
        where r.tenant_id = current_tenant() and r.id = start_run_for.run_id;
    end if;
    insert into notifications (tenant_id, id, user_id, run_id, state)
      values (current_tenant(), p_notification_id, v_person, start_run_for.run_id, v_phase)
      on conflict on constraint notifications_tenant_id_run_id_user_id_key do nothing;
  end if;
  insert into audit_entries (tenant_id, id, actor_kind, actor_id, actor_label, action,
    subject_kind, subject_id, details)
  values (current_tenant(), p_audit_id, p_initiator_kind, p_initiator_id, p_initiator_label,
    case status when 'joined' then 'run.joined' else 'run.started' end, 'run', run_id,
    jsonb_build_object('type', p_type));
end $$;
grant execute on function start_run_for(uuid, text, text, jsonb, bytea, text, integer, text, uuid,
  text, uuid, uuid, uuid, uuid, uuid, uuid, uuid) to atlas_tenant;
