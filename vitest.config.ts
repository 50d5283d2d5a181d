import { defineConfig } from 'vitest/config';

/** Units sit beside their file and need nothing; stories use PostgreSQL and the simulator. */
export default defineConfig({
  test: {
    include: ['{src,web,graph-simulator,bench,chaos,tests}/**/*.test.ts'],
    globalSetup: ['tests/setup/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 30_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
