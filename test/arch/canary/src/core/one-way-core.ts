export { door } from '../config/index.js';
