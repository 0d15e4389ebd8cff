/** The parts of a Markdown page that the docs' tests check. */
export interface Page {
  /** Targets of links, as written. */
  readonly links: readonly string[];
  /** The anchors that code hosts make from headings, for links to `#…`. */
  readonly anchors: ReadonlySet<string>;
  readonly headings: readonly string[];
  readonly blocks: readonly Block[];
}

interface Block {
  readonly language: string;
  readonly code: string;
}

export function readPage(markdown: string): Page {
  const blocks: Block[] = [];
  const text = markdown.replaceAll(/^```(\w*)[^\n]*\n([\s\S]*?)^```$/gm, (_, language: string, code: string) => {
    blocks.push({ language, code });
    return '';
  });
  const headings = [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => heading);
  const ids = [...text.matchAll(/<a id="([^"]+)"/g)].map(([, id = '']) => id);
  const plain = text.replaceAll(/`[^`\n]+`/g, (code) => code.replaceAll(/[[\]()]/g, ' '));
  const links = [...plain.matchAll(/\]\(([^()\s]+)\)/g)].map(([, target = '']) => target);
  return { links, anchors: new Set([...anchorsOf(headings), ...ids]), headings, blocks };
}

/** Returns anchors: lower case, without punctuation, with dashes for spaces, and numbered if repeated. */
function anchorsOf(headings: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return headings.map((heading) => {
    const text = heading.replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1').toLowerCase();
    const anchor = text.replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(' ', '-');
    const times = seen.get(anchor) ?? 0;
    seen.set(anchor, times + 1);
    return times === 0 ? anchor : `${anchor}-${times}`;
  });
}
