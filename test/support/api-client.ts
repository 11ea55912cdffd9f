/** An answer of a running Parley. `body` is the parsed JSON, or the text where it is none. */
export interface Answer {
  readonly status: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test looks at what it expects
  readonly body: any;
  readonly headers: Headers;
}

export type SentBody = string | Uint8Array<ArrayBuffer> | Readonly<Record<string, unknown>> | readonly unknown[] | undefined;

/** Somebody who talks to a running Parley over HTTP. */
export class ApiClient {
  constructor(private readonly url: string, private readonly authorization: string | undefined) {}

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.send('GET', path, undefined, headers);
  }

  /** Texts and bytes go as they are, anything else as JSON. */
  async send(method: string, path: string, body?: SentBody, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const isRaw = typeof body === 'string' || body instanceof Uint8Array;
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(this.authorization === undefined ? {} : { authorization: this.authorization }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers,
      },
      ...(body === undefined ? {} : { body: isRaw ? body : JSON.stringify(body) }),
    });
    return { status: answer.status, body: parsed(await answer.text()), headers: answer.headers };
  }

  /** Sends and expects success; an answer that is none fails with what it said. */
  async must(method: string, path: string, body?: SentBody): Promise<Answer> {
    const answer = await this.send(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path} was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
