import { startWorker, type Worker } from '../queue/worker.ts';
import type { App } from './create-app.ts';
import { openTenantGraph } from './open-tenant-graph.ts';

/**
 * The worker of this process.
 * @param onDead another worker holds its runs now, or its engine stopped: end the process with 75
 */
export function startAppWorker(app: App, onDead: () => void): Promise<Worker> {
  const { log } = app;
  return startWorker({
    db: app.db,
    ownerUrl: app.database.ownerUrl,
    loginUrl: app.database.loginUrl,
    runTypes: app.runTypes,
    openGraph: openTenantGraph(app),
    clock: app.clock,
    log: {
      happened: (message, fields) => log.info(message, fields),
      failed: (message, fields, error) => log.warn(message, { ...fields, error }),
    },
    settings: app.config.worker,
    onDead,
  });
}
