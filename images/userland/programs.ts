import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Supply } from '../../lab/model/supply.ts'
import { cached } from '../cache/cache.ts'
import { compile } from '../debian/build.ts'

const SOURCES = fileURLToPath(new URL('../guest', import.meta.url))

const CFLAGS = '-O2 -s -Wall -Wextra -Werror -std=gnu11'

/**
 * Compiles the lab's own programs where the cache lacks them: each NAME.c below `images/guest` becomes the static
 * program NAME in the directory returned.
 *
 * @throws a Fault (exit 3) with the compiler's last lines
 */
export async function programs(supply: Supply): Promise<{ dir: string }> {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.[ch]$/.test(file))
    .sort()
  // One after the other: for so many small files that is faster than side by side.
  const contents = files.map((file) => readFileSync(join(SOURCES, file), 'utf8'))
  const cFiles = files.filter((file) => file.endsWith('.c'))
  const dir = await cached('programs', 'guest', [CFLAGS, ...files, ...contents], async (dir) => {
    supply.note(`compiling ${cFiles.map((file) => basename(file, '.c')).join(' ')}`)
    const each = cFiles.map((file) => `$MUSL_GCC ${CFLAGS} -I "$SOURCES" -o ${basename(file, '.c')} "$SOURCES/${file}"`)
    await compile('guest', each.join('\n'), dir, supply, { SOURCES })
  })
  return { dir }
}
