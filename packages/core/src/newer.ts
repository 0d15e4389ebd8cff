/**
 * Records of jobs, the states and bodies of runs, and what coordinators show, begin with `v`, their version and a blank, where a
 * release before them does not read them. This release knows those that begin otherwise. A process that meets a newer one leaves it for others.
 */
const NEWER = /^v(\d+) /;

/** The version of a record that is newer than this release reads; null if this release reads it. */
export function newerVersion(text: string): number | null {
  const [, version] = NEWER.exec(text) ?? [];
  return version === undefined ? null : Number(version);
}

/** Why a newer record is not read. */
export function whyNewer(version: number): string {
  return `a newer release wrote it (version ${version} of such records): it waits for members that read it`;
}
