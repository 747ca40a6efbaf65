// The rows that each form of the bundled detection must give for each sample file. Written by hand from what the files
// hold, never from what a program found. All other pairs of file and version give no row.

/** A row of version 1, which reads classic text. */
interface ClassicRow {
  readonly Message: string
  readonly ComputerName: string
  readonly User: string
  readonly count: string
  /** As `security_content_ctime` shows it. */
  readonly firstTime: string
  /** Version 1 shows only its first time as a date; this is epoch seconds. */
  readonly lastTime: string
}

/** A row of version 3, which reads XML and JSON. */
interface ScriptBlockRow {
  readonly ScriptBlockText: string
  readonly Computer: string
  readonly user_id: string
  readonly count: string
  readonly firstTime: string
  readonly lastTime: string
}

interface ExpectedRows<Row> {
  readonly file: string
  readonly rows: readonly (Row & { readonly EventCode: '4104' })[]
}

/** Part 2 of the long script. */
const longScriptPart =
  '$type = [type]::GetTypeFromProgID("MMC20.Application", $Computer)\n' +
  '  $mmc = [activator]::CreateInstance($type)\n' +
  '  $mmc.Document.ActiveView.ExecuteShellCommand("cmd.exe", $null, "/c $Command", "7")'

export const expectedOfVersion3: readonly ExpectedRows<ScriptBlockRow>[] = [
  {
    file: 'powershell-operational.xml',
    rows: [
      {
        EventCode: '4104',
        ScriptBlockText:
          '$mmc = [activator]::CreateInstance([type]::GetTypeFromProgID("MMC20.Application","FILE-SRV01")); $mmc.Document.ActiveView.ExecuteShellCommand("cmd.exe",$null,"/c whoami","7")',
        Computer: 'ADM-WS01.corp.example',
        user_id: 'S-1-5-21-1004336348-1177238915-682003330-1108',
        count: '2',
        firstTime: '2021-11-15T14:10:00',
        lastTime: '2021-11-15T14:15:00',
      },
      {
        EventCode: '4104',
        ScriptBlockText:
          '$shell = [activator]::CreateInstance([type]::GetTypeFromCLSID("C08AFD90-F2A1-11D1-8455-00A0C91F3880","FILE-SRV01")); $shell.Document.Application.ShellExecute("powershell.exe","-nop -w hidden -c hostname","C:\\Windows\\System32",$null,0)',
        Computer: 'HR-WS07.corp.example',
        user_id: 'S-1-5-21-1004336348-1177238915-682003330-1217',
        count: '1',
        firstTime: '2021-11-15T14:30:00',
        lastTime: '2021-11-15T14:30:00',
      },
      {
        EventCode: '4104',
        ScriptBlockText: '$w.item().document.application.shellexecute("calc.exe")',
        Computer: 'HR-WS07.corp.example',
        user_id: 'S-1-5-21-1004336348-1177238915-682003330-1217',
        count: '1',
        firstTime: '2021-11-15T14:35:00',
        lastTime: '2021-11-15T14:35:00',
      },
      {
        EventCode: '4104',
        // The file has `&gt;`.
        ScriptBlockText:
          '$mmc.Document.ActiveView.ExecuteShellCommand("cmd.exe",$null,"/c dir C:\\Users > C:\\Windows\\Temp\\o.txt","7")',
        Computer: 'ADM-WS01.corp.example',
        user_id: 'S-1-5-21-1004336348-1177238915-682003330-1108',
        count: '1',
        firstTime: '2021-11-15T14:40:00',
        lastTime: '2021-11-15T14:40:00',
      },
      {
        EventCode: '4104',
        ScriptBlockText: longScriptPart,
        Computer: 'HR-WS07.corp.example',
        user_id: 'S-1-5-21-1004336348-1177238915-682003330-1108',
        count: '1',
        firstTime: '2021-11-15T14:45:00',
        lastTime: '2021-11-15T14:45:00',
      },
    ],
  },
  {
    file: 'powershell-event-viewer.xml',
    rows: [
      {
        EventCode: '4104',
        ScriptBlockText:
          '$mmc = [activator]::CreateInstance([type]::GetTypeFromProgID("MMC20.Application","LAB-SRV03")); $mmc.Document.ActiveView.ExecuteShellCommand("cmd.exe",$null,"/c whoami","7")',
        Computer: 'LAB-WS02.lab.example',
        user_id: 'S-1-5-21-2127521184-1604012920-1887927527-1104',
        count: '2',
        firstTime: '2021-11-16T08:10:00',
        lastTime: '2021-11-16T08:15:00',
      },
      {
        EventCode: '4104',
        ScriptBlockText:
          '$shell = [activator]::CreateInstance([type]::GetTypeFromCLSID("C08AFD90-F2A1-11D1-8455-00A0C91F3880","LAB-SRV03")); $shell.Document.Application.ShellExecute("powershell.exe","-nop -w hidden -c hostname","C:\\Windows\\System32",$null,0)',
        Computer: 'LAB-WS05.lab.example',
        user_id: 'S-1-5-21-2127521184-1604012920-1887927527-1131',
        count: '1',
        firstTime: '2021-11-16T08:30:00',
        lastTime: '2021-11-16T08:30:00',
      },
      {
        EventCode: '4104',
        ScriptBlockText: '$w.item().document.application.shellexecute("calc.exe")',
        Computer: 'LAB-WS05.lab.example',
        user_id: 'S-1-5-21-2127521184-1604012920-1887927527-1131',
        count: '1',
        firstTime: '2021-11-16T08:35:00',
        lastTime: '2021-11-16T08:35:00',
      },
      {
        EventCode: '4104',
        ScriptBlockText: longScriptPart,
        Computer: 'LAB-WS05.lab.example',
        user_id: 'S-1-5-21-2127521184-1604012920-1887927527-1104',
        count: '1',
        firstTime: '2021-11-16T08:45:00',
        lastTime: '2021-11-16T08:45:00',
      },
    ],
  },
  {
    file: 'powershell-collector.jsonl',
    rows: [
      {
        EventCode: '4104',
        ScriptBlockText:
          '$mmc = [activator]::CreateInstance([type]::GetTypeFromProgID("MMC20.Application","BUILD-SRV01")); $mmc.Document.ActiveView.ExecuteShellCommand("cmd.exe",$null,"/c whoami","7")',
        Computer: 'DEV-WS21.dev.example',
        user_id: 'S-1-5-21-1757981266-484763869-1060284298-1106',
        count: '2',
        firstTime: '2021-11-18T16:10:00',
        lastTime: '2021-11-18T16:15:00',
      },
      {
        EventCode: '4104',
        ScriptBlockText:
          '$shell = [activator]::CreateInstance([type]::GetTypeFromCLSID("C08AFD90-F2A1-11D1-8455-00A0C91F3880","BUILD-SRV01")); $shell.Document.Application.ShellExecute("powershell.exe","-nop -w hidden -c hostname","C:\\Windows\\System32",$null,0)',
        Computer: 'DEV-WS22.dev.example',
        user_id: 'S-1-5-21-1757981266-484763869-1060284298-1119',
        count: '1',
        firstTime: '2021-11-18T16:30:00',
        lastTime: '2021-11-18T16:30:00',
      },
      {
        EventCode: '4104',
        ScriptBlockText: '$w.item().document.application.shellexecute("calc.exe")',
        Computer: 'DEV-WS22.dev.example',
        user_id: 'S-1-5-21-1757981266-484763869-1060284298-1119',
        count: '1',
        firstTime: '2021-11-18T16:35:00',
        lastTime: '2021-11-18T16:35:00',
      },
      {
        EventCode: '4104',
        ScriptBlockText: longScriptPart,
        Computer: 'DEV-WS22.dev.example',
        user_id: 'S-1-5-21-1757981266-484763869-1060284298-1106',
        count: '1',
        firstTime: '2021-11-18T16:45:00',
        lastTime: '2021-11-18T16:45:00',
      },
    ],
  },
  {
    file: 'splunk-export.json',
    rows: [
      {
        EventCode: '4104',
        ScriptBlockText:
          '$mmc = [activator]::CreateInstance([type]::GetTypeFromProgID("MMC20.Application","OPS-SRV05")); $mmc.Document.ActiveView.ExecuteShellCommand("cmd.exe",$null,"/c whoami","7")',
        Computer: 'OPS-WS31.ops.example',
        user_id: 'S-1-5-21-4099021470-2286127493-905432217-1113',
        count: '2',
        firstTime: '2021-11-19T09:10:00',
        lastTime: '2021-11-19T09:15:00',
      },
    ],
  },
]

