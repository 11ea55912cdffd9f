import { asText } from '../../../core/message/as-text.js';
import type { Value } from '../../../core/message/value.js';
import { MessageView } from '../../place/message-view.js';

/** A document that stands as a text within another, read as a document of its own. */
export interface EmbeddedDocument {
  readonly view: MessageView;
  /** XML from its root element on, JSON as it is; undefined where it is neither. */
  readonly document: unknown;
}

/** Reads the text that was found at the place of an embedded document. What its declaration says of a charset was true of the bytes that it was made of, not of this text. */
export function readEmbedded(outer: MessageView, found: unknown): EmbeddedDocument {
  const view = new MessageView({ ...outer.received, body: Buffer.from(asText(found as Value)), contentType: 'text/plain; charset=utf-8' });
  const read = view.document;
  return { view, document: !read.ok ? undefined : view.xml === null ? read.value : Object.values(read.value as object)[0] as unknown };
}
