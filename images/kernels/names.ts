// What the names in a kernel and around it may be. They come from whoever built it, and become parts of paths, commands
// and reports, so each is checked here before it is used, and nowhere else.

/** What `uname -r` may print: a version and what a builder appended. */
const KERNEL = /^\d+\.\d[\w.+~-]{0,60}$/

/** Debian's version of a package: deb-version(7), and no longer than any that there was. */
const VERSION = /^\d[\w.+~:-]{0,60}$/

/** Debian's name of a package: Debian Policy 5.6.1. */
const PACKAGE = /^[a-z0-9][a-z0-9.+-]{1,100}$/

/** A module below lib/modules/NAME or in a tree. No part begins with a dot, so none leads up, nor with a dash. */
const MODULE = /^([\w+@=,~][\w+@=,~.-]*\/)*[\w+@=,~][\w+@=,~.-]*\.ko(\.gz|\.xz|\.zst)?$/

/** More characters than any path of a module has. */
const LONGEST_PATH = 400

export const isKernelName = (text: string): boolean => KERNEL.test(text)
export const isDebianVersion = (text: string): boolean => VERSION.test(text)
export const isPackageName = (text: string): boolean => PACKAGE.test(text)
export const isModulePath = (text: string): boolean => text.length <= LONGEST_PATH && MODULE.test(text)
