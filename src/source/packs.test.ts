// What the bundled packs make of short events of our own: which sourcetype they are found to have, and their fields.

import { describe, expect, test } from 'vitest'
import { detectFormat } from '../decode/index.ts'
import type { RawEvent } from '../decode/reader.ts'
import { bundledPacks, loadKnowledge } from '../knowledge/knowledge.ts'
import type { Batch } from '../value/batch.ts'
import { blocksOf } from './scan.ts'

const said: string[] = []
const knowledge = await loadKnowledge({
  folders: await bundledPacks(),
  context: { now: 1_700_000_000, timeZone: 'UTC', warn: () => {} },
  report: ({ message }) => said.push(message),
})

async function batchOf(text: string): Promise<Batch> {
  const bytes = new TextEncoder().encode(text)
  const decision = detectFormat(bytes)
  if (decision.kind !== 'known') throw new Error(decision.reason)
  const { decoder } = decision
  async function* chunks() {
    yield bytes
  }
  async function* groups() {
    const events: RawEvent[] = []
    for await (const group of decoder.decode({ name: 'x', chunks }, { recover: false, onDamage: () => {} })) {
      events.push(...group)
    }
    yield { file: '/evidence/x.log', events }
  }
  for await (const batch of blocksOf(groups(), knowledge, {})) return batch
  throw new Error('no events')
}

/** As HTTP Event Collector gets it: these sourcetypes are told, not recognised. */
const envelope = (sourcetype: string, event: string | object): string => JSON.stringify({ sourcetype, event })

type Expected = Readonly<Record<string, string | readonly string[] | null>>

