import { other } from './partner.js';

export const one = (): number => other() + 1;
