// A real Bluesky server and the directory of identities it needs, both on 127.0.0.1 only.
// Run by tests/counterparts/bluesky.py, which sets the PDS_* variables; the packages are where it installed them.
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const require = createRequire(`${process.env.PACKAGES}/package.json`)
const load = (name) => import(pathToFileURL(require.resolve(name)).href)
const here = (app) => {
  const listen = app.listen.bind(app)
  app.listen = (port) => listen(port, '127.0.0.1') // both would listen on every address
}

const { PlcServer, Database } = await load('@did-plc/server')
const { PDS, envToCfg, envToSecrets, readEnv } = await load('@atproto/pds')

const directory = PlcServer.create({ db: Database.mock(), port: 0 })
here(directory.app)
const { port } = (await directory.start()).address()
process.env.PDS_DID_PLC_URL = `http://127.0.0.1:${port}`

const env = readEnv()
const pds = await PDS.create(envToCfg(env), envToSecrets(env))
here(pds.app)
await pds.start()
