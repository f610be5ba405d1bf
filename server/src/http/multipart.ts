import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { MultipartSpec } from '@lectern/contract/endpoint.ts';
import type { FastifyRequest } from 'fastify';
import type { UploadedFile } from '../domain/context.ts';
import { fail } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { jsonProblem } from './json-problem.ts';

/** Bytes that the boundaries and fields of a form may add to its files. */
const formOverhead = 2 << 20;

/** A multipart request taken apart: files on disk, parameters as an object. */
export interface Form {
  files: UploadedFile[];
  data: Record<string, unknown>;
  /** Removes the temporary files. */
  discard(): Promise<void>;
}

/**
 * Streams the files of a form to a temporary directory and reads `data` (JSON text) and plain fields as parameters.
 * Nothing is held in memory; past a limit the whole request fails with bodyTooLarge.
 */
export async function readForm(
  request: FastifyRequest,
  spec: MultipartSpec,
  options: { tempDir: string; maxBytes: number; limit: string },
): Promise<Form> {
  const contentType = request.headers['content-type'] ?? 'nothing';
  if (!request.isMultipart()) {
    const given = contentType.split(';')[0] ?? contentType;
    throw fail('unsupportedMediaType', { params: { given, wanted: 'multipart/form-data' } });
  }
  // Told before the upload, where the caller says how much is to come; the form's own lines are a little more.
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > options.maxBytes + formOverhead) {
    throw fail('bodyTooLarge', { params: { limit: options.limit }, headers: { connection: 'close' } });
  }
  const directory = join(options.tempDir, newId());
  const discard = () => rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  const files: UploadedFile[] = [];
  const fields: Record<string, unknown> = {};
  let data: Record<string, unknown> = {};
  try {
    const limits = { fileSize: options.maxBytes, files: spec.maxFiles, fields: 50, fieldSize: 1 << 20 };
    for await (const part of request.parts({ limits })) {
      if (part.type === 'file') files.push(await keepFile(part, directory));
      else if (part.fieldname === 'data') data = parseData(part.value);
      else fields[part.fieldname] = part.value;
    }
  } catch (thrown) {
    // Nobody reads the rest any more: without this the caller would wait for ever to send it.
    request.raw.unpipe();
    request.raw.resume();
    await discard();
    throw formError(thrown, options.limit, spec.maxFiles);
  }
  if (files.length === 0 && !spec.orUploaded) {
    await discard();
    throw fail('missingParams', { params: { field: 'file' }, param: 'file' });
  }
  return { files, data: { ...fields, ...data }, discard };
}

interface FilePart {
  filename: string;
  mimetype: string;
  file: NodeJS.ReadableStream & { truncated: boolean };
}

async function keepFile(part: FilePart, directory: string): Promise<UploadedFile> {
  const path = join(directory, newId());
  const digest = createHash('sha256');
  let size = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      digest.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(part.file, measure, createWriteStream(path));
  if (part.file.truncated) throw Object.assign(new Error('too large'), { code: 'FST_REQ_FILE_TOO_LARGE' });
  return {
    name: decodeName(part.filename),
    contentType: part.mimetype,
    path,
    size,
    hash: digest.digest('hex'),
  };
}

/** FastGPT's documentation tells clients to percent-encode names that are not ASCII; a plain `%` stays. */
function decodeName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function parseData(value: unknown): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(String(value));
  } catch (thrown) {
    const { en, zh } = jsonProblem((thrown as Error).message);
    const details = { en: `form field "data": ${en}`, zh: `表单字段 "data"：${zh}` };
    throw fail('malformedJson', { params: { details }, param: 'data' });
  }
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed)) {
    throw fail('validation', {
      params: { details: 'form field "data" must be a JSON object' },
      param: 'data',
    });
  }
  return Object.fromEntries(Object.entries(parsed).filter(([key]) => key !== '__proto__'));
}

function formError(thrown: unknown, limit: string, maxFiles: number): unknown {
  const code = (thrown as { code?: string }).code ?? '';
  if (code === 'FST_REQ_FILE_TOO_LARGE') return fail('bodyTooLarge', { params: { limit } });
  if (code === 'FST_FILES_LIMIT') {
    return fail('validation', {
      params: { details: `file: at most ${maxFiles} per request` },
      param: 'file',
    });
  }
  if (code.startsWith('FST_') || (thrown as Error).message?.startsWith('Unexpected end')) {
    return fail('validation', { params: { details: `the form is broken: ${(thrown as Error).message}` } });
  }
  return thrown;
}
