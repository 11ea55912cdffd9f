export { kind } from '../rest/settings.js';
