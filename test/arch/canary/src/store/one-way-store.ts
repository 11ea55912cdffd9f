export { door } from '../net/index.js';
