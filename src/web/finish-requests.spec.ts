import { afterEach, describe, expect, it } from '@jest/globals';
import { Agent, createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { finishRequests, sayGoodbye } from './finish-requests.js';

const opened: { server: Server; agent: Agent }[] = [];
afterEach(() => {
  for (const { server, agent } of opened.splice(0)) {
    agent.destroy();
    server.closeAllConnections();
    server.close();
  }
});

/** A server that answers when it is told to, and a client that keeps its connections. */
async function setup() {
  const arrivals: (() => void)[] = [];
  let arrived = (): void => undefined;
  const server = createServer((request, response) => {
    const answer = (): void => void response.end(request.url);
    if (request.url === '/held') arrivals.push(answer);
    else answer();
    arrived();
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const agent = new Agent({ keepAlive: true });
  opened.push({ server, agent });
  const { port } = server.address() as AddressInfo;
  const ask = (path: string) => new Promise<IncomingMessage>((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, agent }, (response) => response.resume().once('end', () => resolve(response))).once('error', reject);
  });
  const arrival = (): Promise<void> => new Promise((resolve) => { arrived = resolve; });
  return { server, arrivals, arrival, ask };
}

describe('a server that leaves', () => {
  it('answers what it was asked, takes nothing new, and is done then', async () => {
    const { server, arrivals, arrival, ask } = await setup();
    await ask('/before'); // its connection stays open, idle
    const came = arrival();
    const held = ask('/held');
    await came;
    let isDone = false;
    const done = finishRequests(server).then(() => { isDone = true; });
    await expect(ask('/late')).rejects.toMatchObject({ code: expect.stringMatching(/ECONNREFUSED|ECONNRESET/) });
    expect(isDone).toBe(false);
    arrivals[0]!();
    expect((await held).statusCode).toBe(200);
    await done;
  });

  it('tells whoever asks that the connection ends', async () => {
    const { server, ask } = await setup();
    expect((await ask('/before')).headers.connection).toBe('keep-alive');
    sayGoodbye(server);
    expect((await ask('/after')).headers.connection).toBe('close');
  });
});
