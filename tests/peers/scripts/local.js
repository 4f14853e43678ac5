// Sends what is meant for Strava to a local one, whatever HTTP library a client uses,
// and keeps the report of its calls.
const http = require('http')
const https = require('https')
const { PassThrough } = require('stream')

const origin = process.argv[2]
exports.given = JSON.parse(process.env.PEER_GIVEN)
const sent = []
const calls = {}

const note = (method, path) => {
  sent.push(`${(method || 'GET').toUpperCase()} ${path.split('?')[0]}`)
}

exports.redirect = () => {
  const target = new URL(origin)
  https.request = (...args) => {
    const callback = typeof args[args.length - 1] === 'function' ? args.pop() : undefined
    let options = {}
    for (const arg of args) {
      if (typeof arg === 'string' || arg instanceof URL) {
        const url = new URL(arg)
        Object.assign(options, {
          hostname: url.hostname, path: url.pathname + url.search })
      } else if (arg) {
        options = { ...options, ...arg }
      }
    }
    const host = options.hostname || options.host
    if (host !== 'www.strava.com') throw new Error(`a request to ${host}`)
    note(options.method, options.path)
    return http.request({
      ...options,
      protocol: 'http:',
      host: target.hostname,
      hostname: target.hostname,
      port: target.port,
      agent: undefined,
      agents: undefined,
    }, callback)
  }
  https.get = (...args) => {
    const request = https.request(...args)
    request.end()
    return request
  }
  const realFetch = globalThis.fetch
  globalThis.fetch = async (input, init) => {
    const url = new URL(typeof input === 'string' ? input : input.url || input)
    if (url.hostname !== 'www.strava.com') throw new Error(`fetch of ${url.hostname}`)
    if (exports.readBodies && init && init.body && init.body.getHeaders) {
      const headers = { ...init.headers }
      delete headers['content-length']
      delete headers.host
      const parts = []
      for await (const part of init.body.pipe(new PassThrough())) parts.push(part)
      init = { ...init, headers, body: Buffer.concat(parts) }
    }
    note(init && init.method, url.pathname)
    return realFetch(new URL(url.pathname + url.search, origin), init)
  }
}

// Whether to read a body of the package form-data, which node's fetch cannot send.
exports.readBodies = false

const describe = value => {
  if (value === undefined || value === null) return 'nothing'
  if (Array.isArray(value)) return `${value.length} items`
  if (typeof value !== 'object') return typeof value
  const id = value.id_str || value.id
  return id === undefined ? 'object' : `object ${id}`
}

const refusal = async error => {
  const status = error.status || error.statusCode || (error.response || {}).status
  let body = error.data || (error.response && error.response.data) || error.error
  if (typeof error.json === 'function') body = await error.json()
  if (typeof body === 'string') {
    try { body = JSON.parse(body) } catch { /* not JSON */ }
  }
  const first = body && Array.isArray(body.errors) && body.errors[0]
  if (status && first) {
    return `${status} ${first.resource}/${first.field}/${first.code}`
  }
  const cause = (error.cause && error.cause.message) || ''
  return `${status || ''} ${error.name}: ${error.message} ${cause}`.trim().slice(0, 200)
}

exports.attempt = async (label, work, seconds = 30) => {
  if (label in calls) throw new Error(`${label} is there twice`)
  const before = sent.length
  let value, outcome, said, timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), seconds * 1000)
  })
  try {
    value = await Promise.race([work(), late])
    outcome = 'ok'
    said = describe(value)
  } catch (error) {
    said = await refusal(error)
    outcome = /^\d+ [^ ]+\/[^ ]*\//.test(said) ? 'refused' : 'failed'
  } finally {
    clearTimeout(timer)
  }
  calls[label] = { outcome, value: said, sent: sent.slice(before) }
  return value
}

// Names the public methods of an object's parts: what its classes and itself define.
exports.methods = parts => {
  const names = []
  for (const [label, part] of Object.entries(parts)) {
    const owners = [part]
    const above = Object.getPrototypeOf(part)
    if (above && above !== Object.prototype && above !== Function.prototype) {
      owners.push(above)
    }
    for (const owner of owners) {
      for (const name of Object.getOwnPropertyNames(owner)) {
        const hidden = name.startsWith('_') || name === 'constructor'
        if (!hidden && typeof owner[name] === 'function') names.push(`${label}.${name}`)
      }
    }
  }
  return names.sort()
}

exports.finish = surface => {
  process.stdout.write(JSON.stringify({ surface, calls }), () => process.exit(0))
}
