import type { ConnectedEndpoint, Source } from '../../contract.js';
import { pollGraph, settleGraph } from './receive/graph.js';
import { aborted, pollImap, settleImap, watchImap } from './receive/imap.js';
import { pollPop3, settlePop3 } from './receive/pop3.js';
import { mailSettings } from './settings.js';

const CHANNEL = 'mailbox';
const EVERY_SECONDS = 60;

const typeOf = (endpoint: ConnectedEndpoint): string => mailSettings(endpoint).incoming?.type ?? 'none';

/** Fetches mail over IMAP, POP3 or Microsoft Graph. Nothing is marked, moved or deleted before it was committed here. */
export const source: Source = {
  channels: (endpoint) => {
    const { incoming } = mailSettings(endpoint);
    return incoming === undefined || incoming.type === 'inlet' ? [] : [{ name: CHANNEL, everyMs: (incoming.everySeconds ?? EVERY_SECONDS) * 1_000 }];
  },
  poll: (endpoint, _channel, cursor, context) => {
    switch (typeOf(endpoint)) {
      case 'imap': return pollImap(endpoint, cursor, context);
      case 'pop3': return pollPop3(endpoint, cursor, context);
      case 'graph': return pollGraph(endpoint, cursor, context);
      default: return Promise.resolve({ kind: 'failed', error: 'This endpoint has no mailbox.' });
    }
  },
  settled: (endpoint, _channel, cursor, context) => {
    switch (typeOf(endpoint)) {
      case 'imap': return settleImap(endpoint, cursor, context);
      case 'pop3': return settlePop3(endpoint, cursor, context);
      case 'graph': return settleGraph(endpoint, cursor, context);
      default: return Promise.resolve();
    }
  },
  watch: (endpoint, _channel, wake, context) => (typeOf(endpoint) === 'imap' ? watchImap(endpoint, wake, context) : aborted(context.signal)),
};
