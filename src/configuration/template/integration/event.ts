import { bothKnow, condition, copy, ENDED, fixed, known, message, passes, REFUSALS_OVER, remembers, route, sends, SOURCE, TARGET, type Part, type Way } from './way.js';

/** How a source of events says what has happened. */
export interface EventForm {
  /** Attribute that tells whether it is there or over, and what it says then. */
  readonly state: string;
  readonly raised: string;
  readonly cleared: string;
  readonly severity: string;
  /** Whether a title that changes is news; else it is another with each message. */
  readonly hasSteadyTitle: boolean;
  /** What is said when it is over: a template, an attribute that it reads, and what that comes to. */
  readonly over: { readonly text: string; readonly attributes: Part; readonly said: string };
}

const WAY: Way = { from: SOURCE, to: TARGET };
const STATUS = known('status', TARGET);
const atWork = condition(STATUS, 'NOT_EQUALS', ...ENDED);

/** Words for how bad it is. */
const LEVELS: readonly (readonly [level: string, ...words: string[]])[] = [
  ['1', 'critical', 'disaster', 'emergency', 'page', 'down', 'fatal'], ['2', 'error', 'high', 'major', 'alert'], ['3', 'warning', 'average', 'medium', 'unknown'], ['4', 'minor', 'low', 'notice'], ['5', 'info', 'information', 'none'],
];
const priorityOf = (severity: string): Part => ({
  type: 'Table', sources: [severity], targets: ['priority'], rows: LEVELS.flatMap(([level, ...words]) => [level, ...words].map((word) => ({ when: [word], then: [level] }))), defaults: ['{{defaultPriority}}'],
});

/** An event opens a ticket once, tells it when it is told again or gets worse, and resolves it when it is over. */
export function eventRules(form: EventForm): readonly Part[] {
  const is = (state: string): Part => condition(form.state, 'EQUALS', state);
  const [raised, cleared] = [is(form.raised), is(form.cleared)];
  return [
    opened(form, raised), ...again(form, raised), worse(form, raised), ...(form.hasSteadyTitle ? [retitled(form, raised)] : []), over(form, cleared), back(form, raised),
    idle(form, 'it stays cancelled', raised, ['cancelled']), idle(form, 'over, and nothing to do', cleared, [...ENDED, '']), followed, refused,
  ];
}

const happened = (form: EventForm, more: Part = {}): Part => ({ title: 'Disk full', [form.severity]: 'critical', ...more, [form.state]: form.raised });
const seen = (status: string, previous: Part = {}): Part => ({ attributes: { [STATUS]: status }, previous });
const noted = (text: string): Part => ({ 'comment.text': text, 'comment.visibility': 'internal' });
const note = (template: string): readonly Part[] => [fixed(template, 'comment.text'), fixed('internal', 'comment.visibility')];

function opened(form: EventForm, raised: Part): Part {
  const first = message(SOURCE, happened(form, { description: 'On /var', 'ticket.url': 'http://there/' }));
  const creates = (more: Part): Part => ({ outcome: 'ROUTED', outbound: [{ endpoint: TARGET.endpoint, operation: 'CREATE', attributes: { title: 'Disk full', description: 'On /var\n\nhttp://there/', priority: '1', ...more } }] });
  return route(WAY, 'open a ticket', 'CREATE', {
    entityConditions: [raised],
    mappings: [
      copy('title'), copy('description'), { type: 'Append', template: '${ticket.url}', targetAttribute: 'description', separator: '\n\n' }, priorityOf(form.severity),
      { onlyWith: 'assignedGroup', ...fixed('{{assignedGroup}}', 'assignmentGroup') },
    ],
    attachmentMapping: { mapAttachmentsFromSourceMessage: true },
    conversationAttributeMappings: [fixed('new', STATUS), { type: 'CounterReset', counterName: 'repeats' }],
    tests: [
      { onlyWithout: 'assignedGroup', name: 'an event opens a ticket', message: first, expect: creates({}) },
      { onlyWith: 'assignedGroup', name: 'an event opens a ticket for the group', message: first, expect: creates({ assignmentGroup: '{{assignedGroup}}' }) },
      { onlyWithout: 'assignedGroup', name: 'one without a severity has the usual priority', message: message(SOURCE, happened(form, { [form.severity]: '' })), expect: { outbound: [{ operation: 'CREATE', attributes: { title: 'Disk full', priority: '{{defaultPriority}}' } }] } },
      passes(WAY, 'one that has a ticket opens no other', happened(form)),
      { name: 'one that is over opens none', message: message(SOURCE, { ...happened(form), [form.state]: form.cleared }), expect: { outcome: 'NO_ROUTE', outbound: [] } },
    ],
  });
}

function again(form: EventForm, raised: Part): readonly Part[] {
  const counts: Part = { entityConditions: [raised], conversationConditions: [atWork, condition(STATUS, 'NOT_BLANK')], conversationAttributeMappings: [{ type: 'CounterIncrement', counterName: 'repeats' }] };
  const counted = (outbound: readonly Part[]): Part => ({ outcome: 'ROUTED', outbound, conversation: { counters: { repeats: 3 } } });
  const told = { name: 'what is told again is counted', message: message(SOURCE, happened(form)), conversation: bothKnow(WAY, { ...seen('new'), counters: { repeats: 2 } }) };
  return [
    { onlyWith: 'tellsRepeats', ...route(WAY, 'told again', 'UPDATE', { ...counts, mappings: note('Told again: ${title}'), tests: [{ ...told, expect: counted([{ operation: 'UPDATE', attributes: noted('Told again: Disk full') }]) }] }) },
    { onlyWithout: 'tellsRepeats', ...remembers(SOURCE, 'told again', { ...counts, tests: [{ ...told, expect: counted([]) }] }) },
  ];
}

