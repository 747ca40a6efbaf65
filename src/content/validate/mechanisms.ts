// Means of attack that descriptions call by name, the ATT&CK techniques that they are, and the traces that they leave in a
// search. For telling that a text speaks of another technique than the detection.

export interface Mechanism {
  readonly name: string
  /** How texts call it. */
  readonly words: RegExp
  /** Exact ids: of a technique with sub-techniques the right one. */
  readonly techniques: readonly string[]
  /** What a search has that looks for it, besides the words. */
  readonly traces: RegExp
}

/** Names are distinct enough that a text that has one speaks of this technique. (MITRE ATT&CK, descriptions) */
export const mechanisms: readonly Mechanism[] = [
  {
    name: 'WMI',
    words: /\bWMI\b|Windows Management Instrumentation|\bWMIC\b/i,
    techniques: ['T1047', 'T1546.003'],
    traces: /wmi|win32_|winmgmt|cimmethod/i,
  },
  {
    name: 'WinRM',
    words: /\bWinRM\b|Windows Remote Management|PowerShell Remoting|\bwinrs\b/i,
    techniques: ['T1021.006'],
    traces: /winrm|wsman|wsmprov|winrs|invoke-command|enter-pssession|new-pssession|5985|5986/i,
  },
  {
    name: 'DCOM',
    words: /\bDCOM\b|Distributed Component Object Model/i,
    techniques: ['T1021.003'],
    traces:
      /dcom|mmc20|mmc\.exe|shellwindows|shellbrowserwindow|ExecuteShellCommand|Document\.Application|excel|\bcom\b/i,
  },
  {
    name: 'PsExec',
    words: /\bPsExec\b/i,
    techniques: ['T1021.002', 'T1569.002', 'T1570'],
    traces: /psexe/i,
  },
  {
    name: 'remote desktop',
    words: /\bRDP\b|\bRemote Desktop\b/i,
    techniques: ['T1021.001', 'T1563.002', 'T1133', 'T1110', 'T1072', 'T1219'],
    traces:
      /rdp|mstsc|terminal ?s|3389|remote desktop|remotedesktop|fdenytsconnections|logontype=10|logon_type=10/i,
  },
  {
    name: 'scheduled task',
    words: /\bscheduled tasks?\b|\bschtasks\b/i,
    techniques: ['T1053', 'T1053.002', 'T1053.005'],
    traces: /sch?tasks?|scheduled|taskschedul|4698|4699|4700|4702|taskcache|svchost/i,
  },
  {
    name: 'cron',
    words: /\bcron(?:tab|job)?s?\b/i,
    techniques: ['T1053', 'T1053.003'],
    traces: /cron/i,
  },
  {
    name: 'process hollowing',
    words: /\bprocess hollowing\b/i,
    techniques: ['T1055', 'T1055.012'],
    traces: /hollow/i,
  },
  {
    name: 'Kerberoasting',
    words: /\bkerberoast(?:ing|ed|able)?\b/i,
    techniques: ['T1558', 'T1558.003'],
    traces: /kerberoast|serviceprincipalname|servicename|\bspn\b|4769|tgs|rc4|0x17|setspn|4738|5136/i,
  },
  {
    name: 'AS-REP roasting',
    words: /\bAS-?REP\b/i,
    techniques: ['T1558', 'T1558.004'],
    traces: /as-?rep|preauth|4768|4194304|0x400000/i,
  },
  {
    name: 'golden ticket',
    words: /\bgolden tickets?\b/i,
    techniques: ['T1558', 'T1558.001', 'T1550', 'T1550.003'],
    traces: /golden|krbtgt|47(?:68|69)|tgt/i,
  },
  {
    name: 'DCSync',
    words: /\bDCSync\b/i,
    techniques: ['T1003', 'T1003.006', 'T1207'],
    traces: /dcsync|replicat|1131f6a|drsuapi|getncchanges/i,
  },
  {
    name: 'password spraying',
    words: /\bpassword spray(?:ing)?\b/i,
    techniques: ['T1110', 'T1110.003', 'T1078', 'T1586', 'T1586.003'],
    traces: /unique_accounts|unique_users|dc\(|distinct_count|spray|47(?:71|76|68)|4625|4648/i,
  },
  {
    name: 'DLL side-loading',
    words: /\bside-?loading\b/i,
    techniques: ['T1574', 'T1574.001', 'T1574.002'],
    traces: /imageloaded|image_loaded|eventcode=7\b|eventid=7\b|\.dll/i,
  },
  {
    name: 'UAC bypass',
    words: /\bUAC bypass\b|\bbypass(?:es|ing)? (?:of )?UAC\b/i,
    techniques: ['T1548', 'T1548.002'],
    traces:
      /uac|ms-settings|mscfile|fodhelper|eventvwr|sdclt|enablelua|consentprompt|shell\\open|wsreset|computerdefaults|integrity/i,
  },
  ...[
    ['mshta', 'T1218.005'],
    ['regsvr32', 'T1218.010'],
    ['rundll32', 'T1218.011'],
    ['regasm', 'T1218.009'],
    ['regsvcs', 'T1218.009'],
    ['installutil', 'T1218.004'],
    ['cmstp', 'T1218.003'],
    ['odbcconf', 'T1218.008'],
    ['mavinject', 'T1218.013'],
    ['verclsid', 'T1218.012'],
    ['msbuild', 'T1127.001'],
    ['bitsadmin', 'T1197'],
  ].map(
    ([tool, technique]): Mechanism => ({
      name: tool!,
      words: new RegExp(`\\b${tool}(?:\\.exe)?\\b`, 'i'),
      techniques: [technique!],
      traces: new RegExp(tool!, 'i'),
    }),
  ),
]
