"""The accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts of people."""

    name = "kb.accounts"

    def ready(self) -> None:
        """Hear what the accounts library tells."""
        from allauth.account.signals import password_changed, password_reset, password_set
        from allauth.mfa.signals import authenticator_added
        from django.contrib.auth.signals import user_logged_in

        from kb.accounts import heard

        user_logged_in.connect(heard.signed_in, dispatch_uid="kb.accounts.signed_in")
        authenticator_added.connect(heard.authenticator_added, dispatch_uid="kb.accounts.authenticator_added")
        for changed in (password_changed, password_reset, password_set):
            changed.connect(heard.password_changed, dispatch_uid="kb.accounts.password_changed")
