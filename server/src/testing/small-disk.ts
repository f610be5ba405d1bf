import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A disk of its own, in memory: it can be filled and made read-only without hurting anybody. */
export interface SmallDisk {
  path: string;
  /** Takes all room but this many bytes. */
  fill(left?: number): void;
  /** Gives the room back. */
  free(): void;
  readOnly(on: boolean): void;
  remove(): void;
}

/** Mounting takes root; CI has it, directly or by sudo, as it installs packages too. */
function asRoot(...command: string[]): void {
  const all = process.getuid?.() === 0 ? command : ['sudo', '-n', ...command];
  execFileSync(all[0] ?? '', all.slice(1), { stdio: 'pipe' });
}

const piece = Buffer.alloc(4096, 1);

export function makeSmallDisk(megabytes: number): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), 'lectern-small-disk-'));
  asRoot('mount', '-t', 'tmpfs', '-o', `size=${megabytes}m,mode=1777`, 'tmpfs', path);
  const filler = join(path, 'filler');
  return {
    path,
    fill(left = 0) {
      const file = openSync(filler, 'a');
      try {
        for (;;) writeSync(file, piece);
      } catch (thrown) {
        if ((thrown as NodeJS.ErrnoException).code !== 'ENOSPC') throw thrown;
      } finally {
        closeSync(file);
      }
      if (left > 0) execFileSync('truncate', ['-s', `-${left}`, filler]);
    },
    free: () => rmSync(filler, { force: true }),
    readOnly: (on) => asRoot('mount', '-o', `remount,${on ? 'ro' : 'rw'}`, path),
    remove() {
      asRoot('umount', '-l', path);
      rmSync(path, { recursive: true, force: true });
    },
  };
}
