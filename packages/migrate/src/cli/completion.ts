import { Argument, type Command } from 'commander'
import { command } from './command.js'
import type { Terminal } from './terminal.js'

const SHELLS = ['bash', 'zsh', 'fish'] as const

/** `espalier completion <shell>`: a script that completes commands and options. */
export function completionCommand(terminal: Terminal, program: Command): Command {
  return command('completion', 'write a script that completes commands and options in a shell', [
    'espalier completion bash >> ~/.bashrc',
    'espalier completion zsh  > ~/.zfunc/_espalier',
    'espalier completion fish > ~/.config/fish/completions/espalier.fish',
  ])
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .action((shell: (typeof SHELLS)[number]) => {
      terminal.out(SCRIPTS[shell](program.commands.map(entryOf)))
    })
}

interface Entry {
  readonly name: string
  readonly description: string
  readonly options: readonly { readonly flag: string; readonly short: string; readonly description: string }[]
}

function entryOf(made: Command): Entry {
  return {
    name: made.name(),
    description: made.description(),
    options: made.options.map(({ long, short, description }) => ({
      flag: long ?? '',
      short: short ?? '',
      description,
    })),
  }
}

const SCRIPTS = { bash, zsh, fish } as const

function bash(entries: readonly Entry[]): string {
  const cases = entries.map(
    ({ name, options }) => `    ${name}) words="${options.map(({ flag }) => flag).join(' ')}" ;;`,
  )
  return `_espalier() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
    *) words="" ;;
  esac
  [ "$COMP_CWORD" -eq 1 ] && words="${entries.map(({ name }) => name).join(' ')}"
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _espalier espalier`
}

/** A text within single quotes of a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

function zsh(entries: readonly Entry[]): string {
  const bare = (text: string) => text.replaceAll(/[[\]:]/g, ' ')
  const commands = entries.map(({ name, description }) => `    ${quoted(`${name}:${bare(description)}`)}`)
  const cases = entries.map(({ name, options }) => {
    const flags = options.map(({ flag, description }) => quoted(`${flag}[${bare(description)}]`))
    return `    ${name}) _arguments ${[...flags, quoted('*:file:_files')].join(' ')} ;;`
  })
  return `#compdef espalier
_espalier() {
  local -a commands
  commands=(
${commands.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local name=$words[2]
  shift words
  (( CURRENT-- ))
  case $name in
${cases.join('\n')}
  esac
}
compdef _espalier espalier`
}

function fish(entries: readonly Entry[]): string {
  const escaped = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  return entries
    .flatMap(({ name, description, options }) => [
      `complete -c espalier -n __fish_use_subcommand -f -a ${name} -d ${escaped(description)}`,
      ...options.map(
        ({ flag, short, description: what }) =>
          `complete -c espalier -n '__fish_seen_subcommand_from ${name}' -l ${flag.slice(2)}` +
          `${short === '' ? '' : ` -s ${short.slice(1)}`} -d ${escaped(what)}`,
      ),
    ])
    .join('\n')
}
