// The driver as the bench sees it: one method per command.
import { fork } from 'node:child_process';
import { join } from 'node:path';

const COMMANDS = ['listen', 'close', 'reopen', 'begin', 'ended', 'stop', 'mark', 'settle', 'latency', 'rawHttp'];

/** Starts a driver. Each command answers a promise; `pid` and `end()` beside them. */
export function startDriver() {
  const child = fork(join(import.meta.dirname, 'driver.mjs'), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [] });
  const waiting = new Map();
  let lastId = 0;
  child.on('message', ({ id, answer, error }) => {
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) resolve(answer);
    else reject(new Error(error));
  });
  child.on('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`the driver has ended (${code})`));
  });
  const ask = (command) => (options) => new Promise((resolve, reject) => {
    waiting.set(++lastId, { resolve, reject });
    child.send({ id: lastId, command, options });
  });
  const exited = new Promise((resolve) => { child.once('exit', resolve); });
  return {
    pid: child.pid,
    ...Object.fromEntries(COMMANDS.map((command) => [command, ask(command)])),
    end: () => {
      if (child.connected) child.disconnect();
      return exited;
    },
  };
}
