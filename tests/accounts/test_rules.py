"""Pinyin, passwords, scopes of roles, terms, and where a page may lead."""

import pytest

from competition.accounts.passphrase import WORDS, suggest_passphrase
from competition.accounts.pinyin import name_pinyin
from competition.accounts.rules import name_device, scope_fault
from competition.accounts.rules_password import password_fault, personal_fault
from competition.accounts.terms import CURRENT, terms
from competition.core.paths import local_path


@pytest.mark.parametrize(("name", "spelt"), [
    ("欧阳娜", "Ouyang Na"), ("单小明", "Shan Xiaoming"), ("仇英", "Qiu Ying"), ("吕布", "Lyu Bu"), ("王安安", "Wang An'an"),
    ("尉迟恭", "Yuchi Gong"), ("尉健", "Wei Jian"), ("万俟雪", "Moqi Xue"), ("区静", "Ou Jing"), ("闾丘月", "Lyuqiu Yue"),
    ("欧阳", "Ou Yang"), ("马", "Ma"), ("买买提·吐尔逊", "Maimaiti Tu'erxun"), ("John Smith", "John Smith"), ("", ""),
])
def test_names_in_pinyin(name: str, spelt: str) -> None:
    assert name_pinyin(name) == spelt


@pytest.mark.parametrize(("password", "personal", "good"), [
    ("gaoshan-maitian-23", (), True), ("这是一句很长的话啊", (), True), ("aaaaaaaaaaaa", (), False), ("12345678901", (), False),
    ("my-13900001111-x", ("13900001111",), False), ("Test-Admin-word", ("test-admin",), False), ("ab-good-password", ("ab",), True),
])
def test_passwords(password: str, personal: tuple[str, ...], good: bool) -> None:
    assert (password_fault(password, personal) is None) is good


COMMON = ("password123", "qwertyuiop", "1q2w3e4r5t", "a1234567890", "Qinghai@2026", "xining@2026", "gonghui2026!", "jinengdasai",
          "Admin@123456", "P@ssw0rd2026", "woaini1314520", "5201314wang", "13997123456a", "abcabcabcabc1d", "asdfghjkl;'")


@pytest.mark.parametrize("password", [*COMMON, *(each.upper() for each in COMMON)])
def test_what_everybody_takes_is_refused(password: str) -> None:
    assert "太常见" in password_fault(password)


@pytest.mark.parametrize(("password", "names", "good"), [
    ("zhangweiming88", ("张伟明",), False), ("xx-Zhang-Weiming", ("张伟明",), True), ("yx-lihua-nv-77", ("李华",), False),
    ("gaoshan-li-maitian", ("李",), True), ("我是才让卓玛本人呀", ("才让卓玛",), False),
])
def test_a_name_is_known_in_characters_and_in_pinyin(password: str, names: tuple[str, ...], good: bool) -> None:
    assert (personal_fault(password, names) is None) is good


def test_a_very_long_password_is_looked_at_in_the_time_of_a_short_one() -> None:
    assert password_fault("gaoshan-maitian-23" * 11) is None
    assert password_fault("1q2w3e4r" * 25) is not None


def test_a_proposed_passphrase_is_a_good_password() -> None:
    proposals = {suggest_passphrase() for _ in range(20)}
    assert len(proposals) == 20
    assert all(password_fault(p) is None and len(p) >= 10 for p in proposals)
    assert len(set(WORDS)) == len(WORDS) >= 128


@pytest.mark.parametrize(("role", "kind", "good"), [
    ("administrator", "system", True), ("administrator", "union", False), ("clerk", "union", True), ("clerk", "system", False),
    ("chief_judge", "event", True), ("contestant", "system", False), ("no_such_role", "system", False),
])
def test_roles_and_their_scopes(role: str, kind: str, good: bool) -> None:
    assert (scope_fault(role, kind) is None) is good


def test_terms_have_versions_and_digests() -> None:
    privacy = terms("privacy")
    assert len(privacy.digest) == 64
    assert terms("privacy", CURRENT["privacy"]) == privacy
    assert terms("privacy", "1").digest != privacy.digest, "what was agreed to before stays readable"
    assert privacy.blocks[0] == ("heading", "谁在处理您的个人信息")
    for purpose, version in (("privacy", "99"), ("privacy", "../x"), ("other", None)):
        with pytest.raises(KeyError):
            terms(purpose, version)


@pytest.mark.parametrize("target", [
    "//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example", "/%09/evil.example", "/%5cevil.example",
    "/%2f/evil.example", "javascript:alert(1)", "evil", "", None, "/a\r\nSet-Cookie: x", "/%0d%0aSet-Cookie:x",
])
def test_only_own_paths_are_followed(target: str | None) -> None:
    assert local_path(target, "/begin") == "/begin"


@pytest.mark.parametrize("target", ["/my/entries", "/contests?q=%E6%8B%89%E9%9D%A2&page=2", "/a/b?next=//x"])
def test_own_paths_are_followed(target: str) -> None:
    assert local_path(target, "/begin") == target


@pytest.mark.parametrize(("description", "words"), [
    ("Mozilla/5.0 (Linux; Android 14; X) AppleWebKit/537.36 Chrome/140 Mobile Safari/537.36 MicroMessenger/8.0", "微信（安卓）"),
    ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140 Safari/537.36 Edg/140", "Edge（Windows）"),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18 Safari/604", "Safari（iPhone）"),
    ("Other-Phone", "Other-Phone"), ("", "未知浏览器"),
])
def test_devices_in_words(description: str, words: str) -> None:
    assert name_device(description) == words
