"""Completion with Tab."""

from __future__ import annotations

import click

from cfngen.cli.exits import print_document

_POWERSHELL = """\
Register-ArgumentCompleter -Native -CommandName cfngen -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | ForEach-Object { $_.ToString() })
    $env:_CFNGEN_COMPLETE = "fish_complete"
    $env:COMP_WORDS = $words -join " "
    $env:COMP_CWORD = $wordToComplete
    try {
        cfngen | ForEach-Object {
            $kind, $rest = $_ -split ",", 2
            $value, $help = $rest -split "`t", 2
            if ($kind -eq "plain" -and $value) {
                $tip = if ($help) { $help } else { $value }
                [System.Management.Automation.CompletionResult]::new($value, $value, "ParameterValue", $tip)
            }
        }
    } finally {
        Remove-Item Env:_CFNGEN_COMPLETE, Env:COMP_WORDS, Env:COMP_CWORD -ErrorAction SilentlyContinue
    }
}
"""
"""PowerShell asks as fish does: it takes a line for each proposal, its kind before and its help behind.

https://learn.microsoft.com/powershell/module/microsoft.powershell.core/register-argumentcompleter
"""


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish", "powershell"]))
def completion(shell: str) -> None:
    """Write the script that completes cfngen's commands, targets and options with Tab.

    \b
    eval "$(cfngen completion bash)"
    cfngen completion fish > ~/.config/fish/completions/cfngen.fish
    cfngen completion powershell | Out-String | Invoke-Expression
    """
    if shell == "powershell":
        print_document(_POWERSHELL)
        return
    from click.shell_completion import get_completion_class

    from cfngen.cli import main

    completer = get_completion_class(shell)
    assert completer is not None  # every shell of the choice has one
    print_document(completer(main, {}, "cfngen", "_CFNGEN_COMPLETE").source())
