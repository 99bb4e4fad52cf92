from optlab.report.drawing.style import LOOKS, in_order, look


def test_no_two_methods_look_the_same():
    assert len(set(LOOKS.values())) == len(LOOKS)
    assert len({(look.color, str(look.dash)) for look in LOOKS.values()}) == len(LOOKS)


def test_the_look_of_an_unknown_name_depends_on_the_name_alone():
    assert look("mine") == look("mine")
    assert look("mine") != look("yours")


def test_textbook_methods_come_first_and_others_by_alphabet():
    assert in_order(["zeta", "adam", "beta", "sgd", "adam"]) == ["sgd", "adam", "beta", "zeta"]
