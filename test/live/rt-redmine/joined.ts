import type { Application } from '../../support/application.js';
import type { LiveRedmine } from './live-redmine.js';
import type { LiveRequestTracker } from './live-request-tracker.js';

type Json = Record<string, unknown>;

/** Puts values where JSON pointers say. */
function filled(endpoint: Json, blanks: Readonly<Record<string, unknown>>): Json {
  const copy = structuredClone(endpoint);
  for (const [pointer, value] of Object.entries(blanks)) {
    const steps = pointer.split('/').slice(1);
    const last = steps.pop()!;
    (steps.reduce<unknown>((at, step) => (at as Json)[step], copy) as Json)[last] = value;
  }
  return copy;
}

/** What both directions carry: what the presets know of a ticket. */
const COPIED = ['title', 'description', 'status', 'priority', 'comment.text', 'comment.author', 'comment.visibility'];
const rule = (from: readonly [string, string], to: readonly [string, string]): Json => ({
  name: `${from[0]} to ${to[0]}`, sourceSystemId: from[0], sourceEntityType: from[1], targetSystemId: to[0], targetEntityType: to[1],
  mappings: COPIED.map((name) => ({ type: 'Single', template: `\${${name}}`, targetAttribute: name })), attachmentMapping: { mapAttachmentsFromSourceMessage: true },
});

/** Joins both systems by one configuration document: the presets as Parley tells them, their blanks filled in, a rule for each direction. */
export async function join(parley: Application, rt: LiveRequestTracker, redmine: LiveRedmine): Promise<void> {
  const preset = async (id: string): Promise<{ endpoint: Json; blanks: { pointer: string }[] }> => (await parley.api.must('GET', `/api/v1/presets/${id}`)).body as { endpoint: Json; blanks: { pointer: string }[] };
  const [rtPreset, redminePreset] = [await preset('request-tracker'), await preset('redmine')];
  const blanks = {
    rt: { '/settings/baseUrl': rt.url, '/settings/auth/value': `token ${rt.parleyToken}`, '/settings/integrationUser': 'parley', '/settings/variables/queue': 'General' },
    redmine: {
      '/settings/baseUrl': redmine.url, '/settings/auth/value': redmine.said['parley'], '/settings/integrationUser': redmine.said['parleyId'], '/settings/variables/project': 'itsm', '/settings/variables/tracker': '1', '/settings/variables/field': redmine.said['field'],
    },
  };
  for (const [given, made] of [[rtPreset, blanks.rt], [redminePreset, blanks.redmine]] as const) {
    const open = given.blanks.filter(({ pointer }) => !(pointer in made));
    if (open.length > 0) throw new Error(`not filled in: ${open.map(({ pointer }) => pointer).join(', ')}`);
  }
  // Nobody wants to wait for half a minute, nor for long pauses while a system is down; and what is looked back at is asked for in each poll.
  const quick = { '/entityTypes/0/poll/everySeconds': 3, '/entityTypes/0/poll/cursor/overlapSeconds': 10, '/settings/retry': { firstMs: 200, mostMs: 2_000 }, '/settings/circuit': { openMs: 1_000, mostOpenMs: 2_000 } };
  await parley.api.must('PUT', '/api/v1/config', {
    endpoints: [{ id: 'rt', status: 'ACTIVE', ...filled(rtPreset.endpoint, { ...blanks.rt, ...quick }) }, { id: 'redmine', status: 'ACTIVE', ...filled(redminePreset.endpoint, { ...blanks.redmine, ...quick }) }],
    rules: [rule(['rt', 'Ticket'], ['redmine', 'Issue']), rule(['redmine', 'Issue'], ['rt', 'Ticket'])],
  });
}
