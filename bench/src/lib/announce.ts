import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Tells the process that started this one where it listens, and ends with it. */
export function announce(server: Server): void {
  process.stdout.write(`listening ${(server.address() as AddressInfo).port}\n`);
  // The parent holds our stdin: when it is gone, nobody needs us.
  process.stdin.on('end', () => process.exit(0));
  process.stdin.resume();
}
