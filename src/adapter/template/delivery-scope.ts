import { nestAttributes } from '../../core/delivery/nest-attributes.js';
import { AttributeIndex } from '../../core/message/attribute-index.js';
import type { Attributes } from '../../core/message/value.js';
import { uuidTimeMs } from '../../store/pipeline/uuid.js';
import { memberAt, type Inserted, type TemplateScope } from './body-template.js';
import type { CarriedAttachment, OutboundDelivery } from '../contract.js';

/** What steps brought, by their ids: names and values, or a list of such for a step that was done for each of several. */
export type StepValues = Readonly<Record<string, unknown>>;

export interface DeliveryScope {
  readonly delivery: OutboundDelivery;
  readonly attributes: Attributes;
  /** What templates read as `variables.name` and `secrets.name`. */
  readonly settings: { readonly variables?: Readonly<Record<string, string>>; readonly secrets?: Readonly<Record<string, string>> };
  /** Read when asked, not when made: steps add to it. */
  readonly steps: () => StepValues;
  /** What an upload brought for a file, by the file's id. */
  readonly uploaded: (fileId: string) => Readonly<Record<string, unknown>> | undefined;
}

/** What the templates of a delivery read. */
export function deliveryScope({ delivery, attributes, settings, steps, uploaded }: DeliveryScope): TemplateScope {
  let index: AttributeIndex | undefined;
  let nested: Readonly<Record<string, unknown>> | undefined;
  const all = (): Readonly<Record<string, unknown>> => (nested ??= nestAttributes(attributes) as Readonly<Record<string, unknown>>);
  const files = (): readonly unknown[] => delivery.attachments.map((file) => fileFields(file, uploaded(file.id)));
  const read = (name: string): Inserted | undefined => {
    switch (name) {
      case 'ticketId': return delivery.ticketId ?? (memberAt(steps(), 'ticketId'));
      case 'correlationKey': return delivery.id;
      case 'messageType': return delivery.messageType;
      case 'operation': return delivery.operation;
      case 'entityType': return delivery.entityType;
      case 'createdAt': return createdAt(delivery.id);
      case 'attributes': return all();
      case 'files': return files();
      default: return readPrefixed(name);
    }
  };
  const readPrefixed = (name: string): Inserted | undefined => {
    const dot = name.indexOf('.');
    const rest = name.slice(dot + 1);
    switch (dot < 0 ? '' : name.slice(0, dot)) {
      case 'attributes': return (index ??= new AttributeIndex(attributes)).get(rest) ?? memberAt(all(), rest);
      case 'steps': return memberAt(steps(), rest);
      case 'variables': return own(settings.variables, rest);
      case 'secrets': return own(settings.secrets, rest);
      default: return undefined;
    }
  };
  return {
    read,
    document: () => ({
      ticketId: read('ticketId') ?? null, correlationKey: delivery.id, messageType: delivery.messageType, operation: delivery.operation, entityType: delivery.entityType,
      attributes: all(), steps: steps(), files: files(), variables: settings.variables ?? {},
    }),
  };
}

const own = (values: Readonly<Record<string, string>> | undefined, name: string): string | undefined => (values !== undefined && Object.hasOwn(values, name) ? values[name] : undefined);

/** When the delivery was made: the same on every attempt. Ids of tests may be anything. */
export function createdAt(id: string): string | undefined {
  const ms = /^[0-9a-f]{8}-[0-9a-f]{4}-7/.test(id) ? uuidTimeMs(id) : Number.NaN;
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

/** A file as templates see it; its content is encoded only where it is asked for. */
export function fileFields(file: CarriedAttachment, uploaded: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  const { id, name, contentType, size } = file;
  return Object.defineProperty({ id, name, contentType, size, ...uploaded }, 'contentBase64', { enumerable: true, get: () => base64(file.content) });
}

const base64 = (content: Uint8Array): string => Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('base64');

/** The scope of a request that carries one file. */
export function withFile(scope: TemplateScope, file: CarriedAttachment, index: number): TemplateScope {
  const fields = fileFields(file);
  return {
    read: (name) => (name === 'index' ? index : name === 'file' ? fields : name.startsWith('file.') ? memberAt(fields, name.slice('file.'.length)) : scope.read(name)),
    document: () => ({ ...scope.document(), file: fields, index }),
  };
}
