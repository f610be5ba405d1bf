import { expect, test } from 'vitest';
import { startServer } from './lib/server.ts';

test('the server works while its files are watched for changes, threads included', async () => {
  const server = await startServer(['--no-demo'], { watch: true });
  try {
    const url = `${server.url}/api/support/user/account/preLogin?username=root`;
    const answer = (await (await fetch(url)).json()) as { data: { code: string } };
    expect(answer.data.code).toMatch(/^\S+$/);
  } finally {
    await server.stop();
  }
  expect(server.output()).not.toContain('Failed running');
});
