import { createServer } from 'node:http';
import { answerRequest } from './http/answer-request.ts';
import { writeJson } from './http/write-answer.ts';
import { seedWorld } from './seed/seed-world.ts';
import type { AuthMode } from './sign-in/identify-caller.ts';
import { createSimulator, type Simulator } from './simulator.ts';
import type { LimitProfile } from './throttle/limits.ts';

export interface SimulatorOptions {
  /** 0 = any free port. */
  readonly port?: number;
  readonly seed?: number;
  readonly tenants?: number;
  /** More tenants, after the others, that hold groups and no policy yet. */
  readonly empty?: number;
  /** A folder of exports that the first tenant holds. */
  readonly corpus?: string;
  /** Settings catalog policies added to the first tenant, for benchmarks. */
  readonly policies?: number;
  readonly latencyMs?: number;
  readonly limits?: LimitProfile;
  readonly auth?: AuthMode;
}

export interface RunningSimulator {
  readonly url: string;
  readonly simulator: Simulator;
  close(): Promise<void>;
}

/** Starts a simulator in this process; resolves once it answers. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<RunningSimulator> {
  const { world, corpus } = seedWorld({
    seed: options.seed ?? 1,
    tenants: options.tenants ?? 3,
    empty: options.empty ?? 0,
    corpus: options.corpus,
    policies: options.policies,
  });
  const simulator = createSimulator({
    world,
    auth: options.auth ?? 'on',
    latencyMs: options.latencyMs ?? 0,
    limits: options.limits ?? 'documented',
    corpus,
  });
  const server = createServer((request, response) => {
    answerRequest(simulator, request, response).catch((error: unknown) => {
      // A client that went away while sending is no concern; anything else is our own mistake.
      if (response.headersSent || response.destroyed) response.destroy();
      else writeJson(response, 500, { error: { message: `simulator: ${String(error)}` } });
    });
  });
  // Longer than any client keeps an idle connection: a reset must come from a fault only.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', () => resolve());
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return {
    url: `http://127.0.0.1:${port}`,
    simulator,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
