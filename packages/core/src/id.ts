/** Bytes as an id: letters, digits, `-` and `_`. It does not begin with `-`, which a command line takes for an option. */
export function idOf(bytes: Buffer): string {
  return bytes.toString('base64url').replace(/^-/, '_');
}
