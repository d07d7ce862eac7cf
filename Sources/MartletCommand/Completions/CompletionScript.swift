/// A shell that can be taught to complete `martlet`'s words.
enum Shell: String, CaseIterable, Sendable { case bash, zsh, fish }

/// The script that teaches a shell; it asks `martlet complete` for what may follow.
///
/// The scripts know no command and no flag, so they do not age. The answer's first line says of
/// what kind it is, `words`, `files` or `folders`; then comes a word a line, a tab, its meaning.
extension Shell {
  var completionScript: String {
    switch self {
    case .bash: Self.bashScript
    case .zsh: Self.zshScript
    case .fish: Self.fishScript
    }
  }

  // Bash breaks words at `=` and `:` and completes only what follows the break, so the words are
  // joined before we are asked, and the answers lose what stands before the break.
  private static let bashScript = #"""
    # Completions of martlet for bash: source <(martlet completions bash)
    _martlet() {
      local -a words=() answer=()
      local index word joins=
      for ((index = 1; index <= COMP_CWORD; index++)); do
        word=${COMP_WORDS[index]}
        if [[ ${#words[@]} -gt 0 && ($joins || $word == [=:]*) ]]; then
          words[${#words[@]} - 1]+=$word
        else
          words+=("$word")
        fi
        [[ $word == [=:] ]] && joins=yes || joins=
      done
      local current=${words[${#words[@]} - 1]}
      local broken=${current%"${current##*[=:]}"}
      mapfile -t answer < <("${1/#\~/$HOME}" complete -- "${words[@]}" 2>/dev/null)
      case ${answer[0]} in
        files) mapfile -t COMPREPLY < <(compgen -f -- "${current#"$broken"}") ;;
        folders) mapfile -t COMPREPLY < <(compgen -d -- "${current#"$broken"}") ;;
        *)
          COMPREPLY=()
          for word in "${answer[@]:1}"; do
            word=${word%%$'\t'*}
            COMPREPLY+=("${word#"$broken"}")
          done
          return
          ;;
      esac
      compopt -o filenames 2>/dev/null
    }
    complete -F _martlet martlet

    """#

  private static let zshScript = #"""
    #compdef martlet
    # Completions of martlet for zsh: source <(martlet completions zsh), after compinit; or keep
    # this as a file named _martlet in a folder of $fpath.
    _martlet() {
      local -a answer offers
      local line
      answer=("${(@f)$(${(Q)~words[1]} complete -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
      case $answer[1] in
        files) compset -P '--*='; _files ;;
        folders) compset -P '--*='; _files -/ ;;
        *)
          for line in "${(@)answer[2,-1]}"; do
            offers+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
          done
          _describe martlet offers
          ;;
      esac
    }
    if [[ $funcstack[1] == _martlet ]]; then
      _martlet "$@"
    else
      compdef _martlet martlet
    fi

    """#

  private static let fishScript = #"""
    # Completions of martlet for fish: martlet completions fish | source
    function __martlet_complete
      set -l words (commandline -opc)
      set -l current (commandline -ct)
      set -l answer ($words[1] complete -- $words[2..] "$current" 2>/dev/null)
      set -l before (string match -r -- '^--[^=]*=' "$current")
      set -l partial (string replace -r -- '^--[^=]*=' '' "$current")
      switch "$answer[1]"
        case files
          __fish_complete_path "$partial" | string replace -r -- '^' "$before"
        case folders
          __fish_complete_directories "$partial" | string replace -r -- '^' "$before"
        case '*'
          printf '%s\n' $answer[2..]
      end
    end
    complete -c martlet -f -a '(__martlet_complete)'

    """#
}
