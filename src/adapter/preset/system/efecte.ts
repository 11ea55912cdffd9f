import { at, BASE_URL, blank, COMMENT, IS_INTERNAL, IS_PUBLIC, SECRET, secretBlank } from '../parts.js';
import type { Preset } from '../preset.js';
import { inward, outward, type ValueTable } from '../value-table.js';

/** Values belong to each template. What stands in no row goes as it is, and is refused in words where the template does not know it. */
const status: ValueTable = [
  ['new', '01 - New'], ['inProgress', '02 - Solving'], ['assigned', '02 - Solving'], ['reopened', '02 - Solving'], ['pending', '02 - Solving'], ['onHold', '02 - Solving'], ['closed', '07 - Closed'], ['resolved', '07 - Closed'], ['cancelled', '07 - Closed'],
];
const priority: ValueTable = [['1', '1. Critical'], ['2', '2. High'], ['3', '3. Medium'], ['4', '4. Low'], ['5', '4. Low']];

const CARDS = '/dc/{{variables.template}}/data';
const CARD = `${CARDS}/{{ticketId}}`;
/** Every attribute is a list of values. */
const values = (value: unknown): object => ({ values: [{ value }] });
const given = (name: string, value: unknown): object => ({ $if: `attributes.${name}`, $then: values(value) });
const DATA = {
  subject: given('title', '{{attributes.title}}'), description: given('description', '{{attributes.description | toHtml}}'), status: given('status', outward(status, 'status')), priority: given('priority', outward(priority, 'priority')),
  solution: given('resolution', '{{attributes.resolution | toHtml}}'),
};
/** A card may be saved without some of its attributes; the answer lists those. */
const LEFT_OUT = at("join('; ', meta.errors[].join(': ', [attributeCode, message]))");

const valueOf = (code: string): string => `data.${code}.values[0].value`;
const comments = (code: string, visibility: string): string => `(data.${code}.values || \`[]\`)[].{visibility: '${visibility}', author: author, text: value, date: date}`;
const CODES = 'subject,description,status,priority,solution,external_id,efecteid,updated,public_comments,internal_comments';

export const efecte: Preset = {
  id: 'efecte', title: 'Efecte and Matrix42 Core', version: 2, lastChecked: '2026-11-21', testedAgainst: 'documentation',
  description: 'Data cards of a template by the REST API: created, updated, commented in two work logs, files; what changes there is polled.',
  blanks: [
    BASE_URL, blank('/settings/auth/username', 'Login of the integration user'), secretBlank('/settings/auth/password', 'Its password'), blank('/settings/integrationUser', 'Its name as work logs show it'),
    blank('/settings/variables/template', 'Code of the template'), blank('/settings/variables/folder', 'Code of the folder of new cards'),
  ],
  values: { status, priority },
  endpoint: {
    name: 'Efecte', adapter: 'rest',
    settings: {
      baseUrl: 'https://example.efectecloud.com/rest-api/itsm/v1', integrationUser: 'Parley Integration', variables: { template: 'incident', folder: 'incident_management' }, maxAnswerBytes: 8_388_608,
      auth: {
        type: 'session', username: 'parley', password: SECRET, login: { method: 'POST', path: '/users/login', form: 'form', body: { login: '{{username}}', password: '{{password}}' } },
        // The token comes with the word before it already, in the body or in a header.
        token: { path: 'token', pattern: '^(?:Bearer\\s+)?(\\S+)$', else: { header: 'authorization', pattern: '^(?:Bearer\\s+)?(\\S+)$' } }, ttlSeconds: 1_500,
      },
      check: { path: '/echo/jwt?message=parley' }, answers: { error: at('message || error') },
    },
    entityTypes: [{
      name: 'Incident',
      operations: {
        create: {
          steps: [{
            id: 'card', method: 'POST', path: `${CARDS}?dataCards=true`, body: { folderCode: '{{variables.folder}}', data: { ...DATA, external_id: values('{{correlationKey}}') } }, extract: { leftOut: LEFT_OUT },
            answer: { error: LEFT_OUT, rejectedWhen: [{ body: 'meta.errors && !(dataCard.dataCardId)' }] }, failWhen: 'steps.card.leftOut', failMessage: 'these attributes were not taken: {{steps.card.leftOut}}',
          }],
        },
        update: {
          steps: [
            {
              id: 'card', when: 'attributes.title || attributes.description || attributes.status || attributes.priority || attributes.resolution', method: 'PATCH', path: CARD, body: { folderCode: '{{variables.folder}}', dataCardId: '{{ticketId}}', data: DATA },
              idempotent: true, answer: { error: LEFT_OUT, rejectedWhen: [{ body: 'meta.errors' }] },
            },
            // A value is added by POST; PUT would replace the whole log.
            { id: 'comment', when: IS_PUBLIC, method: 'POST', path: `${CARD}/public_comments`, body: values(COMMENT) },
            { id: 'note', when: IS_INTERNAL, method: 'POST', path: `${CARD}/internal_comments`, body: values(COMMENT) },
          ],
        },
        attach: { method: 'POST', path: `${CARD}/attachments/file`, form: 'multipart', field: 'fileUpload', body: { fileName: '{{file.name}}' } },
      },
      response: { ticketId: 'dataCard.dataCardId' },
      lookup: {
        method: 'GET', path: `${CARDS}?filter=%24external_id%24%20%3D%20%27{{correlationKey}}%27&limit=2`, ticketId: at('length(data) == `1` && data[0].dataCardId'), absentWhen: [{ status: [200], body: "type(data) == 'array' && length(data) == `0`" }],
      },
      inbound: {
        each: at(`[[@], ${comments('public_comments', 'public')}, ${comments('internal_comments', 'internal')}][]`), recent: { time: 'date', reference: at(valueOf('updated')) },
        ticketId: { path: 'dataCardId', root: true }, sender: 'author', occurredAt: at(`date || ${valueOf('updated')}`), eventId: ['visibility', { path: 'dataCardId', root: true }, 'date', 'author'],
        attributes: {
          'ticket.id': { path: 'dataCardId', root: true }, 'ticket.number': { jmespath: `${valueOf('efecteid')} || dataCardId`, root: true }, 'ticket.externalId': at(valueOf('external_id')), 'ticket.type': 'templateCode', title: at(valueOf('subject')),
          description: { jmespath: valueOf('description'), html: true }, status: inward(status, valueOf('status')), priority: inward(priority, valueOf('priority')), resolution: { jmespath: valueOf('solution'), html: true },
          'comment.text': { path: 'text', html: true }, 'comment.author': 'author', 'comment.visibility': 'visibility',
        },
      },
      poll: {
        path: '/dc/{{variables.template}}/data', query: { filter: "$updated$ > '{{cursor}}'", selectedAttributes: CODES, dataCards: 'true', limit: '200' }, list: 'data',
        cursor: { type: 'timestamp', field: 'data.updated.values[0].value', format: "yyyy-MM-dd'T'HH:mm:ss'Z'", overlapSeconds: 60 },
        // Cards come by falling id: the next page is below the last one.
        paging: { type: 'keyset', parameter: 'filterId', key: 'dataCardId', size: 200 },
      },
    }],
  },
};
