// Evidence of each source in the forms in which files hold it: whether it is told from others, its sourcetype and time,
// and the fields that detections read. The events are of our own making.

import { describe, expect, test } from 'vitest'
import { batchOfText } from '../../test/support/batch-of-text.ts'
import { bundledPacks, loadKnowledge } from '../knowledge/knowledge.ts'

const said: string[] = []
const knowledge = await loadKnowledge({
  folders: await bundledPacks(),
  context: { now: 1_700_000_000, timeZone: 'UTC', warn: () => {} },
  report: ({ message }) => said.push(message),
})

type Expected = Readonly<Record<string, string | readonly string[] | number | null>>
type Case = readonly [what: string, text: string, expected: Expected]

const json = (value: object): string => JSON.stringify(value)
const epoch = (iso: string): number => Date.parse(iso) / 1000

const linux: readonly Case[] = [
  [
    'Sysmon for Linux behind a syslog header',
    `Nov 15 14:19:27 web1 sysmon: <Event><System><Provider Name="Linux-Sysmon" Guid="{ff032593-a8d3-4f13-b0d6-01fc615a0f97}"/><EventID>1</EventID><Channel>Linux-Sysmon/Operational</Channel><Computer>web1</Computer><TimeCreated SystemTime="2021-11-15T14:19:27.123456000Z"/><EventRecordID>7</EventRecordID><Security UserId="0"/></System><EventData><Data Name="Image">/usr/bin/curl</Data><Data Name="CommandLine">curl -s http://bad.example</Data><Data Name="User">root</Data><Data Name="ProcessId">42</Data><Data Name="ParentImage">/bin/bash</Data></EventData></Event>`,
    {
      source: 'Syslog:Linux-Sysmon/Operational',
      sourcetype: 'sysmon:linux',
      _time: 1_636_985_967.123456,
      EventID: '1',
      dest: 'web1',
      user: 'root',
      process: 'curl -s http://bad.example',
      process_name: 'curl',
      parent_process_name: 'bash',
      tag: ['process', 'report'],
    },
  ],
  [
    'a record of the audit daemon with a node, its argument in hex',
    'node=db1 type=EXECVE msg=audit(1722944427.844:4146): argc=3 a0="rm" a1="-rf" a2=2F746D702F6120622F\n',
    {
      source: '/var/log/audit/audit.log',
      sourcetype: 'linux:audit',
      host: 'db1',
      dest: 'db1',
      _time: 1_722_944_427.844,
      type: 'EXECVE',
      a2: '2F746D702F6120622F',
      process: 'rm -rf /tmp/a b/',
      process_name: 'rm',
      tag: ['process', 'report'],
    },
  ],
  [
    'a command line of the audit daemon stays in hex for macros and is decoded for data models',
    'type=PROCTITLE msg=audit(1722944427.844:4146): proctitle=63686D6F640037373700312E7368\n',
    { proctitle: '63686D6F640037373700312E7368', process: 'chmod 777 1.sh' },
  ],
  [
    'syslog as RFC 3164 has it',
    '<30>Nov  7 16:58:21 web1 cron[811]: (root) CMD (run-parts)\n',
    { sourcetype: 'syslog', host: 'web1', process: 'cron', pid: '811', _time: epoch('2023-11-07T16:58:21Z') },
  ],
  [
    'syslog as RFC 5424 has it',
    '<34>1 2023-11-07T16:58:21.003Z web1 su 42 ID47 - failed for root\n',
    { sourcetype: 'syslog', host: 'web1', process: 'su', pid: '42', _time: 1_699_376_301.003 },
  ],
  [
    'a login over SSH',
    'Nov  7 16:58:21 web1 sshd[811]: Accepted publickey for anna from 198.51.100.7 port 4711 ssh2\n',
    {
      sourcetype: 'linux_secure',
      host: 'web1',
      user: 'anna',
      src: '198.51.100.7',
      src_port: '4711',
      action: 'success',
      authentication_method: 'publickey',
      dest: 'web1',
      tag: 'authentication',
    },
  ],
]

