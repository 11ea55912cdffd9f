export function makeRunFolder(): string;
export function runFolder(): string;
export function noteServer(folder: string, name: string, pid: number, signal: NodeJS.Signals): void;
export function sweepDeadRuns(): Promise<void>;
export function endRun(folder: string): Promise<void>;
export function databasePrefix(folder: string): string;
export function noteExternalServer(folder: string, url: string): void;
