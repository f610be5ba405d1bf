import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import Fastify from 'fastify';

let script: Promise<{ plain: Buffer; gzipped: Buffer }> | undefined;

/**
 * The API reference's script, taken from its package, which carries it as one text inside its Fastify plugin.
 * Loaded when the documentation is first opened: most servers never need these megabytes.
 */
export function scalarScript(): Promise<{ plain: Buffer; gzipped: Buffer }> {
  script ??= load();
  return script;
}

async function load(): Promise<{ plain: Buffer; gzipped: Buffer }> {
  const { default: plugin } = await import('@scalar/fastify-api-reference');
  const inner = Fastify();
  await inner.register(plugin, { routePrefix: '/reference', configuration: { url: '/openapi.json' } });
  const { rawPayload } = await inner.inject('/reference/js/scalar.js');
  await inner.close();
  return { plain: rawPayload, gzipped: await promisify(gzip)(rawPayload) };
}