const cloudTrail = {
  eventVersion: '1.08',
  userIdentity: { type: 'IAMUser', userName: 'alice', accountId: '111111111111' },
  eventTime: '2021-01-22T03:44:16Z',
  eventSource: 'cloudtrail.amazonaws.com',
  eventName: 'StopLogging',
  awsRegion: 'us-east-1',
  sourceIPAddress: '198.51.100.7',
}
const cloudTrailFields: Expected = {
  sourcetype: 'aws:cloudtrail',
  _time: 1_611_287_056,
  eventName: 'StopLogging',
  user: 'alice',
  src: '198.51.100.7',
  status: 'success',
  vendor_account: '111111111111',
}

const aws: readonly Case[] = [
  ['a file of CloudTrail', json({ Records: [cloudTrail] }), cloudTrailFields],
  [
    'what `aws cloudtrail lookup-events` prints',
    JSON.stringify(
      { Events: [{ EventId: '1', Username: 'alice', CloudTrailEvent: json(cloudTrail) }] },
      null,
      4,
    ),
    { ...cloudTrailFields, Username: null },
  ],
  [
    'a file of CloudFront',
    '#Version: 1.0\n#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query\n2023-11-07\t16:58:21\tFRA56\t1024\t198.51.100.7\tGET\td1.cloudfront.net\t/login\t403\t-\tcurl/8\ta=1\n',
    {
      sourcetype: 'aws:cloudfront:accesslogs',
      _time: epoch('2023-11-07T16:58:21Z'),
      src: '198.51.100.7',
      http_method: 'GET',
      status: '403',
      uri_path: '/login',
      uri_query: 'a=1',
      action: 'blocked',
      tag: 'web',
    },
  ],
  [
    'a flow log that names its columns',
    'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status tcp-flags\n5 111111111111 eni-0b0f9f261f45e6489 10.0.1.30 10.0.1.1 47254 22 6 2 98 1697608042 1697608070 REJECT OK 2\n',
    {
      sourcetype: 'aws:cloudwatchlogs:vpcflow',
      _time: 1_697_608_042,
      src: '10.0.1.30',
      dest: '10.0.1.1',
      dest_port: '22',
      transport: 'tcp',
      action: 'blocked',
      bytes: '98',
      tcp_flags: '2',
      tag: ['communicate', 'network'],
    },
  ],
  [
    'a flow log without names',
    '2 111111111111 eni-0b0f9f261f45e6489 10.0.1.30 10.0.1.1 47254 22 17 2 98 1697608042 1697608070 ACCEPT OK\n',
    {
      sourcetype: 'aws:cloudwatchlogs:vpcflow',
      _time: 1_697_608_042,
      src_port: '47254',
      transport: 'udp',
      action: 'allowed',
    },
  ],
  [
    'an access log of S3',
    `${'79a5'.repeat(16)} bucket1 [07/Nov/2023:16:58:21 +0000] 198.51.100.7 - 3E57 REST.GET.OBJECT a.txt "GET /a.txt HTTP/1.1" 200 - 113 113 7 6 "-" "curl/8"\n`,
    {
      sourcetype: 'aws:s3:accesslogs',
      _time: epoch('2023-11-07T16:58:21Z'),
      bucket_name: 'bucket1',
      remote_ip: '198.51.100.7',
      operation: 'REST.GET.OBJECT',
      http_status: '200',
    },
  ],
  [
    'findings of Security Hub, as its command line gives them',
    json({
      Findings: [
        {
          SchemaVersion: '2018-10-08',
          Id: 'arn:aws:securityhub:f1',
          ProductArn: 'arn:aws:securityhub:us-east-1::product/aws/guardduty',
          AwsAccountId: '111111111111',
          UpdatedAt: '2023-11-07T16:58:21.000Z',
          Severity: { Label: 'HIGH' },
          Title: 'Unusual call',
          Resources: [{ Type: 'AwsEc2Instance', Id: 'i-1' }],
        },
      ],
    }),
    {
      sourcetype: 'aws:securityhub:finding',
      _time: epoch('2023-11-07T16:58:21Z'),
      signature: 'Unusual call',
      severity: 'high',
      dest: 'i-1',
      'Resources{}.Type': 'AwsEc2Instance',
      tag: ['alert', 'cloud'],
    },
  ],
  [
    'CloudTrail as Security Lake keeps it (OCSF)',
    json({
      metadata: { product: { vendor_name: 'AWS', name: 'CloudTrail' } },
      time: 1_699_376_301_000,
      class_uid: 6003,
      api: { operation: 'DeleteTrail', service: { name: 'cloudtrail.amazonaws.com' } },
      actor: { user: { uid: 'arn:aws:iam::1:user/a', account_uid: '1' } },
      src_endpoint: { ip: '198.51.100.7' },
      cloud: { region: 'us-east-1' },
    }),
    {
      sourcetype: 'aws:cloudtrail:lake',
      _time: 1_699_376_301,
      'api.operation': 'DeleteTrail',
      'actor.user.uid': 'arn:aws:iam::1:user/a',
      'src_endpoint.ip': '198.51.100.7',
    },
  ],
]

