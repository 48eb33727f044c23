import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { EnvHttpProxyAgent, interceptors, RetryAgent, type RetryHandler, request } from 'undici'
import { EXIT, Fault, notReady } from '../../lab/model/fault.ts'
import { mirrors } from './mirrors.ts'

/** How long to bear with a server. Times are in milliseconds. */
export interface Patience {
  /** How often a request is tried again. */
  retries: number
  /** The pause before the first retry; each further one is twice as long. */
  retryMs: number
  /** The longest pause, even when the server asks for a longer one (Retry-After). */
  longestMs: number
  /** How long nothing may come before the connection counts as cut. */
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
/** The connection broke off, or nothing came any more. */
const CUT = 'ECONNRESET EPIPE UND_ERR_SOCKET UND_ERR_HEADERS_TIMEOUT UND_ERR_BODY_TIMEOUT'
const BUSY = [429, 500, 502, 503, 504]
const among = (codes: string, code = '') => codes.split(' ').includes(code)

interface Failure extends Error {
  code?: string
  statusCode?: number
  headers?: Record<string, string>
}

/** Hosts that could not be reached, with the error that said so: each is waited for once only. */
const lost = new Map<string, Fault>()
/** When each host was asked last. */
const asked = new Map<string, number>()
const stopping = new AbortController()

/** Ends every download of this process, now and from now on, with this error. */
export const stopDownloads = (reason: Error) => stopping.abort(reason)

/** The content at a URI: http:, https: or file:. Errors as with {@link download}. */
export const read = (uri: string, patience = PATIENCE): Promise<Buffer> => open(uri, patience, buffer)

/**
 * Downloads a URI (http:, https: or file:) to a path. A request that fails for the moment is repeated after growing
 * pauses, a connection that is cut goes on where it broke off.
 *
 * @throws a {@link NotFound}, or another Fault (exit 3) that says what happened; what is at the path then is no good
 */
export const download = (uri: string, path: string, patience = PATIENCE): Promise<void> =>
  open(uri, patience, (body) => pipeline(body, createWriteStream(path)))

/** Whether a server answers for this URI within three seconds. */
export async function reachable(uri: string): Promise<boolean> {
  if (uri.startsWith('file:')) return existsSync(filePath(uri))
  try {
    const { statusCode, body } = await request(uri, {
      method: 'HEAD',
      dispatcher: agent(),
      headers: HEADERS,
      signal: AbortSignal.timeout(3000),
    })
    await body.dump()
    return statusCode < 400
  } catch {
    return false
  }
}

const HEADERS = { 'user-agent': 'hitless/0.1 (fetches a kernel to measure)', 'accept-encoding': 'identity' }

/** A directory's content is read as `wget -x` saves it, and so is a name with a query. */
function filePath(uri: string): string {
  const url = new URL(uri)
  return `${fileURLToPath(url)}${url.search}${url.pathname.endsWith('/') ? 'index.html' : ''}`
}

async function open<T>(uri: string, patience: Patience, use: (body: Readable) => Promise<T>): Promise<T> {
  if (uri.startsWith('file:')) {
    if (!existsSync(filePath(uri))) throw new NotFound(`${uri}: there is no such file`, EXIT.notReady)
    return use(createReadStream(filePath(uri)))
  }
  const { host } = new URL(uri)
  if (mirrors().offline)
    throw notReady(`${uri} is not in the cache, and --offline (HITLESS_OFFLINE=1) rules the network out`)
  const before = lost.get(host)
  if (before) throw before
  try {
    await sleep(Math.max(0, (asked.get(host) ?? 0) + patience.pauseMs - Date.now()), null, { signal: stopping.signal })
    const { statusCode, body } = await request(uri, {
      dispatcher: new RetryAgent(agent(), { retry: retry(patience), statusCodes: BUSY }),
      headers: HEADERS,
      headersTimeout: patience.stallMs,
      bodyTimeout: patience.stallMs,
      signal: stopping.signal,
    })
    if (statusCode === 200) return await use(body)
    await body.dump()
    throw refused(uri, statusCode)
  } catch (error) {
    if (stopping.signal.aborted) throw stopping.signal.reason
    if (error instanceof Fault) throw error
    const fault = explain(uri, host, error as Failure)
    if (among(UNREACHABLE, (error as Failure).code)) lost.set(host, fault)
    throw fault
  } finally {
    asked.set(host, Date.now())
  }
}

let shared: ReturnType<typeof makeAgent> | undefined
/** One for the process; it goes by the proxies that the environment names. */
const agent = () => {
  shared ??= makeAgent()
  return shared
}
const makeAgent = () =>
  new EnvHttpProxyAgent({ connect: { timeout: 10_000 } }).compose(interceptors.redirect({ maxRedirections: 5 }))

/** Decides whether a request is tried again, and when. */
const retry =
  ({ retries, retryMs, longestMs }: Patience): RetryHandler.RetryCallback =>
  (error: Failure, { state: { counter } }, done) => {
    const { code, statusCode, headers } = error
    const worthIt = BUSY.includes(statusCode ?? 0) || among(CUT, code) || among(UNREACHABLE, code)
    // A host that cannot be reached is no busier a moment later.
    if (!worthIt || counter > (among(UNREACHABLE, code) ? 1 : retries)) return done(error)
    const told = Number(headers?.['retry-after']) * 1000
    const pause = Math.min(told > 0 ? told : retryMs * 2 ** (counter - 1), longestMs)
    sleep(pause, null, { signal: stopping.signal }).then(() => done(null), done)
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
