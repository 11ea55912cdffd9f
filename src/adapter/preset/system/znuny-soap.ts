import { at, blank, SECRET } from '../parts.js';
import type { Preset } from '../preset.js';
import { inward, outwardXml } from '../value-table.js';
import { COMMON_BLANKS, HAS_ARTICLE, HAS_FIELDS, IS_WAITING, PRIORITY, STATUS, VARIABLES } from './znuny.js';

const NAMESPACE = 'http://www.otrs.org/TicketConnector/';
const isIf = (condition: string): string => `parley:if="${condition.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"`;
const call = (name: string, body: string): { readonly action: string; readonly body: string } =>
  ({ action: `${NAMESPACE}#${name}`, body: `<${name} xmlns="${NAMESPACE}"><UserLogin>{{variables.user}}</UserLogin><Password>{{secrets.password}}</Password>${body}</${name}>` });

const WAIT = `<PendingTime ${isIf(IS_WAITING)}><Diff>{{variables.pendingMinutes}}</Diff></PendingTime>`;
const FILES = '<Attachment parley:each="files"><Filename>{{item.name}}</Filename><ContentType>{{item.contentType}}</ContentType><Content parley:file="{{item.id}}"/></Attachment>';
const TEXT = '<CommunicationChannel>Internal</CommunicationChannel><SenderType>agent</SenderType><ContentType>text/plain; charset=utf8</ContentType>';
const or = (name: string, attribute: string, value: string, other: string): string =>
  `<${name} ${isIf(`attributes.${attribute}`)}>${value}</${name}><${name} ${isIf(`!(attributes.${attribute})`)}>${other}</${name}>`;
const orDefault = (name: string, attribute: string, rows: string, other: string): string => `${rows}<${name} ${isIf(`!(attributes.${attribute})`)}>${other}</${name}>`;
const COMMENT = 'attributes.comment.text';

const CREATE = '<Ticket><Title>{{attributes.title | truncate:255}}</Title>'
  + or('Queue', 'assignmentGroup', '{{attributes.assignmentGroup}}', '{{variables.queue}}') + orDefault('State', 'status', outwardXml('State', STATUS, 'status'), 'new') + WAIT
  + orDefault('Priority', 'priority', outwardXml('Priority', PRIORITY, 'priority'), '3 normal') + or('CustomerUser', 'requester.id', '{{attributes.requester.id}}', '{{variables.customer}}')
  + `</Ticket><Article>${TEXT}<IsVisibleForCustomer>1</IsVisibleForCustomer><Subject>{{attributes.title | truncate:255}}</Subject>${or('Body', 'description', '{{attributes.description}}', '{{attributes.title}}')}</Article>`
  + `<DynamicField><Name>ParleyKey</Name><Value>{{correlationKey}}</Value></DynamicField>${FILES}`;

const UPDATE = `<TicketID>{{ticketId}}</TicketID><Ticket ${isIf(HAS_FIELDS)}><Title parley:omit="">{{attributes.title | truncate:255}}</Title><Queue parley:omit="">{{attributes.assignmentGroup}}</Queue>`
  + `${outwardXml('State', STATUS, 'status')}${WAIT}${outwardXml('Priority', PRIORITY, 'priority')}</Ticket><Article ${isIf(HAS_ARTICLE)}>${TEXT}`
  + `<IsVisibleForCustomer ${isIf(`${COMMENT} && attributes.comment.visibility == 'public'`)}>1</IsVisibleForCustomer><IsVisibleForCustomer ${isIf(`!(${COMMENT} && attributes.comment.visibility == 'public')`)}>0</IsVisibleForCustomer>`
  + `<Subject>{{attributes.title | default:"Note"}}</Subject><Body ${isIf(`${COMMENT} && attributes.comment.author`)}>{{attributes.comment.author}}: {{${COMMENT}}}</Body>`
  + `<Body ${isIf(`${COMMENT} && !(attributes.comment.author)`)}>{{${COMMENT}}}</Body><Body ${isIf(`!(${COMMENT})`)}>Files from the other system</Body></Article>${FILES}`;

const named = (name: string): string => `*[local-name()='${name}']`;
const ofArticle = (value: string): object => at(`Event.ArticleID && ${value} || null`);

export const znunySoap: Preset = {
  id: 'znuny-soap', title: 'Znuny by SOAP', version: 2, lastChecked: '2026-11-21', testedAgainst: 'documentation',
  description: 'The same by a SOAP web service, as installations have it whose connector has been there for years.',
  blanks: [blank('/settings/address', 'Address of the web service'), ...COMMON_BLANKS],
  values: { status: STATUS, priority: PRIORITY },
  endpoint: {
    name: 'Znuny', adapter: 'soap',
    settings: {
      address: 'https://znuny.example.com/znuny/nph-genericinterface.pl/Webservice/GenericTicketConnectorSOAP', integrationUser: '2', echoByValue: false, variables: VARIABLES, secrets: { password: SECRET },
      check: call('TicketSearch', '<Limit>1</Limit>'),
      answers: {
        error: { xpath: `//${named('Error')}/${named('ErrorMessage')}` }, credentialsWhen: [{ xpath: `//${named('ErrorCode')}[contains(., '.AuthFail')]` }], rejectedWhen: [{ xpath: `//${named('ErrorCode')}` }],
      },
    },
    entityTypes: [{
      name: 'Ticket',
      operations: { create: call('TicketCreate', CREATE), update: call('TicketUpdate', UPDATE) },
      response: { ticketId: 'TicketID' },
      lookup: {
        ...call('TicketSearch', '<DynamicField_ParleyKey><Equals>{{correlationKey}}</Equals></DynamicField_ParleyKey><Limit>2</Limit>'),
        ticketId: { xpath: `//${named('TicketSearchResponse')}[count(${named('TicketID')}) = 1]/${named('TicketID')}` }, absentWhen: [{ status: [200], xpath: `//${named('TicketSearchResponse')}[not(*)]` }],
      },
      inbound: {
        ticketId: 'Ticket.TicketID', sender: at('(Event.ArticleID && Ticket.Article.CreateBy) || Ticket.ChangeBy'), occurredAt: { jmespath: '(Event.ArticleID && Ticket.Article.CreateTime) || Ticket.Changed', zone: 'UTC' },
        eventId: at("Event.ArticleID && join(':', ['article', Event.ArticleID]) || join(':', ['ticket', Ticket.TicketID, Ticket.Changed, Ticket.State, Ticket.Priority, Ticket.Queue, Ticket.Title])"),
        attributes: {
          'ticket.id': 'Ticket.TicketID', 'ticket.number': 'Ticket.TicketNumber', 'ticket.type': 'Ticket.Type', title: 'Ticket.Title', status: inward(STATUS, 'Ticket.State'), priority: inward(PRIORITY, 'Ticket.Priority'),
          assignmentGroup: 'Ticket.Queue', assignee: 'Ticket.Owner', 'requester.id': 'Ticket.CustomerUserID',
          'comment.id': ofArticle('Event.ArticleID'), 'comment.text': ofArticle('Ticket.Article.Body'), 'comment.author': ofArticle('Ticket.Article.From'),
          'comment.visibility': ofArticle("(Ticket.Article.IsVisibleForCustomer == '1' && 'public' || 'internal')"),
        },
        // The requester there waits for an element that is named after its invoker.
        answer: { body: `<ParleyResponse xmlns="${NAMESPACE}"><MessageID>{{messageId}}</MessageID></ParleyResponse>` },
      },
    }],
  },
};
