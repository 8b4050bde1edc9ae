"""What sends mail."""

from __future__ import annotations

import pytest

from checks.frameworks.mail import mails_in
from tests.files import file_of

HEAD = "from django.core import mail\nfrom django.core.mail import send_mail as post\nimport flask_mail\n"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("post('a', 'b', 'c', ['d'])", 1),
        ("mail.EmailMessage('a').send()", 1),
        ("flask_mail.Message('a')", 1),
        ("user.email_user('a', 'b')", 1),
        ("send_email(user, 'a')", 1),
        ("Message('a')", 0),
        ("mail.get_connection()", 0),
        ("queue.send('a')", 0),
    ],
)
def test_calls_that_write_mail_are_found(text: str, count: int) -> None:
    file = file_of(f"{HEAD}{text}\n")
    assert len(list(mails_in(file.tree, file))) == count
