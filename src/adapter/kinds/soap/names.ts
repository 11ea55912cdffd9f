export type SoapVersion = '1.1' | '1.2';

/** Namespaces of envelopes by version. */
export const ENVELOPE: Readonly<Record<SoapVersion, string>> = { '1.1': 'http://schemas.xmlsoap.org/soap/envelope/', '1.2': 'http://www.w3.org/2003/05/soap-envelope' };
export const ENCODING: Readonly<Record<SoapVersion, string>> = { '1.1': 'http://schemas.xmlsoap.org/soap/encoding/', '1.2': 'http://www.w3.org/2003/05/soap-encoding' };
export const XML = 'http://www.w3.org/XML/1998/namespace';
export const XSI = 'http://www.w3.org/2001/XMLSchema-instance';
export const XSD = 'http://www.w3.org/2001/XMLSchema';
export const XOP = 'http://www.w3.org/2004/08/xop/include';
export const WSSE = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
export const WSU = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd';
export const USERNAME_TOKEN = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0';
export const X509_TOKEN = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3';
export const BASE64_BINARY = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary';
/** Certificates named by the SHA-1 of their bytes. */
export const THUMBPRINT = 'http://docs.oasis-open.org/wss/oasis-wss-soap-message-security-1.1#ThumbprintSHA1';
export const XENC = 'http://www.w3.org/2001/04/xmlenc#';
export const XENC11 = 'http://www.w3.org/2009/xmlenc11#';
export const SIGNATURE = 'http://www.w3.org/2000/09/xmldsig#';

export type AddressingVersion = '2005/08' | '2004/08';
export const ADDRESSING: Readonly<Record<AddressingVersion, string>> = { '2005/08': 'http://www.w3.org/2005/08/addressing', '2004/08': 'http://schemas.xmlsoap.org/ws/2004/08/addressing' };

/** For whom a header block is meant that is meant for us: the next to read it, or the last. */
export const ROLES = new Set(['', 'http://schemas.xmlsoap.org/soap/actor/next', `${ENVELOPE['1.2']}/role/next`, `${ENVELOPE['1.2']}/role/ultimateReceiver`]);

/** Namespace of our own service. */
export const SERVICE = 'urn:parley:ticket:1';

export const isEnvelopeNamespace = (uri: string | null): boolean => uri === ENVELOPE['1.1'] || uri === ENVELOPE['1.2'];