const audit365 = {
  CreationTime: '2023-10-10T17:08:55',
  Id: 'x',
  Operation: 'New-InboxRule',
  OrganizationId: 'org',
  RecordType: 1,
  UserType: 0,
  Workload: 'Exchange',
  ClientIP: '[2001:db8::1]:443',
  UserId: 'bob@example.com',
}
const audit365Fields: Expected = {
  sourcetype: 'o365:management:activity',
  _time: epoch('2023-10-10T17:08:55Z'),
  Operation: 'New-InboxRule',
  user: 'bob@example.com',
  src: '2001:db8::1',
  Workload: 'Exchange',
  vendor_product: 'Microsoft Office 365 Exchange',
}

const microsoft: readonly Case[] = [
  ['a record of the Microsoft 365 management activity API', json(audit365), audit365Fields],
  [
    'an export of the audit log of Microsoft 365 as CSV',
    `RecordId,CreationDate,RecordType,Operation,UserId,AuditData\n1,10/10/2023 5:08:55 PM,1,New-InboxRule,bob@example.com,"${json(audit365).replaceAll('"', '""')}"\n`,
    { ...audit365Fields, RecordId: null },
  ],
  [
    'the audit log of Microsoft 365 as PowerShell writes it to JSON',
    json([{ RecordType: 'ExchangeAdmin', CreationDate: 'x', AuditData: json(audit365) }]),
    audit365Fields,
  ],
  [
    'a sign-in to Entra ID',
    json({
      time: '2023-11-07T16:58:21.0000000Z',
      resourceId: '/tenants/t1/providers/Microsoft.aadiam',
      operationName: 'Sign-in activity',
      category: 'SignInLogs',
      tenantId: 't1',
      callerIpAddress: '198.51.100.7',
      properties: {
        userPrincipalName: 'eve@example.com',
        status: { errorCode: 50126, failureReason: 'Wrong' },
      },
    }),
    {
      sourcetype: 'azure:monitor:aad',
      source: 'Azure AD',
      _time: epoch('2023-11-07T16:58:21Z'),
      user: 'eve@example.com',
      src: '198.51.100.7',
      action: 'failure',
      reason: 'Wrong',
      'properties.status.errorCode': '50126',
      tag: ['authentication', 'cloud'],
    },
  ],
  [
    'a change in Azure, as its activity log tells it',
    json([
      {
        eventDataId: 'e1',
        eventTimestamp: '2023-11-07T16:58:21.5Z',
        caller: 'eve@example.com',
        operationName: { value: 'Microsoft.Automation/automationAccounts/runbooks/write' },
        resourceId: '/subscriptions/s1/runbooks/r1',
        status: { value: 'Succeeded' },
        subscriptionId: 's1',
        httpRequest: { clientIpAddress: '198.51.100.7' },
      },
    ]),
    {
      sourcetype: 'mscs:azure:audit',
      _time: epoch('2023-11-07T16:58:21.5Z'),
      'operationName.value': 'Microsoft.Automation/automationAccounts/runbooks/write',
      user: 'eve@example.com',
      src: '198.51.100.7',
      object: 'r1',
      status: 'success',
      tag: ['change', 'cloud'],
    },
  ],
]

