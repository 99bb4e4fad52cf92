from optlab.report.page.render import _markdown


def test_markdown_takes_nothing_of_a_text_for_markup():
    assert _markdown("a|b *c* `d` [e] $f$ <g>") == r"a\|b \*c\* \`d\` \[e\] \$f\$ &lt;g&gt;"
    assert _markdown("final_test_cost _x_") == r"final_test_cost \_x\_"
