import { describe, expect, test } from 'vitest'
import { textDecoder } from '../decode/index.ts'
import { bundledPacks, loadKnowledge } from '../knowledge/knowledge.ts'
import { type ResultRow, resultRow } from '../value/result-row.ts'
import { blocksOf } from './scan.ts'

const knowledge = await loadKnowledge({
  folders: await bundledPacks(),
  context: { now: 1_700_000_000, timeZone: 'UTC', warn: () => {} },
  report: ({ message }) => {
    throw new Error(message)
  },
})

async function rowsOf(text: string, sourcetype?: string): Promise<ResultRow[]> {
  async function* chunks() {
    yield new TextEncoder().encode(text)
  }
  async function* groups() {
    for await (const events of textDecoder.decode(
      { name: 'x', chunks },
      { recover: false, onDamage: () => {} },
    ))
      yield { file: '/e/x.log', events }
  }
  const rows: ResultRow[] = []
  for await (const batch of blocksOf(groups(), knowledge, sourcetype === undefined ? {} : { sourcetype }))
    for (let row = 0; row < batch.length; row++) rows.push(resultRow(batch.row(row)))
  return rows
}

const iis = `#Software: Microsoft Internet Information Services 10.0
#Version: 1.0
#Fields: date time s-ip cs-method cs-uri-stem s-port cs-username c-ip cs(User-Agent) sc-status
2023-11-07 16:58:21 192.0.2.10 POST /owa/auth.aspx 443 - 198.51.100.7 curl/8.4 500
#Fields: date time c-ip cs-method cs-uri-stem
2023-11-07 16:58:22 198.51.100.8 GET /
`

const zeek = [
  '#separator \\x09',
  '#set_separator\t,',
  '#empty_field\t(empty)',
  '#unset_field\t-',
  '#path\tconn',
  '#fields\tts\tuid\tid.orig_h\tid.resp_h\tid.resp_p\tproto\tservice\tlocal_orig\ttunnel_parents',
  '#types\ttime\tstring\taddr\taddr\tport\tenum\tstring\tbool\tset[string]',
  '1636985967.123456\tCabc\t198.51.100.7\t203.0.113.9\t443\ttcp\tssl\tT\tCx,Cy',
  '1636985968.5\tCdef\t198.51.100.7\t203.0.113.9\t80\ttcp\t-\tF\t(empty)',
  '#close\t2021-11-15-15-00-00',
].join('\n')

describe('a W3C log of IIS', () => {
  test('has the fields that its header names, also after it changes', async () => {
    const [first, second, ...others] = await rowsOf(iis)
    expect(first).toMatchObject({
      _time: '1699376301',
      sourcetype: 'ms:iis:auto',
      cs_User_Agent: 'curl/8.4',
      cs_username: '-',
      src: '198.51.100.7',
      dest: '192.0.2.10',
      dest_port: '443',
      http_method: 'POST',
      status: '500',
      action: 'failure',
      tag: 'web',
    })
    expect(second).toMatchObject({ c_ip: '198.51.100.8', http_method: 'GET', uri_path: '/' })
    expect(second).not.toHaveProperty('sc_status')
    expect(others).toEqual([])
  })

  test('keeps a sourcetype that was told', async () => {
    expect(await rowsOf(iis, 'web')).toMatchObject([
      { sourcetype: 'web', c_ip: '198.51.100.7' },
      { sourcetype: 'web' },
    ])
  })
})

test("Zeek's tab-separated form has the fields of its JSON form", async () => {
  const rows = await rowsOf(zeek)
  expect(rows).toMatchObject([
    {
      _time: '1636985967.123456',
      sourcetype: 'bro:conn:json',
      'id.orig_h': '198.51.100.7',
      src: '198.51.100.7',
      dest_port: '443',
      app: 'ssl',
      local_orig: 'true',
      'tunnel_parents{}': ['Cx', 'Cy'],
      tag: ['communicate', 'network'],
    },
    { uid: 'Cdef', local_orig: 'false' },
  ])
  expect(rows[1]).not.toHaveProperty('service')
  expect(rows[1]).not.toHaveProperty('tunnel_parents{}')
})

test('a line that looks like a header amid other lines is an event like any other', async () => {
  const lines = ['2023-11-07 16:58:21 x', '#Fields: a b 2023-11-07 16:58:22', '2023-11-07 16:58:23 y']
  const rows = await rowsOf(lines.join('\n'))
  expect(rows.map((row) => row['_raw'])).toEqual(lines)
})
