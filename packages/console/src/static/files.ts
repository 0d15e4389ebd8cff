import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUILT_IN } from './built-in.js';

/** Where the page is built to. */
const FOLDER = fileURLToPath(new URL('../../dist/page', import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

interface PageFile {
  readonly bytes: Buffer<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
}

let files: ReadonlyMap<string, PageFile> | undefined;

/** A file of the page by its path; undefined if there is none. Only what was found in the folder is served: no path leads out of it. */
export function pageFile(path: string): Response | undefined {
  files ??= readPage(FOLDER);
  const file = files.get(path === '/' ? '/index.html' : path);
  return file && new Response(file.bytes, { headers: file.headers });
}

/** The files of a folder by their paths; the built-in page where the page is not built. */
function readPage(folder: string): ReadonlyMap<string, PageFile> {
  const paths = readable(folder);
  if (!paths.includes('index.html'))
    return new Map(Object.entries(BUILT_IN).map(([path, text]) => [path, fileOf(path, Buffer.from(text))]));
  return new Map(paths.map((path) => [`/${path}`, fileOf(path, readFileSync(join(folder, path)))]));
}

function readable(folder: string): readonly string[] {
  try {
    const all = readdirSync(folder, { recursive: true }).map((path) => String(path).replaceAll('\\', '/'));
    return all.filter((path) => extname(path) in TYPES && statSync(join(folder, path)).isFile());
  } catch {
    return [];
  }
}

/** What has a digest in its name never changes. */
function fileOf(path: string, bytes: Buffer<ArrayBuffer>): PageFile {
  const isNamedByDigest = path.startsWith('assets/');
  const headers = {
    'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
    'cache-control': isNamedByDigest ? 'public, max-age=31536000, immutable' : 'no-cache',
    etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
  };
  return { bytes, headers };
}
