import type { ResolveHook } from 'node:module'

/** The uvu that tests get; it alone gets the package itself. */
const OURS = new URL('./uvu.ts', import.meta.url).href

/** Gives test files {@link OURS} where they import uvu, by whichever name. */
export const resolve: ResolveHook = async (specifier, context, next) => {
  const found = await next(specifier, context)
  const isUvu = /\/node_modules\/uvu\/dist\/index\.m?js$/.test(new URL(found.url).pathname)
  return isUvu && context.parentURL !== OURS ? next(OURS, context) : found
}
