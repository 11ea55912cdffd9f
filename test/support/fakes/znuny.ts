import { xmlToJson, readXml } from '../../../src/adapter/place/xml-document.js';
import { json, type Behaviour, type FakeTarget } from '../fake-target.js';
import { behaveAs } from './fake-system.js';

type Data = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any
const list = (value: unknown): Data[] => (value === undefined ? [] : Array.isArray(value) ? (value as Data[]) : [value as Data]);
const NEEDED = ['Title', 'Queue', 'State', 'Priority', 'CustomerUser'];

/** The operations of the generic interface: credentials in the body, errors as answers, an empty search without a list, pending states that ask for a time. */
export class FakeZnuny {
  readonly tickets: Data[] = [];
  now = '2026-01-31 10:05:00';

  run(operation: string, data: Data): Data {
    const error = (code: string, message: string): Data => ({ Error: { ErrorCode: `${operation}.${code}`, ErrorMessage: `${operation}: ${message}` } });
    if (data['UserLogin'] !== 'parley' || data['Password'] !== 'agent-pass') return error('AuthFail', 'User could not be authenticated!');
    switch (operation) {
      case 'TicketCreate': {
        const missing = NEEDED.find((name) => (data['Ticket']?.[name] ?? '') === '');
        if (missing !== undefined) return error('MissingParameter', `Ticket->${missing} parameter is missing!`);
        const ticket: Data = { TicketID: String(123 + this.tickets.length), TicketNumber: `202601311000${15 + this.tickets.length}`, Article: [], Attachment: [], DynamicField: list(data['DynamicField']), ChangeBy: '2' };
        return this.write(ticket, data, error) ?? (this.tickets.push(ticket), { TicketID: ticket['TicketID'], TicketNumber: ticket['TicketNumber'], ArticleID: ticket['Article'][0].ArticleID });
      }
      case 'TicketUpdate': {
        const ticket = this.tickets.find((one) => one['TicketID'] === String(data['TicketID']));
        if (ticket === undefined) return error('AccessDenied', 'User does not have access to the ticket!');
        return this.write(ticket, data, error) ?? { TicketID: ticket['TicketID'], TicketNumber: ticket['TicketNumber'] };
      }
      case 'TicketGet': {
        const ticket = this.tickets.find((one) => one['TicketID'] === String(data['TicketID']));
        return ticket === undefined ? error('AccessDenied', 'User does not have access to the ticket!') : { Ticket: [ticket] };
      }
      default: {
        const key = data['DynamicField_ParleyKey']?.Equals as string | undefined;
        const since = (data['TicketLastChangeTimeNewerDate'] ?? '') as string;
        const fitting = this.tickets.filter((one) => (key === undefined || list(one['DynamicField']).some(({ Name, Value }) => Name === 'ParleyKey' && Value === key)) && (since === '' || String(one['Changed']) >= since));
        if (data['SortBy'] === 'Changed') fitting.sort((one, other) => (String(one['Changed']) < String(other['Changed']) ? -1 : 1));
        const found = fitting.slice(0, Number(data['Limit'] ?? 500)).map((one) => one['TicketID'] as string);
        return found.length === 0 ? {} : { TicketID: found };
      }
    }
  }

  private write(ticket: Data, { Ticket: fields, Article: article, Attachment: files }: Data, error: (code: string, message: string) => Data): Data | null {
    if (fields !== undefined && Object.keys(fields as Data).length === 0) return error('InvalidParameter', 'Ticket parameter is not valid!');
    if (fields?.Queue !== undefined && fields.Queue === 'Nowhere') return error('InvalidParameter', 'Ticket->QueueID or Ticket->Queue parameter is invalid!');
    if (String(fields?.State).startsWith('pending') && fields.PendingTime?.Diff === undefined) return error('InvalidParameter', 'Ticket->PendingTime parameter is invalid!');
    if (article === undefined && files !== undefined) return error('MissingParameter', 'Article parameter is missing!');
    if (article !== undefined && (article.Subject === '' || article.Body === '' || article.ContentType === undefined)) return error('MissingParameter', 'Article->Body parameter is missing!');
    const { PendingTime: wait, ...rest } = (fields ?? {}) as Data;
    Object.assign(ticket, rest, wait === undefined ? {} : { wait }, { Changed: this.now });
    if (article !== undefined) ticket['Article'].push({ ArticleID: String(456 + ticket['Article'].length), TicketID: ticket['TicketID'], CreateTime: this.now, CreateBy: '2', From: 'Parley', ...article });
    ticket['Attachment'].push(...list(files).map(({ Filename, Content }) => `${String(Filename)}: ${Buffer.from(String(Content), 'base64').toString()}`));
    return null;
  }

  /** As a REST web service: a route for each operation. */
  asRest(target: FakeTarget): void {
    behaveAs(target, [['POST', /\/Parley\/(Ticket\w+)$/, ({ found: [operation = ''], body }) => json(200, this.run(operation, body))]], () => true);
  }

  /** As a SOAP web service: the operation is the element in the Body, the answer is named after it; what is no envelope is an error of the transport. */
  asSoap(target: FakeTarget): void {
    behaveAs(target, [['POST', /^\/Soap$/, ({ text }): Behaviour => {
      const body = bodyOf(text);
      if (body === null) return soap(500, '<soap:Fault><faultcode>soap:Server</faultcode><faultstring>Could not parse the request</faultstring></soap:Fault>');
      const [[operation, data]] = body as [[string, Data]];
      return soap(200, `<${operation}Response xmlns="http://www.otrs.org/TicketConnector/">${xmlOf(this.run(operation, data))}</${operation}Response>`);
    }]], () => true);
  }
}

const soap = (status: number, body: string): Behaviour =>
  ({ do: 'answer', status, headers: { 'content-type': 'text/xml; charset=UTF-8' }, body: `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>${body}</soap:Body></soap:Envelope>` });
const xmlOf = (data: Data): string => Object.entries(data).flatMap(([name, value]) => list(value).map((one) => `<${name}>${typeof one === 'object' ? xmlOf(one) : String(one)}</${name}>`)).join('');

function bodyOf(text: string): [string, Data][] | null {
  const read = readXml(text);
  if (!read.ok) return null;
  const [envelope] = Object.values(xmlToJson(read.value)) as Data[];
  return Object.entries(envelope?.['Body'] as Data).filter(([name]) => !name.startsWith('@')) as [string, Data][];
}
