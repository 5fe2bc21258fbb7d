"""What of a number or a name may be shown: enough to be recognised by who knows it, too little for anybody else. Pure."""


def mask_document(number: str) -> str:
    """632***********002X; of short numbers one in front and two at the end."""
    return _masked(number.strip())


def mask_phone(phone: str) -> str:
    """138****0001, without the country's own prefix."""
    return _masked(phone.strip().removeprefix("+86"))


def mask_name(name: str) -> str:
    """张*, 欧*娜, 才***杰: the first and, from three on, the last character stay."""
    name = name.strip()
    if len(name) < 3:
        return name[:1] + "*" if len(name) == 2 else "*"
    return name[0] + "*" * (len(name) - 2) + name[-1]


def _masked(text: str) -> str:
    if len(text) < 5:
        return "*" * len(text)
    head, tail = (3, 4) if len(text) > 10 else (1, 2)
    return text[:head] + "*" * (len(text) - head - tail) + text[-tail:]
