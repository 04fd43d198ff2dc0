"""What forms take: no number that a database could not look for."""

import importlib
import pkgutil

import pytest
from django import forms as django_forms
from django.test import Client

from kb.pages import forms
from tests.accounts.people import make_person, sign_in
from tests.review.desk import filed, make_world

BIGGEST = 2**63 - 1


def subclasses(kind: type[django_forms.Form]) -> set[type[django_forms.Form]]:
    direct = set(kind.__subclasses__())
    return direct | {below for one in direct for below in subclasses(one)}


def test_no_form_takes_a_number_that_a_database_does_not() -> None:
    for module in pkgutil.iter_modules(forms.__path__, f"{forms.__name__}."):
        importlib.import_module(module.name)
    ours = [one for one in subclasses(django_forms.Form) if one.__module__.startswith(forms.__name__)]
    numbers = {
        f"{one.__name__}.{name}": field.max_value
        for one in ours
        for name, field in one.base_fields.items()
        if isinstance(field, django_forms.IntegerField)
    }
    assert len(numbers) > 5
    assert {name for name, most in numbers.items() if most is None or most > BIGGEST} == set()


@pytest.mark.django_db
def test_a_page_far_beyond_the_last_is_no_page() -> None:
    desk = sign_in(Client(), make_person(role="editor"))
    filed(make_world())
    for where in ("/desk/", "/desk/inbox/", "/desk/feeds/"):
        assert desk.get(where, {"page": "9" * 30}).status_code < 500, where
