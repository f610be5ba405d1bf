import { readdirSync, readFileSync } from 'node:fs';

/** Ticks per second of the times in /proc; 100 on every Linux that Node supports. */
const ticksPerSecond = 100;

interface Process {
  pid: number;
  parent: number;
  /** CPU ticks of all its threads, and of the children it has already waited for. */
  ticks: number;
}

function readProcess(pid: number): Process | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command's name stands in brackets and may hold blanks.
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [, parent = 0] = fields;
    const ticks = fields.slice(11, 15).reduce((a, b) => a + b, 0);
    return { pid, parent, ticks };
  } catch {
    return undefined;
  }
}

/** A process and everything it started that still runs. */
function tree(root: number): Process[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readProcess(Number(name)))
    .filter((p) => p !== undefined);
  const found = all.filter((p) => p.pid === root);
  for (let i = 0; i < found.length; i++) found.push(...all.filter((p) => p.parent === found[i]?.pid));
  return found;
}

/** CPU seconds, user and system, that a process tree has used since it started. */
export function cpuSeconds(root: number): number {
  return tree(root).reduce((sum, p) => sum + p.ticks, 0) / ticksPerSecond;
}

/**
 * Resident memory of a process tree in MB (millions of bytes). What its processes share, above all the program of Node
 * itself, is counted once (PSS).
 */
export function residentMb(root: number): number {
  return megabytesOf(tree(root));
}

/** The same without the process itself: of what it started. */
export function childrenMb(root: number): number {
  return megabytesOf(tree(root).filter(({ pid }) => pid !== root));
}

function megabytesOf(processes: Process[]): number {
  let kib = 0;
  for (const { pid } of processes) {
    try {
      kib += Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
    } catch {
      // It has ended meanwhile.
    }
  }
  return (kib * 1024) / 1e6;
}
