import handlebars from 'handlebars';

export const compile = handlebars.compile;