const cases: readonly [what: string, text: string, expected: Expected][] = [
  [
    'a failed console login of AWS',
    JSON.stringify({
      eventVersion: '1.08',
      userIdentity: {
        type: 'IAMUser',
        accountId: '111111111111',
        userName: 'alice',
        arn: 'arn:aws:iam::111111111111:user/alice',
      },
      eventTime: '2021-01-22T03:44:16Z',
      eventSource: 'signin.amazonaws.com',
      eventName: 'ConsoleLogin',
      awsRegion: 'us-east-1',
      sourceIPAddress: '198.51.100.7',
      errorMessage: 'Failed authentication',
      responseElements: { ConsoleLogin: 'Failure' },
      eventType: 'AwsConsoleSignIn',
    }),
    {
      sourcetype: 'aws:cloudtrail',
      _time: '1611287056',
      user: 'alice',
      src: '198.51.100.7',
      action: 'failure',
      status: 'failure',
      errorCode: 'failure',
      reason: 'Failed authentication',
      vendor_account: '111111111111',
      tag: ['authentication', 'cloud'],
    },
  ],
  [
    'a user made in AWS: the user is the new one, src_user who made it',
    JSON.stringify({
      userIdentity: { type: 'IAMUser', accountId: '1', userName: 'admin' },
      eventTime: '2021-01-22T03:44:16Z',
      eventSource: 'iam.amazonaws.com',
      eventName: 'CreateUser',
      awsRegion: 'us-east-1',
      requestParameters: { userName: 'mallory' },
      responseElements: { user: { userName: 'mallory', userId: 'AIDA' } },
      eventType: 'AwsApiCall',
    }),
    {
      user: 'mallory',
      src_user: 'admin',
      action: 'created',
      status: 'success',
      change_type: 'AAA',
      object: 'mallory',
      object_id: 'AIDA',
      tag: ['account', 'change', 'cloud'],
    },
  ],
  [
    'a failed login to Microsoft 365, its details in pairs',
    JSON.stringify({
      CreationTime: '2023-10-10T17:08:55',
      Operation: 'UserLoginFailed',
      OrganizationId: 'org',
      RecordType: 15,
      ResultStatus: 'Failed',
      UserType: 0,
      Workload: 'AzureActiveDirectory',
      ClientIP: '203.0.113.9:4711',
      UserId: 'bob@example.com',
      ExtendedProperties: [{ Name: 'UserAgent', Value: 'curl/8' }],
      LogonError: 'InvalidUserNameOrPassword',
    }),
    {
      sourcetype: 'o365:management:activity',
      _time: '1696957735',
      action: 'failure',
      status: 'failure',
      user: 'bob@example.com',
      src_ip: '203.0.113.9',
      user_agent: 'curl/8',
      reason: 'InvalidUserNameOrPassword',
      record_type: 'AzureActiveDirectoryStsLogon',
      tag: ['authentication', 'cloud'],
    },
  ],
  [
    'a password reset in Microsoft 365 names the victim',
    JSON.stringify({
      CreationTime: '2023-10-10T17:08:55',
      Operation: 'Reset user password.',
      RecordType: 8,
      Workload: 'AzureActiveDirectory',
      UserId: 'admin@x',
      ObjectId: 'victim@x',
      ResultStatus: 'Success',
    }),
    {
      user: 'victim@x',
      src_user: 'admin@x',
      action: 'modified',
      status: 'success',
      tag: ['account', 'change', 'cloud'],
    },
  ],
  [
    'a program started on Linux, as the audit daemon tells it',
    'type=EXECVE msg=audit(1636985967.123:42): argc=3 a0="/bin/ls" a1="-l" a2="/tmp"',
    {
      sourcetype: 'linux:audit',
      source: '/var/log/audit/audit.log',
      _time: '1636985967.123',
      a0: '/bin/ls',
      a1: '-l',
      process: '/bin/ls -l /tmp',
      process_name: 'ls',
      tag: ['process', 'report'],
    },
  ],
  [
    'a user added on Linux: pairs inside quotes, names that differ by case',
    `type=ADD_USER msg=audit(1722950859.266:6994): pid=1788 uid=0 auid=1000 msg='op=adding user id=1002 exe="/usr/sbin/useradd" addr=? terminal=pts/1 res=success'\u001dUID="root" AUID="ubuntu"`,
    {
      id: '1002',
      exe: '/usr/sbin/useradd',
      uid: '0',
      UID: 'root',
      AUID: 'ubuntu',
      status: 'success',
      result: 'user added',
      src: null,
      tag: ['account', 'change'],
    },
  ],
  [
    'a failed logon over SSH',
    'Nov 15 14:19:27 web1 sshd[811]: Failed password for invalid user oracle from 192.0.2.5 port 4242 ssh2',
    {
      sourcetype: 'linux_secure',
      host: 'web1',
      user: 'oracle',
      src: '192.0.2.5',
      src_port: '4242',
      action: 'failure',
      app: 'sshd',
      tag: 'authentication',
    },
  ],
  [
    'a web request that Suricata saw',
    JSON.stringify({
      timestamp: '2021-11-15T14:19:27.5+0000',
      flow_id: 1,
      event_type: 'http',
      src_ip: '192.0.2.1',
      dest_ip: '192.0.2.2',
      dest_port: 80,
      proto: 'TCP',
      http: {
        hostname: 'h.example',
        url: '/a.php?x=1',
        http_method: 'GET',
        status: 200,
        http_user_agent: 'curl',
      },
    }),
    {
      sourcetype: 'suricata',
      _time: '1636985967.5',
      src: '192.0.2.1',
      dest: '192.0.2.2',
      url: 'http://h.example/a.php?x=1',
      uri_path: '/a.php',
      uri_query: 'x=1',
      status: '200',
      http_method: 'GET',
      tag: 'web',
    },
  ],
  [
    'a sign-on to Okta',
    JSON.stringify({
      published: '2021-11-15T14:19:27.000Z',
      legacyEventType: 'core.user_auth.login_failed',
      eventType: 'user.session.start',
      actor: { alternateId: 'eve@x', id: '00u' },
      client: { ipAddress: '192.0.2.9' },
      outcome: { result: 'FAILURE', reason: 'INVALID_CREDENTIALS' },
    }),
    {
      sourcetype: 'OktaIM2:log',
      user: 'eve@x',
      src_ip: '192.0.2.9',
      action: 'failure',
      reason: 'INVALID_CREDENTIALS',
      eventtype: ['okta_authentication', 'okta_log'],
      tag: ['authentication', 'cloud'],
    },
  ],
  [
    'a process that CrowdStrike saw',
    JSON.stringify({
      event_simpleName: 'ProcessRollup2',
      aid: 'a1',
      ImageFileName: '\\Device\\HarddiskVolume1\\Windows\\cmd.exe',
      CommandLine: 'cmd /c x',
      RawProcessId: '5012',
      ParentBaseFileName: 'explorer.exe',
      IntegrityLevel: '12288',
      timestamp: '1713805173418',
    }),
    {
      sourcetype: 'crowdstrike:events:sensor',
      _time: '1713805173.418',
      dest: 'a1',
      process: 'cmd /c x',
      process_name: 'cmd.exe',
      process_id: '5012',
      parent_process_name: 'explorer.exe',
      process_integrity_level: 'HIGH',
      tag: ['process', 'report'],
    },
  ],
  [
    'a line of a web server',
    '192.0.2.3 - - [15/Nov/2021:14:19:27 +0000] "GET /p?q=1 HTTP/1.1" 404 12 "-" "curl/8"',
    {
      sourcetype: 'access_combined',
      _time: '1636985967',
      src: '192.0.2.3',
      http_method: 'GET',
      uri_path: '/p',
      uri_query: 'q=1',
      status: '404',
      action: 'failure',
      user: null,
      tag: 'web',
    },
  ],
  [
    'an audit event of Kubernetes, whose source is told apart from the source of the event',
    JSON.stringify({
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      verb: 'create',
      user: { groups: ['a', 'b'] },
      source: { component: 'x' },
      host: 'inner',
      requestReceivedTimestamp: '2021-11-15T14:19:27Z',
    }),
    {
      sourcetype: '_json',
      source: 'kubernetes',
      'user.groups{}': ['a', 'b'],
      'source.component': 'x',
      extracted_host: 'inner',
      _time: '1636985967',
    },
  ],
  [
    'a connection that Zeek saw',
    JSON.stringify({
      ts: 1636985967.25,
      uid: 'CAbc',
      'id.orig_h': '192.0.2.1',
      'id.orig_p': 5,
      'id.resp_h': '192.0.2.2',
      'id.resp_p': 443,
      proto: 'tcp',
      conn_state: 'SF',
      orig_bytes: 1,
      resp_bytes: 2,
    }),
    {
      sourcetype: 'bro:conn:json',
      _time: '1636985967.25',
      src: '192.0.2.1',
      dest_port: '443',
      transport: 'tcp',
      action: 'allowed',
      bytes_in: '2',
      tag: ['communicate', 'network'],
    },
  ],
  [
    'a new process in classic text, its program named without a path',
    `11/15/2021 02:19:27 PM
LogName=Security
SourceName=Microsoft Windows security auditing.
EventCode=4688
EventType=0
Type=Information
ComputerName=pc.example.com
Keywords=Audit Success
Message=A new process has been created.

Creator Subject:
\tSecurity ID:\t\tS-1-5-21-1
\tAccount Name:\t\talice
\tAccount Domain:\t\tEXAMPLE
\tLogon ID:\t\t0x1

Process Information:
\tNew Process ID:\t\t0x1dc
\tNew Process Name:\tC:\\Windows\\System32\\net.exe
\tCreator Process ID:\t0xe8c
\tCreator Process Name:\tC:\\Windows\\System32\\cmd.exe
\tProcess Command Line:\tnet user x /add`,
    {
      sourcetype: 'WinEventLog',
      source: 'WinEventLog:Security',
      EventCode: '4688',
      dest: 'pc.example.com',
      user: 'alice',
      process: 'C:\\Windows\\System32\\net.exe user x /add',
      process_name: 'net.exe',
      process_id: '0x1dc',
      parent_process_name: 'cmd.exe',
      action: 'allowed',
      status: 'success',
      tag: ['os', 'process', 'report', 'windows'],
    },
  ],
  [
    'a logon in classic text: two accounts, the subject first',
    `11/15/2021 02:19:27 PM
LogName=Security
EventCode=4624
ComputerName=pc.example.com
Keywords=Audit Success
Message=An account was successfully logged on.

Subject:
\tAccount Name:\t\tPC$
\tAccount Domain:\t\tEXAMPLE

Logon Type:\t\t\t10

New Logon:
\tAccount Name:\t\tbob
\tAccount Domain:\t\tEXAMPLE

Network Information:
\tWorkstation Name:\tLAPTOP
\tSource Network Address:\t192.0.2.8
\tSource Port:\t\t4000`,
    {
      Account_Name: ['PC$', 'bob'],
      user: 'bob',
      src_user: 'PC$',
      app: 'win:remote',
      src: 'LAPTOP',
      src_ip: '192.0.2.8',
      src_port: '4000',
      action: 'success',
      signature: 'An account was successfully logged on',
      tag: ['authentication', 'os', 'windows'],
    },
  ],
  [
    'a page that a Zscaler proxy blocked',
    envelope(
      'zscalernss-web',
      'time=2023-11-07 16:58:21 action=Blocked reason="Not allowed to browse this category" hostname=bad.example protocol=HTTPS serverip=203.0.113.9 url=bad.example/login urlcategory=Phishing clientip=198.51.100.7 user=ann@corp.example requestmethod=GET status=403 useragent="Mozilla/5.0 (X11)" threatname=HTML.Phish.Example',
    ),
    {
      sourcetype: 'zscalernss-web',
      action: 'blocked',
      src: '198.51.100.7',
      dest: '203.0.113.9',
      user: 'ann@corp.example',
      url: 'bad.example/login',
      urlcategory: 'Phishing',
      threatname: 'HTML.Phish.Example',
      http_method: 'GET',
      http_user_agent: 'Mozilla/5.0 (X11)',
      status: '403',
      tag: ['proxy', 'web'],
    },
  ],
  [
    'a connection that a Palo Alto firewall let through, columns by position',
    envelope(
      'pan:traffic',
      'Nov  7 16:58:21 fw01 1,2023/11/07 16:58:21,007051000001234,TRAFFIC,end,2562,2023/11/07 16:58:20,198.51.100.7,203.0.113.9,0.0.0.0,0.0.0.0,Allow web,corp\\ann,,ssl,vsys1,trust,untrust,ethernet1/2,ethernet1/1,Default,2023/11/07 16:58:20,33001,1,50123,443,0,0,0x1c,tcp,allow,9421,1200,8221,30,2023/11/07 16:57:50,29,any,,7001,0x0,198.51.100.0-198.51.100.255,United States,,14,16,tcp-fin,0,0,0,0,,fw01,from-policy',
    ),
    {
      src: '198.51.100.7',
      src_port: '50123',
      dest: '203.0.113.9',
      dest_port: '443',
      user: 'corp\\ann',
      app: 'ssl',
      rule: 'Allow web',
      action: 'allowed',
      transport: 'tcp',
      bytes: '9421',
      bytes_out: '1200',
      bytes_in: '8221',
      src_zone: 'trust',
      dest_zone: 'untrust',
      flow_id: '33001',
      dvc: 'fw01',
      tag: ['communicate', 'network'],
    },
  ],
  [
    'an address that a Palo Alto firewall filtered, with a comma in quotes',
    envelope(
      'pan:threat',
      'Nov  7 16:58:21 fw01 1,2023/11/07 16:58:21,007051000001234,THREAT,url,2562,2023/11/07 16:58:20,198.51.100.7,203.0.113.9,0.0.0.0,0.0.0.0,Block malware,corp\\ann,,web-browsing,vsys1,trust,untrust,ethernet1/2,ethernet1/1,Default,2023/11/07 16:58:20,33002,1,50124,80,0,0,0x1c,tcp,block-url,"bad.example/a,b?x=1",(9999),malware,informational,client-to-server,7002,0x0,198.51.100.0-198.51.100.255,United States,,text/html,0,,,1,"Mozilla/5.0 (X11, like)",,,,,,,,0,0,0,0,,fw01,,,,get',
    ),
    {
      url: 'bad.example/a,b?x=1',
      url_domain: 'bad.example',
      url_length: '19',
      category: 'malware',
      action: 'blocked',
      http_user_agent: 'Mozilla/5.0 (X11, like)',
      http_method: 'get',
      dest_port: '80',
      tag: ['proxy', 'web'],
    },
  ],
  [
    'a request to IIS, in the order of columns that the add-on asks for',
    envelope(
      'ms:iis:splunk',
      '2023-11-07 16:58:21 W3SVC1 WEB01 192.0.2.10 POST /owa/auth.aspx a=1 443 - 198.51.100.7 HTTP/1.1 curl/8.4 - https://mail.example/ mail.example 500 0 0 1522 310 46',
    ),
    {
      _time: '1699376301',
      src: '198.51.100.7',
      dest: '192.0.2.10',
      dest_port: '443',
      http_method: 'POST',
      url: '/owa/auth.aspx',
      uri_query: 'a=1',
      status: '500',
      action: 'failure',
      http_user_agent: 'curl/8.4',
      http_referrer: 'https://mail.example/',
      site: 'mail.example',
      url_length: '14',
      tag: 'web',
    },
  ],
  [
    'a request to nginx, as pairs',
    envelope(
      'nginx:plus:kv',
      'site="shop.example" server="web1" dest_port="443" dest_ip="192.0.2.10" src="198.51.100.7" src_ip="198.51.100.7" user="-" time_local="07/Nov/2023:16:58:21 +0000" protocol="HTTP/1.1" status="404" bytes_out="150" bytes_in="310" http_referer="-" http_user_agent="curl/8.4" nginx_version="1.25" http_method="GET" uri_query="q=1" uri_path="/search"',
    ),
    {
      url: 'http://shop.example/search?q=1',
      url_domain: 'shop.example',
      status: '404',
      action: 'failure',
      bytes: '460',
      user: null,
      src: '198.51.100.7',
      http_user_agent_length: '8',
      tag: 'web',
    },
  ],
  [
    'a login to Google Workspace that failed',
    envelope('gws:reports:login', {
      id: { time: '2023-11-07T16:58:21.123Z', applicationName: 'login' },
      actor: { email: 'ann@corp.example', profileId: '1' },
      ipAddress: '198.51.100.7',
      event: {
        type: 'login',
        name: 'login_failure',
        parameters: [{ name: 'login_challenge_method', multiValue: ['password'] }],
      },
    }),
    {
      user: 'ann@corp.example',
      src: '198.51.100.7',
      action: 'failure',
      signature: 'login_failure',
      login_challenge_method: 'password',
      app: 'Google Workspace',
    },
  ],
  [
    'a request that Splunk Stream saw',
    envelope('stream:http', {
      timestamp: '2023-11-07T16:58:21.453391Z',
      bytes_in: 177,
      dest_ip: '192.0.2.10',
      dest_port: 8080,
      http_method: 'GET',
      http_user_agent: 'Java/1.8.0_181',
      site: '192.0.2.10:8080',
      src_ip: '198.51.100.7',
      status: 200,
      uri_path: '/Exploit.class',
    }),
    {
      src: '198.51.100.7',
      dest: '192.0.2.10',
      url: 'http://192.0.2.10:8080/Exploit.class',
      url_length: '36',
      http_method: 'GET',
      status: '200',
      http_user_agent_length: '14',
      tag: 'web',
    },
  ],
  [
    'an object read from S3 without a name',
    envelope(
      'aws:s3:accesslogs',
      '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be backups [07/Nov/2023:16:58:21 +0000] 198.51.100.7 - 3E57427F3EXAMPLE REST.GET.OBJECT db.dump "GET /backups/db.dump HTTP/1.1" 200 - 113 113 7 6 "-" "curl/8.4" -',
    ),
    {
      _time: '1699376301',
      bucket_name: 'backups',
      operation: 'REST.GET.OBJECT',
      key: 'db.dump',
      src: '198.51.100.7',
      status: '200',
      error_code: '-',
      requester: '-',
      user_agent: 'curl/8.4',
    },
  ],
  [
    'a flow in a virtual network of AWS',
    envelope(
      'aws:cloudwatchlogs:vpcflow',
      '2 111111111111 eni-0a1b 198.51.100.7 192.0.2.10 47254 22 6 12 980 1699376301 1699376331 REJECT OK',
    ),
    {
      _time: '1699376301',
      src: '198.51.100.7',
      dest: '192.0.2.10',
      dest_port: '22',
      transport: 'tcp',
      action: 'blocked',
      vpcflow_action: 'REJECT',
      duration: '30',
      vendor_account: '111111111111',
      bytes: '980',
      tag: ['communicate', 'network'],
    },
  ],
  [
    'a request that CloudFront answered, columns between tabs',
    envelope(
      'aws:cloudfront:accesslogs',
      '2023-11-07\t16:58:21\tIAD55-P5\t921\t198.51.100.7\tGET\td1.cloudfront.net\t/shell\t403\t-\tBot%201.0\tx=1\t-\tError\tid==\twww.example\thttps\t232\t0.276\t-\tTLSv1.3\tTLS_AES_128_GCM_SHA256\tError\tHTTP/1.1\t-\t-\t57232\t0.276\tError\ttext/html\t527\t-\t-',
    ),
    {
      _time: '1699376301',
      src: '198.51.100.7',
      dest: 'www.example',
      url: 'https://www.example/shell?x=1',
      http_user_agent: 'Bot 1.0',
      http_user_agent_length: '7',
      status: '403',
      action: 'blocked',
      cached: 'false',
      bytes: '1153',
      tag: 'web',
    },
  ],
]

