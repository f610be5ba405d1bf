import { join, resolve } from 'node:path';
import { createServer } from 'vite';

/* `npm run dev:console`: the console from its sources at http://localhost:3001, over a server that runs already. */
const server = await createServer({ root: join(resolve(import.meta.dirname, '..'), 'web') });
await server.listen();
server.printUrls();