const worse = (form: EventForm, raised: Part): Part => route(WAY, 'changed severity', 'UPDATE', {
  entityConditions: [raised, condition(form.severity, 'NOT_BLANK'), condition(form.severity, 'CHANGED')], conversationConditions: [atWork], mappings: [priorityOf(form.severity)],
  tests: [
    sends(WAY, 'one that gets worse does so there', { attributes: happened(form), conversation: seen('new', { [form.severity]: 'warning' }) }, { priority: '1' }),
    sends(WAY, 'a word that nobody knows has the usual priority', { attributes: happened(form, { [form.severity]: 'apocalypse' }), conversation: seen('new', { [form.severity]: 'warning' }) }, { priority: '{{defaultPriority}}' }),
    passes(WAY, 'one that is as bad as before changes nothing', happened(form), seen('new', { [form.severity]: 'critical' })),
  ],
});

const retitled = (form: EventForm, raised: Part): Part => route(WAY, 'changed text', 'UPDATE', {
  entityConditions: [raised, condition('title', 'NOT_BLANK'), condition('title', 'CHANGED')], conversationConditions: [atWork], mappings: [copy('title'), copy('description')],
  tests: [
    sends(WAY, 'what it says now stands there', { attributes: happened(form, { description: '96 %' }), conversation: seen('new', { title: 'Disk nearly full' }) }, { title: 'Disk full', description: '96 %' }),
    passes(WAY, 'the same words do not', happened(form), seen('new', { title: 'Disk full' })),
  ],
});

const over = (form: EventForm, cleared: Part): Part => route(WAY, 'over', 'UPDATE', {
  entityConditions: [cleared], conversationConditions: [atWork],
  mappings: [fixed('resolved', 'status'), fixed(form.over.text, 'resolution'), ...note(form.over.text)], conversationAttributeMappings: [fixed('resolved', STATUS), REFUSALS_OVER],
  tests: [
    sends(WAY, 'its end resolves the ticket', { attributes: { ...form.over.attributes, [form.state]: form.cleared }, conversation: seen('inProgress') }, { status: 'resolved', resolution: form.over.said, ...noted(form.over.said) }),
    passes(WAY, 'one that somebody has resolved is left alone', { [form.state]: form.cleared }, seen('resolved')),
  ],
});

const back = (form: EventForm, raised: Part): Part => route(WAY, 'back again', 'UPDATE', {
  entityConditions: [raised], conversationConditions: [condition(STATUS, 'EQUALS', 'resolved', 'closed')],
  mappings: [fixed('reopened', 'status'), ...note('It is there again, or still: ${title}')], conversationAttributeMappings: [fixed('reopened', STATUS), REFUSALS_OVER],
  tests: [
    sends(WAY, 'what is told after the end reopens the ticket', { attributes: happened(form), conversation: seen('resolved') }, { status: 'reopened', ...noted('It is there again, or still: Disk full') }),
    passes(WAY, 'what somebody cancelled stays so', happened(form), seen('cancelled')),
  ],
});

/** What changes nothing is taken note of, so that it does not look as if no rule knew it. */
const idle = (form: EventForm, name: string, state: Part, statuses: readonly string[]): Part => remembers(SOURCE, name, {
  entityConditions: [state], conversationConditions: [condition(STATUS, 'EQUALS', ...statuses)],
  tests: [{ name: 'nothing is sent', message: message(SOURCE, { ...happened(form), [form.state]: (state['values'] as readonly string[])[0] }), conversation: bothKnow(WAY, seen('cancelled')), expect: { outcome: 'ROUTED', outbound: [] } }],
});

/** People resolve, close and cancel tickets, too. */
const followed: Part = remembers(TARGET, 'what becomes of the ticket is remembered', {
  entityConditions: [condition('status', 'NOT_BLANK')], conversationAttributeMappings: [copy('status', STATUS)],
  tests: [{ name: 'a ticket that somebody resolves counts as resolved', message: message(TARGET, { status: 'resolved' }), conversation: seen('new'), expect: { outcome: 'ROUTED', outbound: [], conversation: { attributes: { [STATUS]: 'resolved' } } } }],
});

const ANSWER = { operation: 'UPDATE', status: 'ERROR', httpStatus: 400, error: 'No transition.', ticketId: null };

/** Nobody at the source can read: whoever looks at the ticket is told, once. */
const refused: Part = route({ from: TARGET, to: TARGET }, 'tell what was refused', 'RESPONSE_TO_UPDATE', {
  responseStatus: 'ERROR', conversationConditions: [condition('counter:refusals', 'LESS_THAN', '1')],
  mappings: note('An update was refused: ${sf:response:error}'), conversationAttributeMappings: [{ type: 'CounterIncrement', counterName: 'refusals' }],
  tests: [
    { name: 'what was refused is told at the ticket', message: message(TARGET, {}, { response: ANSWER }), conversation: bothKnow(WAY), expect: { outcome: 'ROUTED', outbound: [{ endpoint: TARGET.endpoint, operation: 'UPDATE', attributes: noted('An update was refused: No transition.') }], conversation: { counters: { refusals: 1 } } } },
    { name: 'not that this was refused, too', message: message(TARGET, {}, { response: ANSWER }), conversation: bothKnow(WAY, { counters: { refusals: 1 } }), expect: { outcome: 'NO_ROUTE', outbound: [] } },
  ],
});
