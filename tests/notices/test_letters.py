import smtplib

from notices.letters import (
    MASK,
    error_words,
    is_refused_for_good,
    masked,
    message_id,
    one_line,
    tidy,
)


def test_one_line_puts_a_title_with_line_ends_on_one_line():
    assert one_line("Consentement\r\nBcc: tous@exemple.test") == (
        "Consentement Bcc: tous@exemple.test"
    )
    assert one_line("a\u2028b\u0085c\x00d\x0be") == "a b c d e"


def test_one_line_keeps_the_no_break_space_before_a_colon():
    assert one_line("  réservée\N{NO-BREAK SPACE}:   Éthique ") == (
        "réservée\N{NO-BREAK SPACE}: Éthique"
    )


def test_one_line_cuts_a_long_subject_at_a_word():
    assert one_line("un deux trois quatre", 12) == f"un deux{MASK}"
    assert one_line("un deux", 7) == "un deux"


def test_tidy_leaves_one_empty_line_between_paragraphs():
    assert tidy("\n\nBonjour,  \r\n\n\n\n  Voici.\n\n") == "Bonjour,\n\nVoici.\n"


def test_message_id_is_stable_and_tells_nothing_of_the_key():
    first = message_id("enrolment:12:confirmed", "academie.example")
    assert first == message_id("enrolment:12:confirmed", "academie.example")
    assert first != message_id("enrolment:13:confirmed", "academie.example")
    assert "enrolment" not in first
    assert first.endswith("@academie.example>")


def test_masked_takes_the_capability_out_of_a_kept_text():
    assert masked("https://a.example/s/Jeton-1/ et Jeton-1", ("Jeton-1",)) == (
        f"https://a.example/s/{MASK}/ et {MASK}"
    )
    assert masked("rien à cacher", ()) == "rien à cacher"


def test_error_words_keep_the_servers_answer_without_the_address():
    refused = smtplib.SMTPRecipientsRefused(
        {"marie@exemple.test": (550, b"5.1.1 <marie@exemple.test> unknown")}
    )
    assert error_words(refused) == f"SMTPRecipientsRefused: 550 5.1.1 <{MASK}> unknown"
    full = smtplib.SMTPDataError(452, b"4.2.2 mailbox full")
    assert error_words(full) == "SMTPDataError: 452 4.2.2 mailbox full"
    assert error_words(TimeoutError("timed out")) == "TimeoutError: timed out"


def test_error_words_of_a_bug_say_where_and_never_what():
    try:
        raise KeyError("Marie Tremblay")
    except KeyError as error:
        words = error_words(error)
    assert words.startswith("KeyError: test_letters.py:")
    assert "Marie" not in words


def test_only_a_mailbox_that_does_not_exist_is_refused_for_good():
    def refused(code):
        return smtplib.SMTPRecipientsRefused({"a@b.test": (code, b"")})

    assert is_refused_for_good(refused(550))
    assert not is_refused_for_good(refused(450))
    assert not is_refused_for_good(smtplib.SMTPDataError(554, b"spam?"))
    assert not is_refused_for_good(TimeoutError())
