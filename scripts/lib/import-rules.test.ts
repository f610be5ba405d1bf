import { expect, test } from 'vitest';
import { brokenRules } from './import-rules.ts';

const broken = (path: string, text: string) => brokenRules([{ path, text }]);

test.each([
  [
    'server/src/domain/keys/create-key.ts',
    "import { bind } from '../../http/bind.ts';",
    'domain may not import http',
  ],
  [
    'server/src/kernel/ids.ts',
    "import type { Store } from '../store/ports.ts';",
    'kernel may not import store',
  ],
  [
    'server/src/store/db.ts',
    "import { search } from '../retrieval/search.ts';",
    'store may not import retrieval',
  ],
  [
    'server/src/workflow/run.ts',
    "import type { Store } from '../store/ports.ts';",
    'workflow may not import store',
  ],
  [
    'server/src/workflow/run.ts',
    "import { complete } from '../domain/chats/complete.ts';",
    'workflow may not import domain',
  ],
  ['server/src/workflow/nodes/chat.ts', "import { x } from './reply.ts';", 'nodes never import each other'],
  [
    'contract/src/keys.ts',
    "import { x } from '@lectern/server/kernel/ids.ts';",
    'contract imports nothing of ours',
  ],
  ['contract/src/keys.ts', "import fs from 'node:fs';", 'contract depends on zod only'],
  ['web/src/main.ts', "import { x } from '@lectern/server/main.ts';", 'web imports contract only'],
  ['server/src/api/keys.ts', "import { x } from '../../../contract/src/keys.ts';", 'by its package name'],
  ['server/src/api/keys.ts', "import fastify from 'fastify';", 'only http/ knows Fastify'],
  [
    'server/src/domain/keys/list.ts',
    "import { type Kysely, sql } from 'kysely';",
    'only store/ writes SQL text',
  ],
  [
    'server/src/domain/keys/list.ts',
    "import { DatabaseSync } from 'node:sqlite';",
    'only store/ knows the engine',
  ],
  ['server/src/domain/keys/list.ts', "import { request } from 'undici';", 'outbound connections'],
  ['server/src/jobs/fetch.ts', "import net from 'node:net';", 'outbound connections'],
  ['server/src/jobs/fetch.ts', 'const page = await fetch(url);', 'global fetch'],
  ['server/src/domain/a.ts', "export { bind } from '../http/bind.ts';", 'domain may not import http'],
  ['server/src/domain/a.ts', "const m = await import('../http/bind.ts');", 'domain may not import http'],
  ['server/src/domain/a.ts', "import {\n  a,\n  b,\n} from '../http/bind.ts';", 'domain may not import http'],
  [
    'web/src/features/apps/apps-page.tsx',
    "import { contract } from '@lectern/contract/contract.ts';",
    'takes types from the contract',
  ],
  [
    'web/src/features/apps/apps-page.tsx',
    "import { Group, Select, Stack } from '@mantine/core';",
    'Select: take it from ui/',
  ],
  [
    'web/src/features/apps/apps-page.tsx',
    "import {\n  Button,\n  Menu,\n} from '@mantine/core';",
    'Menu: take it from ui/',
  ],
  [
    'web/src/features/apps/apps-page.tsx',
    "import { Stack, TagsInput } from '@mantine/core';",
    'TagsInput: take it from ui/',
  ],
  [
    'web/src/features/apps/apps-page.tsx',
    "import { MultiSelect } from '@mantine/core';",
    'MultiSelect: take it from ui/',
  ],
  ['web/src/features/apps/apps-page.tsx', "import { join } from 'node:path';", 'runs in a browser'],
  ['web/src/features/apps/apps-page.tsx', "await fetch('/api/core/app/list');", 'api/client.ts'],
  ['web/src/features/apps/apps-page.tsx', 'const request = new XMLHttpRequest();', 'api/client.ts'],
  ['web/src/features/jobs/jobs-page.tsx', '<Table.ScrollContainer minWidth={300}>', 'ui/table-scroll.tsx'],
  ['web/src/ui/page.tsx', '<p dangerouslySetInnerHTML={{ __html: text }} />;', 'chat/markdown'],
])('%s: %s is refused', (path, text, why) => {
  expect(broken(path, text)).toEqual([expect.stringContaining(why)]);
});

test.each([
  ['server/src/http/bind.ts', "import { handlers } from '../api/index.ts';\nimport fastify from 'fastify';"],
  ['server/src/domain/chats/complete.ts', "import { runWorkflow } from '../../workflow/run.ts';"],
  ['server/src/workflow/ports.ts', "import type { ChatModel } from '../models/ports.ts';"],
  ['server/src/workflow/nodes/index.ts', "import { chat } from './chat.ts';"],
  ['server/src/workflow/nodes/chat/index.ts', "import { prompt } from './prompt.ts';"],
  [
    'server/src/store/sqlite/open.ts',
    "import { sql } from 'kysely';\nimport { DatabaseSync } from 'node:sqlite';",
  ],
  ['server/src/models/providers/ollama.ts', "import { fetch } from 'undici';\nawait fetch(url);"],
  [
    'server/src/main.ts',
    "import { a } from './http/server.ts';\nimport { b } from './store/sqlite/open.ts';",
  ],
  ['web/src/api/client.ts', "const response = await fetch('/');"],
  ['web/src/api/watched.ts', 'const request = new XMLHttpRequest();'],
  ['web/src/ui/select-parts.ts', "export { Select } from '@mantine/core';"],
  [
    'web/src/features/apps/apps-page.tsx',
    "import { Group, type SelectProps, SelectableBox } from '@mantine/core';",
  ],
  ['server/src/domain/keys/create.test.ts', "import { startTestServer } from '../../testing/server.ts';"],
  ['contract/src/keys.ts', "import { z } from 'zod';\nimport { id } from './fields.ts';"],
  [
    'web/src/api/client.ts',
    "import { createClient } from '@lectern/contract/client.ts';\nimport type { contract } from '@lectern/contract/contract.ts';",
  ],
  ['server/src/api/keys.ts', "import { createKey } from '../domain/keys/create-key.ts';"],
])('%s may: %s', (path, text) => {
  expect(broken(path, text)).toEqual([]);
});

test('a finding names file and line', () => {
  expect(
    broken('server/src/kernel/a.ts', "\nconst x = 1;\nimport { y } from '../api/index.ts';\n")[0],
  ).toMatch(/^server\/src\/kernel\/a\.ts:3: /);
});
