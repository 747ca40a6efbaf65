// What happens in the samples: an attack over DCOM, things that only look like it, and everyday work.
// How it is written down is left to render.

import type { Cast, Provider, SampleEvent, User } from './event.ts'

/** Numbers from 0 to 1 that are the same in every run. (mulberry32) */
function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

const powershell: Provider = {
  name: 'Microsoft-Windows-PowerShell',
  guid: '{a0c1853b-5c40-4b15-8766-3cf1c58f985a}',
}
const powershellCore: Provider = { name: 'PowerShellCore', guid: '{f90714a8-5509-434a-bf6d-b1624c8a19a2}' }
const auditing: Provider = {
  name: 'Microsoft-Windows-Security-Auditing',
  guid: '{54849625-5478-4994-a5ba-3e3b0328c30d}',
}
const sysmon: Provider = { name: 'Microsoft-Windows-Sysmon', guid: '{5770385f-c22a-43e0-bf4c-06f5698ffbd9}' }

const system: User = { name: 'SYSTEM', sid: 'S-1-5-18' }

const powershellExe = 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe'

/** The scripts of the attack. Their texts are part of the expected rows, so they hold nothing random. */
const attackScripts = {
  mmc: (target: string): string =>
    `$mmc = [activator]::CreateInstance([type]::GetTypeFromProgID("MMC20.Application","${target}")); ` +
    '$mmc.Document.ActiveView.ExecuteShellCommand("cmd.exe",$null,"/c whoami","7")',
  browserWindow: (target: string): string =>
    `$shell = [activator]::CreateInstance([type]::GetTypeFromCLSID("C08AFD90-F2A1-11D1-8455-00A0C91F3880","${target}")); ` +
    '$shell.Document.Application.ShellExecute("powershell.exe","-nop -w hidden -c hostname","C:\\Windows\\System32",$null,0)',
  lowerCase: '$w.item().document.application.shellexecute("calc.exe")',
  redirected:
    '$mmc.Document.ActiveView.ExecuteShellCommand("cmd.exe",$null,"/c dir C:\\Users > C:\\Windows\\Temp\\o.txt","7")',
} as const

/** A script that is long enough to be logged in three parts; only the second holds the telling text. */
const longScript: readonly [string, string, string] = [
  'function Invoke-Remote {\n  param([string]$Computer, [string]$Command)',
  '$type = [type]::GetTypeFromProgID("MMC20.Application", $Computer)\n' +
    '  $mmc = [activator]::CreateInstance($type)\n' +
    '  $mmc.Document.ActiveView.ExecuteShellCommand("cmd.exe", $null, "/c $Command", "7")',
  '}\nInvoke-Remote -Computer $args[0] -Command $args[1]',
]

/** Makes the events of one file. */
export class Scenario {
  readonly #cast: Cast
  readonly #random: () => number
  /** Epoch milliseconds of the latest event. */
  #clock: number
  /** The next event happens at this very time. */
  #appointed: number | undefined
  #recordId: number

  constructor(cast: Cast, seed: number) {
    this.#cast = cast
    this.#random = seededRandom(seed)
    this.#clock = cast.start
    // A hundred numbers for each day since the first sample's.
    this.#recordId = 40_000 + 100 * Math.floor((cast.start - Date.UTC(2021, 10, 15)) / 86_400_000)
  }

