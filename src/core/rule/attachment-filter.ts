import { fold } from '../message/fold.js';
import type { Attachment } from '../message/message.js';
import { filledText, flag, listOf, optional, type ReadOf, wholeNumber } from '../shape/shape.js';

const extensions = (meaning: string) => optional(listOf(filledText('An ending such as exe, with or without dot'), meaning), []);
const limit = (meaning: string) => optional(wholeNumber(meaning, 0), null);

/** The keys of `attachmentMapping`. */
export const ATTACHMENT_MAPPING_KEYS = {
  mapAttachmentsFromSourceMessage: optional(flag("Sends the message's attachments"), false),
  mapAttachmentsFromConversation: optional(flag('Sends those kept in the conversation that the target has not had'), false),
  removeAttachmentsFromConversation: optional(flag('Empties the conversation of attachments afterwards'), false),
  extensionBlacklist: extensions('Endings that are not sent'),
  extensionWhitelist: extensions('The only endings that are sent'),
  filterFilesWithoutExtension: optional(flag('Whether files without ending are held back'), false),
  maxCount: limit('Most attachments of one message'),
  maxSizeBytes: limit('Largest single attachment'),
  maxTotalSizeBytes: limit('Most bytes of one message'),
};

export type AttachmentMappingDocument = ReadOf<typeof ATTACHMENT_MAPPING_KEYS>;

/** Holds attachments back by ending, size, count and total; in order of arrival. */
export type AttachmentFilter = <A extends Attachment>(attachments: readonly A[]) => readonly A[];

/** Compiles the filters of an attachment mapping. */
export function compileAttachmentFilter(mapping: AttachmentMappingDocument): AttachmentFilter {
  const forbidden = new Set(mapping.extensionBlacklist.map(foldExtension));
  const allowed = new Set(mapping.extensionWhitelist.map(foldExtension));
  const passes = (attachment: Attachment): boolean => {
    const extension = extensionOf(attachment.name);
    if (extension === null && mapping.filterFilesWithoutExtension) return false;
    if (extension !== null && forbidden.has(extension)) return false;
    if (allowed.size > 0 && (extension === null || !allowed.has(extension))) return false;
    return mapping.maxSizeBytes === null || attachment.size <= mapping.maxSizeBytes;
  };
  return (attachments) => withinLimits(attachments.filter(passes), mapping);
}

/** Once one attachment goes beyond a limit, it and all later ones are held back. */
function withinLimits<A extends Attachment>(attachments: readonly A[], mapping: AttachmentMappingDocument): readonly A[] {
  const { maxCount, maxTotalSizeBytes } = mapping;
  let total = 0;
  const beyond = attachments.findIndex((attachment, at) => {
    total += attachment.size;
    return (maxCount !== null && at >= maxCount) || (maxTotalSizeBytes !== null && total > maxTotalSizeBytes);
  });
  return beyond < 0 ? attachments : attachments.slice(0, beyond);
}

/** A file name's ending, folded and without dot; null where it has none (a leading dot makes none). */
function extensionOf(name: string): string | null {
  const dot = name.lastIndexOf('.');
  return dot <= 0 || dot === name.length - 1 ? null : fold(name.slice(dot + 1));
}

function foldExtension(extension: string): string {
  const trimmed = extension.trim();
  return fold(trimmed.startsWith('.') ? trimmed.slice(1) : trimmed);
}
