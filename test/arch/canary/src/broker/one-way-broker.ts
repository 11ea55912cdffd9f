export { door } from '../adapter/index.js';
