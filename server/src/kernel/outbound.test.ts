import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createOutbound, type OutboundOptions } from './outbound.ts';
import { isPublicAddress } from './public-address.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** Public addresses of the tests; connections to them arrive at the server on loopback. */
const names: Record<string, string[]> = {
  'good.example': ['93.184.216.34'],
  'other.example': ['93.184.216.35'],
  'inner.example': ['10.0.0.8'],
  'mixed.example': ['93.184.216.34', '127.0.0.1'],
  'localtest.example': ['127.0.0.1'],
  'six.example': ['::ffff:169.254.169.254'],
};

async function setUp(listener: RequestListener, options: OutboundOptions = {}) {
  const seen: {
    host: string | undefined;
    url: string | undefined;
    headers: IncomingMessage['headers'];
    method: string | undefined;
  }[] = [];
  const connected: string[] = [];
  const server = createServer((request, response) => {
    seen.push({
      host: request.headers.host,
      url: request.url,
      headers: request.headers,
      method: request.method,
    });
    listener(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const outbound = createOutbound({
    resolve: async (name) => names[name] ?? [],
    reroute: ({ address }) => {
      connected.push(address);
      return { address: '127.0.0.1', port };
    },
    ...options,
  });
  return { outbound, seen, connected };
}

const ok: RequestListener = (_request, response) => {
  response.end('hello');
};

describe('the guarded client', () => {
  it('reaches a public host at the address that was checked, under its own name', async () => {
    const { outbound, seen, connected } = await setUp(ok);
    const answer = await outbound.fetch('http://user:p%20w@good.example/a?b=c');
    expect(answer).toMatchObject({ status: 200, url: 'http://good.example/a?b=c' });
    expect(answer.body.toString()).toBe('hello');
    expect(connected).toEqual(['93.184.216.34']);
    expect(seen[0]).toMatchObject({ host: 'good.example', url: '/a?b=c' });
    expect(seen[0]?.headers.authorization).toBe(`Basic ${Buffer.from('user:p w').toString('base64')}`);
  });

  it.each([
    'http://127.0.0.1/',
    'http://localtest.example/',
    'http://10.1.2.3/',
    'http://172.16.0.1/',
    'http://192.168.1.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://100.64.0.1/',
    'http://0.0.0.0/',
    'http://198.18.0.1/',
    'http://240.0.0.1/',
    'http://255.255.255.255/',
    'http://224.0.0.1/',
    'http://192.0.0.1/',
    'http://2130706433/',
    'http://0177.0.0.1/',
    'http://0x7f.1/',
    'http://0x7f000001/',
    'http://127.1/',
    'http://127.0.0.1./',
    'http://①②⑦.0.0.1/',
    'http://[::1]/',
    'http://[::]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://[::127.0.0.1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[64:ff9b:1::7f00:1]/',
    'http://[2002:7f00:1::]/',
    'http://[2001::1]/',
    'http://[fc00::1]/',
    'http://[fd12:3456::1]/',
    'http://[fe80::1]/',
    'http://[fe80::1%25eth0]/',
    'http://[fec0::1]/',
    'http://[ff02::1]/',
    'http://[2001:db8::1]/',
    'http://[::ffff:0:127.0.0.1]/',
    'http://inner.example/',
    'http://inner.example./',
    'http://six.example/',
    'http://mixed.example/',
    'http://good.example@127.0.0.1/',
    'http://127.0.0.1\\@good.example/',
  ])('refuses %s', async (url) => {
    const refused: string[] = [];
    const { outbound, seen, connected } = await setUp(ok, {
      onRefused: ({ reason }) => refused.push(reason),
    });
    await expect(outbound.fetch(url)).rejects.toMatchObject({ errorName: 'addressForbidden' });
    expect(connected).toEqual([]);
    expect(seen).toEqual([]);
    expect(refused).toHaveLength(1);
  });

  it.each([
    'file:///etc/passwd',
    'ftp://good.example/',
    'gopher://good.example/',
    'data:text/plain,x',
    'jar:http://good.example!/',
    'ws://good.example/',
    'javascript:alert(1)',
    'nonsense',
    '',
    '//good.example/',
    'http://',
    'http://[::1/',
    'http://good.example:22/',
    'http://good.example:8080/',
    'https://good.example:8443/',
    'http://good.example:6379/',
  ])('refuses the scheme or port of %s', async (url) => {
    const { outbound, connected } = await setUp(ok);
    await expect(outbound.fetch(url)).rejects.toMatchObject({ errorName: 'addressForbidden' });
    expect(connected).toEqual([]);
  });

  it('reaches another port only where it is allowed', async () => {
    const { outbound } = await setUp(ok, { allowedPorts: [8080] });
    expect((await outbound.fetch('http://good.example:8080/')).status).toBe(200);
    await expect(outbound.fetch('http://good.example:8081/')).rejects.toMatchObject({
      errorName: 'addressForbidden',
    });
  });

  it('asks the resolver once for each hop, so that a name that changes gains nothing', async () => {
    let asked = 0;
    const { outbound, connected } = await setUp(ok, {
      resolve: async () => (asked++ === 0 ? ['93.184.216.34'] : ['127.0.0.1']),
    });
    expect((await outbound.fetch('http://good.example/')).status).toBe(200);
    expect(asked).toBe(1);
    expect(connected).toEqual(['93.184.216.34']);
    await expect(outbound.fetch('http://good.example/')).rejects.toMatchObject({
      errorName: 'addressForbidden',
    });
  });

  it.each([
    'http://169.254.169.254/latest/',
    'http://inner.example/',
    'http://[::ffff:7f00:1]/',
    'file:///etc/passwd',
    'http://good.example:22/',
  ])('refuses a redirect to %s', async (location) => {
    const { outbound, seen } = await setUp((_request, response) =>
      response.writeHead(302, { location }).end(),
    );
    await expect(outbound.fetch('http://good.example/')).rejects.toMatchObject({
      errorName: 'addressForbidden',
    });
    expect(seen).toHaveLength(1);
  });

  it('checks the same name again after a redirect to itself', async () => {
    let asked = 0;
    const { outbound } = await setUp(
      (_request, response) => response.writeHead(302, { location: '/next' }).end(),
      {
        resolve: async () => (asked++ === 0 ? ['93.184.216.34'] : ['127.0.0.1']),
      },
    );
    await expect(outbound.fetch('http://good.example/')).rejects.toMatchObject({
      errorName: 'addressForbidden',
    });
  });

  it('follows five redirects and no more', async () => {
    const chain: RequestListener = (request, response) => {
      const left = Number(request.url?.slice(1));
      if (left === 0) response.end('there');
      else response.writeHead(302, { location: `/${left - 1}` }).end();
    };
    const { outbound } = await setUp(chain);
    expect((await outbound.fetch('http://good.example/5')).body.toString()).toBe('there');
    await expect(outbound.fetch('http://good.example/6')).rejects.toMatchObject({
      errorName: 'addressFailed',
    });
    expect((await outbound.fetch('http://good.example/1', { maxRedirects: 0 })).status).toBe(302);
  });

  it('drops credentials when the host changes, and keeps them on the same host', async () => {
    const { outbound, seen } = await setUp((request, response) => {
      if (request.headers.host === 'other.example') response.end();
      else if (request.url === '/start') response.writeHead(307, { location: '/same' }).end();
      else response.writeHead(307, { location: 'http://u:p@other.example/x' }).end();
    });
    const headers = {
      Authorization: 'Bearer s',
      Cookie: 'a=b',
      'X-Api-Key': 's',
      Accept: 'text/html',
      Host: 'evil',
    };
    await outbound.fetch('http://good.example/start', { headers });
    expect(seen.map((s) => s.headers.authorization)).toEqual(['Bearer s', 'Bearer s', undefined]);
    expect(seen.map((s) => s.headers['x-api-key'])).toEqual(['s', 's', undefined]);
    expect(seen.map((s) => s.headers.cookie)).toEqual(['a=b', 'a=b', undefined]);
    expect(seen.map((s) => s.headers.accept)).toEqual(['text/html', 'text/html', 'text/html']);
    expect(seen.map((s) => s.host)).toEqual(['good.example', 'good.example', 'other.example']);
  });

  it('turns a POST into a GET without body after 303, and repeats it after 307', async () => {
    for (const [status, method] of [
      [303, 'GET'],
      [307, 'POST'],
    ] as const) {
      const { outbound, seen } = await setUp((request, response) => {
        if (request.url === '/') response.writeHead(status, { location: '/b' }).end();
        else request.pipe(response);
      });
      const answer = await outbound.fetch('http://good.example/', { method: 'POST', body: 'text' });
      expect(seen[1]?.method).toBe(method);
      expect(answer.body.toString()).toBe(method === 'POST' ? 'text' : '');
    }
  });

  it('stops at the limits of size and time, and when the caller leaves', async () => {
    const { outbound } = await setUp((request, response) => {
      if (request.url === '/big') response.end(Buffer.alloc(5000));
    });
    await expect(outbound.fetch('http://good.example/big', { maxBytes: 4999 })).rejects.toThrow(
      'larger than 4999',
    );
    expect((await outbound.fetch('http://good.example/big', { maxBytes: 5000 })).body.length).toBe(5000);
    await expect(outbound.fetch('http://good.example/slow', { timeoutMs: 30 })).rejects.toThrow(
      'no answer in time',
    );
    const signal = AbortSignal.abort(new Error('gone'));
    await expect(outbound.fetch('http://good.example/slow', { signal })).rejects.toThrow('gone');
  });

  it('does not wait for a name server longer than it may, and says when a name is unknown', async () => {
    const { outbound } = await setUp(ok, { resolve: () => new Promise(() => {}) });
    await expect(outbound.fetch('http://good.example/', { timeoutMs: 20 })).rejects.toThrow(
      'no answer in time',
    );
    const unknown = await setUp(ok);
    await expect(unknown.outbound.fetch('http://nowhere.example/')).rejects.toThrow(
      'the host name is unknown',
    );
  });

  it('tries the next checked address when one does not take the connection', async () => {
    const { outbound, connected } = await setUp(ok, {
      resolve: async () => ['93.184.216.40', '93.184.216.34'],
    });
    const target = servers[0]?.address() as AddressInfo;
    const picky = createOutbound({
      resolve: async () => ['93.184.216.40', '93.184.216.34'],
      reroute: ({ address }) => ({
        address: address.endsWith('.40') ? '127.0.0.2' : '127.0.0.1',
        port: target.port,
      }),
    });
    expect((await picky.fetch('http://good.example/')).status).toBe(200);
    expect((await outbound.fetch('http://good.example/')).status).toBe(200);
    expect(connected).toEqual(['93.184.216.40']);
  });

  it('shows no credentials and no query in its errors', async () => {
    const { outbound } = await setUp(ok);
    await expect(outbound.fetch('http://me:secret@127.0.0.1/p?token=t')).rejects.toThrow(
      'The address http://127.0.0.1/p is not allowed.',
    );
  });
});

describe('a public address', () => {
  it('is one of the open internet', () => {
    for (const address of ['93.184.216.34', '1.1.1.1', '2606:4700::1111', '::ffff:8.8.8.8'])
      expect(isPublicAddress(address)).toBe(true);
    for (const address of ['', 'x', '127.0.0.1', '::', '5f00::1'])
      expect(isPublicAddress(address)).toBe(false);
  });
});
