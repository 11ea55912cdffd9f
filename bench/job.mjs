// The job that every scenario does: a 2 kB ticket, and a hundred rules of its source of which one fits.

const NUMBER = '#########';
const TICKET = '@@@@@@@@@';
const GROUP = '~~~';

/** Bytes of the request, as performance.md has it. */
const BODY_BYTES = 2_048;

/** Digits in which a message or a ticket is numbered. */
export const DIGITS = NUMBER.length;

/** Name under which the number of a message reaches the target, as bytes to search for. */
export const NUMBER_MARK = '"sequence":"';

const WORDS = 'Der Drucker im dritten Stock meldet Papierstau, obwohl kein Papier klemmt. After a restart the queue stays offline for about ten minutes & then recovers by itself. '.split(' ');

function words(count) {
  return Array.from({ length: count }, (_, at) => WORDS[at % WORDS.length]).join(' ');
}

function document(filler) {
  return JSON.stringify({
    ticketId: `INC${TICKET}`,
    sender: { id: 'jane.doe', name: 'Jane Doe' },
    occurredAt: '2026-07-01T09:30:00Z',
    attributes: {
      number: NUMBER,
      short_description: 'Printer 4711 is offline: "paper jam" although there is none, please have a look as soon as possible since payroll is due',
      description: `<p>Hello,</p><p>${words(36)}</p><ul><li>INC0042 looked the same &amp; was closed</li><li>host&nbsp;PRN-4711</li></ul>`,
      impact: '2', urgency: '1', priority: '3', state: 'new', category: 'hardware', subcategory: 'printer',
      assignment_group: `group ${GROUP}`, assigned_to: { name: 'Max Müller', email: 'max.mueller@example.com' },
      caller: { name: 'Jane Doe', email: 'jane.doe@example.com', phone: '+49 30 1234567', vip: false },
      location: { site: 'Berlin', building: 'A', floor: 3 }, tags: ['printer', 'payroll', 'urgent'],
      opened_at: '2026-07-01T09:30:00Z', sla_due: '2026-07-01T17:30:00Z', reopen_count: 0,
      work_notes: `${words(20)} ${filler}`,
    },
    attachments: [],
  });
}

/** A request body with places to write into: of the message's number, of its ticket's and of its group's (three digits). */
export function bodyTemplate() {
  const body = Buffer.from(document('x'.repeat(Math.max(0, BODY_BYTES - Buffer.byteLength(document(''))))));
  return { body, numberAt: body.indexOf(NUMBER), ticketAt: body.indexOf(TICKET), groupAt: body.indexOf(GROUP) };
}

const equals = (attribute, ...values) => ({ attribute, operator: 'EQUALS', values });

/** Most rules ask for a group; of the first hundred, ten ask by operators that no index answers. */
function conditionsOf(at) {
  switch (at < 100 ? at % 20 : 0) {
    case 8: return [equals('state', 'new'), { attribute: 'short_description', operator: 'CONTAINS', values: [`scanner ${at}`] }];
    case 18: return [{ attribute: 'description', operator: 'MATCHES', values: [`VPN-\\d{3}${at}`] }];
    default: return [equals('assignment_group', `group ${String(at).padStart(3, '0')}`), { attribute: 'state', operator: 'NOT_EQUALS', values: ['closed'] }];
  }
}

const single = (template, targetAttribute, ...sourceFormatters) => ({ type: 'Single', template, targetAttribute, sourceFormatters });

/** What a ticket becomes: a table of two attributes to two, a regular expression, HTML removed, a text cut, a date in another zone. */
const MAPPINGS = [
  single('${number}', 'fields.sequence'),
  single('${short_description}', 'fields.summary', { type: 'Truncate', maxLength: 100 }),
  single('${description}', 'fields.description', { type: 'RemoveHtml' }),
  single('${description}', 'fields.related', { type: 'Regex', pattern: 'INC(\\d+)' }),
  single('${opened_at}', 'fields.opened', { type: 'DateFormat', toFormat: 'dd.MM.yyyy HH:mm', toTimeZone: 'Europe/Berlin' }),
  single('${caller.name} <${caller.email}>', 'fields.reporter'),
  single('${sf:ticketId}', 'fields.origin'),
  {
    type: 'Table', sources: ['impact', 'urgency'], targets: ['fields.priority', 'fields.queue'],
    rows: ['1', '2', '3'].flatMap((impact) => ['1', '2', '3'].map((urgency) => ({ when: [impact, urgency], then: [`P${Math.max(Number(impact), Number(urgency))}`, `queue-${impact}${urgency}`] }))),
    defaults: ['P4', 'queue-other'],
  },
];

/** Places of rules that ask for a group; a message of that group fits no other rule. */
export const FITTING = [7, 17, 27, 37];

/** `count` rules of one source. The one at the n-th place of FITTING sends to the n-th target; the n-th waits first where `delays` says so. */
export function rules(count, { targets, delays = [] }) {
  return Array.from({ length: count }, (_, at) => ({
    name: `rule ${at}`, changeDescription: 'made by the bench', sourceSystemId: 'source', sourceEntityType: 'incident',
    targetSystemId: targets[FITTING.indexOf(at)] ?? targets[0], targetEntityType: 'Issue', targetCondition: 'ALL', priority: at % 7,
    entityConditions: conditionsOf(at), mappings: MAPPINGS,
    ...(delays[FITTING.indexOf(at)] > 0 ? { delayConditions: [{ type: 'Time', seconds: delays[FITTING.indexOf(at)] }] } : {}),
  }));
}

/** The tool that tickets come from. */
export const sourceEndpoint = (password) => ({
  id: 'source', name: 'Source', adapter: 'rest', settings: { baseUrl: 'http://127.0.0.1:9/', auth: { type: 'none' } },
  entityTypes: [{ name: 'incident', operations: {} }], inbound: { password },
});

/** A tool that tickets go to. */
export const targetEndpoint = (id, baseUrl) => ({
  id, name: `Target ${id}`, adapter: 'rest',
  settings: { baseUrl, auth: { type: 'basic', username: 'parley', password: 'secret of the bench' }, slots: 32, circuit: { openMs: 2_000, mostOpenMs: 2_000 } },
  entityTypes: [{
    name: 'Issue', response: { ticketId: 'id' },
    operations: { create: { method: 'POST', path: '/issues', idempotent: true }, update: { method: 'PUT', path: '/issues/{{ticketId}}' } },
  }],
});
