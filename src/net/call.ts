import type { Dispatcher } from 'undici';

/** Why a call has no answer. Closed, so that it may label a metric. */
export type CallFault =
  | 'invalid-request' | 'egress' | 'proxy' | 'dns' | 'refused' | 'connect-timeout' | 'tls'
  | 'timeout' | 'cut' | 'garbage' | 'answer-too-large' | 'aborted';

export interface Answered {
  readonly kind: 'answered';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface Unanswered {
  readonly kind: 'failed';
  readonly reason: CallFault;
  /** One sentence for an operator; never a secret, never the request's content. */
  readonly message: string;
  /** Whether any byte of the request may have reached the target. */
  readonly written: boolean;
}

export type Outcome = Answered | Unanswered;

/** Collects the one answer of one request. Whatever ends it first settles it; anything later is ignored. */
export class Call implements Dispatcher.DispatchHandler {
  private controller: Dispatcher.DispatchController | null = null;
  private settled = false;
  private status = 0;
  private headers: Record<string, string> = {};
  private chunks: Uint8Array[] = [];
  private size = 0;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly resolve: (outcome: Outcome) => void,
    private readonly signal: AbortSignal,
    totalMs: number,
    private readonly maxAnswerBytes: number,
    private readonly mayBegin: () => boolean,
  ) {
    this.timer = setTimeout(this.onTotal, totalMs);
    signal.addEventListener('abort', this.onAbort, { once: true });
  }

  /** Ends the call without an answer; a request under way is cut. */
  fail(reason: CallFault, message: string): void {
    if (this.settled) return;
    const written = this.controller !== null;
    this.settle({ kind: 'failed', reason, message, written });
    this.controller?.abort(new Error(reason));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Called before the first byte is written: a call that has ended meanwhile, or may not be made any more, is not sent at all.
    if (!this.mayBegin()) this.onAbort();
    if (this.settled || this.controller !== null) {
      controller.abort(new Error('ended before it was sent'));
      return;
    }
    this.controller = controller;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: Record<string, string | string[] | undefined>): void {
    if (status < 200) return;
    this.status = status;
    for (const name in headers) {
      const value = headers[name];
      if (value !== undefined) this.headers[name] = typeof value === 'string' ? value : value.join(', ');
    }
    if (Number(this.headers['content-length'] ?? 0) > this.maxAnswerBytes) this.refuseSize();
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    if (this.settled) return;
    this.size += chunk.length;
    if (this.size > this.maxAnswerBytes) this.refuseSize();
    else this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    const [first] = this.chunks;
    const body = this.chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.chunks);
    this.settle({ kind: 'answered', status: this.status, headers: this.headers, body });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    const fault = faultOf(error);
    this.fail(fault.reason, fault.message);
  }

  private readonly onTotal = (): void => this.fail('timeout', 'The call took longer than its time limit.');

  private readonly onAbort = (): void => this.fail('aborted', 'The call was given up by this process.');

  private refuseSize(): void {
    this.fail('answer-too-large', `The answer is larger than ${this.maxAnswerBytes} bytes.`);
  }

  private settle(outcome: Outcome): void {
    if (this.settled) return;
    this.settled = true;
    clearTimeout(this.timer);
    this.signal.removeEventListener('abort', this.onAbort);
    this.chunks = [];
    this.resolve(outcome);
  }
}

const SENTENCES: Readonly<Record<string, { readonly reason: CallFault; readonly message: string }>> = {
  ENOTFOUND: { reason: 'dns', message: 'The host name does not resolve.' },
  EAI_AGAIN: { reason: 'dns', message: 'The name server does not answer.' },
  ECONNREFUSED: { reason: 'refused', message: 'The target refuses connections.' },
  EHOSTUNREACH: { reason: 'refused', message: 'The target cannot be reached.' },
  ENETUNREACH: { reason: 'refused', message: 'The target cannot be reached.' },
  ETIMEDOUT: { reason: 'connect-timeout', message: 'The connection was not made in time.' },
  PARLEY_CERT_PIN: { reason: 'tls', message: 'The server shows another certificate than the settings name.' },
  UND_ERR_CONNECT_TIMEOUT: { reason: 'connect-timeout', message: 'The connection was not made in time.' },
  UND_ERR_HEADERS_TIMEOUT: { reason: 'timeout', message: 'The target did not answer in time.' },
  UND_ERR_BODY_TIMEOUT: { reason: 'timeout', message: 'The answer stopped in the middle.' },
  UND_ERR_INVALID_ARG: { reason: 'invalid-request', message: 'The request has a method, path or header that HTTP does not allow.' },
  UND_ERR_NOT_SUPPORTED: { reason: 'invalid-request', message: 'The request has a header that may not be set.' },
  UND_ERR_REQ_CONTENT_LENGTH_MISMATCH: { reason: 'invalid-request', message: 'The request has a header that may not be set.' },
  UND_ERR_HEADERS_OVERFLOW: { reason: 'garbage', message: 'The headers of the answer are too large.' },
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: { reason: 'garbage', message: 'The answer is not as long as it says.' },
};

/** Names a transport error in the closed list above. Texts of the error itself are shown only where they cannot hold content. */
export function faultOf(error: Error): { readonly reason: CallFault; readonly message: string } {
  const code = codeOf(error);
  const known = SENTENCES[code];
  if (known !== undefined) return known;
  if (code === 'PARLEY_EGRESS') return { reason: 'egress', message: error.message };
  if (code === 'PARLEY_PROXY') return { reason: 'proxy', message: error.message };
  if (code.startsWith('HPE_') || error.name === 'HTTPParserError') return { reason: 'garbage', message: 'The answer is not HTTP.' };
  if (/CERT|TLS|SSL|EPROTO|SELF_SIGNED|ISSUER|ALTNAME|SIGNATURE/.test(code)) return { reason: 'tls', message: `The TLS connection failed (${code}).` };
  return { reason: 'cut', message: 'The connection was cut.' };
}

function codeOf(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  // All addresses of a name failed: the first failure speaks for them.
  const [first] = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  return first instanceof Error && SENTENCES[code] === undefined ? codeOf(first) : code;
}
