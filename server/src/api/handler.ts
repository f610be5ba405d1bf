import type { Readable } from 'node:stream';
import type { AnyEndpoint, InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import type { Caller, RequestContext } from '../domain/context.ts';

/** `null` is possible only where the route is public. */
type CallerOf<E extends AnyEndpoint> = 'public' extends E['callers'][number] ? Caller | null : Caller;

/**
 * What a streaming handler answers: one JSON body, or ready SSE frames (`data: …\n\n`), each a string.
 * Throwing before the first frame answers a true status with JSON.
 */
export type StreamAnswer<T> = { json: T } | { frames: AsyncIterable<string> };

/** A page or file. */
export interface RawAnswer {
  contentType: string;
  /** A stream that breaks off ends the connection, so that nobody takes half a file for a whole one. */
  body: string | Uint8Array | Readable;
  headers?: Record<string, string>;
  /** 200 when absent. */
  status?: number;
}

type AnswerOf<E extends AnyEndpoint> = E['response'] extends { kind: 'stream' }
  ? StreamAnswer<OutputOf<E>>
  : E['response'] extends { kind: 'raw' }
    ? RawAnswer
    : OutputOf<E>;

/** The code behind one endpoint: 1 to 15 lines that call the domain. */
export type Handler<E extends AnyEndpoint> = (
  input: InputOf<E>,
  context: RequestContext & { caller: CallerOf<E> },
) => AnswerOf<E> | Promise<AnswerOf<E>>;

/** One handler for each endpoint of a part of the contract; a missing one does not compile. */
export type Handlers<C extends Record<string, AnyEndpoint>> = { readonly [K in keyof C]: Handler<C[K]> };