describe('the packs know', () => {
  test.each(cases)('%s', async (_, text, expected) => {
    const batch = await batchOf(text)
    const found = Object.fromEntries(
      Object.keys(expected).map((name) => {
        const value = batch.value(name, 0)
        return [name, value === undefined ? null : typeof value === 'object' ? value : String(value)]
      }),
    )
    expect(found).toEqual(expected)
  })
})

test('every rule, expression and table of the packs can be used', async () => {
  // Reading every field of an event of every sourcetype compiles every expression.
  for (const sourcetype of [
    'XmlWinEventLog',
    'WinEventLog',
    'sysmon:linux',
    'aws:cloudtrail',
    'aws:cloudwatchlogs:vpcflow',
    'aws:cloudfront:accesslogs',
    'aws:s3:accesslogs',
    'o365:management:activity',
    'azure:monitor:aad',
    'mscs:azure:audit',
    'linux:audit',
    'linux:audit:event',
    'aws:securityhub:finding',
    'kube:container:falco',
    'pan:log',
    'syslog',
    'linux_secure',
    'crowdstrike:events:sensor',
    'osquery:results',
    'OktaIM2:log',
    'gws:reports:login',
    'gws:reports:admin',
    'suricata',
    'nginx:plus:kv',
    'access_combined',
    'ms:iis:splunk',
    'zscalernss-web',
    'pan:traffic',
    'pan:threat',
    'stream:http',
    'stream:dns',
    'bro:conn:json',
    'zeek:ssl:json',
  ]) {
    for (const source of [
      'x',
      'XmlWinEventLog:Security',
      'WinEventLog:Security',
      'XmlWinEventLog:Microsoft-Windows-Sysmon/Operational',
      'XmlWinEventLog:System',
      'WinEventLog:System',
      'WinEventLog:Microsoft-Windows-TaskScheduler/Operational',
    ]) {
      const event: RawEvent = {
        time: 1,
        raw: () => 'a=1 b=2',
        position: '1',
        content: { kind: 'text' },
        metadata: { source, sourcetype, host: 'h' },
      }
      async function* groups() {
        yield { file: 'x', events: [event] }
      }
      for await (const batch of blocksOf(groups(), knowledge, {}))
        for (const name of batch.names()) batch.column(name)
    }
  }
  expect(said).toEqual([])
  // The inventory of sensors is the user's to give.
  for (const name of knowledge.lookups.names())
    if (name !== 'crowdstrike_aidmaster') expect(knowledge.lookups.problem?.(name)).toBeUndefined()
})
