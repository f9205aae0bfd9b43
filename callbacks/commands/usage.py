"""What click finds wrong with a command line, in Chinese: what, where and what to do."""

import click


def in_chinese(error: click.ClickException) -> str:
    """One line for the person who typed the command."""
    then = _help(error)
    match error:
        case click.NoSuchOption():
            near = f"；相近的有 {'、'.join(error.possibilities)}" if error.possibilities else ""
            return f"没有选项 {error.option_name}{near}。{then}"
        case click.MissingParameter():
            return f"缺少{_named(error)}。{then}"
        case click.BadParameter():
            return f"{_named(error)}的值不对：{_reason(error)}。{then}"
        case click.FileError():
            return f"文件打不开（{error.ui_filename}）：{error.message}。请核对路径和权限。"
        case click.UsageError():
            return f"命令写得不对：{_words(error.message)}。{then}"
    return f"{_words(error.message)}。{then}"


def _named(error: click.BadParameter) -> str:
    parameter = error.param
    if isinstance(parameter, click.Argument):
        return f"参数 {parameter.human_readable_name}"
    return f"选项 {'/'.join(parameter.opts)}" if parameter is not None else f"选项 {error.param_hint or ''}"


def _reason(error: click.BadParameter) -> str:
    kind = error.param.type if error.param is not None else None
    if isinstance(kind, click.Choice):
        return f"可选 {'、'.join(map(str, kind.choices))}"
    if isinstance(kind, click.IntRange | click.FloatRange):
        low = "不限" if kind.min is None else f"{kind.min}"
        high = "不限" if kind.max is None else f"{kind.max}"
        return f"应在 {low} 到 {high} 之间"
    if isinstance(kind, click.types.IntParamType):
        return "应为整数"
    if isinstance(kind, click.types.FloatParamType):
        return "应为数字"
    return _words(error.message)


WORDS = (
    ("does not exist", "不存在"),
    ("is a directory", "是文件夹，不是文件"),
    ("is a file", "是文件，不是文件夹"),
    ("is not readable", "不可读，请核对权限"),
    ("is not writable", "不可写，请核对权限"),
    ("No such command", "没有这个命令"),
    ("Got unexpected extra argument", "多出了参数"),
    ("requires an argument", "后面要跟一个值"),
)


def _words(message: str) -> str:
    for english, chinese in WORDS:
        if english in message:
            quoted = message.split("'")[1] if message.count("'") >= 2 else ""
            return f"{chinese}{f'（{quoted}）' if quoted else ''}"
    return message.rstrip(".")


def _help(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    return f"用 {context.command_path if context else 'app.py'} --help 看用法。"
