export { door } from '../sandbox/index.js';
