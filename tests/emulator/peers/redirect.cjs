// Sends what is meant for Strava to the emulator, whatever HTTP library a client uses.
const http = require('http')
const https = require('https')

exports.redirect = origin => {
  const target = new URL(origin)
  https.request = (...args) => {
    const callback = typeof args[args.length - 1] === 'function' ? args.pop() : undefined
    let options = {}
    for (const arg of args) {
      if (typeof arg === 'string' || arg instanceof URL) {
        const url = new URL(arg)
        Object.assign(options, { path: url.pathname + url.search })
      } else if (arg) {
        options = { ...options, ...arg }
      }
    }
    options = {
      ...options,
      protocol: 'http:',
      host: target.hostname,
      hostname: target.hostname,
      port: target.port,
      agent: undefined,
      agents: undefined,
    }
    return http.request(options, callback)
  }
  https.get = (...args) => {
    const request = https.request(...args)
    request.end()
    return request
  }
  const realFetch = globalThis.fetch
  globalThis.fetch = (input, init) => {
    const url = new URL(typeof input === 'string' ? input : input.url || input)
    if (!url.hostname.endsWith('strava.com')) throw new Error(`fetch of ${url.hostname}`)
    return realFetch(new URL(url.pathname + url.search, origin), init)
  }
}

exports.arguments = () => {
  const [origin, token, clientId, secret, refresh, code, callback, known] =
    process.argv.slice(2)
  return { origin, token, clientId, secret, refresh, code, callback, known: JSON.parse(known) }
}

exports.attempts = () => {
  const outcomes = {}
  const attempt = async (label, work) => {
    try {
      const value = await work()
      outcomes[label] = Array.isArray(value) ? `${value.length} items` : typeof value
      return value
    } catch (error) {
      const status = error && (error.statusCode || error.status)
      const cause = (error && error.cause && error.cause.message) || ''
      const text = `${(error && error.message) || error} ${cause}`
      outcomes[label] = `failed ${status || ''} ${text.slice(0, 200)}`
      return undefined
    }
  }
  return { outcomes, attempt }
}
