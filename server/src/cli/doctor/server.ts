import type { Config } from '../../config.ts';
import { portProblem } from '../../http/port.ts';
import { lockHolder } from '../../store/sqlite/lock.ts';
import { type Finding, ok, problem } from './finding.ts';

/** Whether a server runs on the directory, or could listen if one were started. */
export async function checkServer(config: Config): Promise<Finding[]> {
  const holder = lockHolder(config.dataDir);
  if (holder !== null && isAlive(holder.pid)) {
    const at = holder.address ?? '';
    return [
      ok('server', {
        en: `runs${at && ` at ${at}`} (process ${holder.pid})`,
        zh: `正在运行${at && `：${at}`}（进程 ${holder.pid}）`,
      }),
    ];
  }
  const code = await portProblem(config.port, config.host);
  if (code === undefined) {
    return [
      ok('server', {
        en: `does not run here; port ${config.port} on ${config.host} is free`,
        zh: `未在此运行；${config.host} 的端口 ${config.port} 空闲`,
      }),
    ];
  }
  return [
    problem(
      'server',
      {
        en: `does not run here, and could not listen on port ${config.port} of ${config.host} (${code})`,
        zh: `未在此运行，且无法监听 ${config.host} 的端口 ${config.port}（${code}）`,
      },
      {
        en: 'Set PORT and HOST to what is free on this machine, or end what listens there.',
        zh: '请将 PORT 与 HOST 设为本机可用的值，或结束占用端口的程序。',
      },
    ),
  ];
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}
