// Drives the npm package strava through its methods; prints JSON: their outcomes.
const fs = require('fs')
const os = require('os')
const path = require('path')
const tools = require('./redirect.cjs')

const given = tools.arguments()
tools.redirect(given.origin)
const { Strava } = require('strava')
const { outcomes, attempt } = tools.attempts()
const { known } = given

const main = async () => {
  const config = { client_id: given.clientId, client_secret: given.secret }
  const exchanged = await attempt('createFromTokenExchange', () =>
    Strava.createFromTokenExchange(config, given.code))
  const s = exchanged || new Strava({ ...config, refresh_token: given.refresh })
  const id = known.activity
  const work = {
    'activities.createActivity': () => s.activities.createActivity({
      name: 'Peer', type: 'Run', sport_type: 'Run', elapsed_time: 60,
      start_date_local: '2026-01-01T10:00:00Z',
    }),
    'activities.getActivityById': () => s.activities.getActivityById({ id }),
    'activities.getCommentsByActivityId': () =>
      s.activities.getCommentsByActivityId({ id }),
    'activities.getKudoersByActivityId': () =>
      s.activities.getKudoersByActivityId({ id }),
    'activities.getLapsByActivityId': () => s.activities.getLapsByActivityId({ id }),
    'activities.getLoggedInAthleteActivities': () =>
      s.activities.getLoggedInAthleteActivities({ per_page: 5 }),
    'activities.getZonesByActivityId': () => s.activities.getZonesByActivityId({ id }),
    'activities.updateActivityById': () =>
      s.activities.updateActivityById({ id, name: 'New' }),
    'athletes.getLoggedInAthlete': () => s.athletes.getLoggedInAthlete(),
    'athletes.getLoggedInAthleteZones': () => s.athletes.getLoggedInAthleteZones(),
    'athletes.getStats': () => s.athletes.getStats({ id: known.athlete }),
    'athletes.updateLoggedInAthlete': () =>
      s.athletes.updateLoggedInAthlete({ weight: 70 }),
    'clubs.getClubActivitiesById': () =>
      s.clubs.getClubActivitiesById({ id: known.club }),
    'clubs.getClubAdminsById': () => s.clubs.getClubAdminsById({ id: known.club }),
    'clubs.getClubById': () => s.clubs.getClubById({ id: known.club }),
    'clubs.getClubMembersById': () => s.clubs.getClubMembersById({ id: known.club }),
    'clubs.getLoggedInAthleteClubs': () => s.clubs.getLoggedInAthleteClubs(),
    'gears.getGearById': () => s.gears.getGearById({ id: known.gear }),
    'oauth.refreshTokens': () => s.oauth.refreshTokens({
      client_id: given.clientId, client_secret: given.secret,
      refresh_token: given.refresh,
    }),
    'routes.getRouteAsGPX': () => s.routes.getRouteAsGPX({ id: known.routeText }),
    'routes.getRouteAsTCX': () => s.routes.getRouteAsTCX({ id: known.routeText }),
    'routes.getRouteById': () => s.routes.getRouteById({ id: known.routeText }),
    'routes.getRoutesByAthleteId': () =>
      s.routes.getRoutesByAthleteId({ id: known.athlete }),
    'segmentEfforts.getEffortsBySegmentId': () =>
      s.segmentEfforts.getEffortsBySegmentId({ segment_id: known.segment }),
    'segmentEfforts.getSegmentEffortById': () =>
      s.segmentEfforts.getSegmentEffortById({ id: known.effortText }),
    'segments.exploreSegments': () =>
      s.segments.exploreSegments({ bounds: '46,10,49,13', activity_type: 'running' }),
    'segments.getLoggedInAthleteStarredSegments': () =>
      s.segments.getLoggedInAthleteStarredSegments({}),
    'segments.getSegmentById': () => s.segments.getSegmentById({ id: known.segment }),
    'segments.starSegment': () =>
      s.segments.starSegment({ id: known.segment, starred: true }),
    'streams.getActivityStreams': () => s.streams.getActivityStreams({
      id, keys: ['time', 'latlng'], key_by_type: true }),
    'streams.getRouteStreams': () => s.streams.getRouteStreams({ id: known.routeText }),
    'streams.getSegmentEffortStreams': () => s.streams.getSegmentEffortStreams({
      id: known.effortText, keys: ['time'], key_by_type: true }),
    'streams.getSegmentStreams': () => s.streams.getSegmentStreams({
      id: known.segment, keys: ['distance'], key_by_type: true }),
    'subscriptions.createSubscription': () => s.subscriptions.createSubscription({
      callback_url: given.callback, verify_token: 'SHARED' }),
    'subscriptions.getSubscriptions': () => s.subscriptions.getSubscriptions(),
    'uploads.createUpload': () => s.uploads.createUpload({
      file: Buffer.from(known.gpx), data_type: 'gpx', name: 'Sent',
      description: '', external_id: 'sent', trainer: '0', commute: '0' }),
  }
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'peer-')), 'a.gpx')
  fs.writeFileSync(file, known.gpx)
  for (const [label, call] of Object.entries(work)) await attempt(label, call)
  fs.rmSync(path.dirname(file), { recursive: true })
  process.stdout.write(JSON.stringify(outcomes))
}
main()
