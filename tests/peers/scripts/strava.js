// Drives the npm package strava through its methods: node strava.js ORIGIN
const fs = require('fs')
const os = require('os')
const path = require('path')
const local = require('./local.js')

local.redirect()
const { Strava } = require('strava')
const { attempt, given } = local
const { activity: id, club, segment, route, effort } = given

const main = async () => {
  const config = { client_id: given.clientId, client_secret: given.secret }
  const s = await attempt('Strava.createFromTokenExchange', () =>
    Strava.createFromTokenExchange(config, given.code))
  const call = (name, args, label = '', seconds = 30) => {
    const [part, method] = name.split('.')
    return attempt(name + label, () => s[part][method](args), seconds)
  }
  await attempt('Strava.createFromTokenExchange (again)', () =>
    Strava.createFromTokenExchange(config, given.code))
  await call('oauth.refreshTokens', { ...config, refresh_token: given.refresh })

  await call('activities.createActivity', {
    name: 'Peer', type: 'Run', sport_type: 'Run', elapsed_time: 60,
    start_date_local: '2026-01-01T10:00:00Z',
  })
  await call('activities.getActivityById', { id })
  await call('activities.getActivityById', { id: 1 }, ' (unknown)')
  await call('activities.getCommentsByActivityId', { id })
  await call('activities.getKudoersByActivityId', { id })
  await call('activities.getLapsByActivityId', { id })
  await call('activities.getLoggedInAthleteActivities', { per_page: 5 })
  await call('activities.getZonesByActivityId', { id })
  await call('activities.updateActivityById', { id, name: 'New' })
  await call('athletes.getLoggedInAthlete')
  await call('athletes.getLoggedInAthleteZones')
  await call('athletes.getStats', { id: given.athlete })
  await call('athletes.updateLoggedInAthlete', { weight: 70 })
  await call('clubs.getClubActivitiesById', { id: club })
  await call('clubs.getClubAdminsById', { id: club })
  await call('clubs.getClubById', { id: club })
  await call('clubs.getClubMembersById', { id: club })
  await call('clubs.getLoggedInAthleteClubs')
  await call('gears.getGearById', { id: given.gear })
  await call('routes.getRouteAsGPX', { id: route })
  await call('routes.getRouteAsTCX', { id: route })
  await call('routes.getRouteById', { id: route })
  await call('routes.getRoutesByAthleteId', { id: given.athlete })
  await call('runningRaces.getRunningRaceById', { id: 1 })
  await call('runningRaces.getRunningRaces', { year: '2026' })
  await call('segmentEfforts.getEffortsBySegmentId', { segment_id: segment })
  await call('segmentEfforts.getSegmentEffortById', { id: effort })
  await call('segments.exploreSegments', {
    bounds: '46,10,49,13', activity_type: 'running' })
  await call('segments.getLoggedInAthleteStarredSegments', {})
  await call('segments.getSegmentById', { id: segment })
  await call('segments.starSegment', { id: segment, starred: true })
  await call('streams.getActivityStreams', {
    id, keys: ['time', 'latlng'], key_by_type: true })
  await call('streams.getRouteStreams', { id: route })
  await call('streams.getSegmentEffortStreams', {
    id: effort, keys: ['time'], key_by_type: true })
  await call('streams.getSegmentStreams', {
    id: segment, keys: ['distance'], key_by_type: true })

  const hook = { callback_url: given.callback, verify_token: 'SHARED' }
  const made = await call('subscriptions.createSubscription', hook)
  await call('subscriptions.createSubscription', hook, ' (second)')
  await call('subscriptions.getSubscriptions')
  await call('subscriptions.deleteSubscription', made.id)

  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'peer-')), 'a.gpx')
  fs.writeFileSync(file, given.gpx)
  const upload = () => ({
    file: fs.createReadStream(file), data_type: 'gpx', name: 'Sent',
    description: '', external_id: 'sent', trainer: '0', commute: '0',
  })
  local.readBodies = true
  const sent = await call('uploads.createUpload', upload(), ' (body read before)')
  await call('uploads.getUploadById', { uploadId: sent.id })
  local.readBodies = false
  await attempt('Strava.getRateLimit', async () => s.getRateLimit())
  // last: it leaves a connection on which nothing is sent
  await call('uploads.createUpload', upload(), '', 1)
  fs.rmSync(path.dirname(file), { recursive: true })

  const parts = {}
  for (const [name, part] of Object.entries(s)) {
    if (name !== 'request') parts[name] = part
  }
  local.finish([
    'Strava.createFromTokenExchange', 'Strava.getRateLimit', ...local.methods(parts)])
}
main()
