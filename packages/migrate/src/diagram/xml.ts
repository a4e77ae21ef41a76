/** A text as content or the value of an attribute of XML: what it cannot have is shown as `�`, and every text is one line. */
export function xmlText(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
    .replace(/[\p{Cc}\ufffe\uffff]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

/** How wide a text is in a monospaced font, in characters: those of East Asia, and pictures, are two wide. */
export function textCells(text: string): number {
  let cells = 0
  for (const character of text.replace(/\s+/g, ' ')) {
    if (/\p{Mn}|\u200d|[\ufe00-\ufe0f]/u.test(character)) continue
    cells +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u.test(
        character,
      ) || (character.codePointAt(0) as number) > 0x1f000
        ? 2
        : 1
  }
  return cells
}
