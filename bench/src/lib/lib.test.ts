import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cpuSeconds, residentMb } from './process-tree.ts';
import { writeReport } from './report.ts';
import type { Section } from './section.ts';
import { quantiles } from './stats.ts';
import { passage, questions, randomFrom } from './text.ts';

const section = (id: string, title: string): Section => ({
  id,
  title,
  method: 'm',
  columns: ['c'],
  rows: [['r']],
  checks: [{ name: 'n', target: '1', measured: '2', met: false }],
});

describe('the bench', () => {
  it('takes quantiles by nearest rank', () => {
    const values = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect(quantiles(values)).toEqual({ p50: 50, p95: 95, p99: 99, max: 100 });
    expect(quantiles([]).p99).toBe(0);
  });

  it('makes the same text each time, with common words more often than rare ones', () => {
    expect(passage(randomFrom(3))).toBe(passage(randomFrom(3)));
    expect(passage(randomFrom(3))).not.toBe(passage(randomFrom(4)));
    expect(questions(3, 5)).toEqual(questions(3, 5));
    const random = randomFrom(1);
    const words = Array.from({ length: 50 }, () => passage(random))
      .join(' ')
      .toLowerCase()
      .split(/\W+/);
    const share = words.filter((w) => w === 'the').length / words.length;
    expect(share).toBeGreaterThan(0.05);
    expect(share).toBeLessThan(0.2);
    expect(new Set(words).size).toBeGreaterThan(1000);
  });

  it.runIf(process.platform === 'linux')('counts the CPU and memory of children too', async () => {
    const busy = 'const end = Date.now() + 60000; process.stdout.write("up"); while (Date.now() < end);';
    const parent = `require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(busy)}], { stdio: "inherit" }); setInterval(() => {}, 1e9);`;
    const child = spawn(process.execPath, ['-e', parent], {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    try {
      await once(child.stdout, 'data');
      const pid = child.pid ?? 0;
      await expect.poll(() => cpuSeconds(pid), { timeout: 10_000 }).toBeGreaterThan(0.3);
      expect(residentMb(pid)).toBeGreaterThan(20);
    } finally {
      process.kill(-(child.pid ?? 0), 'SIGKILL');
    }
  });

  it('replaces the parts that were run in the report and keeps the others', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'lectern-report-'));
    const path = join(directory, 'docs', 'benchmarks.md');
    await writeReport(path, [section('a', 'Old A'), section('b', 'Old B')], false);
    await writeReport(path, [section('b', 'New B'), section('c', 'New C')], false);
    const text = await readFile(path, 'utf8');
    expect(text.match(/^## .*$/gm)).toEqual(['## Old A', '## New B', '## New C']);
    expect(text.match(/^# .*$/gm)).toEqual(['# Benchmarks']);
    expect(text).toContain('**no**');
    await rm(directory, { recursive: true });
  });
});
