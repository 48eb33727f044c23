import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { type Readable, Transform } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { RetryHandler } from 'undici'
import { EXIT, Fault, notReady } from '../../lab/model/fault.ts'
import type { Supply } from '../../lab/model/supply.ts'
import { requireAllowed } from './mirrors.ts'
import { Distrusted } from './signature.ts'

/** How long to wait for a server. Times are in milliseconds. */
export interface Patience {
  /** How often a request is tried again. */
  retries: number
  /** The pause before the first retry; each further one is twice as long. */
  retryMs: number
  /** The longest pause, even when the server asks for a longer one (Retry-After). */
  longestMs: number
  /** The longest silence before the connection counts as cut. */
  stallMs: number
  /** The pause between two requests to the same host. */
  pauseMs: number
}

export const PATIENCE: Patience = { retries: 5, retryMs: 1000, longestMs: 120_000, stallMs: 30_000, pauseMs: 0 }

/** The server has no such file. */
export class NotFound extends Fault {}

/** No answer from the host's name service, or from the host. */
const UNREACHABLE =
  'ENOTFOUND EAI_AGAIN ECONNREFUSED EHOSTUNREACH EHOSTDOWN ENETUNREACH ENETDOWN ETIMEDOUT UND_ERR_CONNECT_TIMEOUT'
/** The connection broke off or fell silent. */
const CUT = 'ECONNRESET EPIPE UND_ERR_SOCKET UND_ERR_HEADERS_TIMEOUT UND_ERR_BODY_TIMEOUT'
const BUSY = [429, 500, 502, 503, 504]
const among = (codes: string, code = '') => codes.split(' ').includes(code)

interface Failure extends Error {
  code?: string
  statusCode?: number
  headers?: Record<string, string>
}

/** The hosts that could not be reached with each supply, and the error that said so: a run waits for each only once. */
const unreachable = new WeakMap<Supply, Map<string, Fault>>()

function unreachableWith(supply: Supply): Map<string, Fault> {
  const hosts = unreachable.get(supply) ?? new Map<string, Fault>()
  unreachable.set(supply, hosts)
  return hosts
}

/** When this process last asked each host, whatever for: the pause between requests is the host's due. */
const lastAsked = new Map<string, number>()

/** The content at a URI (http:, https: or file:). Limit and errors as with {@link download}. */
export const read = (uri: string, limit: number, supply: Supply, patience = PATIENCE): Promise<Buffer> =>
  open(uri, supply, patience, (body) => pipeline(body, atMost(limit, uri), buffer))

/**
 * Downloads a URI (http:, https: or file:) to a path. A request that fails for the moment is repeated after growing
 * pauses; a connection that is cut resumes where it broke off.
 *
 * @param limit the most bytes that it may have. A server can send without end, and nothing is verified before all is there
 * @throws a {@link NotFound}, or another Fault (exit 3) that says what happened; the file is useless then
 * @throws the reason of the supply's signal once it is aborted
 */
export const download = (
  uri: string,
  path: string,
  limit: number,
  supply: Supply,
  patience = PATIENCE,
): Promise<void> => open(uri, supply, patience, (body) => pipeline(body, atMost(limit, uri), createWriteStream(path)))

/** Passes bytes on, and fails once there are more. */
function atMost(limit: number, uri: string): Transform {
  let left = limit
  return new Transform({
    transform(chunk: Buffer, _, done) {
      left -= chunk.length
      if (left < 0) done(new Distrusted(`${uri} is longer than the ${limit} bytes that it may have`))
      else done(null, chunk)
    },
  })
}

/** Whether a server answers for this URI within three seconds. */
export async function reachable(uri: string, { signal }: Supply): Promise<boolean> {
  if (uri.startsWith('file:')) return existsSync(filePath(uri))
  try {
    const { request, agent } = await client()
    const { statusCode, body } = await request(uri, {
      method: 'HEAD',
      dispatcher: agent,
      headers: HEADERS,
      signal: AbortSignal.any([signal, AbortSignal.timeout(3000)]),
    })
    await body.dump()
    return statusCode < 400
  } catch {
    return false
  }
}