export const expectedOfVersion1: readonly ExpectedRows<ClassicRow>[] = [
  {
    file: 'powershell-wineventlog.txt',
    rows: [
      {
        EventCode: '4104',
        Message:
          'Creating Scriptblock text (1 of 1):\n' +
          '$mmc = [activator]::CreateInstance([type]::GetTypeFromProgID("MMC20.Application","FIN-SRV02")); $mmc.Document.ActiveView.ExecuteShellCommand("cmd.exe",$null,"/c whoami","7")\n' +
          '\nScriptBlock ID: 8a5ab1d4-0d62-4e4b-9b5e-6e1c7b0f2a01\nPath: C:\\Tools\\console.ps1',
        ComputerName: 'FIN-WS11.fin.example',
        User: 'a.lindqvist',
        count: '2',
        firstTime: '2021-11-17T11:40:00',
        lastTime: '1637149500',
      },
      {
        EventCode: '4104',
        Message:
          'Creating Scriptblock text (1 of 1):\n' +
          '$shell = [activator]::CreateInstance([type]::GetTypeFromCLSID("C08AFD90-F2A1-11D1-8455-00A0C91F3880","FIN-SRV02")); $shell.Document.Application.ShellExecute("powershell.exe","-nop -w hidden -c hostname","C:\\Windows\\System32",$null,0)\n' +
          '\nScriptBlock ID: 1f0c9e52-77aa-4c0e-8d3b-52a90c6e4b02\nPath: C:\\Tools\\window.ps1',
        ComputerName: 'FIN-WS14.fin.example',
        User: 'p.moreau',
        count: '1',
        firstTime: '2021-11-17T12:00:00',
        lastTime: '1637150400',
      },
      {
        EventCode: '4104',
        Message:
          'Creating Scriptblock text (1 of 1):\n' +
          '$w.item().document.application.shellexecute("calc.exe")\n' +
          '\nScriptBlock ID: 2b7d6c31-90e4-4a55-a7d2-c3f1e8d90a03\nPath: C:\\Tools\\items.ps1',
        ComputerName: 'FIN-WS14.fin.example',
        User: 'p.moreau',
        count: '1',
        firstTime: '2021-11-17T12:05:00',
        lastTime: '1637150700',
      },
      {
        EventCode: '4104',
        Message: `Creating Scriptblock text (2 of 3):\n${longScriptPart}\n\nScriptBlock ID: 4d9f8e53-b206-4c77-89f4-e5130afb2c05\nPath: C:\\Users\\a.lindqvist\\Documents\\remote.ps1`,
        ComputerName: 'FIN-WS14.fin.example',
        User: 'a.lindqvist',
        count: '1',
        firstTime: '2021-11-17T12:15:00',
        lastTime: '1637151300',
      },
    ],
  },
  {
    file: 'splunk-export.json',
    rows: [
      {
        EventCode: '4104',
        Message:
          'Creating Scriptblock text (1 of 1):\n' +
          '$shell = [activator]::CreateInstance([type]::GetTypeFromCLSID("C08AFD90-F2A1-11D1-8455-00A0C91F3880","OPS-SRV05")); $shell.Document.Application.ShellExecute("powershell.exe","-nop -w hidden -c hostname","C:\\Windows\\System32",$null,0)\n' +
          '\nScriptBlock ID: 1f0c9e52-77aa-4c0e-8d3b-52a90c6e4b02\nPath: C:\\Tools\\window.ps1',
        ComputerName: 'OPS-WS33.ops.example',
        User: 'd.novak',
        count: '1',
        firstTime: '2021-11-19T09:30:00',
        lastTime: '1637314200',
      },
      {
        EventCode: '4104',
        Message:
          'Creating Scriptblock text (1 of 1):\n' +
          '$w.item().document.application.shellexecute("calc.exe")\n' +
          '\nScriptBlock ID: 2b7d6c31-90e4-4a55-a7d2-c3f1e8d90a03\nPath: C:\\Tools\\items.ps1',
        ComputerName: 'OPS-WS33.ops.example',
        User: 'd.novak',
        count: '1',
        firstTime: '2021-11-19T09:35:00',
        lastTime: '1637314500',
      },
      {
        EventCode: '4104',
        Message: `Creating Scriptblock text (2 of 3):\n${longScriptPart}\n\nScriptBlock ID: 4d9f8e53-b206-4c77-89f4-e5130afb2c05\nPath: C:\\Users\\e.rossi\\Documents\\remote.ps1`,
        ComputerName: 'OPS-WS33.ops.example',
        User: 'e.rossi',
        count: '1',
        firstTime: '2021-11-19T09:45:00',
        lastTime: '1637315100',
      },
    ],
  },
]
