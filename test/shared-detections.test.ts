// What Splunk's open content says about real attack samples, checked by hand against the raw events: detections that fire,
// on which records and with which values, and detections that look as if they should and rightly stay silent.
// Both are read where they lie, in ../shared.

import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { openKarst, type ScanSummary } from '../src/engine/engine.ts'
import type { ResultRow } from '../src/value/result-row.ts'

const shared = resolve(import.meta.dirname, '../../shared/corpus')
const isThere = existsSync(shared)
if (!isThere)
  console.warn('SKIPPED: ../shared is missing, so no detection was checked on real attack samples')

interface Firing {
  readonly detection: string
  /** A record of the evidence that one of its findings names. */
  readonly file: string
  readonly record: string
  /** Some values of that finding's row. */
  readonly row: Readonly<ResultRow>
}

/** A detection that stays silent on a file, and why. */
interface Silent {
  readonly detection: string
  readonly file: string
  readonly because: string
}

const fires: readonly Firing[] = [
  {
    detection: 'Dump LSASS via comsvcs DLL',
    file: 'Credential Access/sysmon_10_1_memdump_comsvcs_minidump.evtx',
    record: '32154',
    row: {
      dest: 'MSEDGEWIN10',
      user: 'IEUser',
      process_name: 'rundll32.exe',
      parent_process_name: 'WmiPrvSE.exe',
      original_file_name: 'unknown',
    },
  },
  {
    detection: 'Access LSASS Memory for Dump Creation',
    file: 'Credential Access/sysmon_10_11_lsass_memdump.evtx',
    record: '4434',
    row: { dest: 'PC04.example.corp', SourceImage: 'C:\\Users\\IEUser\\Desktop\\procdump.exe' },
  },
  {
    detection: 'Creation of lsass Dump with Taskmgr',
    file: 'Credential Access/sysmon_10_11_lsass_memdump.evtx',
    record: '4441',
    row: { process_name: 'taskmgr.exe', object_category: 'file', dest: 'PC04.example.corp' },
  },
  {
    detection: 'Create Remote Thread into LSASS',
    file: 'Credential Access/CA_sysmon_hashdump_cmd_meterpreter.evtx',
    record: '9060',
    row: {
      dest: 'IEWIN7',
      TargetImage: 'C:\\Windows\\System32\\lsass.exe',
      TargetProcessId: '492',
      count: '2',
    },
  },
  {
    detection: 'Windows Possible Credential Dumping',
    file: 'Credential Access/tutto_malseclogon.evtx',
    record: '619520',
    row: { GrantedAccess: '0x1410', user: 'MSEDGEWIN10\\IEUser', dest: 'MSEDGEWIN10' },
  },
  {
    detection: 'Windows AD DSRM Password Reset',
    file: 'Credential Access/4794_DSRM_password_change_t1098.evtx',
    record: '3139859',
    // The event names no account.
    row: { action: 'modified', dest: '2016dc.hqcorp.local', src: '2016DC', user: 'unknown' },
  },
  {
    detection: 'Detect Password Spray Attack Behavior From Source',
    file: 'Credential Access/kerberos_pwd_spray_4771.evtx',
    record: '887114',
    row: { src: '172.16.66.1', user: 'NORMAL', failed_dc: '9', success_dc: '1', count: '10' },
  },
  {
    detection: 'Windows Credentials from Password Stores Chrome Login Data Access',
    file: 'Credential Access/CA_chrome_firefox_opera_4663.evtx',
    record: '4991',
    row: {
      object_file_name: 'Login Data',
      process_path: 'C:\\Users\\Defau1t\\wsus.exe',
      process_id: '0x134c',
    },
  },
  {
    detection: 'Windows Event Log Cleared',
    file: 'Defense Evasion/DE_104_system_log_cleared.evtx',
    record: '27736',
    row: { object: 'System', EventCode: '104' },
  },
  {
    detection: 'Detect New Local Admin account',
    file: 'Defense Evasion/DE_Fake_ComputerAccount_4720.evtx',
    record: '769629',
    row: { user: '01566S-WIN16-IR$', dest: '01566s-win16-ir.threebeesco.com' },
  },
  {
    detection: 'Windows Remote Services Rdp Enable',
    file: 'Defense Evasion/sysmon_13_rdp_settings_tampering.evtx',
    record: '5267',
    row: {
      registry_path: 'HKLM\\System\\CurrentControlSet\\Control\\Terminal Server\\fDenyTSConnections',
      registry_value_data: '0x00000000',
      action: 'modified',
      // This Sysmon says no user in id 13.
      user: 'unknown',
    },
  },
  {
    detection: 'WinEvent Scheduled Task Created to Spawn Shell',
    file: 'Lateral Movement/LM_ScheduledTask_ATSVC_target_host.evtx',
    record: '566836',
    row: { TaskName: '\\CYAlyNSS', dest: 'WIN-77LTAPHIQ1R.example.corp' },
  },
  {
    detection: 'Windows Service Created with Suspicious Service Path',
    file: 'Lateral Movement/LM_Remote_Service02_7045.evtx',
    record: '6045',
    row: { ServiceName: 'remotesvc', ImagePath: 'calc.exe', StartType: 'auto start' },
  },
  {
    detection: 'Impacket Lateral Movement WMIExec Commandline Parameters',
    file: 'Lateral Movement/LM_wmiexec_impacket_sysmon_whoami.evtx',
    record: '9828',
    row: {
      process: 'cmd.exe /Q /c whoami /all 1> \\\\127.0.0.1\\ADMIN$\\__1556656369.7 2>&1',
      process_id: '2828',
    },
  },
  {
    detection: 'W3WP Spawning Shell',
    file: 'Lateral Movement/LM_typical_IIS_webshell_sysmon_1_10_traces.evtx',
    record: '1044',
    row: { process: '"c:\\windows\\system32\\cmd.exe" /c net user', user: 'DefaultAppPool' },
  },
  {
    detection: 'Suspicious mshta spawn',
    file: 'Lateral Movement/LM_DCOM_MSHTA_LethalHTA_Sysmon_3_1.evtx',
    record: '17589',
    row: {
      process: 'C:\\Windows\\System32\\mshta.exe -Embedding',
      parent_process: 'C:\\Windows\\system32\\svchost.exe -k DcomLaunch',
    },
  },
  {
    detection: 'WMI Permanent Event Subscription - Sysmon',
    file: 'Persistence/sysmon_20_21_1_CommandLineEventConsumer.evtx',
    record: '16112',
    row: { Operation: 'Created', EventType: 'WmiBindingEvent', user: 'IEUser', dest: 'IEWIN7' },
  },
  {
    detection: 'Windows DLL Search Order Hijacking Hunt with Sysmon',
    file: 'Privilege Escalation/sysmon_1_7_11_mcx2prov_uacbypass.evtx',
    record: '15882',
    // Loaded from C:\Windows\ehome; the modules in system32 are left out by process_path.
    row: { loaded_file: 'CRYPTBASE.dll', process_name: 'Mcx2Prov.exe', dest: 'IEWIN7', count: '1' },
  },
  {
    detection: 'FodHelper UAC Bypass',
    file: 'Privilege Escalation/Sysmon_UACME_33.evtx',
    record: '5277',
    row: { parent_process_name: 'fodhelper.exe', process_name: 'cmd.exe', process_id: '3656' },
  },
  {
    detection: 'Eventvwr UAC Bypass',
    file: 'Privilege Escalation/sysmon_13_1_compmgmtlauncherUACBypass.evtx',
    record: '15675',
    row: { process_name: 'python.exe', registry_key_name: 'command', registry_value_name: '(Default)' },
  },
  {
    detection: 'CMD Echo Pipe - Escalation',
    file: 'Privilege Escalation/sysmon_13_1_meterpreter_getsystem_NamedPipeImpersonation.evtx',
    record: '8575',
    row: {
      process: 'cmd.exe /c echo msdhch > \\\\.\\pipe\\msdhch',
      user: 'SYSTEM',
      parent_process_name: 'services.exe',
    },
  },
  {
    detection: 'Suspicious Computer Account Name Change',
    file: 'Privilege Escalation/samaccount_spoofing_CVE-2021-42287_CVE-2021-42278_DC_securitylogs.evtx',
    record: '2982094',
    row: { Caller_User_Name: 'lgrove', OldTargetUserName: 'DC012$', NewTargetUserName: '01566s-win16-ir' },
  },
  {
    detection: 'Kerberos TGT Request Using RC4 Encryption',
    file: 'Privilege Escalation/samaccount_spoofing_CVE-2021-42287_CVE-2021-42278_DC_securitylogs.evtx',
    record: '2982095',
    row: { src_ip: '::ffff:172.16.66.19', ServiceName: 'krbtgt' },
  },
  {
    detection: 'Windows Access Token Manipulation SeDebugPrivilege',
    file: 'Privilege Escalation/win10_4703_SeDebugPrivilege_enabled.evtx',
    record: '11983',
    row: { ProcessName: 'C:\\Users\\IEUser\\Desktop\\x64\\mimikatz.exe', action: 'success' },
  },
  {
    detection: 'Windows Vulnerable Driver Loaded',
    file: 'Defense Evasion/DSE_bypass_BYOV_TDL_dummydriver_sysmon_6_7_13.evtx',
    record: '18766',
    row: { ImageLoaded: 'C:\\Windows\\System32\\drivers\\VBoxDrv.sys', is_driver: 'TRUE' },
  },
]

