import { bothKnow, condition, copy, copyFilled, ENDED, fixed, known, message, passes, REFUSALS_OVER, route, sends, type Part, type Way } from './way.js';

/** Names of the parameters that say which tickets are opened at the other end, and which group gets them there; without a value every ticket, and whichever group. */
export interface Handover {
  readonly group?: string;
  readonly assigned?: string;
}

const OPENED = { title: 'Cannot print', description: 'Second floor', status: 'inProgress', priority: '2', 'requester.name': 'Ann', 'ticket.number': 'INC7' };
const FILE = { attachments: [{ name: 'photo.png', size: 10 }] };
/** No comment, or one that everybody may read. */
const OPEN_TO_ALL = ['public', ''];

/** A ticket is opened at the other end. Of an internal comment neither the text nor its files go along. */
export function opening(way: Way, handover: Handover): readonly Part[] {
  const open = route(way, 'open the ticket there', 'CREATE', { ...opens(way, handover, 'EQUALS'), attachmentMapping: { mapAttachmentsFromSourceMessage: true } });
  const quiet = route(way, 'open the ticket there, without the files of an internal comment', 'CREATE', opens(way, handover, 'NOT_EQUALS'));
  return [{ ...open, tests: openTests(way, handover) }, { ...quiet, tests: quietTests(way, handover) }, comment(way, handover, open)];
}

const conditions = ({ group }: Handover, visibility: Part): readonly Part[] =>
  [condition('status', 'NOT_EQUALS', ...ENDED), visibility, ...(group === undefined ? [] : [{ onlyWith: group, ...condition('assignmentGroup', 'EQUALS', `{{${group}}}`) }])];

function opens({ from, to }: Way, handover: Handover, visibility: string): Part {
  const { assigned } = handover;
  return {
    priority: 2, // what was said with it comes behind it
    entityConditions: conditions(handover, condition('comment.visibility', visibility, ...OPEN_TO_ALL)),
    virtualAttributeMappings: [copy('sf:message:ticketId', 'number'), copyFilled('ticket.number', 'number')],
    mappings: [
      copy('title'), copy('description'), { type: 'Append', template: `${from.endpoint}: \${sf:virtual:number}`, targetAttribute: 'description', separator: '\n\n' },
      copy('priority'), copy('impact'), copy('urgency'), copy('requester.name'), copy('requester.email'),
      ...(assigned === undefined ? [] : [{ onlyWith: assigned, ...fixed(`{{${assigned}}}`, 'assignmentGroup') }]),
    ],
    conversationAttributeMappings: [
      fixed(from.endpoint, 'opened at'), copy('status', known('status', from)), fixed('new', known('status', to)),
      copy('priority', known('priority', from)), copy('priority', known('priority', to)), REFUSALS_OVER,
    ],
  };
}

const asked = ({ group }: Handover, attributes: Part): Part => (group === undefined ? attributes : { ...attributes, assignmentGroup: `{{${group}}}` });
const unseen = (way: Way, name: string, attributes: Part, expect: Part): Part => ({ name, message: message(way.from, attributes, FILE), expect });
const creates = (way: Way, more: Part): Part => ({ outcome: 'ROUTED', outbound: [{ endpoint: way.to.endpoint, operation: 'CREATE', ...more }] });
const STAYS = { outcome: 'NO_ROUTE', outbound: [] };

function openTests(way: Way, handover: Handover): readonly Part[] {
  const { group, assigned } = handover;
  const attributes = { title: 'Cannot print', description: `Second floor\n\n${way.from.endpoint}: INC7`, priority: '2', 'requester.name': 'Ann' };
  const plain = unseen(way, 'a ticket is opened there with its files', asked(handover, OPENED), creates(way, { attributes, attachments: ['photo.png'] }));
  return [
    ...(assigned === undefined ? [plain] : [
      { onlyWithout: assigned, ...plain },
      { onlyWith: assigned, ...unseen(way, 'a ticket is opened there for the group', asked(handover, OPENED), creates(way, { attributes: { ...attributes, assignmentGroup: `{{${assigned}}}` } })) },
    ]),
    passes(way, 'one that is there already is not opened again', asked(handover, OPENED)),
    unseen(way, 'one that has ended is not opened', asked(handover, { ...OPENED, status: 'closed' }), STAYS),
    ...(group === undefined ? [] : [{ onlyWith: group, ...unseen(way, 'one of another group is not opened', { ...OPENED, assignmentGroup: `not {{${group}}}` }, STAYS) }]),
  ];
}

