import { availableParallelism } from 'node:os';
import { serve } from '../../kernel/worker/serve.ts';
import { createLocalRunner } from './run.ts';

/* The process that runs local models. It is started on demand and ended when idle. */

/** One processor is left to the server. */
serve(createLocalRunner(Math.max(1, Math.min(4, availableParallelism() - 1))));
