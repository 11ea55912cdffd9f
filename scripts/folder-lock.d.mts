import type { NotedProcess } from './process-identity.mjs';

export interface HeldFolder {
  readonly left: NotedProcess | undefined;
  note(pid: number): void;
  release(): void;
}
export function refuseWhenHeld(dataDir: string): void;
export function holdFolder(dataDir: string): Promise<HeldFolder>;
