import { describeFound, type Place } from '../shape/place.js';
import { isObject } from '../shape/shape.js';
import { textProblem } from './flatten.js';

/** An attachment as it stands in a canonical body, checked but not decoded. */
export interface CanonicalAttachment {
  readonly name: string;
  readonly contentType: string;
  readonly contentBase64: string;
  /** Bytes after decoding. */
  readonly size: number;
}

const MAX_NAME_LENGTH = 1_000;
/** Names and types stand in the headers of what is sent, where a line break would begin another header. */
const CONTROL_CHARACTER = /\p{Cc}/u;

/** Reads the attachments of a canonical body; notes every problem at its place. */
export function readCanonicalAttachments(raw: unknown, place: Place, checksTexts: boolean): CanonicalAttachment[] {
  if (!Array.isArray(raw)) {
    place.refuse('a list', describeFound(raw));
    return [];
  }
  return raw.map((attachment: unknown, at) => readAttachment(attachment, place.at(at), checksTexts));
}

function readAttachment(raw: unknown, place: Place, checksTexts: boolean): CanonicalAttachment {
  if (!isObject(raw)) {
    place.refuse('an object with name, contentType and contentBase64', describeFound(raw));
    return { name: '', contentType: '', contentBase64: '', size: 0 };
  }
  const contentType = raw['contentType'] ?? 'application/octet-stream';
  if (typeof contentType !== 'string' || contentType.length > MAX_NAME_LENGTH || CONTROL_CHARACTER.test(contentType)) {
    place.at('contentType').refuse('a content type such as text/plain', describeFound(contentType));
  }
  const { contentBase64, size } = readContent(raw['contentBase64'], place.at('contentBase64'));
  return {
    name: readName(raw['name'], place.at('name'), checksTexts),
    contentType: typeof contentType === 'string' ? contentType : '',
    contentBase64,
    size,
  };
}

function readName(raw: unknown, place: Place, checksTexts: boolean): string {
  if (typeof raw !== 'string' || raw.trim() === '') {
    place.refuse('text that is not blank', describeFound(raw));
    return '';
  }
  const problem = checksTexts ? textProblem(raw) : null;
  if (problem !== null) place.refuse('text that can be stored', problem);
  if (raw.length > MAX_NAME_LENGTH) place.refuse(`at most ${MAX_NAME_LENGTH} characters`, `${raw.length}`);
  if (CONTROL_CHARACTER.test(raw)) place.refuse('text without control characters', describeFound(raw));
  return raw;
}

function readContent(raw: unknown, place: Place): { contentBase64: string; size: number } {
  if (typeof raw !== 'string') {
    place.refuse('base64 text', describeFound(raw));
    return { contentBase64: '', size: 0 };
  }
  // Mail-style line breaks are as common as they are harmless.
  const contentBase64 = /\s/.test(raw) ? raw.replace(/\s+/g, '') : raw;
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(contentBase64) || contentBase64.replace(/=+$/, '').length % 4 === 1) {
    place.refuse('base64 text', 'text that is none');
  }
  const padding = contentBase64.endsWith('==') ? 2 : contentBase64.endsWith('=') ? 1 : 0;
  return { contentBase64, size: Math.floor(((contentBase64.length - padding) * 3) / 4) };
}
