"""What cron makes of a line before sh gets it."""


def by_cron(line: str) -> tuple[str, str]:
    """What Vixie cron makes of a command (do_command.c): the command for sh, and its standard input."""
    command, escaped = "", False
    for place, character in enumerate(line):
        if escaped:
            command = command[:-1] + "%" if character == "%" else command + character
            escaped = False
        elif character == "%":
            return command, line[place + 1 :].replace("%", "\n")
        else:
            escaped = character == "\\"
            command += character
    return command, ""
