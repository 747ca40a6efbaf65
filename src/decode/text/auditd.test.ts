import { expect, test } from 'vitest'
import { decodeAll } from '../../../test/support/decode-all.ts'
import { findDecoder } from '../detect-format.ts'
import { auditdDecoder } from './auditd.ts'

const fieldsOf = async (text: string) =>
  (await decodeAll(auditdDecoder, text)).events.map(({ metadata }) =>
    Object.fromEntries(metadata.fields ?? []),
  )

const exec = (id: number, seconds = 1_722_944_427): string =>
  `type=SYSCALL msg=audit(${seconds}.844:${id}): arch=c000003e syscall=59 success=yes a0=5581 ppid=100 pid=200 uid=0 comm="chmod" exe="/usr/bin/chmod" key=6B31016B32\u001dARCH=x86_64 SYSCALL=execve UID="root"
type=EXECVE msg=audit(${seconds}.844:${id}): argc=3 a0="chmod" a1="777" a2=61206220C3BC
type=CWD msg=audit(${seconds}.844:${id}): cwd="/root"
type=PATH msg=audit(${seconds}.844:${id}): item=0 name="/usr/bin/chmod" inode=1 nametype=NORMAL
type=PATH msg=audit(${seconds}.844:${id}): item=1 name=2F746D702F6120622E7368 inode=2 nametype=NORMAL
type=PROCTITLE msg=audit(${seconds}.844:${id}): proctitle=63686D6F6400373737002E2F61
`

test('the records of an event become one event, what is in hex decoded', async () => {
  const { events } = await decodeAll(auditdDecoder, exec(4146))
  expect(events).toHaveLength(1)
  const [event] = events
  expect(event!.time).toBe(1_722_944_427.844)
  expect(event!.position).toBe('line 1')
  expect(event!.raw()).toBe(exec(4146).trimEnd())
  expect(event!.metadata.form).toEqual({
    source: '/var/log/audit/audit.log',
    sourcetype: 'linux:audit:event',
  })
  expect(Object.fromEntries(event!.metadata.fields!)).toMatchObject({
    event_id: '4146',
    type: ['SYSCALL', 'EXECVE', 'CWD', 'PATH', 'PATH', 'PROCTITLE'],
    a0: '5581',
    argv: ['chmod', '777', 'a b ü'],
    argc: '3',
    exe: '/usr/bin/chmod',
    key: ['k1', 'k2'],
    SYSCALL: 'execve',
    UID: 'root',
    cwd: '/root',
    name: ['/usr/bin/chmod', '/tmp/a b.sh'],
    nametype: ['NORMAL', 'NORMAL'],
    proctitle: 'chmod 777 ./a',
  })
})

test('events that interleave are told apart, by node as well', async () => {
  const one = exec(1).trimEnd().split('\n')
  const two = exec(2).trimEnd().split('\n')
  const mixed = one.flatMap((line, index) => [line, two[index]!]).join('\n')
  expect((await fieldsOf(mixed)).map(({ event_id, type }) => [event_id, type?.length])).toEqual([
    ['1', 6],
    ['2', 6],
  ])
  const nodes = 'node=a type=SYSCALL msg=audit(1.5:1): pid=1\nnode=b type=SYSCALL msg=audit(1.5:1): pid=2\n'
  const { events } = await decodeAll(auditdDecoder, nodes)
  expect(events.map(({ metadata }) => metadata.form?.host)).toEqual(['a', 'b'])
})

test('an event without an end is complete two seconds later, or at the end of the log', async () => {
  const half = 'type=SYSCALL msg=audit(10.0:7): pid=1\ntype=PATH msg=audit(10.0:7): name="a"\n'
  const later = 'type=SYSCALL msg=audit(12.5:8): pid=2\ntype=PATH msg=audit(10.0:7): name="late"\n'
  expect((await fieldsOf(half + later)).map(({ event_id, name }) => [event_id, name])).toEqual([
    ['7', 'a'],
    ['8', undefined],
    ['7', 'late'],
  ])
})

test("a program's record is an event by itself, pairs in its message included", async () => {
  const text = `type=USER_CMD msg=audit(1722950859.266:6994): pid=1788 uid=0 auid=1000 msg='cwd="/root" cmd=636174202F6574632F736861646F77 exe="/usr/bin/sudo" terminal=pts/1 res=success'\u001dUID="root"`
  expect(await fieldsOf(text)).toEqual([
    expect.objectContaining({
      type: 'USER_CMD',
      cwd: '/root',
      cmd: 'cat /etc/shadow',
      res: 'success',
      UID: 'root',
    }),
  ])
})

test('long arguments come in pieces, socket addresses in parts, key presses in hex', async () => {
  const event = (body: string): string => `type=${body.replace(' ', ' msg=audit(1.0:1): ')}\n`
  const [fields] = await fieldsOf(
    event('SYSCALL syscall=42') +
      event('EXECVE argc=2 a0="sh" a1_len=6 a1[0]=6162') +
      event('EXECVE a1[1]=6364') +
      event('SOCKADDR saddr=020001BB0A0000010000000000000000') +
      event('SOCKADDR saddr=0A0000500000000020010DB800000000000000000000000100000000') +
      event('SOCKADDR saddr=01002F72756E2F782E736F636B00') +
      event('TTY comm="bash" data=6C730D'),
  )
  expect(fields).toMatchObject({
    argv: ['sh', 'ab', 'cd'],
    saddr_fam: ['inet', 'inet6', 'local'],
    laddr: ['10.0.0.1', '2001:db8::1'],
    lport: ['443', '80'],
    path: '/run/x.sock',
    data: 'ls\r',
  })
})

test('names in lower-case hex, bare words and other lines stay as they are', async () => {
  const { events } = await decodeAll(
    auditdDecoder,
    'type=PATH msg=audit(1.0:1): name=cafe key=(null) addr=?\nno record\n',
  )
  expect(events.map((event) => event.raw())).toContain('no record')
  const record = events.find(({ metadata }) => metadata.fields !== undefined)!
  expect(Object.fromEntries(record.metadata.fields!)).toMatchObject({
    name: 'cafe',
    key: '(null)',
    addr: '?',
  })
})

test('hostile names and floods do no harm', async () => {
  const flood = 'type=SYSCALL msg=audit(1.0:1): __proto__=1 constructor=2 '
  const [fields] = await fieldsOf(`${flood}${'a=1 '.repeat(20_000)}`)
  expect(Object.getOwnPropertyDescriptor(fields, '__proto__')?.value ?? fields!['constructor']).toBeDefined()
  expect((fields!['a'] as string[]).length).toBeLessThan(5000)
  const started = performance.now()
  const open = Array.from({ length: 5000 }, (_, id) => `type=SYSCALL msg=audit(1.0:${id}): pid=1`).join('\n')
  expect(await fieldsOf(open)).toHaveLength(5000)
  expect(performance.now() - started).toBeLessThan(3000)
})

test('it is found by name alone', () => {
  expect(findDecoder('auditd')).toBe(auditdDecoder)
  expect(auditdDecoder.detects(Buffer.from(exec(1)))).toBe(false)
})
