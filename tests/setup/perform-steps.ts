import { randomUUID } from 'node:crypto';
import type { PolicyType } from '../../src/graph/contracts/list.ts';
import type { GraphReader, GraphWriter, WriteResult } from '../../src/graph/port.ts';
import type { WriteStep } from '../../src/graph/writing/write-step.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../src/kernel/canonical-json.ts';

const NEVER = new AbortController().signal;

/** A stored body as a test may take it apart. */
export interface ReadBody {
  readonly graphId: string;
  readonly name: string;
  readonly body: JsonObject;
}

/** One attempt at one step. */
export function performStep(
  writer: GraphWriter,
  step: WriteStep,
  graphId?: string,
  signal = NEVER,
): Promise<WriteResult> {
  const target = graphId === undefined ? {} : { graphId };
  return writer.perform(step, target, { clientRequestId: randomUUID(), signal });
}

/** All steps, one after the other; gives the object's id. A step that is not applied throws. */
export async function performSteps(
  writer: GraphWriter,
  steps: readonly WriteStep[],
  graphId?: string,
): Promise<string> {
  let id = graphId;
  for (const step of steps) {
    const result = await performStep(writer, step, id);
    if (result.kind !== 'applied') {
      throw new Error(`${step.name} ${step.path}: ${JSON.stringify(result)}`);
    }
    id = result.graphId;
  }
  if (id === undefined) throw new Error('no step told an id');
  return id;
}

/** Every policy of a type, whole. */
export async function readPolicies(reader: GraphReader, type: PolicyType): Promise<ReadBody[]> {
  const ids: string[] = [];
  for await (const page of reader.list(type, NEVER)) ids.push(...page.map((row) => row.graphId));
  return Promise.all(ids.map((id) => readBody(reader, type, id)));
}

/** One policy as it would be stored. */
export async function readBody(
  reader: GraphReader,
  type: PolicyType,
  graphId: string,
): Promise<ReadBody> {
  const { body, name } = await reader.read(type, graphId, NEVER);
  const parsed: JsonValue = JSON.parse(body);
  if (!isJsonObject(parsed)) throw new Error('a body is an object');
  return { graphId, name, body: parsed };
}
