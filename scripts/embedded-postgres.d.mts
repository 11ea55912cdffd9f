export interface RunningPostgres {
  readonly url: string;
  readonly adminUrl: string;
  readonly port: number;
  readonly pid: number;
  readonly logFile: string;
  readonly exited: Promise<number | null>;
  stop(): Promise<void>;
  /** After it this process may end while the server runs. */
  unref(): void;
}
export interface PostgresOptions {
  readonly dataDir: string;
  readonly isDurable?: boolean;
  readonly log?: (line: string) => void;
}
export function startPostgres(options: PostgresOptions): Promise<RunningPostgres>;
export function freePort(): Promise<number>;
