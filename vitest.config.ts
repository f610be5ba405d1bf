import { defineConfig } from 'vitest/config';

/** Tests stand beside the code. The end-to-end ones start whole servers: they come after the others. */
const project = (name: string, include: string[], extra: { testTimeout?: number; order?: number } = {}) => ({
  extends: true as const,
  test: {
    name,
    include,
    testTimeout: extra.testTimeout ?? 20_000,
    // Hooks of the end-to-end tests start servers and browsers, two files at a time.
    hookTimeout: extra.order ? 180_000 : (extra.testTimeout ?? 30_000),
    sequence: { groupOrder: extra.order ?? 0 },
  },
});

export default defineConfig({
  test: {
    // A process per file: tests own their store, workers and signals.
    pool: 'forks',
    isolate: true,
    maxWorkers: 2,
    teardownTimeout: 10_000,
    passWithNoTests: true,
    // A model that a developer has configured must not change what the tests see.
    env: { OPENAI_BASE_URL: '', OPENAI_API_KEY: '', CHAT_MODEL: '', EMBEDDING_MODEL: '', OLLAMA_URL: 'off' },
    projects: [
      project('contract', ['contract/src/**/*.test.ts']),
      project('server', ['server/src/**/*.test.ts']),
      project('web', ['web/{src,plugins}/**/*.test.ts']),
      project('scripts', ['scripts/**/*.test.ts']),
      project('bench', ['bench/src/**/*.test.ts'], { testTimeout: 60_000 }),
      project('e2e', ['e2e/**/*.test.ts'], { testTimeout: 60_000, order: 1 }),
    ],
  },
});