const quietTests = (way: Way, handover: Handover): readonly Part[] => [
  unseen(way, 'what belongs to an internal comment stays', asked(handover, { ...OPENED, 'comment.text': 'Do not tell them', 'comment.visibility': 'internal' }), creates(way, { attachments: [] })),
  unseen(way, 'a ticket without one is opened by the other rule', asked(handover, OPENED), STAYS),
];

/** What is said to everybody at the moment of handing over. In some systems the description is a comment, too. */
function comment(way: Way, handover: Handover, open: Part): Part {
  const said = { 'comment.text': 'Please have a look', 'comment.author': 'Ann', 'comment.visibility': 'public' };
  return route(way, 'the comment it was opened with', 'CREATE', {
    entityConditions: [...conditions(handover, condition('comment.visibility', 'EQUALS', 'public')), condition('comment.text', 'NOT_BLANK'), condition('comment.text', 'NOT_EQUALS', '${description}')],
    mappings: [copy('comment.text'), copy('comment.author'), copy('comment.visibility')],
    tests: [
      { name: 'it follows the ticket', rules: [open], message: message(way.from, asked(handover, { ...OPENED, ...said })), expect: { outcome: 'ROUTED', outbound: [{ operation: 'CREATE' }, { operation: 'UPDATE', attributes: said }] } },
      unseen(way, 'the description is not said again', asked(handover, { ...OPENED, ...said, 'comment.text': 'Second floor' }), STAYS),
      unseen(way, 'an internal one is not said', asked(handover, { ...OPENED, ...said, 'comment.visibility': 'internal' }), STAYS),
    ],
  });
}

/** Whoever opened a ticket is told where it is now, so that people find it. */
export function writtenBack(way: Way): Part {
  const back: Way = { from: way.to, to: way.from };
  const answer = { operation: 'CREATE', status: 'SUCCESS', httpStatus: 201, error: null, ticketId: 'B-1' };
  const told = (number: string): Part => ({ 'ticket.externalId': number, 'comment.text': `Opened at ${way.to.endpoint} as ${number}.`, 'comment.visibility': 'internal' });
  return route(back, 'write its ticket id back', 'RESPONSE_TO_CREATE', {
    responseStatus: 'SUCCESS',
    virtualAttributeMappings: [copy('sf:response:ticketId', 'number'), copyFilled('number', 'number')],
    mappings: [copy('sf:virtual:number', 'ticket.externalId'), fixed(`Opened at ${way.to.endpoint} as \${sf:virtual:number}.`, 'comment.text'), fixed('internal', 'comment.visibility')],
    tests: [
      { name: 'the number there comes back', message: message(way.to, { number: 'OPS-1' }, { response: answer }), conversation: bothKnow(way), expect: { outcome: 'ROUTED', outbound: [{ endpoint: way.from.endpoint, operation: 'UPDATE', attributes: told('OPS-1') }] } },
      { name: 'where there is none, its id does', message: message(way.to, {}, { response: answer }), conversation: bothKnow(way), expect: { outcome: 'ROUTED', outbound: [{ attributes: told('B-1') }] } },
    ],
  });
}

const RENAMED = 'Cannot print, nor scan';

/** The end that opened the ticket says what it is called. */
export const title = (way: Way): Part => route(way, 'changed title', 'UPDATE', {
  entityConditions: [condition('title', 'NOT_BLANK'), condition('title', 'CHANGED')],
  conversationConditions: [condition('opened at', 'EQUALS', way.from.endpoint)],
  mappings: [copy('title')], conversationAttributeMappings: [REFUSALS_OVER],
  tests: [
    sends(way, 'a title that changes where it was opened is carried over', { attributes: { title: RENAMED }, conversation: { attributes: { 'opened at': way.from.endpoint }, previous: { title: 'Cannot print' } } }, { title: RENAMED }),
    passes(way, 'one that does not is not', { title: RENAMED }, { attributes: { 'opened at': way.from.endpoint }, previous: { title: RENAMED } }),
    passes(way, 'the other end calls it what it likes', { title: RENAMED }, { attributes: { 'opened at': way.to.endpoint }, previous: { title: 'Cannot print' } }),
  ],
});
