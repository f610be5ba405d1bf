import { type Connection, isBusy, openReader, openWriter, toFailure } from './connection.ts';
import { Op, type Reply, type Request, type Row, type Statement, type WorkerSettings } from './protocol.ts';

const groupLimit = 200;
/** One try for the write lock blocks the thread, and so reading, for at most this long. */
const busySliceMs = 50;

/**
 * Runs requests. Reads are answered at once. Writes wait in one queue: those that are there together share one
 * commit, each under its own savepoint, and are answered after it. A transaction has the writer to itself.
 */
export class Engine {
  private readonly writer: Connection;
  private readonly reader: Connection;
  private readonly settings: WorkerSettings;
  private readonly post: (replies: Reply[]) => void;
  private readonly closed: () => void;
  private queue: Request[] = [];
  private pumping = false;
  /** When the head of the queue began to wait for another process; 0 = it does not. */
  private busySince = 0;
  private lastTx = 0;
  private tx = 0;
  private txUsed = 0;
  private closeId = 0;

  constructor(settings: WorkerSettings, post: (replies: Reply[]) => void, closed: () => void) {
    this.settings = settings;
    this.post = post;
    this.closed = closed;
    this.writer = openWriter(settings.path, settings.busyMs);
    this.writer.db.exec(`pragma busy_timeout = ${busySliceMs}`);
    this.reader = openReader(settings.path, settings.busyMs);
  }

  handle(requests: Request[]): void {
    const replies: Reply[] = [];
    for (const request of requests) {
      const op = request[1];
      if (op === Op.read || op === Op.readBatch) replies.push(this.read(request));
      else if (op === Op.write || op === Op.writeBatch || op === Op.begin) this.queue.push(request);
      else if (op === Op.close) this.closeId = request[0];
      else replies.push(this.inTransaction(request));
    }
    if (replies.length > 0) this.post(replies);
    this.wake();
  }

  private wake(): void {
    if (this.pumping || this.tx !== 0) return;
    if (this.queue.length > 0 || this.closeId !== 0) {
      this.pumping = true;
      setImmediate(this.pump);
    }
  }

  private readonly pump = (): void => {
    this.pumping = false;
    if (this.tx !== 0) return;
    const head = this.queue[0];
    if (head === undefined) {
      if (this.closeId !== 0) this.close();
      return;
    }
    const size = head[1] === Op.begin ? 1 : this.groupSize();
    const begun = this.begin();
    if (begun === 'wait') {
      this.pumping = true;
      setTimeout(this.pump, 10);
      return;
    }
    const group = this.queue.splice(0, size);
    if (begun !== 'begun') this.post(group.map(([id]) => [id, false, toFailure(begun)]));
    else if (head[1] === Op.begin) this.startTransaction(head[0]);
    else this.post(this.commitTogether(group));
    this.wake();
  };

  private groupSize(): number {
    let size = 0;
    while (size < this.queue.length && size < groupLimit && this.queue[size]?.[1] !== Op.begin) size++;
    return size;
  }

  /** Takes the write lock. Another process may hold it: then try again shortly, up to the limit. */
  private begin(): 'begun' | 'wait' | Error {
    try {
      this.writer.exec('begin immediate');
      this.busySince = 0;
      return 'begun';
    } catch (error) {
      const now = Date.now();
      this.busySince ||= now;
      if (isBusy(error) && now - this.busySince < this.settings.busyMs) return 'wait';
      this.busySince = 0;
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  private read(request: Request): Reply {
    const [id, op, , body] = request;
    try {
      if (op === Op.read) {
        const [sql, parameters] = body as Statement;
        return [id, true, this.reader.run(sql, parameters).rows, 0];
      }
      this.reader.exec('begin');
      try {
        return [id, true, (body as Statement[]).map(([sql, p]) => this.reader.run(sql, p).rows), 0];
      } finally {
        this.reader.exec('commit');
      }
    } catch (error) {
      return [id, false, toFailure(error)];
    }
  }

  private commitTogether(group: Request[]): Reply[] {
    const alone = group.length === 1;
    const replies: Reply[] = [];
    try {
      for (const request of group)
        replies.push(alone ? this.write(request) : this.writeUnderSavepoint(request));
      this.writer.exec('commit');
      return replies;
    } catch (error) {
      // A commit that failed, or an error so bad that SQLite gave up the transaction: nobody's write is there.
      this.rollbackQuietly();
      const failure = toFailure(error);
      return group.map(([id]) => [id, false, failure]);
    }
  }

  private writeUnderSavepoint(request: Request): Reply {
    this.writer.exec('savepoint one');
    try {
      const reply = this.write(request);
      this.writer.exec('release one');
      return reply;
    } catch (error) {
      if (!this.writer.db.isTransaction) throw error;
      this.writer.exec('rollback to one');
      this.writer.exec('release one');
      return [request[0], false, toFailure(error)];
    }
  }

  private write([id, op, , body]: Request): Reply {
    if (op === Op.write) {
      const [sql, parameters] = body as Statement;
      const { rows, changes } = this.writer.run(sql, parameters);
      return [id, true, rows, changes];
    }
    const rows: Row[][] = [];
    for (const [sql, parameters] of body as Statement[]) rows.push(this.writer.run(sql, parameters).rows);
    return [id, true, rows, 0];
  }

  private startTransaction(id: number): void {
    this.tx = ++this.lastTx;
    this.txUsed = Date.now();
    setTimeout(this.endIdleTransaction, this.settings.idleTransactionMs, this.tx);
    this.post([[id, true, [], this.tx]]);
  }

  private inTransaction([id, op, tx, body]: Request): Reply {
    if (tx !== this.tx || !this.writer.db.isTransaction) {
      if (tx === this.tx) this.tx = 0;
      if (op === Op.rollback) return [id, true, [], 0];
      return [
        id,
        false,
        { message: 'The transaction was rolled back: it failed or paused for too long.', errcode: 0 },
      ];
    }
    try {
      if (op === Op.inside) {
        const [sql, parameters] = body as Statement;
        const { rows, changes } = this.writer.run(sql, parameters);
        return [id, true, rows, changes];
      }
      this.writer.exec(op === Op.commit ? 'commit' : 'rollback');
      this.tx = 0;
      return [id, true, [], 0];
    } catch (error) {
      if (op !== Op.inside) {
        this.rollbackQuietly();
        this.tx = 0;
      }
      return [id, false, toFailure(error)];
    } finally {
      this.txUsed = Date.now();
    }
  }

  /** A caller that forgot its transaction must not stop all others. */
  private readonly endIdleTransaction = (tx: number): void => {
    if (this.tx !== tx) return;
    const left = this.txUsed + this.settings.idleTransactionMs - Date.now();
    if (left > 0) {
      setTimeout(this.endIdleTransaction, left, tx);
      return;
    }
    this.rollbackQuietly();
    this.tx = 0;
    this.wake();
  };

  private rollbackQuietly(): void {
    try {
      if (this.writer.db.isTransaction) this.writer.exec('rollback');
    } catch {
      // The connection is broken; the next BEGIN reports it.
    }
  }

  private close(): void {
    try {
      this.reader.close();
      this.writer.close();
      this.post([[this.closeId, true, [], 0]]);
    } catch (error) {
      this.post([[this.closeId, false, toFailure(error)]]);
    }
    this.closed();
  }
}