const identity: readonly Case[] = [
  [
    'a sign-on to Okta',
    json({
      uuid: 'u',
      published: '2023-11-07T16:58:21.123Z',
      eventType: 'user.session.start',
      legacyEventType: 'core.user_auth.login_failed',
      displayMessage: 'User login to Okta',
      outcome: { result: 'FAILURE', reason: 'INVALID_CREDENTIALS' },
      actor: { alternateId: 'eve@example.com', id: '00u', type: 'User' },
      client: { ipAddress: '198.51.100.7' },
    }),
    {
      sourcetype: 'OktaIM2:log',
      eventtype: ['okta_authentication', 'okta_log'],
      _time: 1_699_376_301.123,
      user: 'eve@example.com',
      src_ip: '198.51.100.7',
      action: 'failure',
      result: 'FAILURE',
      tag: ['authentication', 'cloud'],
    },
  ],
  [
    'a failed login to Google Workspace',
    json({
      id: { time: '2023-11-07T16:58:21.123Z', applicationName: 'login' },
      actor: { email: 'eve@example.com' },
      ipAddress: '198.51.100.7',
      event: {
        name: 'login_failure',
        parameters: [{ name: 'login_challenge_method', multiValue: ['password'] }],
      },
    }),
    {
      sourcetype: 'gws:reports:login',
      _time: 1_699_376_301.123,
      'event.name': 'login_failure',
      user: 'eve@example.com',
      src_ip: '198.51.100.7',
      login_challenge_method: 'password',
      action: 'failure',
      tag: ['authentication', 'cloud'],
    },
  ],
  [
    'an alert of GitHub',
    json({
      action: 'create',
      alert: { id: 1, severity: 'high' },
      repository: { id: 2, full_name: 'org/app', html_url: 'https://github.example/org/app' },
      sender: { login: 'octo' },
    }),
    {
      sourcetype: 'aws:firehose:json',
      source: 'github',
      'alert.id': '1',
      'repository.full_name': 'org/app',
      'sender.login': 'octo',
    },
  ],
  [
    'a paired device in PingID',
    json({
      source: 'PINGID',
      id: 'b2',
      recorded: '2023-10-05T14:10:53.538Z',
      actors: [{ type: 'user', name: 'victim' }],
      resources: [{ ipaddress: '198.51.100.7' }],
      result: { status: 'SUCCESS', message: 'Device Paired SMS "Mobile 1"' },
    }),
    {
      source: 'PINGID',
      sourcetype: '_json',
      _time: epoch('2023-10-05T14:10:53.538Z'),
      'result.message': 'Device Paired SMS "Mobile 1"',
      'actors{}.name': 'victim',
    },
  ],
  [
    'a pipeline of CircleCI',
    json({
      job_name: 'build',
      branch: 'main',
      vcs: { committer_name: 'octo', subject: 'fix', url: 'https://github.example/org/app' },
      workflows: { workflow_id: 'w1', workflow_name: 'ci' },
    }),
    { sourcetype: 'circleci', 'vcs.committer_name': 'octo', 'workflows.workflow_name': 'ci' },
  ],
]

const kubernetes: readonly Case[] = [
  [
    'an audit event of Kubernetes',
    json({
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      verb: 'create',
      user: { username: 'system:anonymous' },
      objectRef: { resource: 'pods' },
      responseStatus: { code: 201 },
      requestReceivedTimestamp: '2023-11-07T16:58:21.123456Z',
    }),
    {
      source: 'kubernetes',
      sourcetype: '_json',
      _time: 1_699_376_301.123456,
      verb: 'create',
      'user.username': 'system:anonymous',
      'responseStatus.code': '201',
    },
  ],
  [
    'an alert of Falco as text',
    '12:18:18.691725165: Notice A shell was spawned (evt_type=execve user=root user_uid=0 process=bash proc_exepath=/bin/bash parent=runc container_image=quay.io/x container_name=collector)\n',
    {
      sourcetype: 'kube:container:falco',
      process: 'bash',
      proc_exepath: '/bin/bash',
      parent: 'runc',
      user: 'root',
      container_name: 'collector',
      _time: null,
    },
  ],
  [
    'an alert of Falco as JSON',
    json({
      output: 'x',
      priority: 'Notice',
      rule: 'Terminal shell in container',
      time: '2023-11-07T16:58:21.691725165Z',
      output_fields: { 'container.image.repository': 'quay.io/x', 'proc.name': 'bash', 'user.name': 'root' },
    }),
    {
      sourcetype: 'kube:container:falco',
      signature: 'Terminal shell in container',
      process: 'bash',
      user: 'root',
      container_image: 'quay.io/x',
      severity: 'notice',
      _time: 1_699_376_301.691725,
    },
  ],
]

