/** Bytes as an id: letters, digits, `-` and `_`. It does not begin with `-`, which a command line takes for an option. */
export function idOf(bytes: Buffer): string {
  return idOfText(bytes.toString('base64url'));
}

/** The same of bytes that are base64url already. */
export function idOfText(base64url: string): string {
  return base64url.startsWith('-') ? `_${base64url.slice(1)}` : base64url;
}
