import { pino } from 'pino';

/** One line per event: a short message and plain fields. Never a prompt, a key or a password. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(fields: object): Logger;
}

const colours = { debug: 90, info: 36, warn: 33, error: 31 } as const;

/** JSON lines when the output is not a terminal (or a file), readable lines when it is. */
export function createLogger(level: string, stream: NodeJS.WriteStream = process.stdout): Logger {
  if (!stream.isTTY) {
    return pino(
      {
        level,
        base: undefined,
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (l) => ({ level: l }) },
      },
      pino.destination({ dest: 1, sync: false }),
    );
  }
  const order = ['debug', 'info', 'warn', 'error'] as const;
  const least = level === 'silent' ? order.length : order.indexOf(level as 'info');
  const make = (bound: object): Logger => {
    const write = (l: (typeof order)[number]) => (fields: object, message: string) => {
      if (order.indexOf(l) < least) return;
      const shown = Object.entries({ ...bound, ...fields })
        .map(
          ([k, v]) =>
            `${k}=${v instanceof Error ? v.message : typeof v === 'object' ? JSON.stringify(v) : v}`,
        )
        .join(' ');
      stream.write(
        `${new Date().toISOString().slice(11, 19)} \x1b[${colours[l]}m${l.padEnd(5)}\x1b[0m ${message} \x1b[90m${shown}\x1b[0m\n`,
      );
    };
    return {
      debug: write('debug'),
      info: write('info'),
      warn: write('warn'),
      error: write('error'),
      child: (more) => make({ ...bound, ...more }),
    };
  };
  return make({});
}