const network: readonly Case[] = [
  [
    'a request that Suricata saw',
    json({
      timestamp: '2023-11-07T16:58:21.123456+0000',
      flow_id: 1,
      event_type: 'http',
      src_ip: '198.51.100.7',
      dest_ip: '203.0.113.9',
      http: { hostname: 'app.example', url: '/x?a=1', http_method: 'GET', status: 200 },
    }),
    {
      sourcetype: 'suricata',
      _time: 1_699_376_301.123456,
      src: '198.51.100.7',
      dest: '203.0.113.9',
      'http.url': '/x?a=1',
      http_method: 'GET',
      status: '200',
      tag: 'web',
    },
  ],
  [
    'a query that Zeek saw, as JSON',
    json({
      ts: 1_636_985_967.5,
      uid: 'Cabc',
      'id.orig_h': '198.51.100.7',
      'id.resp_h': '203.0.113.53',
      'id.resp_p': 53,
      proto: 'udp',
      trans_id: 7,
      query: 'bad.example',
      qtype_name: 'A',
    }),
    {
      sourcetype: 'bro:dns:json',
      _time: 1_636_985_967.5,
      src: '198.51.100.7',
      dest: '203.0.113.53',
      query: 'bad.example',
      record_type: 'A',
      tag: ['dns', 'network', 'resolution'],
    },
  ],
  [
    'a connection that Zeek saw, between tabs',
    '#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n#fields\tts\tuid\tid.orig_h\tid.resp_h\tid.resp_p\tproto\tconn_state\n#types\ttime\tstring\taddr\taddr\tport\tenum\tstring\n1636985967.5\tCabc\t198.51.100.7\t203.0.113.9\t443\ttcp\tSF\n',
    {
      sourcetype: 'bro:conn:json',
      _time: 1_636_985_967.5,
      src: '198.51.100.7',
      dest_port: '443',
      transport: 'tcp',
      action: 'allowed',
      tag: ['communicate', 'network'],
    },
  ],
  [
    'a connection that a Palo Alto firewall saw',
    '<14>Nov  7 16:58:21 fw01 1,2023/11/07 16:58:21,007051000001234,TRAFFIC,end,2562,2023/11/07 16:58:20,198.51.100.7,203.0.113.9,0.0.0.0,0.0.0.0,Allow web,,,ssl,vsys1,trust,untrust,ethernet1/2,ethernet1/1,Default,2023/11/07 16:58:20,33001,1,50123,443,0,0,0x1c,tcp,allow,9421,1200,8221,30\n',
    {
      sourcetype: 'pan:traffic',
      src_ip: '198.51.100.7',
      dest_ip: '203.0.113.9',
      dest_port: '443',
      action: 'allowed',
      app: 'ssl',
      tag: ['communicate', 'network'],
    },
  ],
  [
    'a page that Zscaler blocked',
    '2023-11-07 16:58:21\treason=Blocked\tevent_id=1\tprotocol=HTTPS\taction=Blocked\turlcategory=Malware\turl=bad.example/miner\tclientip=198.51.100.7\tserverip=203.0.113.9\tuser=eve@example.com\tdeviceowner=eve\tthreatname=Win32.Miner\n',
    {
      source: 'zscaler',
      sourcetype: 'zscalernss-web',
      _time: epoch('2023-11-07T16:58:21Z'),
      action: 'blocked',
      threatname: 'Win32.Miner',
      url: 'bad.example/miner',
      user: 'eve@example.com',
      src: '198.51.100.7',
      dest: '203.0.113.9',
      tag: ['proxy', 'web'],
    },
  ],
  [
    'a request to a web server such as nginx',
    '198.51.100.7 - anna [07/Nov/2023:16:58:21 +0100] "GET /a?b=1 HTTP/1.1" 404 153 "-" "curl/8"\n',
    {
      sourcetype: 'access_combined',
      _time: epoch('2023-11-07T15:58:21Z'),
      src: '198.51.100.7',
      user: 'anna',
      http_method: 'GET',
      status: '404',
      uri_path: '/a',
      tag: 'web',
    },
  ],
  [
    'a request to IIS',
    '#Software: Microsoft Internet Information Services 10.0\n#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) sc-status\n2023-11-07 16:58:21 203.0.113.9 POST /owa/auth.aspx - 443 - 198.51.100.7 curl/8 500\n',
    {
      sourcetype: 'ms:iis:auto',
      _time: epoch('2023-11-07T16:58:21Z'),
      src: '198.51.100.7',
      dest: '203.0.113.9',
      http_method: 'POST',
      status: '500',
      url: '/owa/auth.aspx',
      tag: 'web',
    },
  ],
]

