import type { WireError } from './wire-error.ts';

/** One request on its way to a worker. */
export interface WorkerRequest {
  id: number;
  call: string;
  input: unknown;
}

/** What comes back: one answer for each request, or progress before it. */
export type WorkerReply =
  | { id: number; output: unknown }
  | { id: number; error: WireError }
  | { id: number; progress: number };
