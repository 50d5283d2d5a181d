import { z } from 'zod';
import type { SimulatorProcess } from '../tests/setup/simulator.ts';

const callSchema = z.object({
  seq: z.number(),
  method: z.string(),
  path: z.string(),
  status: z.number(),
  bucket: z.string().nullable(),
  fault: z.string().nullable(),
  clientRequestId: z.string(),
});
const pageSchema = z.object({ entries: z.array(callSchema) });

/** A write as it came to the simulator, whoever sent it. */
export type LoggedWrite = z.infer<typeof callSchema>;

/** What came to a simulated tenant, portion by portion: its log forgets what is old. */
export class WriteLog {
  readonly #simulator: SimulatorProcess;
  readonly #entraId: string;
  #seq = 0;

  constructor(simulator: SimulatorProcess, entraId: string) {
    this.#simulator = simulator;
    this.#entraId = entraId;
  }

  /** The writes since the last look. */
  async readNew(): Promise<readonly LoggedWrite[]> {
    const page = await this.#simulator.page(`log?tenant=${this.#entraId}&since=${this.#seq}`);
    const { entries } = pageSchema.parse(page);
    this.#seq = Math.max(this.#seq, ...entries.map(({ seq }) => seq));
    return entries.filter(
      ({ method, path }) => method !== 'GET' && /^\/beta\/(deviceM|identity)/.test(path),
    );
  }
}

/** Its answer was lost on the way, or does not say whether it was done. */
export function isAmbiguous({ status, fault }: LoggedWrite): boolean {
  if (fault === 'resetMidBody' && status !== 204) return true;
  return status === 0 || status === 408 || status === 409 || status >= 500;
}
