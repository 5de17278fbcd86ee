// The one door through which text from outside enters markup. What comes out is plain text in XML and in HTML, between
// tags and inside quoted attributes; it is no use inside <script>, <style> or comments, where nothing foreign is put.

const NAMED: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

// Characters that XML 1.0 forbids even as references: controls, lone surrogates, U+FFFE and U+FFFF.
const FORBIDDEN = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

/** Text as markup that shows exactly this text. Characters that XML cannot hold become U+FFFD. */
export function escapeXml(text: string): string {
  return text.replace(FORBIDDEN, '\ufffd').replace(/[&<>"']/g, (c) => NAMED[c]!);
}
