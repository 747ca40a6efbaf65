// The fields of real Windows events, written by hand from what each event says. The events are read where they lie,
// in ../shared/corpus/evtx (EVTX-ATTACK-SAMPLES).

import { createReadStream, existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { evtxDecoder } from '../decode/index.ts'
import type { RawEvent } from '../decode/reader.ts'
import { bundledPacks, loadKnowledge } from '../knowledge/knowledge.ts'
import { blocksOf } from './scan.ts'

const corpus = fileURLToPath(new URL('../../../shared/corpus/evtx', import.meta.url))
const isThere = existsSync(corpus)
if (!isThere)
  console.warn('SKIPPED: ../shared is missing, so the fields of real Windows events were not compared')

const knowledge = await loadKnowledge({
  folders: await bundledPacks(),
  context: { now: 1_700_000_000, timeZone: 'UTC', warn: () => {} },
  report: ({ message }) => {
    throw new Error(message)
  },
})

/** `null`: the event must not have the field. */
type Expected = Readonly<Record<string, string | readonly string[] | null>>

/** What holds for every event of a channel that comes from the given computer. */
const sysmon = (computer: string): Expected => ({
  dest: computer,
  dvc: computer,
  vendor_product: 'Microsoft Sysmon',
  user_id: 'S-1-5-18',
  EventChannel: 'Microsoft-Windows-Sysmon/Operational',
  source: 'XmlWinEventLog:Microsoft-Windows-Sysmon/Operational',
  sourcetype: 'XmlWinEventLog',
})
const security = (computer: string): Expected => ({
  dest: computer,
  dvc: computer,
  vendor_product: 'Microsoft Windows',
  Channel: 'Security',
  source: 'XmlWinEventLog:Security',
})

const cases: readonly [what: string, file: string, record: string, expected: Expected][] = [
  [
    'Sysmon 1, process creation',
    'Privilege Escalation/privesc_spoolfool_mahdihtm_sysmon_1_11_7_13.evtx',
    '1986542',
    {
      ...sysmon('DESKTOP-TTEQ6PR'),
      EventCode: '1',
      signature: 'Process creation',
      action: 'allowed',
      user: 'win10',
      process: '"C:\\Users\\win10\\Desktop\\SpoolFool-main\\SpoolFool.exe" -dll C:\\ProgramData\\Test.dll',
      process_path: 'C:\\Users\\win10\\Desktop\\SpoolFool-main\\SpoolFool.exe',
      process_name: 'SpoolFool.exe',
      process_exec: 'SpoolFool.exe',
      process_id: '1232',
      process_guid: '{08DA6306-2A54-6211-0B01-000000001000}',
      process_integrity_level: 'Medium',
      process_current_directory: 'C:\\Users\\win10\\Desktop\\SpoolFool-main\\',
      original_file_name: 'SpoolFool.exe',
      parent_process_path: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
      parent_process_name: 'powershell.exe',
      parent_process_id: '7004',
      parent_process_guid: '{08DA6306-29D8-6211-0801-000000001000}',
      SHA1: '2AEE1F5306E38D080D16A96B6C23895FFC6EE2FC',
      MD5: '31EB70DC11AF05EC4D5CDA652396970C',
      tag: ['process', 'report'],
    },
  ],
  [
    'Sysmon 3, a connection of a computer with itself',
    'Defense Evasion/DE_remote_eventlog_svc_crash_byt3bl33d3r_sysmon_17_1_3.evtx',
    '7375',
    {
      ...sysmon('01566s-win16-ir.threebeesco.com'),
      app: 'C:\\Windows\\ADWS\\Microsoft.ActiveDirectory.WebServices.exe',
      process_name: 'Microsoft.ActiveDirectory.WebServices.exe',
      src: '01566s-win16-ir.threebeesco.com',
      src_ip: '0:0:0:0:0:0:0:1',
      src_port: '52246',
      dest_ip: '0:0:0:0:0:0:0:1',
      dest_port: '389',
      transport: 'tcp',
      transport_dest_port: 'tcp/389',
      direction: 'outbound',
      protocol_version: 'ipv6',
      user: 'SYSTEM',
      tag: ['communicate', 'network'],
    },
  ],
  [
    'Sysmon 7: the process is the one that loads the module',
    'Privilege Escalation/privesc_spoolfool_mahdihtm_sysmon_1_11_7_13.evtx',
    '1986647',
    {
      ...sysmon('DESKTOP-TTEQ6PR'),
      loaded_file_path: 'C:\\Windows\\System32\\spool\\drivers\\x64\\4\\Test.dll',
      loaded_file: 'Test.dll',
      process_path: 'C:\\Windows\\System32\\spool\\drivers\\x64\\4\\Test.dll',
      process_name: 'spoolsv.exe',
      process_id: '1896',
      parent_process_name: 'spoolsv.exe',
      parent_process_path: 'C:\\Windows\\System32\\spoolsv.exe',
      parent_process_id: '1896',
      service_dll_signature_exists: 'false',
      service_dll_signature_verified: 'Unavailable',
      user: 'SYSTEM',
      tag: null,
    },
  ],
  [
    'Sysmon 8: the process is the target, its parent the source',
    'Credential Access/CA_keepass_KeeThief_Get-KeePassDatabaseKey.evtx',
    '7070',
    {
      ...sysmon('IEWIN7'),
      process_name: 'KeePass.exe',
      process_id: '2364',
      process_guid: '{365ABB72-A201-5CC4-0000-00104F500800}',
      parent_process_name: 'powershell.exe',
      parent_process_id: '2856',
      src_address: '0x76FAEC4B',
      src_function: 'DbgUiRemoteBreakin',
      src_module: 'C:\\Windows\\SYSTEM32\\ntdll.dll',
      user: null,
      tag: null,
    },
  ],
  [
    'Sysmon 10',
    'Credential Access/tutto_malseclogon.evtx',
    '619517',
    {
      ...sysmon('MSEDGEWIN10'),
      process_name: 'svchost.exe',
      process_id: '7108',
      process_guid: '{747F3D96-9ACD-61AF-D401-000000000102}',
      parent_process_id: '884',
      parent_process_guid: '{747F3D96-0BA4-61B0-1200-000000000102}',
      granted_access: '0x100000',
      user: 'NETWORK SERVICE',
    },
  ],
  [
    'Sysmon 11, a file created within the millisecond',
    'Privilege Escalation/privesc_spoolfool_mahdihtm_sysmon_1_11_7_13.evtx',
    '1986612',
    {
      ...sysmon('DESKTOP-TTEQ6PR'),
      action: 'created',
      file_path: 'C:\\Windows\\System32\\spool\\drivers\\x64\\4\\Test.dll',
      file_name: 'Test.dll',
      file_create_time: '2022-02-19 17:35:16.295',
      object_category: 'file',
      process_name: 'SpoolFool.exe',
      tag: ['endpoint', 'filesystem'],
    },
  ],
  [
    'Sysmon 12, a registry value deleted',
    'Defense Evasion/DE_Powershell_CLM_Disabled_Sysmon_12.evtx',
    '18527',
    {
      ...sysmon('DC1.insecurebank.local'),
      action: 'deleted',
      status: 'success',
      registry_path:
        'HKLM\\System\\CurrentControlSet\\Control\\SESSION MANAGER\\Environment\\__PSLockdownPolicy',
      registry_key_name: '__PSLockdownPolicy',
      registry_hive: 'HKEY_LOCAL_MACHINE\\System',
      registry_value_name: null,
      object_category: 'registry',
      process_name: 'powershell.exe',
      tag: ['endpoint', 'registry'],
    },
  ],
  [
    'Sysmon 13, a registry value set',
    'Defense Evasion/de_sysmon_13_VBA_Security_AccessVBOM.evtx',
    '17915',
    {
      ...sysmon('IEWIN7'),
      action: 'modified',
      registry_path:
        'HKU\\S-1-5-21-3583694148-1414552638-2922671848-1000\\Software\\Microsoft\\Office\\16.0\\Excel\\Security\\AccessVBOM',
      registry_hive: 'HKEY_CURRENT_USER',
      registry_key_name: 'Security',
      registry_value_name: 'AccessVBOM',
      registry_value_data: '0x00000001',
      registry_value_type: 'REG_DWORD',
      process_name: 'wmiprvse.exe',
    },
  ],
  [
    'Sysmon 17, a named pipe',
    'Privilege Escalation/privesc_roguepotato_sysmon_17_18.evtx',
    '141989',
    {
      ...sysmon('MSEDGEWIN10'),
      action: 'created',
      pipe_name: '\\RoguePotato\\pipe\\epmapper',
      process_name: 'RoguePotato.exe',
      tag: null,
    },
  ],
  [
    'Sysmon 20, a WMI consumer',
    'Persistence/wmighost_sysmon_20_21_1.evtx',
    '7195',
    {
      ...sysmon('PC04.example.corp'),
      action: 'modified',
      src: 'PC04.example.corp',
      user: 'IEUser',
      object: ' "ProbeScriptFint"',
      object_category: 'wmi',
      Name: ['Microsoft-Windows-Sysmon', ' "ProbeScriptFint"'],
      tag: 'change',
    },
  ],
  [
    'Sysmon 22, a DNS query without an answer',
    'Privilege Escalation/Sysmon_UACME_64.evtx',
    '1084',
    {
      ...sysmon('DESKTOP-NTSSLJD'),
      dest: null,
      src: 'DESKTOP-NTSSLJD',
      query: 'wpad',
      query_count: '1',
      reply_code_id: '9003',
      reply_code: 'Name Error',
      answer: null,
      process_name: 'svchost.exe',
      process_path: null,
      tag: ['dns', 'network', 'resolution'],
    },
  ],
  [
    'Sysmon 23, a file deleted',
    'Privilege Escalation/Sysmon_UACME_64.evtx',
    '769',
    {
      ...sysmon('DESKTOP-NTSSLJD'),
      action: 'deleted',
      file_name: 'consent.exe.dat',
      file_modify_time: '2020-10-20 11:50:55.457',
      SHA1: '6BFB38629570909D3D9EEDFC783A948CE7849105',
      user: 'den',
      tag: ['endpoint', 'filesystem'],
    },
  ],
  [
    'Security 4624, a network logon from nowhere',
    'Privilege Escalation/Runas_4624_4648_Webshell_CreateProcessAsUserA.evtx',
    '161473',
    {
      ...security('MSEDGEWIN10'),
      action: 'success',
      status: 'success',
      app: 'win:remote',
      user: 'IEUser',
      src_user: 'svc01',
      src: 'MSEDGEWIN10',
      src_ip: null,
      src_port: null,
      dest_nt_domain: 'MSEDGEWIN10',
      process_name: 'C:\\Windows\\System32\\inetsrv\\w3wp.exe',
      process_id: '0x140c',
      session_id: '0x10b6b3',
      Error_Code: '-',
      signature: 'An account was successfully logged on',
      tag: ['authentication', 'os', 'windows'],
    },
  ],
  [
    'Security 4625, a wrong password',
    'Credential Access/CA_4624_4625_LogonType2_LogonProc_chrome.evtx',
    '137222',
    {
      ...security('MSEDGEWIN10'),
      action: 'failure',
      status: 'failure',
      app: 'win:local',
      user: 'IEUser',
      src_user: 'IEUser',
      Error_Code: '0xc000006d',
      Sub_Status: '0xc000006a',
      signature: 'User name is correct but the password is wrong',
    },
  ],
  [
    'Security 4648, credentials used for another server',
    'Command and Control/DE_RDP_Tunnel_5156.evtx',
    '227700',
    {
      ...security('PC01.example.corp'),
      dest: 'localhost',
      user: 'user01',
      src_user: 'PC01$',
      src: '127.0.0.1',
      src_ip: null,
      process_path: 'C:\\Windows\\System32\\winlogon.exe',
    },
  ],
  [
    'Security 4663, a file',
    'Credential Access/CA_chrome_firefox_opera_4663.evtx',
    '4988',
    {
      ...security('IEWIN7'),
      object_file_path: 'C:\\Users\\IEUser\\AppData\\Roaming\\Opera Software\\Opera Stable\\Login Data',
      object_file_name: 'Login Data',
      file_name: 'Login Data',
      file_path: 'C:\\Users\\IEUser\\AppData\\Roaming\\Opera Software\\Opera Stable\\Login Data',
      src_user: 'IEUser',
      user: null,
      process_name: 'C:\\Users\\Defau1t\\wsus.exe',
    },
  ],
  [
    'Security 4656, a handle to a process is no file access',
    'Credential Access/CA_hashdump_4663_4656_lsass_access.evtx',
    '314461',
    {
      ...security('MSEDGEWIN10'),
      object_file_name: 'lsass.exe',
      file_name: null,
      file_path: null,
      tag: ['os', 'windows'],
    },
  ],
  [
    'Security 4672, privileges one by one',
    'Lateral Movement/LM_4624_mimikatz_sekurlsa_pth_source_machine.evtx',
    '432904',
    {
      ...security('PC01.example.corp'),
      src_user: 'user01',
      user: null,
      privilege_id: [
        'SeSecurityPrivilege',
        'SeTakeOwnershipPrivilege',
        'SeLoadDriverPrivilege',
        'SeBackupPrivilege',
        'SeRestorePrivilege',
        'SeDebugPrivilege',
        'SeSystemEnvironmentPrivilege',
        'SeImpersonatePrivilege',
      ],
    },
  ],
  [
    'Security 4688, a process of another user without a command line',
    'Privilege Escalation/NTLM2SelfRelay-med0x2e-security_4624_4688.evtx',
    '21374',
    {
      ...security('wind10.winlab.local'),
      action: 'allowed',
      status: 'success',
      user: 'Administrator',
      src_user: 'WIND10$',
      process: 'C:\\Windows\\System32\\notepad.exe',
      process_path: 'C:\\Windows\\System32\\notepad.exe',
      process_name: 'notepad.exe',
      process_id: '0x1dc',
      parent_process: 'C:\\Windows\\System32\\wbem\\WmiPrvSE.exe',
      parent_process_name: 'WmiPrvSE.exe',
      parent_process_id: '0xe8c',
      Token_Elevation_Type_id: '1936',
      tag: ['os', 'process', 'report', 'windows'],
    },
  ],
  [
    'Security 4688 of Windows 7, which knows no target: the process runs as its starter',
    'Privilege Escalation/security_4624_4673_token_manip.evtx',
    '18196',
    {
      ...security('IEWIN7'),
      user: 'IEUser',
      process: 'C:\\Python27\\python.exe',
      process_name: 'python.exe',
      process_id: '0x4f0',
      parent_process: null,
      parent_process_id: '0x12c',
    },
  ],
  [
    'Security 4720, a computer that creates a user',
    'Defense Evasion/DE_Fake_ComputerAccount_4720.evtx',
    '769629',
    {
      ...security('01566s-win16-ir.threebeesco.com'),
      action: 'created',
      status: 'success',
      change_type: 'AAA',
      object_category: 'user',
      object: '$',
      object_id: 'S-1-5-21-308926384-506822093-3341789130-107103',
      user: '$',
      src_user: '01566S-WIN16-IR$',
      src_nt_domain: '3B',
      CategoryString: 'Account Management',
      tag: ['account', 'change', 'os', 'windows'],
    },
  ],
  [
    'Security 4732, a member added to a group',
    'Persistence/Network_Service_Guest_added_to_admins_4732.evtx',
    '191029',
    {
      ...security('MSEDGEWIN10'),
      action: 'modified',
      object: 'Administrators',
      object_id: 'S-1-5-32-544',
      object_category: 'group',
      src_user: 'IEUser',
      MemberSid: 'S-1-5-21-3461203602-4096304019-2269080069-501',
      privilege_id: null,
    },
  ],
  [
    'Security 4742, a computer account changed by nobody',
    'Credential Access/Zerologon_VoidSec_CVE-2020-1472_4626_LT3_Anonym_follwedby_4742_DC_Anony_DC.evtx',
    '768623',
    {
      ...security('01566s-win16-ir.threebeesco.com'),
      action: 'modified',
      object_category: 'computer',
      user_type: 'computer',
      user: '01566S-WIN16-IR$',
      src_user: 'ANONYMOUS LOGON',
    },
  ],
  [
    'Security 4768, a ticket for a user who does not exist',
    'Credential Access/kerberos_pwd_spray_4771.evtx',
    '887107',
    {
      ...security('01566s-win16-ir.threebeesco.com'),
      action: 'failure',
      user: 'HD01',
      src: '172.16.66.1',
      src_ip: '172.16.66.1',
      src_port: '55961',
      Error_Code: '0x6',
      service: 'krbtgt/THREEBEESCO.COM',
      service_name: 'krbtgt/THREEBEESCO.COM',
      service_id: 'S-1-0-0',
      src_user: null,
    },
  ],
  [
    'Security 4769, an address of IPv4 inside IPv6',
    'Privilege Escalation/samaccount_spoofing_CVE-2021-42287_CVE-2021-42278_DC_securitylogs.evtx',
    '2982083',
    {
      ...security('01566s-win16-ir.threebeesco.com'),
      action: 'success',
      user: 'lgrove@THREEBEESCO.COM',
      src_ip: '::ffff:172.16.66.19',
      service_name: '01566S-WIN16-IR$',
      TicketEncryptionType: '0x12',
    },
  ],
  [
    'Security 4776',
    'Credential Access/remote_pwd_reset_rpc_mimikatz_postzerologon_target_DC.evtx',
    '769793',
    {
      ...security('01566s-win16-ir.threebeesco.com'),
      action: 'success',
      user: 'Administrator',
      src: '02694W-WIN10',
      src_nt_host: '02694W-WIN10',
      src_ip: null,
    },
  ],
  [
    'Security 4781, an account renamed',
    'Privilege Escalation/samaccount_spoofing_CVE-2021-42287_CVE-2021-42278_DC_securitylogs.evtx',
    '2982094',
    {
      ...security('01566s-win16-ir.threebeesco.com'),
      OldTargetUserName: 'DC012$',
      NewTargetUserName: '01566s-win16-ir',
      user: '01566s-win16-ir',
      src_user: 'lgrove',
      action: 'modified',
    },
  ],
  [
    'Security 5145, a share',
    'Discovery/discovery_bloodhound.evtx',
    '32855',
    {
      ...security('WIN-77LTAPHIQ1R.example.corp'),
      file_name: '\\\\*\\SYSVOL',
      file_path: '\\??\\C:\\Windows\\SYSVOL\\sysvol',
      RelativeTargetName: '\\',
      AccessMask: '0x100080',
      src_ip: 'fe80::79bf:8ee2:433c:2567',
      src_user: 'WIN-77LTAPHIQ1R$',
    },
  ],
  [
    'Security 5156, a connection',
    'Discovery/dicovery_4661_net_group_domain_admins_target.evtx',
    '565593',
    {
      ...security('WIN-77LTAPHIQ1R.example.corp'),
      dest: 'fe80::79bf:8ee2:433c:2567',
      dest_port: '389',
      src_port: '55872',
      transport: 'tcp',
      direction: 'outbound',
      action: 'allowed',
      app: '\\device\\harddiskvolume2\\windows\\system32\\dns.exe',
      tag: ['communicate', 'network', 'os', 'windows'],
    },
  ],
  [
    'Security 1102, whose data are user data',
    'Lateral Movement/net_share_drive_5142.evtx',
    '6272',
    {
      ...security('PC04.example.corp'),
      action: 'cleared',
      change_type: 'audit',
      src_user: 'IEUser',
      Caller_User_Name: 'IEUser',
      SubjectLogonId: '0x128a9',
      object: 'Security',
      tag: ['audit', 'change', 'os', 'windows'],
    },
  ],
  [
    'System 7036, whose event id has qualifiers',
    'Defense Evasion/DE_WinEventLogSvc_Crash_System_7036.evtx',
    '65371',
    {
      EventCode: '7036',
      EventID: null,
      Qualifiers: '16384',
      EventSourceName: 'Service Control Manager',
      dest: '01566s-win16-ir.threebeesco.com',
      param1: 'Windows Error Reporting Service',
      param2: 'running',
      Error_Code: '-',
      tag: ['os', 'report', 'service', 'windows'],
    },
  ],
  [
    'System 7045, a service installed, its entities decoded',
    'Privilege Escalation/System_7045_namedpipe_privesc.evtx',
    '10446',
    {
      EventCode: '7045',
      service_name: 'WinPwnage',
      ImagePath: "%COMSPEC% /c ping -n 1 127.0.0.1 >nul && echo 'WinPwnage' > \\\\.\\pipe\\WinPwnagePipe",
      start_mode: 'manual',
      AccountName: 'LocalSystem',
      dest: 'IEWIN7',
    },
  ],
  [
    'System 104: the channel that was cleared does not hide the channel of the event',
    'Defense Evasion/DE_104_system_log_cleared.evtx',
    '27736',
    {
      EventCode: '104',
      object: 'System',
      Channel: 'System',
      SubjectUserName: 'user01',
      Caller_User_Name: 'user01',
      dest: 'PC01.example.corp',
    },
  ],
  [
    'PowerShell 4104, which names no destination',
    'Credential Access/Powershell_4104_MiniDumpWriteDump_Lsass.evtx',
    '971',
    {
      EventCode: '4104',
      Computer: 'MSEDGEWIN10',
      user_id: 'S-1-5-21-3461203602-4096304019-2269080069-1000',
      ScriptBlockId: '27f08bda-c330-419f-b83b-eb5c0f699930',
      Path: 'C:\\Users\\Public\\lsass_wer_ps.ps1',
      dest: null,
      user: null,
      action: null,
      signature: null,
    },
  ],
]

async function eventOf(file: string, record: string): Promise<RawEvent> {
  const input = {
    name: file,
    chunks: () => createReadStream(join(corpus, file)) as AsyncIterable<Uint8Array>,
  }
  for await (const events of evtxDecoder.decode(input, { recover: false, onDamage: () => {} })) {
    for (const event of events) {
      if (event.content.kind === 'windows' && event.content.record.system('EventRecordID') === record)
        return event
    }
  }
  throw new Error(`${file} has no record ${record}`)
}

describe.skipIf(!isThere)('a real event has the fields that its words ask for:', () => {
  test.each(cases)('%s', async (_, file, record, expected) => {
    const event = await eventOf(file, record)
    async function* groups() {
      yield { file, events: [event] }
    }
    for await (const batch of blocksOf(groups(), knowledge, {})) {
      const found = Object.fromEntries(
        Object.keys(expected).map((name) => {
          const value = batch.value(name, 0)
          return [name, value === undefined ? null : typeof value === 'object' ? value : String(value)]
        }),
      )
      expect(found).toEqual(expected)
    }
  })
})
