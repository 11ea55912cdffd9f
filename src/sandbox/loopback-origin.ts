/** Where this process reaches itself: the address it listens on, or the loopback where it listens on all. */
export function loopbackOrigin(host: string, port: number): string {
  const name = ['0.0.0.0', '::', 'localhost'].includes(host) ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}