const endpoint: readonly Case[] = [
  [
    'a process that CrowdStrike saw',
    json({
      event_simpleName: 'ProcessRollup2',
      event_platform: 'Win',
      aid: 'a1',
      timestamp: '1713805173418',
      CommandLine: 'powershell -enc x',
      ImageFileName: '\\Device\\HarddiskVolume1\\Windows\\powershell.exe',
      ParentBaseFileName: 'explorer.exe',
      TargetProcessId: '5642',
      UserSid: 'S-1-5-18',
      SignInfoFlags: '8683538',
    }),
    {
      sourcetype: 'crowdstrike:events:sensor',
      _time: 1_713_805_173.418,
      process: 'powershell -enc x',
      process_name: 'powershell.exe',
      parent_process_name: 'explorer.exe',
      dest: 'a1',
      SignInfoFlags_meaning: [
        'SIGNATURE_FLAG_MS_SIGNED',
        'SIGNATURE_FLAG_CAT_SIGNED',
        'SIGNATURE_FLAG_NO_EMBEDDED_CERT',
        'SIGNATURE_FLAG_HAS_VALID_SIGNATURE',
        'SIGNATURE_FLAG_PRS_WIN81_ROOT',
      ],
      tag: ['process', 'report'],
    },
  ],
  [
    'a result of osquery',
    json({
      name: 'es_process_events',
      hostIdentifier: 'mac1',
      calendarTime: 'Tue Mar 29 13:03:51 2022 UTC',
      unixTime: 1_648_559_031,
      columns: { cmdline: 'plutil --help', path: '/usr/bin/plutil', pid: '6449', username: 'anna' },
    }),
    {
      sourcetype: 'osquery:results',
      _time: 1_648_559_031,
      process: 'plutil --help',
      user: 'anna',
      dest: 'mac1',
      tag: ['process', 'report'],
    },
  ],
]

const printed = {
  Message:
    'An account was successfully logged on.\r\n\r\nSubject:\r\n\tAccount Name:\t\tDC1$\r\n\r\nNew Logon:\r\n\tAccount Name:\t\tanna',
  Id: 4624,
  ProviderName: 'Microsoft-Windows-Security-Auditing',
  LogName: 'Security',
  MachineName: 'dc1.example.com',
  RecordId: 42,
  LevelDisplayName: 'Information',
  TaskDisplayName: 'Logon',
  KeywordsDisplayNames: ['Audit Success'],
}
const printedFields: Expected = {
  source: 'WinEventLog:Security',
  sourcetype: 'WinEventLog',
  host: 'dc1.example.com',
  EventCode: '4624',
  New_Logon_Account_Name: 'anna',
  user: 'anna',
  signature: 'An account was successfully logged on',
  tag: ['authentication', 'os', 'windows'],
}

