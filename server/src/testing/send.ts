import type { AnyEndpoint } from '@lectern/contract/endpoint.ts';
import type { Route } from '../http/routes.ts';
import { makeZip } from '../retrieval/formats/fixtures-docx.ts';
import type { TeamObjects } from './objects.ts';
import type { TestServer } from './server.ts';

export type Credential = { key?: string; sessionToken?: string; headers?: Record<string, string> };

/** The strongest credential of a team that the route takes. */
export function credentialFor(endpoint: AnyEndpoint, of: TeamObjects): Credential {
  if (endpoint.tag === 'model' || endpoint.errors?.includes('installationForbidden'))
    return { sessionToken: of.rootSession };
  if (endpoint.callers.includes('session')) return { sessionToken: of.person.sessionToken };
  if (endpoint.callers.includes('global')) return { key: of.globalKey };
  return endpoint.callers.includes('app') ? { key: of.appKey } : {};
}

/** The smallest picture there is. */
const tinyGif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

/** The smallest archive that there is: a dataset with nothing in it. */
function smallArchive(): Uint8Array<ArrayBuffer> {
  const counts = { tags: 0, collections: 0, items: 0, vectors: 0, questions: 0, files: 0 };
  const dataset = { name: 'small', intro: '', avatar: '' };
  const manifest = { format: 'lectern-dataset', version: 1, createTime: '', dataset, counts };
  return new Uint8Array(makeZip({ 'manifest.json': JSON.stringify(manifest) }));
}

/** Sends input to a route the way the route takes it: path, form, query or JSON body. */
export function send(
  server: TestServer,
  route: Route,
  input: Record<string, unknown>,
  credential: Credential,
) {
  const rest = { ...input };
  let path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = rest[name];
    delete rest[name];
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
    return encodeURIComponent(text.toWellFormed());
  });
  if (route.endpoint.multipart) {
    const form = new FormData();
    form.set('data', JSON.stringify(rest));
    if (route.endpoint.multipart.pictures) form.append('file', new Blob([tinyGif]), 'bird.gif');
    else if (route.operation === 'importArchive')
      form.append('file', new Blob([smallArchive()]), 'archive.zip');
    else if (/\/create\/(?:backup|template)$/.test(route.endpoint.path))
      form.append('file', new Blob(['q,a\nWhat?,That.\n']), 'data.csv');
    else if (route.operation === 'uploadSavedQuestions')
      form.append('file', new Blob(['question,expected\nWho sleeps?,']), 'questions.csv');
    else form.append('file', new Blob(['# Title\n\nSome text.']), 'note.md');
    return server.call(route.method, path, { ...credential, body: form });
  }
  if (route.method === 'GET') {
    const query = new URLSearchParams();
    for (const [key, value] of Object.entries(rest))
      for (const v of [value].flat()) query.append(key, String(v));
    if (query.size > 0) path += `?${query}`;
    return server.call(route.method, path, credential);
  }
  return server.call(route.method, path, { ...credential, body: rest });
}
