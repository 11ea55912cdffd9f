import { CommandRefused, type Command } from './command.js';
import { askServer } from './server.js';

/** `parley wsdl`: what an endpoint's service describes, as settings to start from. The server reads it, by its guarded way out. */
export const wsdlCommand: Command = {
  name: 'wsdl', usage: '<endpoint> [address]', summary: 'Prints the calls that the WSDL of a SOAP endpoint describes, as settings to start from.',
  run: async (parameters, terminal) => {
    const [endpoint, at, ...rest] = parameters;
    if (endpoint === undefined || rest.length > 0) throw new CommandRefused('wsdl needs the id of an endpoint, and the address of the WSDL where it is not the usual one');
    const query = at === undefined ? '' : `?${new URLSearchParams({ at }).toString()}`;
    const { unread, ...proposed } = (await askServer('GET', `/endpoints/${encodeURIComponent(endpoint)}/proposed-operations${query}`)) as { readonly unread: readonly string[] };
    for (const one of unread) terminal.err(`not read: ${one}`);
    terminal.out(JSON.stringify(proposed, null, 2));
    return 0;
  },
};
