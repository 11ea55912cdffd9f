import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { ConnectedEndpoint } from '../../../contract.js';

const IDLE_MS = 15_000;
const MOST_IDLE = 4;

interface Idle {
  readonly connection: SMTPConnection;
  readonly timer: NodeJS.Timeout;
}

/**
 * Connections that have sent a mail and may send another one; of each endpoint its own, so that credentials never meet. An endpoint that
 * was changed is another object: what it had runs out.
 */
export class IdleConnections {
  private readonly kept = new WeakMap<ConnectedEndpoint, Idle[]>();

  keep(endpoint: ConnectedEndpoint, connection: SMTPConnection): void {
    const list = this.kept.get(endpoint) ?? [];
    this.kept.set(endpoint, list);
    if (connection.destroyed || list.length >= MOST_IDLE) {
      connection.quit();
      return;
    }
    const one: Idle = { connection, timer: setTimeout(() => this.drop(list, one), IDLE_MS).unref() };
    connection.once('end', () => this.drop(list, one));
    if (connection._socket) connection._socket.unref(); // waiting for more work keeps no process alive
    list.push(one);
  }

  /** One that answers; null where there is none. */
  async take(endpoint: ConnectedEndpoint): Promise<SMTPConnection | null> {
    const list = this.kept.get(endpoint) ?? [];
    for (let one = list.pop(); one !== undefined; one = list.pop()) {
      clearTimeout(one.timer);
      const { connection } = one;
      connection.removeAllListeners('end');
      if (connection.destroyed || !connection._socket) continue;
      connection._socket.ref();
      const answers = await new Promise<boolean>((resolve) => {
        const end = (): void => resolve(false);
        connection.once('end', end);
        connection.reset((error) => { connection.removeListener('end', end); resolve(error === null || error === undefined); });
      });
      if (answers) return connection;
      connection.close();
    }
    return null;
  }

  private drop(list: Idle[], one: Idle): void {
    clearTimeout(one.timer);
    const at = list.indexOf(one);
    if (at === -1) return;
    list.splice(at, 1);
    one.connection.quit();
  }
}