const staysSilent: readonly Silent[] = [
  {
    detection: 'Windows AD Replication Request Initiated from Unsanctioned Location',
    file: 'Credential Access/CA_DCSync_4662.evtx',
    because: 'it looks for computer accounts; here Administrator replicates',
  },
  {
    detection: 'Windows AD Domain Controller Promotion',
    file: 'Persistence/persistence_security_dcshadow_4742.evtx',
    because: 'it wants the account to change itself; here Administrator changes ALICE$',
  },
  {
    detection: 'Windows AD Domain Replication ACL Addition',
    file: 'Persistence/DACL_DCSync_Right_Powerview_ Add-DomainObjectAcl.evtx',
    because:
      'its lookup calls the right "Replicating Directory Changes", it looks for "DS-Replication-Get-Changes"',
  },
  {
    detection: 'Sdclt UAC Bypass',
    file: 'Privilege Escalation/Sysmon_13_1_UACBypass_SDCLTBypass.evtx',
    because: 'it joins with the process that wrote the value, whose creation the log does not hold',
  },
  {
    detection: 'Eventvwr UAC Bypass',
    file: 'Privilege Escalation/Sysmon_13_1_UAC_Bypass_EventVwrBypass.evtx',
    because: 'it joins with the process that wrote the value, whose creation the log does not hold',
  },
  {
    detection: 'Set Default PowerShell Execution Policy To Unrestricted or Bypass',
    file: 'Defense Evasion/de_powershell_execpolicy_changed_sysmon_13.evtx',
    because: 'it joins with the process that wrote the value, and the log holds no process at all',
  },
  {
    detection: 'Disable UAC Remote Restriction',
    file: 'Defense Evasion/DE_UAC_Disabled_Sysmon_12_13.evtx',
    because: 'EnableLUA is set, not LocalAccountTokenFilterPolicy',
  },
  {
    detection: 'Allow Operation with Consent Admin',
    file: 'Defense Evasion/DE_UAC_Disabled_Sysmon_12_13.evtx',
    because: 'EnableLUA is set, not ConsentPromptBehaviorAdmin',
  },
  {
    detection: 'Detect New Local Admin account',
    file: 'Persistence/Network_Service_Guest_added_to_admins_4732.evtx',
    because: 'Group_Name is a label of the classic text; event XML has TargetUserName',
  },
  {
    detection: 'Schedule Task with Rundll32 Command Trigger',
    file: 'Execution/temp_scheduled_task_4698_4699.evtx',
    because: 'it reads Message, which event XML does not have',
  },
  {
    detection: 'Windows Hidden Schedule Task Settings',
    file: 'Execution/temp_scheduled_task_4698_4699.evtx',
    because: 'it reads Message, which event XML does not have',
  },
  {
    detection: 'Randomly Generated Windows Service Name',
    file: 'Lateral Movement/LM_Remote_Service02_7045.evtx',
    because: 'Service_Name is a label of the classic text',
  },
  {
    detection: 'Windows Multiple Users Failed To Authenticate Using Kerberos',
    file: 'Credential Access/kerberos_pwd_spray_4771.evtx',
    because: 'it wants more than 30 accounts; two fail with a wrong password',
  },
  {
    detection: 'Kerberos User Enumeration',
    file: 'Credential Access/kerberos_pwd_spray_4771.evtx',
    because: 'it wants more than ten accounts; seven do not exist',
  },
  {
    detection: 'Dump LSASS via procdump',
    file: 'Credential Access/sysmon_10_11_lsass_memdump.evtx',
    because: 'procdump was started before the log begins',
  },
  {
    detection: 'Powershell Remote Thread To Known Windows Process',
    file: 'Defense Evasion/apt10_jjs_sideloading_prochollowing_persist_as_service_sysmon_1_7_8_13.evtx',
    because: 'the source is jjs.exe',
  },
  {
    detection: 'Rundll32 DNSQuery',
    file: 'Privilege Escalation/Sysmon_UACME_64.evtx',
    because: 'svchost.exe asks',
  },
  {
    detection: 'Detect mshta renamed',
    file: 'Other/maldoc_mshta_via_shellbrowserwind_rundll32.evtx',
    because: 'mshta.exe has its own name',
  },
  {
    detection: 'Office Document Executing Macro Code',
    file: 'AutomatedTestingTools/Malware/sideloading_uacbypass_rundll32_injection_c2.evtx',
    because: 'a copy of Word loads wwlib.dll, and no Visual Basic',
  },
  {
    detection: 'Spoolsv Suspicious Loaded Modules',
    file: 'Privilege Escalation/privesc_spoolfool_mahdihtm_sysmon_1_11_7_13.evtx',
    because: 'it wants three modules from the driver folder; the exploit needs one',
  },
  {
    detection: 'Windows Mimikatz Binary Execution',
    file: 'Credential Access/sysmon_10_lsass_mimikatz_sekurlsa_logonpasswords.evtx',
    because: 'the log holds the access to LSASS alone, not the process',
  },
]