const HEADERS = { 'user-agent': 'hitless/0.1 (fetches a kernel to measure)', 'accept-encoding': 'identity' }

/** The path of a file: URI. A directory, and a name with a query, are read as `wget -x` saves them. */
function filePath(uri: string): string {
  const url = new URL(uri)
  return `${fileURLToPath(url)}${url.search}${url.pathname.endsWith('/') ? 'index.html' : ''}`
}

async function open<T>(
  uri: string,
  supply: Supply,
  patience: Patience,
  use: (body: Readable) => Promise<T>,
): Promise<T> {
  const { signal } = supply
  signal.throwIfAborted()
  if (uri.startsWith('file:')) {
    if (!existsSync(filePath(uri))) throw new NotFound(`${uri}: no such file`, EXIT.notReady)
    return use(createReadStream(filePath(uri)))
  }
  const { host } = new URL(uri)
  requireAllowed(uri, supply)
  const before = unreachableWith(supply).get(host)
  if (before) throw before
  try {
    await sleep(
      Math.max(0, (lastAsked.get(host) ?? Number.NEGATIVE_INFINITY) + patience.pauseMs - performance.now()),
      null,
      { signal },
    )
    const { request, agent, RetryAgent } = await client()
    const { statusCode, body } = await request(uri, {
      dispatcher: new RetryAgent(agent, { retry: retry(patience, signal), statusCodes: BUSY }),
      headers: HEADERS,
      headersTimeout: patience.stallMs,
      bodyTimeout: patience.stallMs,
      signal,
    })
    if (statusCode === 200) return await use(body)
    await body.dump()
    throw refused(uri, statusCode)
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof Fault) throw error
    const fault = explain(uri, host, error as Failure)
    if (among(UNREACHABLE, (error as Failure).code)) unreachableWith(supply).set(host, fault)
    throw fault
  } finally {
    lastAsked.set(host, performance.now())
  }
}

let shared: ReturnType<typeof makeClient> | undefined
/** The process's only agent, which uses the proxies that the environment names, and what sends requests. */
const client = () => {
  shared ??= makeClient()
  return shared
}

/** Loaded with the first request: most runs find everything in the cache. */
async function makeClient() {
  const { EnvHttpProxyAgent, interceptors, RetryAgent, request } = await import('undici')
  const agent = new EnvHttpProxyAgent({ connect: { timeout: 10_000 } })
  return { request, RetryAgent, agent: agent.compose(interceptors.redirect({ maxRedirections: 5 })) }
}

/** Decides whether a request is tried again, and when. */
const retry =
  ({ retries, retryMs, longestMs }: Patience, signal: AbortSignal): RetryHandler.RetryCallback =>
  (error: Failure, { state: { counter } }, done) => {
    const { code, statusCode, headers } = error
    const worthIt = BUSY.includes(statusCode ?? 0) || among(CUT, code) || among(UNREACHABLE, code)
    // Waiting does not help where a host cannot be reached.
    if (!worthIt || counter > (among(UNREACHABLE, code) ? 1 : retries)) return done(error)
    const told = Number(headers?.['retry-after']) * 1000
    const pause = Math.min(told > 0 ? told : retryMs * 2 ** (counter - 1), longestMs)
    sleep(pause, null, { signal }).then(() => done(null), done)
  }

const refused = (uri: string, status: number): Fault =>
  status === 404 || status === 410
    ? new NotFound(`${uri}: the server has no such file (${status})`, EXIT.notReady)
    : notReady(`${uri}: the server answers with status ${status}`)

function explain(uri: string, host: string, { code, statusCode, message }: Failure): Fault {
  if (among(UNREACHABLE, code)) return notReady(`${host} cannot be reached from here (${code})`)
  if (statusCode === 429) return notReady(`${uri}: ${host} keeps answering that it is asked too often (429)`)
  if (BUSY.includes(statusCode ?? 0)) return notReady(`${uri}: ${host} keeps answering with status ${statusCode}`)
  if (/TIMEOUT/.test(code ?? '')) return notReady(`${uri}: the connection stalled again and again`)
  if (among(CUT, code)) return notReady(`${uri}: the connection was cut again and again (${message})`)
  return notReady(`${uri}: the download failed: ${message}`)
}
