// Drives the npm package strava-v3 through its methods: node strava_v3.js ORIGIN
const fs = require('fs')
const os = require('os')
const path = require('path')
const local = require('./local.js')

local.redirect()
const strava = require('strava-v3')
const { attempt, given } = local
const { activity: id, club, segment, route, effort } = given
const both = ['time', 'latlng']

const main = async () => {
  const config = {
    access_token: given.token,
    client_id: given.clientId,
    client_secret: given.secret,
    redirect_uri: 'http://localhost/',
  }
  await attempt('strava.config', async () => strava.config(config))
  const client = new strava.client(given.token)
  const call = (name, args, label = '') => {
    const [part, method] = name.split('.')
    return attempt(name + label, () => client[part][method](args))
  }
  await attempt('oauth.getRequestAccessURL', async () =>
    strava.oauth.getRequestAccessURL({ scope: 'read' }))
  await attempt('oauth.getToken', () => strava.oauth.getToken(given.code))
  await attempt('oauth.getToken (again)', () => strava.oauth.getToken(given.code))
  await attempt('oauth.refreshToken', () => strava.oauth.refreshToken(given.refresh))

  await call('athlete.get', {})
  await call('athlete.update', { weight: 70 })
  await call('athlete.listActivities', { page: 1, per_page: 5 })
  await call('athlete.listClubs', {})
  await call('athlete.listRoutes', {})
  await call('athlete.listZones', {})
  await call('athletes.stats', { id: given.athlete })

  await call('activities.get', { id })
  await call('activities.get', { id: 1 }, ' (unknown)')
  await call('activities.create', {
    name: 'Peer', sport_type: 'Run', start_date_local: '2026-01-01T10:00:00Z',
    elapsed_time: 60,
  })
  await call('activities.update', { id, name: 'New' })
  await call('activities.listZones', { id })
  await call('activities.listLaps', { id })
  await call('activities.listComments', { id, page_size: 2 })
  await call('activities.listKudoers', { id })

  await call('clubs.get', { id: club })
  await call('clubs.listMembers', { id: club })
  await call('clubs.listActivities', { id: club })
  await call('clubs.listAdmins', { id: club })
  await call('gear.get', { id: given.gear })
  await call('routes.get', { id: route })
  await call('routes.getFile', { id: route, file_type: 'gpx' })
  await call('routes.getFile', { id: route, file_type: 'tcx' }, ' (tcx)')

  await call('segments.get', { id: segment })
  await call('segments.listStarred', {})
  await call('segments.listEfforts', { segment_id: segment, id: segment })
  await call('segments.explore', { bounds: '46,10,49,13', activity_type: 'running' })
  await call('segments.starSegment', { id: segment, starred: true })
  await call('segmentEfforts.get', { id: effort })
  await call('streams.activity', { id, keys: both, key_by_type: true, types: both })
  await call('streams.effort', {
    id: effort, keys: ['time'], key_by_type: true, types: ['time'] })
  await call('streams.segment', {
    id: segment, keys: ['distance'], key_by_type: true, types: ['distance'] })
  await call('streams.route', { id: route })

  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'peer-')), 'a.gpx')
  fs.writeFileSync(file, given.gpx)
  await call('uploads.post', { data_type: 'gpx', file, name: 'Sent', maxStatusChecks: 9 })
  fs.rmSync(path.dirname(file), { recursive: true })

  const hook = { callback_url: given.callback, verify_token: 'SHARED' }
  const made = await attempt('pushSubscriptions.create', () =>
    strava.pushSubscriptions.create(hook))
  await attempt('pushSubscriptions.create (second)', () =>
    strava.pushSubscriptions.create(hook))
  await attempt('pushSubscriptions.list', () => strava.pushSubscriptions.list())
  await attempt('pushSubscriptions.delete', () =>
    strava.pushSubscriptions.delete({ id: made.id }))

  const limits = strava.rateLimiting
  for (const name of ['exceeded', 'fractionReached', 'readExceeded',
    'readFractionReached', 'clear']) {
    await attempt(`rateLimiting.${name}`, async () => limits[name]())
  }
  const headers = {
    'x-ratelimit-limit': '200,2000', 'x-ratelimit-usage': '1,1',
    'x-readratelimit-limit': '100,1000', 'x-readratelimit-usage': '1,1',
  }
  await attempt('rateLimiting.parseRateLimits', async () =>
    limits.parseRateLimits(headers))
  await attempt('rateLimiting.updateRateLimits', async () =>
    limits.updateRateLimits(headers))

  await attempt('oauth.deauthorize', () =>
    strava.oauth.deauthorize({ access_token: given.token }))
  await call('athlete.get', {}, ' (deauthorized)')

  const parts = { oauth: strava.oauth, pushSubscriptions: strava.pushSubscriptions }
  for (const [name, part] of Object.entries(client)) {
    if (part && typeof part === 'object') parts[name] = part
  }
  local.finish(['strava.config', ...local.methods(parts)])
}
main()