const pathOf = (file: string): string => join(shared, 'evtx', file)
const evidence = [...new Set([...fires, ...staysSilent].map(({ file }) => pathOf(file)))]
const detections = [...new Set([...fires, ...staysSilent].map(({ detection }) => detection))]

interface Found {
  readonly detection: string
  readonly row: Readonly<ResultRow>
  readonly records: readonly string[]
}

const found: Found[] = []
let summary: ScanSummary | undefined
if (isThere) {
  const karst = await openKarst({ content: [join(shared, 'escu')] })
  summary = await karst.scan(evidence, { detections }, {
    onFinding: ({ detection, row, events }) =>
      found.push({ detection: detection.name, row, records: events.map(({ file, record }) => `${file} ${record}`) }),
  }) // biome-ignore format: one call
}

test.skipIf(!isThere)('all detections of the table run', () => {
  expect(summary?.outcomes.map(({ detection }) => detection.name).sort()).toEqual([...detections].sort())
  expect(summary?.outcomes.filter(({ status }) => status !== 'ran')).toEqual([])
})

test.skipIf(!isThere).each(fires)('$detection fires on $file', ({ detection, file, record, row }) => {
  const findings = found.filter(
    (finding) =>
      finding.detection === detection && finding.records.includes(`${pathOf(file)} record ${record}`),
  )
  expect(findings.length, 'findings that name the record').toBeGreaterThan(0)
  expect(findings.map((finding) => finding.row)).toContainEqual(expect.objectContaining(row))
})

test.skipIf(!isThere).each(staysSilent)(
  '$detection stays silent on $file: $because',
  ({ detection, file }) => {
    const path = `${pathOf(file)} `
    const records = found
      .filter((finding) => finding.detection === detection)
      .flatMap(({ records }) => records)
    expect(records.filter((record) => record.startsWith(path))).toEqual([])
  },
)
