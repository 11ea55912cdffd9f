import type { Server, ServerResponse } from 'node:http';

/** Between looks for connections that have become idle. */
const LOOK_MS = 50;

/** From now on each answer says that its connection ends with it: whoever keeps connections goes elsewhere with the next request. */
export function sayGoodbye(server: Server): void {
  server.prependListener('request', (_request: unknown, response: ServerResponse) => {
    if (!response.headersSent) response.setHeader('connection', 'close');
  });
}

/** Takes no new connection; resolves when every request that came has its answer. Connections that carry none are closed. */
export async function finishRequests(server: Server): Promise<void> {
  if (!server.listening) return;
  const look = setInterval(() => server.closeIdleConnections(), LOOK_MS);
  await new Promise<void>((resolve) => { server.close(() => resolve()); });
  clearInterval(look);
}
