import { one } from './no-cycle.js';

export const other = (): number => one() - 1;
