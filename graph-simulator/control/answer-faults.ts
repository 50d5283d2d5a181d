import { z } from 'zod';
import { type FaultRule, faultRuleSchema } from '../faults/fault-rule.ts';
import type { ArmedRule, FaultStore } from '../faults/fault-store.ts';
import { type ControlAnswer, problem, readControlBody } from './control-answer.ts';

const oneOrMany = z.union([z.array(z.unknown()).max(1000), z.unknown().transform((one) => [one])]);

/** /_simulator/faults: POST one rule or a list, GET what is armed, DELETE all. */
export function answerFaults(
  faults: FaultStore,
  method: string,
  text: string | undefined,
): ControlAnswer {
  if (method === 'GET') return { status: 200, body: { faults: faults.list().map(ruleRow) } };
  if (method === 'DELETE') {
    faults.clear();
    return { status: 200, body: { cleared: true } };
  }
  if (method !== 'POST') return problem(405, 'This page knows POST, GET and DELETE.');
  const body = readControlBody(text);
  if (body === undefined) return problem(400, 'The body is not JSON.');
  const rules: FaultRule[] = [];
  // All are checked before the first is armed.
  for (const [at, candidate] of oneOrMany.parse(body).entries()) {
    const parsed = faultRuleSchema.safeParse(candidate);
    if (!parsed.success) return problem(400, `rule ${at}: ${issuesOf(parsed.error)}`);
    rules.push(parsed.data);
  }
  const armed = rules.map((rule) => ruleRow(faults.add(rule)));
  return { status: 201, body: { faults: armed } };
}

function ruleRow(armed: ArmedRule) {
  const { times } = armed.rule;
  const remaining = times === 'always' ? 'always' : Math.max(0, times - armed.hits);
  return { id: armed.id, ...armed.rule, seen: armed.seen, hits: armed.hits, remaining };
}

function issuesOf(error: z.ZodError): string {
  return error.issues
    .map((issue) => `${issue.path.join('.') || 'rule'}: ${issue.message}`)
    .join('; ');
}