  /**
   * The attack, what only looks like it, and everyday work between them: once. The attack's events happen at whole
   * minutes after the beginning, because their times are part of the expected rows.
   */
  *attack(withRedirection: boolean): Iterable<SampleEvent> {
    const { computers, users, target } = this.#cast
    const [admin, clerk] = users
    yield this.logon(computers[0], admin)
    yield this.processStart(computers[0], admin, powershellExe, 'powershell.exe')
    yield* this.everyday(computers[0], admin)

    const mmc = attackScripts.mmc(target)
    const mmcBlock = { id: '8a5ab1d4-0d62-4e4b-9b5e-6e1c7b0f2a01', level: 3, path: 'C:\\Tools\\console.ps1' }
    yield this.#atMinute(10).scriptBlock(computers[0], admin, mmc, mmcBlock)
    yield this.engineEvent(computers[0], admin, mmc)
    yield this.moduleEvent(computers[0], admin, mmc)
    yield this.#atMinute(15).scriptBlock(computers[0], admin, mmc, mmcBlock)

    yield* this.everyday(computers[1], clerk)
    const browserWindow = attackScripts.browserWindow(target)
    const browserWindowBlock = { id: '1f0c9e52-77aa-4c0e-8d3b-52a90c6e4b02', path: 'C:\\Tools\\window.ps1' }
    yield this.#atMinute(30).scriptBlock(computers[1], clerk, browserWindow, browserWindowBlock)
    const lowerCaseBlock = { id: '2b7d6c31-90e4-4a55-a7d2-c3f1e8d90a03', path: 'C:\\Tools\\items.ps1' }
    yield this.#atMinute(35).scriptBlock(computers[1], clerk, attackScripts.lowerCase, lowerCaseBlock)
    if (withRedirection) {
      const redirectedBlock = { id: '3c8e7d42-a1f5-4b66-b8e3-d402f9ea1b04' }
      yield this.#atMinute(40).scriptBlock(computers[0], admin, attackScripts.redirected, redirectedBlock)
    }
    const path = `C:\\Users\\${admin.name}\\Documents\\remote.ps1`
    for (const [index, text] of longScript.entries()) {
      const part = { number: index + 1, total: longScript.length }
      const block = { id: '4d9f8e53-b206-4c77-89f4-e5130afb2c05', path, part }
      yield this.#atMinute(45).scriptBlock(computers[1], admin, text, block)
    }
    yield* this.nearMisses()
    yield this.processStart(computers[1], clerk, 'C:\\Windows\\System32\\cmd.exe', 'cmd.exe /c whoami')
    yield this.sysmonProcess(computers[1], clerk, 'cmd.exe /c whoami')
  }

  /** A day on which nothing has to be found. */
  *quiet(): Iterable<SampleEvent> {
    const { computers, users } = this.#cast
    yield* this.everyday(computers[0], users[0])
    yield* this.everyday(computers[1], users[1])
    yield* this.nearMisses()
  }

  /** What must not be found. */
  *nearMisses(): Iterable<SampleEvent> {
    const { computers, target } = this.#cast
    const [user] = this.#cast.users
    const mmc = attackScripts.mmc(target)
    // Half of the text; the other half in the next script.
    yield this.scriptBlock(computers[0], user, '$app = $window.Document.Application; $app.Name')
    yield this.scriptBlock(
      computers[0],
      user,
      '(New-Object -ComObject Shell.Application).ShellExecute("notepad.exe")',
    )
    yield this.scriptBlock(computers[0], user, '$view = $mmc.Document.ActiveView; $view.ListItems')
    // Nobody is named, so the grouping by user drops it.
    yield this.scriptBlock(computers[1], undefined, mmc)
    // PowerShell 7 writes to a channel of its own, which the macro `powershell` does not select.
    yield {
      ...this.scriptBlock(computers[1], user, mmc),
      channel: 'PowerShellCore/Operational',
      provider: powershellCore,
    }
    // The same text as a command line.
    yield this.processStart(
      computers[0],
      user,
      powershellExe,
      `powershell.exe -Command ${mmc.replaceAll('"', "'")}`,
    )
  }

