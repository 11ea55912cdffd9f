import type { Adapter, CheckStep, ConnectedEndpoint, OutboundHttp, PollContext } from '../../contract.js';
import { sendResult } from '../../answer/send-result.js';
import { compileMail } from './compiled.js';
import { imapFailure, imapSettings, openImap } from './receive/imap-client.js';
import { pollPop3 } from './receive/pop3.js';
import { callGraph, graphBase } from './send/graph.js';
import { trySmtp } from './send/smtp.js';
import type { GraphMailbox, GraphOut } from './settings.js';

type Steps = readonly CheckStep[];
const step = (name: CheckStep['step'], ok: boolean, message: string): CheckStep => ({ step: name, ok, message });

/** "Test connection": reaches the servers of both ways and signs in; sends and fetches nothing. The first failure ends it. */
export const check: Adapter['check'] = async (endpoint: ConnectedEndpoint, http: OutboundHttp, signal: AbortSignal): Promise<Steps> => {
  const { incoming, outgoing } = compileMail(endpoint).settings;
  const made: CheckStep[] = [];
  for (const one of [incoming, outgoing]) {
    if (one === undefined) continue;
    const context: PollContext = { http, signal, nowMs: 0 };
    const steps = await stepsOf(one.type, one, endpoint, context);
    made.push(...steps);
    if (steps.some((each) => !each.ok)) break;
  }
  return made.length > 0 ? made : [step('network', false, 'This endpoint has neither an incoming nor an outgoing mail server.')];
};

function stepsOf(type: string, settings: unknown, endpoint: ConnectedEndpoint, context: PollContext): Promise<Steps> {
  switch (type) {
    case 'imap': return checkImap(endpoint, context);
    case 'pop3': return checkPop3(endpoint, context);
    case 'smtp': return checkSmtp(endpoint, context);
    case 'graph': return checkGraph(settings as GraphOut, endpoint, context);
    default: return Promise.resolve([step('network', true, 'Mail comes over the SMTP inlet; nothing is to be reached.')]);
  }
}

const refused = (kind: string, error: string): Steps => (kind === 'credentials' ? [step('network', true, 'The server answers.'), step('authentication', false, error)] : [step('network', false, error)]);
const letIn = (what: string): CheckStep[] => [step('network', true, `${what} answers.`), step('authentication', true, `${what} accepts the credentials.`)];

async function checkImap(endpoint: ConnectedEndpoint, context: PollContext): Promise<Steps> {
  const opened = await openImap(endpoint, context, true);
  if ('kind' in opened) return refused(opened.kind, opened.error);
  const { client } = opened;
  const { mailbox = 'INBOX' } = imapSettings(endpoint);
  try {
    const { exists } = await client.mailboxOpen(mailbox, { readOnly: true });
    return [...letIn('The IMAP server'), step('rights', true, `${mailbox} can be read and holds ${exists} mails.`)];
  } catch (error) {
    return [...letIn('The IMAP server'), step('rights', false, imapFailure(error, endpoint).error)];
  } finally {
    client.close();
  }
}

async function checkPop3(endpoint: ConnectedEndpoint, context: PollContext): Promise<Steps> {
  // Reading marks nothing in POP3.
  const result = await pollPop3(endpoint, null, context);
  return result.kind === 'fetched' ? letIn('The POP3 server') : refused(result.kind, result.error);
}

async function checkSmtp(endpoint: ConnectedEndpoint, { http, signal }: PollContext): Promise<Steps> {
  const failed = await trySmtp({ endpoint, http, signal });
  return failed === null ? letIn('The SMTP server') : refused(failed.outcome, failed.error ?? '');
}

async function checkGraph(settings: GraphOut | GraphMailbox, endpoint: ConnectedEndpoint, { http, signal }: PollContext): Promise<Steps> {
  const called = await callGraph(settings, { method: 'GET', url: `${graphBase(settings)}/mailFolders/inbox?$select=totalItemCount`, headers: {}, body: null }, { endpoint, http, signal });
  if ('failed' in called) return refused(called.failed.outcome, called.failed.error ?? '');
  const { outcome } = called;
  if (outcome.kind === 'failed') return [step('network', false, outcome.message)];
  const result = sendResult(outcome, { idempotent: true, secrets: compileMail(endpoint).secrets, ticketId: null, needsTicketId: false, nowMs: Date.now() });
  if (outcome.status === 401) return refused('credentials', result.error ?? '');
  return [...letIn('Microsoft Graph'), step('rights', result.outcome === 'success', result.error ?? `The mailbox can be read.`)];
}
