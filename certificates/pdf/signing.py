"""Signing: being written."""


def sign(pdf, *, key_pem, certificate_pem, chain_pem=None, reason=""):
    raise NotImplementedError


def make_test_authority():
    raise NotImplementedError