  /** Scripts and programs of an ordinary day. */
  *everyday(computer: string, user: User): Iterable<SampleEvent> {
    for (const script of pick(everydayScripts, 3, this.#random))
      yield this.scriptBlock(computer, user, script)
    yield this.logon(computer, user)
    const [image, commandLine] = everydayPrograms[Math.floor(this.#random() * everydayPrograms.length)]!
    yield this.processStart(computer, user, image, commandLine)
    yield this.sysmonProcess(computer, user, commandLine)
  }

  /** Event 4104: a script block, or a part of one. */
  scriptBlock(
    computer: string,
    user: User | undefined,
    text: string,
    options: {
      readonly id?: string
      readonly level?: number
      readonly path?: string
      readonly part?: { readonly number: number; readonly total: number }
    } = {},
  ): SampleEvent {
    const { id = this.#guid(), level = 5, path = '', part = { number: 1, total: 1 } } = options
    return {
      ...this.#event(computer, user),
      provider: powershell,
      channel: 'Microsoft-Windows-PowerShell/Operational',
      id: 4104,
      version: 1,
      level,
      task: 2,
      opcode: 15,
      keywords: '0x0',
      data: [
        ['MessageNumber', String(part.number)],
        ['MessageTotal', String(part.total)],
        ['ScriptBlockText', text],
        ['ScriptBlockId', id],
        ['Path', path],
      ],
      message: `Creating Scriptblock text (${part.number} of ${part.total}):\n${text}\n\nScriptBlock ID: ${id}\nPath: ${path}`,
      taskCategory: 'Execute a Remote Command',
      opcodeName: 'On create calls',
    }
  }

  /** Event 4103: a module's command, with its arguments. */
  moduleEvent(computer: string, user: User, text: string): SampleEvent {
    const context = [
      '        Severity = Informational',
      '        Host Name = ConsoleHost',
      '        Host Version = 5.1.19041.1320',
      `        Host ID = ${this.#guid()}`,
      `        Host Application = ${powershellExe}`,
      '        Engine Version = 5.1.19041.1320',
      `        User = ${this.#cast.domain}\\${user.name}`,
      '        Shell ID = Microsoft.PowerShell',
    ].join('\n')
    const payload = `CommandInvocation(Invoke-Expression): "Invoke-Expression"\nParameterBinding(Invoke-Expression): name="Command"; value="${text}"`
    return {
      ...this.#event(computer, user),
      provider: powershell,
      channel: 'Microsoft-Windows-PowerShell/Operational',
      id: 4103,
      version: 1,
      level: 4,
      task: 106,
      opcode: 20,
      keywords: '0x0',
      data: [
        ['ContextInfo', context],
        ['UserData', ''],
        ['Payload', payload],
      ],
      message: `${payload}\n\n\nContext:\n${context}\n\n\nUser Data:\n`,
      taskCategory: 'Executing Pipeline',
      opcodeName: 'To be used when operation is just executing a method',
    }
  }

  /** Event 800 of the old channel: the same command again. */
  engineEvent(computer: string, user: User, text: string): SampleEvent {
    const details = `\tDetailSequence=1\n\tDetailTotal=1\n\n\tSequenceNumber=21\n\n\tUserId=${this.#cast.domain}\\${user.name}\n\tHostName=ConsoleHost\n\tHostApplication=${powershellExe}`
    return {
      ...this.#event(computer, undefined),
      provider: { name: 'PowerShell' },
      channel: 'Windows PowerShell',
      id: 800,
      version: 0,
      level: 4,
      task: 8,
      opcode: 0,
      keywords: '0x80000000000000',
      processId: 0,
      threadId: 0,
      data: [
        [undefined, text],
        [undefined, details],
        [undefined, 'CommandInvocation(Invoke-Expression): "Invoke-Expression"'],
      ],
      message: `Pipeline execution details for command line: ${text}\n\nContext Information: \n${details}\n\nDetails: \nCommandInvocation(Invoke-Expression): "Invoke-Expression"`,
      taskCategory: 'Pipeline Execution Details',
      opcodeName: 'Info',
    }
  }

  /** Event 4624: somebody logged on. */
  logon(computer: string, user: User): SampleEvent {
    const logonId = this.#hex(0x100000)
    const address = `10.20.${Math.floor(this.#random() * 8)}.${10 + Math.floor(this.#random() * 200)}`
    const { domain } = this.#cast
    return {
      ...this.#audit(computer),
      id: 4624,
      version: 2,
      task: 12544,
      data: [
        ['SubjectUserSid', 'S-1-0-0'],
        ['SubjectUserName', '-'],
        ['SubjectDomainName', '-'],
        ['SubjectLogonId', '0x0'],
        ['TargetUserSid', user.sid],
        ['TargetUserName', user.name],
        ['TargetDomainName', domain],
        ['TargetLogonId', logonId],
        ['LogonType', '3'],
        ['LogonProcessName', 'Kerberos'],
        ['AuthenticationPackageName', 'Kerberos'],
        ['WorkstationName', '-'],
        ['IpAddress', address],
        ['IpPort', String(49_152 + Math.floor(this.#random() * 16_000))],
        ['ElevatedToken', '%%1842'],
      ],
      message:
        'An account was successfully logged on.\n\nSubject:\n\tSecurity ID:\t\tNULL SID\n\tAccount Name:\t\t-\n\tAccount Domain:\t\t-\n\tLogon ID:\t\t0x0\n\n' +
        `Logon Information:\n\tLogon Type:\t\t3\n\tElevated Token:\t\tYes\n\nNew Logon:\n\tSecurity ID:\t\t${user.sid}\n\tAccount Name:\t\t${user.name}\n` +
        `\tAccount Domain:\t\t${domain}\n\tLogon ID:\t\t${logonId}\n\nNetwork Information:\n\tWorkstation Name:\t-\n\tSource Network Address:\t${address}\n`,
      taskCategory: 'Logon',
    }
  }

  /** Event 4688: a program was started. */
  processStart(computer: string, user: User, image: string, commandLine: string): SampleEvent {
    const logonId = this.#hex(0x100000)
    const processId = this.#hex(0x4000)
    const { domain } = this.#cast
    return {
      ...this.#audit(computer),
      id: 4688,
      version: 2,
      task: 13312,
      data: [
        ['SubjectUserSid', user.sid],
        ['SubjectUserName', user.name],
        ['SubjectDomainName', domain],
        ['SubjectLogonId', logonId],
        ['NewProcessId', processId],
        ['NewProcessName', image],
        ['TokenElevationType', '%%1938'],
        ['ProcessId', '0x1a2c'],
        ['CommandLine', commandLine],
        ['TargetUserSid', 'S-1-0-0'],
        ['TargetUserName', '-'],
        ['TargetDomainName', '-'],
        ['TargetLogonId', '0x0'],
        ['ParentProcessName', 'C:\\Windows\\explorer.exe'],
        ['MandatoryLabel', 'S-1-16-8192'],
      ],
      message:
        `A new process has been created.\n\nCreator Subject:\n\tSecurity ID:\t\t${user.sid}\n\tAccount Name:\t\t${user.name}\n\tAccount Domain:\t\t${domain}\n\tLogon ID:\t\t${logonId}\n\n` +
        `Process Information:\n\tNew Process ID:\t\t${processId}\n\tNew Process Name:\t${image}\n\tToken Elevation Type:\tTokenElevationTypeLimited (3)\n` +
        `\tCreator Process ID:\t0x1a2c\n\tCreator Process Name:\tC:\\Windows\\explorer.exe\n\tProcess Command Line:\t${commandLine}\n`,
      taskCategory: 'Process Creation',
    }
  }

  /** Sysmon's event 1: a program was started. */
  sysmonProcess(computer: string, user: User, commandLine: string): SampleEvent {
    const event = this.#event(computer, system)
    const image = `C:\\Windows\\System32\\${commandLine.split(' ')[0]}`
    const data: (readonly [string, string])[] = [
      ['RuleName', '-'],
      ['UtcTime', new Date(event.time).toISOString().replace('T', ' ').replace('Z', '')],
      ['ProcessGuid', `{${this.#guid()}}`],
      ['ProcessId', String(1000 + Math.floor(this.#random() * 9000))],
      ['Image', image],
      ['CommandLine', commandLine],
      ['CurrentDirectory', `C:\\Users\\${user.name}\\`],
      ['User', `${this.#cast.domain}\\${user.name}`],
      ['LogonId', this.#hex(0x100000)],
      ['IntegrityLevel', 'Medium'],
      ['ParentProcessId', '6700'],
      ['ParentImage', 'C:\\Windows\\explorer.exe'],
      ['ParentCommandLine', 'C:\\Windows\\explorer.exe'],
    ]
    return {
      ...event,
      provider: sysmon,
      channel: 'Microsoft-Windows-Sysmon/Operational',
      id: 1,
      version: 5,
      level: 4,
      task: 1,
      opcode: 0,
      keywords: '0x8000000000000000',
      data,
      message: `Process Create:\n${data.map(([name, value]) => `${name}: ${value}`).join('\n')}`,
      taskCategory: 'Process Create (rule: ProcessCreate)',
      opcodeName: 'Info',
    }
  }

  #audit(
    computer: string,
  ): Omit<SampleEvent, 'id' | 'version' | 'task' | 'data' | 'message' | 'taskCategory'> {
    const { activityId: _, ...event } = this.#event(computer, undefined)
    const level = { level: 0, opcode: 0, keywords: '0x8020000000000000', opcodeName: 'Info' }
    return { ...event, ...level, provider: auditing, channel: 'Security', processId: 4, threadId: 188 }
  }

  #event(computer: string, user: User | undefined) {
    this.#clock = this.#appointed ?? this.#clock + 2000 + Math.floor(this.#random() * 20_000)
    this.#appointed = undefined
    return {
      time: this.#clock,
      recordId: this.#recordId++,
      activityId: `{${this.#guid()}}`,
      processId: 2000 + 4 * Math.floor(this.#random() * 2000),
      threadId: 2000 + 4 * Math.floor(this.#random() * 2000),
      computer,
      ...(user === undefined ? {} : { user }),
    }
  }

  #atMinute(minutes: number): this {
    this.#appointed = this.#cast.start + minutes * 60_000
    return this
  }

  #guid(): string {
    const digits = (count: number): string =>
      Array.from({ length: count }, () => Math.floor(this.#random() * 16).toString(16)).join('')
    return `${digits(8)}-${digits(4)}-4${digits(3)}-a${digits(3)}-${digits(12)}`
  }

  #hex(max: number): string {
    return `0x${Math.floor(this.#random() * max + 0x1000).toString(16)}`
  }
}

function pick<Item>(items: readonly Item[], count: number, random: () => number): Item[] {
  const start = Math.floor(random() * items.length)
  return Array.from({ length: count }, (_, index) => items[(start + index) % items.length]!)
}

const everydayScripts: readonly string[] = [
  'prompt',
  'Get-ChildItem -Path $env:USERPROFILE -Filter *.docx',
  '{ Set-StrictMode -Version 1; $_.PSMessageDetails }',
  'Get-Service | Where-Object Status -eq Running | Sort-Object DisplayName',
  'Import-Module ActiveDirectory; Get-ADUser -Filter * -Properties LastLogonDate',
  '$report = Get-EventLog -LogName System -Newest 20; $report | Export-Csv events.csv',
  'Test-Connection -Count 1 -Quiet fileserver',
  '$word = New-Object -ComObject Word.Application; $word.Documents.Add() | Out-Null; $word.Quit()',
]

const everydayPrograms: readonly (readonly [image: string, commandLine: string])[] = [
  ['C:\\Windows\\System32\\notepad.exe', 'notepad.exe notes.txt'],
  ['C:\\Windows\\System32\\mmc.exe', 'mmc.exe compmgmt.msc'],
  ['C:\\Windows\\System32\\ipconfig.exe', 'ipconfig.exe /all'],
]
