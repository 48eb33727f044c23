/** For lab/cli/transforms.test.ts: the rest of the lab imports nothing of this folder. */
export function privateFolder(packages?: string): string | null
