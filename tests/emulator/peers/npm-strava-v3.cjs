// Drives the npm package strava-v3 through its methods; prints JSON: their outcomes.
const fs = require('fs')
const os = require('os')
const path = require('path')
const tools = require('./redirect.cjs')

const given = tools.arguments()
tools.redirect(given.origin)
const strava = require('strava-v3')
const { outcomes, attempt } = tools.attempts()
const { known } = given

const main = async () => {
  strava.config({
    access_token: given.token,
    client_id: given.clientId,
    client_secret: given.secret,
    redirect_uri: 'http://localhost/',
  })
  const client = new strava.client(given.token)
  const id = known.activity
  await attempt('oauth.getToken', () => strava.oauth.getToken(given.code))
  await attempt('oauth.refreshToken', () => strava.oauth.refreshToken(given.refresh))
  await attempt('athlete.get', () => client.athlete.get({}))
  await attempt('athlete.update', () => client.athlete.update({ weight: 70 }))
  await attempt('athlete.listActivities', () =>
    client.athlete.listActivities({ page: 1, per_page: 5 }))
  await attempt('athlete.listClubs', () => client.athlete.listClubs({}))
  await attempt('athlete.listZones', () => client.athlete.listZones({}))
  await attempt('athletes.stats', () => client.athletes.stats({ id: known.athlete }))
  await attempt('activities.get', () => client.activities.get({ id }))
  await attempt('activities.create', () => client.activities.create({
    name: 'Peer', sport_type: 'Run', start_date_local: '2026-01-01T10:00:00Z',
    elapsed_time: 60,
  }))
  await attempt('activities.update', () => client.activities.update({ id, name: 'New' }))
  await attempt('activities.listZones', () => client.activities.listZones({ id }))
  await attempt('activities.listLaps', () => client.activities.listLaps({ id }))
  await attempt('activities.listComments', () =>
    client.activities.listComments({ id, page_size: 2 }))
  await attempt('activities.listKudoers', () => client.activities.listKudoers({ id }))
  await attempt('clubs.get', () => client.clubs.get({ id: known.club }))
  await attempt('clubs.listMembers', () => client.clubs.listMembers({ id: known.club }))
  await attempt('clubs.listActivities', () =>
    client.clubs.listActivities({ id: known.club }))
  await attempt('clubs.listAdmins', () => client.clubs.listAdmins({ id: known.club }))
  await attempt('gear.get', () => client.gear.get({ id: known.gear }))
  await attempt('routes.get', () => client.routes.get({ id: String(known.routeText) }))
  await attempt('routes.getFile', () =>
    client.routes.getFile({ id: String(known.routeText), file_type: 'gpx' }))
  await attempt('segments.get', () => client.segments.get({ id: known.segment }))
  await attempt('segments.listStarred', () => client.segments.listStarred({}))
  await attempt('segments.listEfforts', () =>
    client.segments.listEfforts({ segment_id: known.segment, id: known.segment }))
  await attempt('segments.explore', () =>
    client.segments.explore({ bounds: '46,10,49,13', activity_type: 'running' }))
  await attempt('segments.starSegment', () =>
    client.segments.starSegment({ id: known.segment, starred: true }))
  await attempt('segmentEfforts.get', () =>
    client.segmentEfforts.get({ id: String(known.effortText) }))
  await attempt('streams.activity', () => client.streams.activity({
    id, keys: ['time', 'latlng'], key_by_type: true, types: ['time', 'latlng'],
  }))
  await attempt('streams.effort', () => client.streams.effort({
    id: String(known.effortText), keys: ['time'], key_by_type: true, types: ['time'],
  }))
  await attempt('streams.segment', () => client.streams.segment({
    id: known.segment, keys: ['distance'], key_by_type: true, types: ['distance'],
  }))
  await attempt('streams.route', () =>
    client.streams.route({ id: String(known.routeText) }))
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'peer-')), 'a.gpx')
  fs.writeFileSync(file, known.gpx)
  await attempt('uploads.post', () =>
    client.uploads.post({ data_type: 'gpx', file, name: 'Sent', maxStatusChecks: 5 }))
  fs.rmSync(path.dirname(file), { recursive: true })
  const made = await attempt('pushSubscriptions.create', () =>
    strava.pushSubscriptions.create({
      callback_url: given.callback, verify_token: 'SHARED' }))
  await attempt('pushSubscriptions.list', () => strava.pushSubscriptions.list())
  if (made) {
    await attempt('pushSubscriptions.delete', () =>
      strava.pushSubscriptions.delete({ id: made.id }))
  }
  await attempt('oauth.deauthorize', () =>
    strava.oauth.deauthorize({ access_token: given.token }))
  process.stdout.write(JSON.stringify(outcomes))
}
main()
