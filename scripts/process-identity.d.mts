export interface NotedProcess {
  readonly pid: number;
  readonly startedAt: string;
}
export function startedAt(pid: number): string | undefined;
export function isAlive(noted: NotedProcess | undefined): boolean;
export function identify(pid: number): NotedProcess;
export function processSpace(): string;
export function postgresProcessesIn(pgdata: string): number[];
export function waitUntil(isDone: () => boolean, limitMs: number, everyMs?: number): Promise<boolean>;