const windows: readonly Case[] = [
  [
    'event XML that wevtutil wrote',
    "<Events><Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='x'/><EventID>4624</EventID><TimeCreated SystemTime='2023-11-07T16:58:21.1234567Z'/><Channel>Security</Channel><Computer>dc1.example.com</Computer></System><EventData><Data Name='TargetUserName'>anna</Data></EventData></Event></Events>",
    {
      source: 'XmlWinEventLog:Security',
      sourcetype: 'XmlWinEventLog',
      host: 'dc1.example.com',
      EventCode: '4624',
      user: 'anna',
      _time: 1_699_376_301.123456,
    },
  ],
  [
    'what wevtutil prints',
    `Event[0]:\r\n  Log Name: Security\r\n  Source: Microsoft-Windows-Security-Auditing\r\n  Date: 2023-11-07T16:58:21.1230000Z\r\n  Event ID: 4624\r\n  Task: Logon\r\n  Level: Information\r\n  Opcode: Info\r\n  Keyword: Audit Success\r\n  User: N/A\r\n  Computer: dc1.example.com\r\n  Description: \r\n${printed.Message}\r\n\r\nEvent[1]:\r\n  Log Name: System\r\n  Event ID: 7036\r\n  Computer: dc1\r\n  Description:\r\nx\r\n`,
    { ...printedFields, _time: 1_699_376_301.123 },
  ],
  [
    'Get-WinEvent as Windows PowerShell writes it to JSON',
    json([{ ...printed, TimeCreated: '/Date(1699376301123)/', UserId: null }]),
    { ...printedFields, _time: 1_699_376_301.123 },
  ],
  [
    'Get-WinEvent as PowerShell 7 writes it to JSON',
    json({ ...printed, TimeCreated: '2023-11-07T17:58:21.1234567+01:00', UserId: { Value: 'S-1-5-18' } }),
    { ...printedFields, _time: 1_699_376_301.123456, Sid: 'S-1-5-18' },
  ],
  [
    'Get-WinEvent as CSV',
    `#TYPE System.Diagnostics.Eventing.Reader.EventLogRecord\n"Message","Id","ProviderName","LogName","MachineName","TimeCreated"\n"${printed.Message}","4624","${printed.ProviderName}","Security","dc1.example.com","11/7/2023 4:58:21 PM"\n`,
    { ...printedFields, tag: ['authentication', 'os', 'windows'], _time: 1_699_376_301 },
  ],
  [
    'Winlogbeat',
    json({
      '@timestamp': '2023-11-07T16:58:21.123Z',
      winlog: {
        event_id: 4624,
        channel: 'Security',
        provider_name: 'x',
        computer_name: 'dc1.example.com',
        event_data: { TargetUserName: 'anna' },
      },
    }),
    {
      sourcetype: 'XmlWinEventLog',
      EventCode: '4624',
      user: 'anna',
      host: 'dc1.example.com',
      _time: 1_699_376_301.123,
    },
  ],
  [
    'NXLog',
    json({
      EventID: 4624,
      Channel: 'Security',
      Hostname: 'dc1.example.com',
      EventTime: '2023-11-07 16:58:21',
      SourceModuleName: 'in',
      TargetUserName: 'anna',
    }),
    { sourcetype: 'XmlWinEventLog', EventCode: '4624', user: 'anna', _time: 1_699_376_301 },
  ],
]

const generic: readonly Case[] = [
  [
    'JSON of any origin',
    json({ timestamp: '2023-11-07T16:58:21Z', a: { b: [1, 2] } }),
    { sourcetype: '_json', 'a.b{}': ['1', '2'], _time: epoch('2023-11-07T16:58:21Z') },
  ],
  [
    'pairs of any origin',
    'time="2023-11-07 16:58:21" user=anna msg="a b"\n',
    { sourcetype: 'text', user: 'anna', msg: 'a b', _time: epoch('2023-11-07T16:58:21Z') },
  ],
  [
    'a table of any origin',
    'time;user;src ip\n2023-11-07 16:58:21;anna;10.0.0.1\n2023-11-07 16:58:22;bob;10.0.0.2\n',
    { sourcetype: 'csv', user: 'anna', 'src ip': '10.0.0.1', _time: epoch('2023-11-07T16:58:21Z') },
  ],
  [
    'an envelope for HTTP Event Collector',
    json({
      time: 1_699_376_301.5,
      host: 'h',
      sourcetype: 'my:type',
      index: 'i',
      event: { a: 1 },
      fields: { f: 'x' },
    }),
    { sourcetype: 'my:type', host: 'h', index: 'i', a: '1', f: 'x', _time: 1_699_376_301.5 },
  ],
  [
    "a line of Splunk's export as JSON",
    json({
      preview: false,
      result: { _time: '2023-11-07 16:58:21.000 UTC', _raw: 'k=v', sourcetype: 'st', n: '1' },
    }),
    { sourcetype: 'st', n: '1', k: 'v', _time: 1_699_376_301 },
  ],
  [
    "Splunk's export as CSV",
    '"_time","_raw",sourcetype,host\n"2023-11-07T16:58:21.000+0000","k=v",st,h\n',
    { sourcetype: 'st', host: 'h', k: 'v', _time: 1_699_376_301 },
  ],
]

describe.each([
  ['Linux', linux],
  ['Amazon', aws],
  ['Microsoft', microsoft],
  ['identity and code', identity],
  ['Kubernetes', kubernetes],
  ['networks and web', network],
  ['endpoints', endpoint],
  ['Windows', windows],
  ['any origin', generic],
])('%s:', (_, cases) => {
  test.each(cases)('%s', async (__, text, expected) => {
    const batch = await batchOfText(text, knowledge)
    const found = Object.fromEntries(
      Object.keys(expected).map((name) => [name, batch.value(name, 0) ?? null]),
    )
    expect(found).toEqual(expected)
  })
})
