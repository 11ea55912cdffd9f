declare module 'mailparser' {
  import type { Readable, Transform } from 'node:stream';

  export interface ParsedAddress {
    readonly address?: string;
    readonly name: string;
    readonly group?: readonly ParsedAddress[];
  }

  /** Header values as the parser reads them: text, a date, addresses, or an object with `value` and `params`. */
  export type ParsedHeaders = ReadonlyMap<string, unknown>;

  export interface AttachmentPart {
    readonly type: 'attachment';
    readonly content: Readable;
    readonly contentType?: string;
    readonly contentDisposition?: string;
    readonly filename?: string;
    readonly cid?: string;
    readonly related?: boolean;
    readonly headers: ParsedHeaders;
    release(): void;
  }

  export interface TextPart {
    readonly type: 'text';
    readonly text?: string;
    readonly html?: string;
  }

  export interface MailParserOptions {
    readonly skipHtmlToText?: boolean;
    readonly skipTextToHtml?: boolean;
    readonly skipTextLinks?: boolean;
    readonly skipImageLinks?: boolean;
    readonly keepDeliveryStatus?: boolean;
    readonly ignoreEmbedded?: boolean;
    readonly maxHeadSize?: number;
    readonly maxChildNodes?: number;
    readonly checksumAlgo?: string;
  }

  export class MailParser extends Transform {
    constructor(options?: MailParserOptions);
    readonly headerLines: readonly { readonly key: string; readonly line: string }[] | false;
    on(event: 'headers', listener: (headers: ParsedHeaders) => void): this;
    on(event: 'data', listener: (part: AttachmentPart | TextPart) => void): this;
    on(event: string, listener: (...args: never[]) => void): this;
  }
}
