import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';
import type { JobInput, Progress } from './job-rows.ts';

/** One job as its handler sees it. */
export interface Job {
  id: string;
  teamId: string;
  kind: string;
  payload: unknown;
  datasetId: string | null;
  collectionId: string | null;
  /** This try included. */
  attempts: number;
  maxAttempts: number;
  /** What its turns so far counted. */
  counts: Readonly<Record<string, number>>;
}

/** What a handler gets beside its job. */
export interface JobTools {
  /** Aborted when the job is cancelled, its lease is lost, or the server stops. */
  signal: AbortSignal;
  /** Cheap: at most four writes a second reach the store. */
  progress(progress: Progress): void;
  /**
   * Throws inside a transaction when the job is no longer this process's: what a process that was out of reach for
   * long still wants to write must not come after what another one did since.
   */
  mustHold(trx: Kysely<Database>): Promise<void>;
}

/**
 * Does the work of one kind of job. It may run again after a crash, so it must bear being repeated. An AppError is
 * shown to the user with its cause; anything else is a bug.
 */
export type JobHandler = (job: Job, tools: JobTools) => Promise<void>;

/** Thrown by a handler that did a part and wants to go on later: no failure, and the tries begin anew. */
export class Later extends Error {
  readonly waitMs: number;

  constructor(waitMs = 0) {
    super('The job goes on later.');
    this.waitMs = waitMs;
  }
}

/** Work in the background that outlives the process: kept in the store, done at least once. */
export interface JobQueue {
  /** Answers the id of the new job. Inside a transaction call `wake()` after the commit (or it starts a little later). */
  enqueue(input: JobInput, trx?: Kysely<Database>): Promise<string>;
  /**
   * The same for work that there is at most once of: with the id of a job that waits or runs nothing happens, one that
   * has ended begins anew.
   */
  enqueueOnce(id: string, input: JobInput): Promise<void>;
  /** Takes over what a dead process left and begins to work. */
  start(handlers: Record<string, JobHandler>): Promise<void>;
  /** Aborts what runs, waits for it up to 5 s, and gives it back to be run at the next start. */
  stop(): Promise<void>;
  /** Looks for work now rather than at the next poll, in every process. */
  wake(): void;
  /** When it last looked for work and could read the jobs; 0 = never. Milliseconds since 1970. */
  readonly lookedTime: number;
  /** False when there is no such job that could still be cancelled. */
  cancel(teamId: string, jobId: string): Promise<boolean>;
  /** Cancels every unfinished job of these datasets or collections. Answers how many. */
  cancelFor(scope: CancelScope, trx?: Kysely<Database>): Promise<number>;
  /** Lets the jobs of these datasets go on that were cancelled since that time (by the queue's clock). */
  resumeFor(
    scope: { teamId: string; datasetIds: string[] },
    since: number,
    trx: Kysely<Database>,
  ): Promise<void>;
  /** Lets a failed, cancelled or waiting job run from the beginning now. False when there is no such job. */
  retry(teamId: string, jobId: string): Promise<boolean>;
}

/** Whose jobs are cancelled: of these datasets, or of these collections. */
export interface CancelScope {
  teamId: string;
  datasetIds?: string[];
  collectionIds?: string[];
}
